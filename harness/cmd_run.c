// SPDX-License-Identifier: GPL-2.0-only
/* cmd_run.c - tapbed run: build what is missing, boot, measure, store, judge, report */
#include <errno.h>
#include <getopt.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "cmd.h"
#include "compare.h"
#include "ground.h"
#include "judge/baseline.h"
#include "judge/judge.h"
#include "judge/store.h"
#include "lab/campaign.h"
#include "lib/cleanup.h"
#include "lib/dirs.h"
#include "lib/err.h"
#include "lib/fs.h"
#include "lib/keeper.h"
#include "lib/log.h"
#include "lib/progress.h"
#include "lib/stop.h"
#include "lib/str.h"
#include "plan/matrix.h"
#include "plan/plan.h"
#include "report/report.h"
#include "run.h"

static const char usage[] =
	"usage: tapbed run PLAN [OPTION...]\n"
	"\n"
	"Builds what is missing, boots each kernel of the plan as host, brings guests up on it,\n"
	"measures every cell, stores each sample at once, judges, and reports.\n"
	"\n"
	"  --set NAME=VALUE[,VALUE...]  instead of what the plan says: txqueuelen=1,10\n"
	"  --repeat N                   samples a cell; with boots, in each of them (--set samples=N)\n"
	"  --resume RUN                 go on with a run that did not get to its end\n"
	"  --against BASELINE           compare with this run too: a name of tapbed baseline, or a run\n"
	"  --at-least RATIO             what that comparison asks for, as tapbed compare does\n"
	"  --name NAME                  give the run this name at once, as tapbed baseline set does\n"
	"  --tree DIR                   the plan's kernels with a tree, or its only one, are built of this one, at HEAD\n"
	"  --connect URI                libvirt; default: the driver inside this process\n"
	"  --cache DIR, --state DIR     artifacts; store and run folders\n"
	"  --fail-step NAME|each        make a step of the session fail, to test the bed; traffic: the guest panics\n"
	"  -v, -q                       say more, say less\n"
	"  --help                       this text\n"
	"\n"
	"Exit status: 0 PASS, 1 FAIL, 125 nothing could be judged, 128 the test bed is broken, 129 usage.\n";

enum { OPT_SET = 256, OPT_REPEAT, OPT_CONNECT, OPT_CACHE, OPT_STATE, OPT_FAIL_STEP, OPT_RESUME, OPT_AGAINST,
       OPT_AT_LEAST, OPT_NAME, OPT_TREE };

static const struct option longs[] = {
	{ "set",       required_argument, NULL, OPT_SET	      },
	{ "repeat",    required_argument, NULL, OPT_REPEAT    },
	{ "connect",   required_argument, NULL, OPT_CONNECT   },
	{ "cache",     required_argument, NULL, OPT_CACHE     },
	{ "state",     required_argument, NULL, OPT_STATE     },
	{ "fail-step", required_argument, NULL, OPT_FAIL_STEP },
	{ "resume",    required_argument, NULL, OPT_RESUME    },
	{ "against",   required_argument, NULL, OPT_AGAINST   },
	{ "at-least",  required_argument, NULL, OPT_AT_LEAST  },
	{ "name",      required_argument, NULL, OPT_NAME      },
	{ "tree",      required_argument, NULL, OPT_TREE      },
	{ "help",      no_argument,	  NULL, 'h'	      },
	{ 0 }
};

/* What the command to go on with repeats: all but what is of this part alone, and --against, which may say "latest". */
static void remember(struct run_options *o, int c)
{
	for (const struct option *l = longs; l->name; l++)
		if (l->val == c && l->has_arg && c != OPT_RESUME && c != OPT_AGAINST && c != OPT_FAIL_STEP) {
			strv_fmt(&o->again, "--%s", l->name);
			strv_add(&o->again, optarg);
		}
}

