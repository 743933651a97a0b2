// SPDX-License-Identifier: GPL-2.0-only
/* cmd_bisect.c - tapbed bisect: which commit, patch, package or option made a cell worse */
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "bisect.h"
#include "bisect/tell.h"
#include "bisect_run.h"
#include "bisect_then.h"
#include "cmd.h"
#include "lib/cleanup.h"
#include "lib/err.h"
#include "lib/log.h"
#include "lib/progress.h"
#include "lib/stop.h"
#include "plan/words.h"

static const char usage[] =
	"usage: tapbed bisect PLAN --good G --bad B [OPTION...] [-- PATH...]\n"
	"\n"
	"Finds what between G and B made a number worse. Both ends are measured first, until they differ for sure;\n"
	"then kernels between them, each boot one sample, wherever it tells most per minute, until one change is to\n"
	"blame with the confidence that is asked for. It is measured again, as is what was before it, and reverted.\n"
	"\n"
	"  --good G, --bad B       commits; with --by packages: versions, or names of packages; with --by options: two\n"
	"                          files, fragments on top of the kernel's; with --by patches neither: from none of the kernel's series to all of it\n"
	"  --by KIND               commits (a kernel with a tree), packages (one without), patches, options\n"
	"  --cell CELL             which cell, as tapbed plan --cells calls it: vhost/virtio/q1000/fq_codel; not needed if there is one\n"
	"  --metric METRIC         which number; default: throughput_bps, of raw and pktgen pps. panic: the host dies\n"
	"  --kernel NAME           kernel of the plan that is exchanged; default: the first one\n"
	"  --tree DIR              its git tree. A package's tun, tap and vhost are then rebuilt from there\n"
	"                          With --by packages: go on with the commits between the two packages, where DIR has both as tags\n"
	"  --whole                 build the whole tree, with the project's configuration, also if the kernel is a package\n"
	"  --suite SUITE           look for packages there too; may be repeated\n"
	"  PATH...                 suspected files: commits that touch them are tried first; no commit is left out\n"
	"  --confidence P          to stop at; default 0.95\n"
	"  --wrong P               chance that a boot's number is off, whatever the kernel; default 0.1\n"
	"  --strategy bayes|binary default bayes; binary halves, and repeats what is not clear\n"
	"  --boots N               give up after so many; default 300\n"
	"  --build-beside N        CPUs that build the next candidates while one is measured; default: half of what the host\n"
	"                          under test leaves; 0: none\n"
	"  --no-verify             neither measure again nor revert what was found\n"
	"  --set NAME=VALUE        as for tapbed run\n"
	"  --resume ID|latest      go on after a stop, a crash or a broken bed\n"
	"  --connect URI, --cache DIR, --state DIR, -v, -q, --help\n"
	"\n"
	"Exit status: 0 found; 125 not found: the ends do not differ, or what is left cannot be told apart; 128 the test bed\n"
	"is broken (go on with --resume latest); 129 usage. docs/bisect.md tells how it decides.\n";

enum {
	OPT_GOOD = 256, OPT_BAD, OPT_BY, OPT_CELL, OPT_METRIC, OPT_KERNEL, OPT_TREE, OPT_SUITE, OPT_CONFIDENCE, OPT_WRONG,
	OPT_STRATEGY, OPT_BOOTS, OPT_BUILD_BESIDE, OPT_WHOLE, OPT_NO_VERIFY, OPT_SET, OPT_RESUME, OPT_CONNECT, OPT_CACHE, OPT_STATE,
};

