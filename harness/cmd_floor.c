// SPDX-License-Identifier: GPL-2.0-only
/* cmd_floor.c - tapbed floor: what a kernel differs from itself by, and how often that was an alarm */
#include <errno.h>
#include <getopt.h>
#include <stdio.h>

#include "cmd.h"
#include "judge/floor.h"
#include "judge/judge.h"
#include "judge/stats.h"
#include "judge/store.h"
#include "lib/cleanup.h"
#include "lib/dirs.h"
#include "lib/err.h"
#include "lib/log.h"
#include "plan/verdict.h"

static const char usage[] =
	"usage: tapbed floor [--state DIR]\n"
	"\n"
	"Of the stored runs of one kernel under two names (make aa): how many of them had a FAIL, which\n"
	"was wrong, and for each cell the noise floor: the change that promises are judged as if they\n"
	"allowed it. The ten newest runs tell the floor.\n"
	"\n"
	"  --state DIR  where runs are kept, instead of $TAPBED_STATE or $XDG_STATE_HOME/tapbed\n"
	"  --help       this text\n";

static const struct option longs[] = {
	{ "state", required_argument, NULL, 's' },
	{ "help",  no_argument,	      NULL, 'h' },
	{ 0 }
};

#define FLOOR_RUNS 10 /* as many as the judge takes: judge/store_floor.c */

/** struct twins - the runs of one kernel under two names, the newest first */
struct twins {
	struct run_result *runs;
	size_t n;
	struct floor_alarms alarms;
};

static void twins_free(struct twins *t)
{
	for (size_t i = 0; i < t->n; i++)
		run_result_free(&t->runs[i]);
	free(t->runs);
}

static int load(struct store *s, struct twins *t)
{
	_cleanup_(strv_free) struct strv ids = { 0 };
	int err = store_same(s, &ids);

	t->runs = mem_zalloc(ids.n * sizeof(*t->runs));
	for (size_t i = 0; i < ids.n && !err; i++) {
		err = store_load(s, ids.v[i], &t->runs[i]);
		if (err)
			break;
		t->n++;
		judge_run(&t->runs[i]);
		floor_count(&t->alarms, &t->runs[i]);
	}
	return err;
}

static void print_alarms(const struct twins *t)
{
	const struct floor_alarms *a = &t->alarms;
	double low, high;

	stats_share(a->alarmed, a->runs, &low, &high);
	printf("%u run%s of one kernel under two names, the newest is %s\n", a->runs, a->runs == 1 ? "" : "s", t->runs[0].id);
	printf("false alarms: %u of %u runs, %.1f %% [%.1f, %.1f]; %u of %u cells; %u cells NOISY\n\n", a->alarmed, a->runs,
	       100. * a->alarmed / a->runs, 100 * low, 100 * high, a->failed, a->cells, a->noisy);
}

/** floors_text() - Return: "throughput_bps 3.1 %, ping_p50_us 12 %", NULL for none; to be freed. */
static char *floors_text(const struct run_cell *c)
{
	struct strbuf b = { 0 };

	for (enum metric m = 0; m < METRIC_COUNT; m++)
		if (metric_def(m)->direction != METRIC_IS_INFO && c->floor[m] > 0)
			strbuf_fmt(&b, "%s%s %.2g %%", b.len ? ", " : "", metric_def(m)->name, 100 * c->floor[m]);
	return b.data;
}

static void print_floors(struct twins *t)
{
	_cleanup_(strv_free) struct strv told = { 0 };

	for (size_t i = 0; i < t->n && i < FLOOR_RUNS; i++) {
		struct run_result *r = &t->runs[i];

		for (size_t k = 0; k < t->n && k < FLOOR_RUNS; k++)
			floor_learn(&t->runs[k], r);
		for (size_t c = 0; c < r->n_cells; c++) {
			_cleanup_(freep) char *name = cell_name(&r->cells[c].cell);
			_cleanup_(freep) char *label = str_fmt("%s %s", probe_def(r->probe)->name, name);
			_cleanup_(freep) char *floors = floors_text(&r->cells[c]);

			if (!floor_is_twin(r, &r->cells[c]) || !r->cells[c].n_samples || strv_has(&told, label))
				continue;
			strv_add(&told, label);
			printf("  %s: %s\n", label, floors ? floors : "not known, fewer than five boots a side");
		}
	}
}

static int print(const char *state_dir)
{
	_cleanup_(freep) char *state = dirs_state(state_dir);
	_cleanup_(store_closep) struct store *s = NULL;
	_cleanup_(twins_free) struct twins t = { 0 };
	int err = store_open_existing(state, &s);

	if (!err)
		err = load(s, &t);
	if (err) {
		log_error("%s", err_text());
		return err == -ENOENT ? EXIT_USAGE : EXIT_BROKEN;
	}
	if (!t.n) {
		printf("no stored run has one kernel under two names; make aa makes one\n");
		return EXIT_PASS;
	}
	print_alarms(&t);
	printf("noise floor\n");
	print_floors(&t);
	return EXIT_PASS;
}

int cmd_floor(int argc, char **argv)
{
	const char *state = NULL;
	int c;

	optind = 0; /* main() may have used getopt for the words before ours */
	while ((c = getopt_long(argc, argv, "h", longs, NULL)) != -1) {
		if (c == 's') {
			state = optarg;
		} else if (c == 'h') {
			fputs(usage, stdout);
			return EXIT_PASS;
		} else {
			return EXIT_USAGE;
		}
	}
	if (optind != argc) {
		log_error("floor: it takes no further word; see tapbed help floor");
		return EXIT_USAGE;
	}
	return print(state);
}
