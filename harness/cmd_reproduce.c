// SPDX-License-Identifier: GPL-2.0-only
/* cmd_reproduce.c - tapbed reproduce: every published experiment, and one page about them */
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "again.h"
#include "cmd.h"
#include "judge/baseline.h"
#include "judge/judge.h"
#include "lib/cleanup.h"
#include "lib/dirs.h"
#include "lib/err.h"
#include "lib/fs.h"
#include "lib/log.h"
#include "lib/stop.h"
#include "plan/matrix.h"
#include "plan/show.h"
#include "reproduce/page.h"

static const char usage[] =
	"usage: tapbed reproduce [--quick] [OPTION...]\n"
	"\n"
	"Runs every published experiment, each by tapbed run with a plan of its own, and writes one page:\n"
	"the published tables with ours beside them, and a verdict on each published claim. What was\n"
	"measured is kept: the same command goes on after a ^C, and runs nothing that is finished. The\n"
	"runs have names (tapbed baseline list), reproduce.NAME and reproduce-quick.NAME.\n"
	"\n"
	"  --quick             one short sample a cell: about 40 minutes. Without: five, from five boots; hours\n"
	"  --only NAME[,NAME]  these experiments, not all\n"
	"  --again             begin anew; the runs so far are kept, without their names\n"
	"  --list              only say what there is to do, and how long it takes\n"
	"  --page              only write the page, of what there is\n"
	"  --output FILE       the page as Markdown, instead of reproduction.md or reproduction-quick.md\n"
	"                      in the state folder; as text it goes to standard output\n"
	"  --connect URI, --cache DIR, --state DIR\n"
	"                      as of tapbed run\n"
	"  --help              this text\n"
	"\n"
	"Exit status: 0 what can be judged is reproduced, 1 a claim is not, 125 none can be judged,\n"
	"128 the test bed is broken or something is missing, 129 usage.\n"
	"\n"
	"Experiments:\n";

enum { OPT_QUICK = 256, OPT_ONLY, OPT_AGAIN, OPT_LIST, OPT_PAGE, OPT_OUTPUT, OPT_CONNECT, OPT_CACHE, OPT_STATE };

static const struct option longs[] = {
	{ "quick",   no_argument,	NULL, OPT_QUICK	  },
	{ "only",    required_argument, NULL, OPT_ONLY	  },
	{ "again",   no_argument,	NULL, OPT_AGAIN	  },
	{ "list",    no_argument,	NULL, OPT_LIST	  },
	{ "page",    no_argument,	NULL, OPT_PAGE	  },
	{ "output",  required_argument, NULL, OPT_OUTPUT  },
	{ "connect", required_argument, NULL, OPT_CONNECT },
	{ "cache",   required_argument, NULL, OPT_CACHE	  },
	{ "state",   required_argument, NULL, OPT_STATE	  },
	{ "help",    no_argument,	NULL, 'h'	  },
	{ 0 }
};

/** struct options - @connect and @cache are handed on to tapbed run */
struct options {
	bool is_quick, again, list, page, help;
	bool only[EXPERIMENT_COUNT];
	bool has_only;
	const char *output;
	const char *connect;
	const char *cache;
	char *state;
};

/** struct job - one experiment, and the run of it; @id is NULL before it has begun */
struct job {
	enum experiment experiment;
	struct plan plan;
	char *name;
	struct strv sets;
	char *id;
	bool is_done;
};

static int read_only(struct options *o, char *list)
{
	_cleanup_(strv_free) struct strv names = { 0 };
	char *rest = list;

	for (enum experiment e = 0; e < EXPERIMENT_COUNT; e++)
		strv_add(&names, experiment_def(e)->name);
	o->has_only = true;
	for (char *word; (word = strsep(&rest, ",")); ) {
		_cleanup_(freep) char *all = strv_join(&names, ", ");
		enum experiment e = experiment_find(word);

		if (e == EXPERIMENT_COUNT)
			return err_say(EINVAL, "reproduce: no experiment \"%s\"; there are %s", word, all);
		o->only[e] = true;
	}
	return 0;
}