static const struct option longs[] = {
	{ "good",       required_argument, NULL, OPT_GOOD	},
	{ "bad",	required_argument, NULL, OPT_BAD	},
	{ "by",		required_argument, NULL, OPT_BY		},
	{ "cell",       required_argument, NULL, OPT_CELL	},
	{ "metric",     required_argument, NULL, OPT_METRIC	},
	{ "kernel",     required_argument, NULL, OPT_KERNEL	},
	{ "tree",       required_argument, NULL, OPT_TREE	},
	{ "whole",	no_argument,	   NULL, OPT_WHOLE	},
	{ "suite",      required_argument, NULL, OPT_SUITE	},
	{ "confidence", required_argument, NULL, OPT_CONFIDENCE },
	{ "wrong",      required_argument, NULL, OPT_WRONG	},
	{ "strategy",   required_argument, NULL, OPT_STRATEGY	},
	{ "boots",      required_argument, NULL, OPT_BOOTS	},
	{ "build-beside", required_argument, NULL, OPT_BUILD_BESIDE },
	{ "no-verify",  no_argument,	   NULL, OPT_NO_VERIFY	},
	{ "set",	required_argument, NULL, OPT_SET	},
	{ "resume",     required_argument, NULL, OPT_RESUME	},
	{ "connect",    required_argument, NULL, OPT_CONNECT	},
	{ "cache",      required_argument, NULL, OPT_CACHE	},
	{ "state",      required_argument, NULL, OPT_STATE	},
	{ "help",       no_argument,	   NULL, 'h'		},
	{ 0 }
};

/* A number between two others, neither included. */
static int read_number(const char *name, const char *text, double min, double max, double *ret)
{
	char *end;
	double v = strtod(text, &end);

	if (!*text || *end || !(v > min && v < max))
		return err_say(EINVAL, "--%s %s: accepted: a number above %g and below %g", name, text, min, max);
	*ret = v;
	return 0;
}

static int read_count(const char *name, const char *text, double above, unsigned int *ret)
{
	double v;
	int err = read_number(name, text, above, 1e6, &v);

	if (!err)
		*ret = (unsigned int)v;
	return err;
}

static int read_kind(const char *text, enum range_kind *ret)
{
	_cleanup_(strv_free) struct strv l = { 0 };

	for (enum range_kind k = 0; k < RANGE_KINDS; k++)
		strv_add(&l, range_kind_name(k));
	*ret = range_kind_find(text);
	return *ret == RANGE_KINDS ? words_refuse("--by", text, &l) : 0;
}

static int read_metric(const char *text, struct bisect_options *o)
{
	_cleanup_(strv_free) struct strv l = { 0 };

	for (enum metric m = 0; m < METRIC_COUNT; m++)
		strv_add(&l, metric_def(m)->name);
	strv_add(&l, tell_metric(METRIC_COUNT));
	if (!strv_has(&l, text))
		return words_refuse("--metric", text, &l);
	o->metric = metric_find(text);
	o->has_metric = true;
	return 0;
}

static int read_strategy(const char *text, enum search_strategy *ret)
{
	static const char *const names[STRATEGY_COUNT] = { [STRATEGY_BAYES] = "bayes", [STRATEGY_BINARY] = "binary" };
	_cleanup_(strv_free) struct strv l = { 0 };

	for (enum search_strategy s = 0; s < STRATEGY_COUNT; s++) {
		strv_add(&l, names[s]);
		if (!strcmp(names[s], text)) {
			*ret = s;
			return 0;
		}
	}
	return words_refuse("--strategy", text, &l);
}

/* Options whose value is checked here. Return: 0 or -EINVAL. */
static int read_value(int c, struct bisect_options *o)
{
	switch (c) {
	case OPT_BY:	     return read_kind(optarg, &o->kind);
	case OPT_METRIC:     return read_metric(optarg, o);
	case OPT_CONFIDENCE: return read_number("confidence", optarg, 0.5, 1, &o->search.confidence);
	case OPT_WRONG:	     return read_number("wrong", optarg, 0, 0.5, &o->search.oracle.wrong);
	case OPT_STRATEGY:   return read_strategy(optarg, &o->search.strategy);
	case OPT_BOOTS:	     return read_count("boots", optarg, 0, &o->search.boots);
	case OPT_BUILD_BESIDE:
		o->has_beside = true;
		return read_count("build-beside", optarg, -1, &o->beside);
	default:	     return err_say(EINVAL, "see tapbed help bisect");
	}
}

