// SPDX-License-Identifier: GPL-2.0-only
/* cmd_compare.c - tapbed compare: kernels of two stored runs, or two kernels of one */
#include <errno.h>
#include <getopt.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "cmd.h"
#include "compare.h"
#include "judge/join.h"
#include "judge/judge.h"
#include "judge/store.h"
#include "lib/cleanup.h"
#include "lib/dirs.h"
#include "lib/err.h"
#include "lib/log.h"
#include "report/report.h"

static const char usage[] =
	"usage: tapbed compare A B [--at-least RATIO] [--state DIR]\n"
	"\n"
	"Is B worse than A? Each is RUN, for all kernels of a stored run, or RUN:KERNEL, for one of\n"
	"them; RUN is an id, the beginning of one, a baseline's name, or \"latest\":\n"
	"\n"
	"  tapbed compare 20261122-1805-01c4 latest             every kernel that both runs have\n"
	"  tapbed compare latest:stock latest:nodrop-v3         two kernels of one run\n"
	"\n"
	"Cells at equal points are compared. Exits as tapbed report does. Being better is no failure.\n"
	"\n"
	"  --at-least RATIO  ask for this ratio of the throughput, of raw and pktgen of the packets a second;\n"
	"                    1 if it is left out and there are boots enough to test that, else 0.9\n"
	"  --state DIR       where runs are kept, instead of $TAPBED_STATE or $XDG_STATE_HOME/tapbed\n"
	"  --help            this text\n"
	"\n"
	"What B has to keep, as ratios to A, by the probe that has measured:\n";

struct options {
	char *const *names;
	double at_least;
	const char *state;
	bool help;
};

static const struct option longs[] = {
	{ "at-least", required_argument, NULL, 'a' },
	{ "state",    required_argument, NULL, 's' },
	{ "help",     no_argument,	 NULL, 'h' },
	{ 0 }
};

/* Return: whether the words make sense; getopt_long() or this has complained if not. */
static bool read_options(int argc, char **argv, struct options *o)
{
	int c;

	optind = 0; /* main() may have used getopt for the words before ours */
	while ((c = getopt_long(argc, argv, "h", longs, NULL)) != -1) {
		if (c == 'a' && compare_read_ratio(optarg, &o->at_least)) {
			log_error("%s", err_text());
			return false;
		} else if (c == 's')
			o->state = optarg;
		else if (c == 'h')
			o->help = true;
		else if (c == '?')
			return false;
	}
	if (!o->help && argc - optind != 2) {
		log_error("compare: two runs are wanted; usage: tapbed compare A B, more with --help");
		return false;
	}
	o->names = argv + optind;
	return true;
}

static int compare(const struct options *o)
{
	_cleanup_(freep) char *state = dirs_state(o->state);
	_cleanup_(freep) char *name_a = str_dup(o->names[0]);
	_cleanup_(freep) char *name_b = str_dup(o->names[1]);
	_cleanup_(store_closep) struct store *s = NULL;
	struct run_result run[2] = { 0 };
	const char *kernel[2];
	int ret = store_open_existing(state, &s);
	int status = EXIT_BROKEN;

	if (!ret) {
		ret = compare_load(s, name_a, &run[0], &kernel[0]);
		if (!ret)
			ret = compare_load(s, name_b, &run[1], &kernel[1]);
		if (ret == -ENOENT)
			status = EXIT_USAGE;
	}
	if (ret)
		log_error("%s", err_text());
	else
		status = compare_runs(run, kernel, o->at_least);
	run_result_free(&run[0]);
	run_result_free(&run[1]);
	return status;
}

static int print_help(void)
{
	printf("%s", usage);
	for (enum probe p = 0; p < PROBE_COUNT; p++) {
		_cleanup_(freep) char *promises = join_promises(p, 1);

		printf("  %-6s  %s\n", probe_def(p)->name, promises);
	}
	return EXIT_PASS;
}

int cmd_compare(int argc, char **argv)
{
	struct options o = { .at_least = NAN };

	if (!read_options(argc, argv, &o))
		return EXIT_USAGE;
	return o.help ? print_help() : compare(&o);
}