/* Return: 0, or -EINVAL. */
static int read_options(int argc, char **argv, struct options *o)
{
	const char *state = NULL;
	int c, err = 0;

	optind = 0; /* main() may have used getopt for the words before ours */
	while (!err && (c = getopt_long(argc, argv, "h", longs, NULL)) != -1) {
		switch (c) {
		case OPT_QUICK:	  o->is_quick = true; break;
		case OPT_ONLY:	  err = read_only(o, optarg); break;
		case OPT_AGAIN:	  o->again = true; break;
		case OPT_LIST:	  o->list = true; break;
		case OPT_PAGE:	  o->page = true; break;
		case OPT_OUTPUT:  o->output = optarg; break;
		case OPT_CONNECT: o->connect = optarg; break;
		case OPT_CACHE:	  o->cache = optarg; break;
		case OPT_STATE:	  state = optarg; break;
		case 'h':	  o->help = true; break;
		default:	  return err_say(EINVAL, "see tapbed help reproduce");
		}
	}
	if (!err && !o->help && optind < argc)
		return err_say(EINVAL, "reproduce: \"%s\" is too much; see tapbed help reproduce", argv[optind]);
	o->state = dirs_state(state);
	return err;
}

static void job_free(struct job *j)
{
	plan_free(&j->plan);
	strv_free(&j->sets);
	free(j->name);
	free(j->id);
}

/* A quick run is the same plan with one short sample a cell. */
static int read_plan(const struct options *o, struct job *j)
{
	const struct experiment_def *e = experiment_def(j->experiment);
	_cleanup_(freep) char *path = dirs_data(e->plan);
	int err = path ? plan_read(path, &j->plan) : -ENOENT;

	if (o->is_quick)
		experiment_quick(j->experiment, &j->sets);
	for (size_t i = 0; i < j->sets.n && !err; i++)
		err = plan_set(&j->plan, j->sets.v[i]);
	j->name = str_fmt("reproduce%s.%s", o->is_quick ? "-quick" : "", e->name);
	return err;
}

/** look_up() - how far is it? A run of another version of the plan is none. */
static int look_up(struct store *s, struct job *j)
{
	_cleanup_(run_result_free) struct run_result r = { 0 };
	int err;

	free(take_ptr(&j->id));
	j->is_done = false;
	err = baseline_find(s, j->name, &j->id);
	if (err || !j->id)
		return err;
	err = store_load(s, j->id, &r);
	if (err && err != -ENOENT)
		return err;
	if (err || !run_result_fits(&r, &j->plan)) {
		log_warn("%s: the run of that name is gone, or of another plan; it is run anew", j->name);
		free(take_ptr(&j->id));
		return 0;
	}
	j->is_done = !reproduction_lacks(&r, (unsigned int)j->plan.samples);
	return 0;
}

static bool is_wanted(const struct options *o, enum experiment e)
{
	return !o->has_only || o->only[e];
}

static int forget(const struct options *o, struct store *s, struct job *jobs)
{
	int err = 0;

	for (enum experiment e = 0; e < EXPERIMENT_COUNT && !err; e++) {
		if (!is_wanted(o, e) || !jobs[e].id)
			continue;
		/* To list what there would be to do changes nothing, and a page is of what there is. */
		err = o->list || o->page ? 0 : baseline_remove(s, jobs[e].name);
		free(take_ptr(&jobs[e].id));
		jobs[e].is_done = false;
	}
	return err;
}

static int prepare(const struct options *o, struct job *jobs)
{
	_cleanup_(store_closep) struct store *s = NULL;
	int err = store_open(o->state, &s);

	for (enum experiment e = 0; e < EXPERIMENT_COUNT && !err; e++) {
		jobs[e].experiment = e;
		err = read_plan(o, &jobs[e]);
		if (!err)
			err = look_up(s, &jobs[e]);
	}
	return !err && o->again ? forget(o, s, jobs) : err;
}

static void add_option(struct strv *argv, const char *name, const char *value)
{
	if (!value)
		return;
	strv_add(argv, name);
	strv_add(argv, value);
}

/** run_job() - Return: exit status of tapbed run. */
static int run_job(const struct options *o, const struct job *j)
{
	_cleanup_(strv_free) struct strv argv = { 0 };

	strv_add(&argv, "tapbed");
	strv_add(&argv, "run");
	strv_add(&argv, j->plan.path);
	for (size_t i = 0; i < j->sets.n; i++)
		add_option(&argv, "--set", j->sets.v[i]);
	add_option(&argv, "--name", j->name);
	add_option(&argv, "--resume", j->id);
	add_option(&argv, "--connect", o->connect);
	add_option(&argv, "--cache", o->cache);
	add_option(&argv, "--state", o->state);
	return again_run(&argv);
}

static bool is_to_do(const struct options *o, const struct job *j)
{
	return is_wanted(o, j->experiment) && !j->is_done;
}