/* Return: 0 go on, 1 help was given, -EINVAL. */
static int read_options(int argc, char **argv, struct bisect_options *o)
{
	int c, err = 0;

	optind = 0;
	while (!err && (c = getopt_long(argc, argv, "hvq", longs, NULL)) != -1) {
		switch (c) {
		case OPT_GOOD:	    o->good = optarg; break;
		case OPT_BAD:	    o->bad = optarg; break;
		case OPT_CELL:	    o->cell = optarg; break;
		case OPT_KERNEL:    o->kernel = optarg; break;
		case OPT_TREE:	    o->tree = optarg; break;
		case OPT_SUITE:	    strv_add(&o->suites, optarg); break;
		case OPT_WHOLE:	    o->is_whole = true; break;
		case OPT_NO_VERIFY: o->verifies = false; break;
		case OPT_SET:	    strv_add(&o->sets, optarg); break;
		case OPT_RESUME:    o->resume = optarg; break;
		case OPT_CONNECT:   o->connect = optarg; break;
		case OPT_CACHE:	    o->cache = optarg; break;
		case OPT_STATE:	    o->state = optarg; break;
		case 'v':	    log_set_level(LOG_DEBUG); break;
		case 'q':	    log_set_level(LOG_WARN); break;
		case 'h':	    fputs(usage, stdout); return 1;
		default:	    err = read_value(c, o);
		}
	}
	if (err)
		return err;
	if (optind == argc)
		return err_say(EINVAL, "bisect: a plan is needed; see tapbed help bisect");
	o->plan = argv[optind++];
	for (; optind < argc; optind++)
		strv_add(&o->paths, argv[optind]);
	return 0;
}

/* What the range is made of, and whether its ends are named. */
static int choose_kind(struct bisect *b)
{
	const struct bisect_options *o = b->options;
	const struct plan_kernel *k = &b->plan.kernels[0];

	b->kind = o->kind;
	if (b->kind == RANGE_KINDS)
		b->kind = k->tree ? RANGE_COMMITS : RANGE_PACKAGES;
	if (b->kind != RANGE_PATCHES && (!o->good || !o->bad))
		return err_say(EINVAL, "bisect: --good and --bad are needed; see tapbed help bisect");
	if (b->kind == RANGE_PATCHES && (o->good || o->bad))
		return err_say(EINVAL, "bisect: --by patches goes from none of the series to all of it; leave out --good and --bad");
	if (b->kind == RANGE_COMMITS && !k->tree)
		return err_say(EINVAL, "bisect: kernel %s has no git tree; give one by --tree", k->name);
	if (b->kind == RANGE_PATCHES && !k->series)
		return err_say(EINVAL, "bisect: kernel %s has no series", k->name);
	if (b->kind == RANGE_PACKAGES && (!k->package || k->tree))
		return err_say(EINVAL, "bisect: kernel %s is no package", k->name);
	if (b->kind == RANGE_OPTIONS && k->package)
		return err_say(EINVAL, "bisect: kernel %s is a package; options need a source or a tree", k->name);
	return 0;
}

/* On top of the fragments that the kernel has anyway; a later one wins. */
static void add_good_config(struct plan_kernel *k, const char *good)
{
	_cleanup_(freep) char *path = realpath(good, NULL);

	if (!k->config.n) {
		strv_add(&k->config, "base");
		strv_add(&k->config, "host");
	}
	strv_add(&k->config, path ? path : good);
}

/* The first kernel that the bed has is the good end, where that is known without asking anybody. */
static void begin_good(struct bisect *b)
{
	struct plan_kernel *k = &b->plan.kernels[0];
	struct plan none = b->plan;

	none.n_kernels = 0;
	if (b->kind == RANGE_PACKAGES && !b->plan.guest_package)
		b->plan.guest_package = str_dup(plan_guest_kernel(&none).package);
	if (b->kind == RANGE_COMMITS)
		str_set(&k->commit, b->options->good);
	if (b->kind == RANGE_PATCHES)
		b->series = take_ptr(&k->series);
	if (b->kind == RANGE_OPTIONS)
		add_good_config(k, b->options->good);
}