/* Return: 0 go on, 1 help was given, -EINVAL. */
static int read_options(int argc, char **argv, struct run_options *o)
{
	int c, err;

	optind = 0;
	while ((c = getopt_long(argc, argv, "hvq", longs, NULL)) != -1) {
		remember(o, c);
		switch (c) {
		case OPT_SET:	    strv_add(&o->sets, optarg); break;
		case OPT_REPEAT:    strv_fmt(&o->sets, "samples=%s", optarg); break;
		case OPT_CONNECT:   o->connect = optarg; break;
		case OPT_CACHE:	    o->cache = optarg; break;
		case OPT_STATE:	    o->state = optarg; break;
		case OPT_FAIL_STEP: o->fail_step = optarg; break;
		case OPT_RESUME:    o->resume = optarg; break;
		case OPT_AGAINST:   o->against = optarg; break;
		case OPT_AT_LEAST:
			err = compare_read_ratio(optarg, &o->at_least);
			if (err)
				return err;
			break;
		case OPT_NAME:	    o->name = optarg; break;
		case OPT_TREE:	    o->tree = optarg; break;
		case 'v':	    log_set_level(LOG_DEBUG); break;
		case 'q':	    log_set_level(LOG_WARN); break;
		case 'h':	    fputs(usage, stdout); return 1;
		default:	    return err_say(EINVAL, "see tapbed help run");
		}
	}
	if (optind != argc - 1)
		return err_say(EINVAL, "run: one plan is needed; see tapbed help run");
	if (!isnan(o->at_least) && !o->against)
		return err_say(EINVAL, "run: --at-least is about --against, which names what to compare with");
	o->plan = argv[optind];
	return o->name ? baseline_check(o->name) : 0;
}

static int read_plan(const struct run_options *o, struct plan *p)
{
	int err = ground_plan(o->plan, p);

	if (err)
		return err;
	for (size_t i = 0; i < o->sets.n && !err; i++)
		err = plan_set(p, o->sets.v[i]);
	if (!err && o->tree)
		err = plan_tree(p, o->tree);
	if (!err)
		err = ground_supports(p);
	if (err)
		plan_free(p);
	return err;
}

/* Cells that a broken bed, a stop or a source that does not compile left without a sample: the store knows why, for every report to come. */
static void store_why(struct store *s, const char *id, enum verdict v, const char *why)
{
	_cleanup_(freep) char *reason = str_fmt(VERDICT_NOT_MEASURED "%s", why);
	_cleanup_(run_result_free) struct run_result r = { 0 };
	int err = store_load(s, id, &r);

	for (size_t i = 0; i < r.n_cells && !err; i++)
		if (!r.cells[i].n_samples && r.cells[i].event == VERDICT_PASS)
			err = store_event(s, id, i, v, reason);
	if (err)
		log_warn("%s, ignoring", err_text());
}

/** find_baseline() - the run to compare with, chosen before this one is the latest. @ret: its id, NULL for none. Return: 0 or -errno. */
static int find_baseline(struct store *s, const char *against, char **ret)
{
	_cleanup_(run_result_free) struct run_result r = { 0 };
	int err = against ? baseline_find(s, against, ret) : 0;

	if (!against || err || *ret)
		return err;
	err = store_load(s, against, &r);
	if (!err)
		*ret = str_dup(r.id);
	if (err == -ENOENT)
		log_info("no baseline \"%s\" yet, so nothing is compared; tapbed baseline set %s RUN makes one", against,
			 against);
	return err == -ENOENT ? 0 : err;
}

/* The run's own verdict has been told; the worse of both is the exit status. */
static int show_against(struct store *s, const char *id, const char *base, double at_least, int status)
{
	struct run_result run[2] = { 0 };
	const char *const all[2] = { NULL, NULL };
	unsigned int seen[VERDICT_COUNT] = { 0 };
	int compared = EXIT_BROKEN;

	if (store_load(s, base, &run[0]) || store_load(s, id, &run[1])) {
		log_error("%s", err_text());
	} else {
		printf("\nagainst run %s:\n", base);
		compared = compare_runs(run, all, at_least);
	}
	run_result_free(&run[0]);
	run_result_free(&run[1]);
	for (enum verdict v = 0; v < VERDICT_COUNT; v++)
		seen[v] = (int)verdict_exit(v) == status || (int)verdict_exit(v) == compared;
	return (int)verdict_exit(verdict_all(seen));
}