/** run_all() - one that fails does not keep the others from being run. Return: 0, or -EINTR. */
static int run_all(const struct options *o, struct job *jobs)
{
	for (enum experiment e = 0; e < EXPERIMENT_COUNT; e++) {
		_cleanup_(freep) char *time = show_duration(experiment_seconds(&jobs[e].plan));
		int status;

		if (!is_to_do(o, &jobs[e]))
			continue;
		log_info("experiment %d of %d, %s: about %s%s", e + 1, EXPERIMENT_COUNT, experiment_def(e)->name, time,
			 jobs[e].id ? ", a part of which is done" : "");
		status = run_job(o, &jobs[e]);
		if (stop_asked())
			return err_say(EINTR, "stopped; what was measured is kept, and the same command%s goes on",
				       o->again ? " without --again" : "");
		if (status < 0)
			return status;
	}
	return 0;
}

static void list_jobs(const struct options *o, struct job *jobs)
{
	double seconds = 0;

	for (enum experiment e = 0; e < EXPERIMENT_COUNT; e++) {
		struct job *j = &jobs[e];
		double s = experiment_seconds(&j->plan);
		_cleanup_(freep) char *time = show_duration(s);

		printf("%-12s %s%s%s\n", experiment_def(e)->name, j->is_done ? "done, run " : time, j->is_done ? j->id : "",
		       j->id && !j->is_done ? ", a part of it is done" : "");
		seconds += is_to_do(o, j) ? s : 0;
	}
	if (seconds > 0) {
		_cleanup_(freep) char *time = show_duration(seconds);

		printf("to do: about %s with warm caches\n", time);
	}
}

static int load_runs(const struct options *o, const struct job *jobs, struct reproduction *r)
{
	_cleanup_(store_closep) struct store *s = NULL;
	int err = store_open(o->state, &s);

	r->is_quick = o->is_quick;
	for (enum experiment e = 0; e < EXPERIMENT_COUNT && !err; e++) {
		struct job now = { .experiment = e, .plan = jobs[e].plan, .name = jobs[e].name };

		r->samples[e] = (unsigned int)jobs[e].plan.samples;
		r->seconds[e] = jobs[e].plan.probe.seconds;
		err = look_up(s, &now);
		if (!err && now.id) {
			err = store_load(s, now.id, &r->run[e]);
			r->has[e] = !err;
		}
		free(now.id);
		if (r->has[e])
			judge_run(&r->run[e]);
	}
	return err;
}

/* In memory first, so that a page that is there is never replaced by half of one. */
static int write_page(const struct options *o, const struct reproduction *r)
{
	_cleanup_(freep) char *path = o->output ? str_dup(o->output) :
		str_fmt("%s/reproduction%s.md", o->state, o->is_quick ? "-quick" : "");
	_cleanup_(freep) char *text = NULL;
	size_t len;
	FILE *f = open_memstream(&text, &len);
	int err;

	if (!f)
		return err_set(errno, "reproduce: memory");
	page_print(r, DOC_MARKDOWN, f);
	if (fclose(f))
		return err_set(errno, "reproduce: memory");
	err = fs_write(path, text, len, 0644);
	if (!err)
		log_info("as Markdown: %s", path);
	return err;
}

static int show_page(const struct options *o, const struct job *jobs)
{
	_cleanup_(reproduction_free) struct reproduction r = { 0 };
	int err = load_runs(o, jobs, &r);

	if (err) {
		log_error("%s", err_text());
		return EXIT_BROKEN;
	}
	page_print(&r, DOC_TEXT, stdout);
	if (write_page(o, &r)) {
		log_error("%s", err_text());
		return EXIT_BROKEN;
	}
	return (int)verdict_exit(reproduction_verdict(&r));
}

static int reproduce(const struct options *o)
{
	struct job jobs[EXPERIMENT_COUNT] = { 0 };
	int status = EXIT_BROKEN, err = prepare(o, jobs);

	if (!err && o->list) {
		list_jobs(o, jobs);
		status = EXIT_PASS;
	} else if (!err) {
		err = o->page ? 0 : run_all(o, jobs);
	}
	if (err)
		log_error("%s", err_text());
	else if (!o->list)
		status = show_page(o, jobs);
	for (enum experiment e = 0; e < EXPERIMENT_COUNT; e++)
		job_free(&jobs[e]);
	return status;
}

static int print_help(void)
{
	fputs(usage, stdout);
	for (enum experiment e = 0; e < EXPERIMENT_COUNT; e++)
		printf("  %-12s %s\n", experiment_def(e)->name, experiment_def(e)->title);
	return EXIT_PASS;
}

int cmd_reproduce(int argc, char **argv)
{
	struct options o = { 0 };
	int status = EXIT_USAGE;

	if (read_options(argc, argv, &o))
		log_error("%s", err_text());
	else
		status = o.help ? print_help() : reproduce(&o);
	free(o.state);
	return status;
}