/* Of the tree alone; the guest stays what it was. */
static void be_whole(struct bisect *b)
{
	struct plan_kernel *k = &b->plan.kernels[0];

	if (!b->plan.guest_package)
		b->plan.guest_package = str_dup(plan_guest_kernel(&b->plan).package);
	str_set(&k->package, NULL);
	str_set(&k->source, NULL);
	str_set(&k->version, NULL);
	str_set(&k->suite, NULL);
}

static int read_plan(struct bisect *b)
{
	const struct bisect_options *o = b->options;
	int err = plan_read(o->plan, &b->plan);

	for (size_t i = 0; i < o->sets.n && !err; i++)
		err = plan_set(&b->plan, o->sets.v[i]);
	if (!err)
		err = ground_supports(&b->plan);
	if (!err)
		err = plan_only(&b->plan, o->kernel, o->cell);
	if (!err && o->tree && o->kind != RANGE_PACKAGES)
		str_set(&b->plan.kernels[0].tree, o->tree);
	if (!err && o->is_whole)
		be_whole(b);
	if (!err)
		err = choose_kind(b);
	if (!err)
		begin_good(b);
	return err;
}

static void free_all(struct bisect *b)
{
	ahead_end(b);
	hunt_free(&b->hunt);
	range_free(&b->range);
	gittree_free(&b->tree);
	plan_free(&b->plan);
	json_decref(b->journal);
	closep(&b->lock);
	free(b->id);
	free(b->dir);
	free(b->good_config);
	free(b->series);
	free(b->revert_tree);
	free(b->around);
}

/* -ENOEXEC: an end does not build, so there is nothing to be compared with. */
static int exit_of(int err, enum search_what end)
{
	if (err)
		return (int)ground_exit(err);
	return end == SEARCH_FOUND ? EXIT_PASS : EXIT_SKIP;
}

static int search(struct bisect *b)
{
	enum search_what end = SEARCH_GIVEN_UP;
	int err = bed_open(&b->bed, &b->plan, b->options->connect, b->options->cache, b->dir);

	if (!err) {
		err = bisect_range(b);
		if (err == -EINVAL) {
			log_error("%s", err_text());
			return EXIT_USAGE;
		}
	}
	if (!err)
		log_info("bisect %s: %zu %s from %s to %s", b->id, b->range.n, range_kind_name(b->kind), b->range.v[0].id,
			 b->range.v[b->range.n].id);
	if (!err)
		err = bisect_search(b, &end);
	progress_end();
	if (!err)
		err = bisect_report(b, end);
	if (err) {
		log_error("%s", err_text());
		log_info("bisect %s is kept; the same command with --resume %s goes on", b->id, b->id);
	}
	return exit_of(err, end);
}

int cmd_bisect(int argc, char **argv)
{
	struct bisect_options o = {
		.kind = RANGE_KINDS, .verifies = true, .search = search_defaults(), .argc = argc, .argv = argv,
	};
	struct bisect b = { .options = &o, .lock = -1, .began = time_now() };
	int err = read_options(argc, argv, &o), status = EXIT_USAGE;

	if (!err)
		err = read_plan(&b);
	if (!err && !o.has_metric)
		o.metric = probe_def(b.plan.probe.kind)->has_guest || b.plan.probe.kind == PROBE_VPN ? METRIC_THROUGHPUT_BPS : METRIC_PPS;
	if (err < 0) {
		log_error("%s", err_text());
	} else if (err > 0) {
		status = EXIT_PASS;
	} else if (bisect_folder(&b)) {
		log_error("%s", err_text());
		status = EXIT_BROKEN;
	} else {
		status = search(&b);
	}
	bed_close(&b.bed);
	if (status == EXIT_PASS && !err && b.kind == RANGE_PACKAGES && o.tree)
		status = bisect_then(&b);
	free_all(&b);
	strv_free(&o.sets);
	strv_free(&o.paths);
	strv_free(&o.suites);
	return status;
}