/* Whatever was measured is judged and shown, also after a stop or a broken bed. */
static int show(struct store *s, const char *id)
{
	_cleanup_(run_result_free) struct run_result r = { 0 };
	_cleanup_(freep) char *dir = store_run_dir(s, id);
	_cleanup_(freep) char *path = store_path(s);
	struct report_opts opts = { .has_colour = report_wants_colour(stdout), .run_dir = dir, .store = path,
				    .width = report_width(stdout) };

	if (store_load(s, id, &r)) {
		log_error("%s", err_text());
		return EXIT_BROKEN;
	}
	judge_run(&r);
	report_text(&r, &opts, stdout);
	return (int)verdict_exit(r.verdict);
}

/* A run that did not get to its end is not lost, and the right --set belongs to the next part. */
static void tell_resume(const struct run_options *o, const char *id, const char *base)
{
	_cleanup_(strv_free) struct strv words = { 0 };
	_cleanup_(freep) char *plan = str_shell(o->plan);
	_cleanup_(freep) char *text = NULL;

	for (size_t i = 0; i < o->again.n; i++) {
		_cleanup_(freep) char *word = str_shell(o->again.v[i]);

		strv_add(&words, word);
	}
	if (base)
		strv_fmt(&words, "--against %s", base);
	strv_fmt(&words, "--resume %s", id);
	text = strv_join(&words, " ");
	log_info("to go on: tapbed run %s %s", plan, text);
}

/** exit_before() - Return: exit status of a run that did not begin. A --resume that names none, or one of another plan, is a wrong command and no broken bed. */
static enum exit_status exit_before(const struct run_options *o, int err)
{
	return o->resume && (err == -ENOENT || err == -EINVAL) ? EXIT_USAGE : EXIT_BROKEN;
}

static int run_plan(const struct run_options *o, struct plan *p)
{
	_cleanup_(store_closep) struct store *s = NULL;
	_cleanup_(freep) char *state = dirs_state(o->state);
	_cleanup_(freep) char *base = NULL;
	struct run r = { .options = o, .plan = p };
	int status, err = store_open(state, &s);

	r.store = s;
	if (!err)
		err = find_baseline(s, o->against, &base);
	if (!err)
		err = run_choose_seed(s, o->resume, p);
	if (!err)
		err = run_start(&r);
	if (!err)
		err = run_measure(&r);
	if (err) {
		_cleanup_(freep) char *why = str_dup(err_text());

		log_error("%s", why);
		if (r.id)
			store_why(s, r.id, ground_exit(err) == EXIT_SKIP ? VERDICT_SKIP : VERDICT_BROKEN, why);
	}
	run_end(&r);
	if (r.id) {
		status = show(s, r.id);
		if (base)
			status = show_against(s, r.id, base, o->at_least, status);
		if (err && ground_exit(err) == EXIT_BROKEN)
			tell_resume(o, r.id, base);
		/* What was measured is shown; but a run that did not get to its end is never good. */
		if (err && status != EXIT_FAIL)
			status = (int)ground_exit(err);
	} else {
		status = (int)exit_before(o, err);
	}
	run_free(&r);
	return status;
}

int cmd_run(int argc, char **argv)
{
	struct run_options o = { .at_least = NAN };
	struct plan p = { 0 };
	int status, err = read_options(argc, argv, &o);

	if (err > 0)
		return EXIT_PASS;
	if (!err)
		err = read_plan(&o, &p);
	if (err) {
		log_error("%s", err_text());
		strv_free(&o.sets);
		strv_free(&o.again);
		return EXIT_USAGE;
	}
	status = run_plan(&o, &p);
	plan_free(&p);
	strv_free(&o.sets);
	strv_free(&o.again);
	return status;
}
