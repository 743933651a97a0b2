// SPDX-License-Identifier: GPL-2.0-only
/* cmd_history.c - tapbed history: a cell over all stored runs, and where it changed */
#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "cmd.h"
#include "judge/history.h"
#include "judge/judge.h"
#include "judge/store.h"
#include "lib/cleanup.h"
#include "lib/dirs.h"
#include "lib/err.h"
#include "lib/log.h"
#include "lib/str.h"
#include "plan/verdict.h"
#include "report/plot.h"

static const char usage[] =
	"usage: tapbed history [KERNEL:]CELL [--metric METRIC] [--state DIR]\n"
	"\n"
	"Shows the medians of a cell in all stored runs, the oldest first, and where they changed\n"
	"(E-divisive means, Matteson and James 2014, at 5 %; six runs are needed for a change to show).\n"
	"CELL is written as tapbed plan --cells prints it:\n"
	"\n"
	"  tapbed history tap/virtio/q1/fq_codel                        every kernel, throughput\n"
	"  tapbed history stock:tap/virtio/q1/fq_codel --metric retransmits\n"
	"\n"
	"  --metric METRIC  instead of throughput_bps\n"
	"  --state DIR      where runs are kept, instead of $TAPBED_STATE or $XDG_STATE_HOME/tapbed\n"
	"  --help           this text\n";

static const struct option longs[] = {
	{ "metric", required_argument, NULL, 'm' },
	{ "state",  required_argument, NULL, 's' },
	{ "help",   no_argument,       NULL, 'h' },
	{ 0 }
};

struct options {
	struct history_wanted wanted;
	const char *state;
	bool help;
};

/* Return: whether the words make sense; getopt_long() or this has complained if not. */
static bool read_options(int argc, char **argv, struct options *o)
{
	char *colon;
	int c;

	optind = 0; /* main() may have used getopt for the words before ours */
	while ((c = getopt_long(argc, argv, "h", longs, NULL)) != -1) {
		if (c == 'm')
			o->wanted.metric = metric_find(optarg);
		else if (c == 's')
			o->state = optarg;
		else if (c == 'h')
			o->help = true;
		else
			return false;
		if (o->wanted.metric == METRIC_COUNT) {
			log_error("history: no metric \"%s\"; man tapbed lists them", optarg);
			return false;
		}
	}
	if (o->help)
		return true;
	if (optind != argc - 1) {
		log_error("history: one cell is wanted; usage: tapbed history [KERNEL:]CELL, more with --help");
		return false;
	}
	colon = strchr(argv[optind], ':');
	if (colon)
		*colon = '\0';
	o->wanted.kernel = colon ? argv[optind] : NULL;
	o->wanted.cell = colon ? colon + 1 : argv[optind];
	return true;
}

/** collect() - the list is the newest first; a history goes the other way. */
static int collect(struct store *s, const struct history_wanted *w, struct history **ret, size_t *ret_n)
{
	struct run_result *list;
	int n = store_list(s, &list), err = 0;

	for (int i = n - 1; i >= 0 && !err; i--) {
		_cleanup_(run_result_free) struct run_result r = { 0 };

		err = store_load(s, list[i].id, &r);
		if (err)
			break;
		judge_run(&r);
		history_add(w, &r, ret, ret_n);
	}
	if (n >= 0)
		store_list_free(list, n);
	return n < 0 ? n : err;
}

static int print_all(struct history *list, size_t n, const struct history_wanted *w)
{
	if (!n) {
		log_error("history: no stored run has %s of %s%s%s; cells are called as in tapbed plan --cells", metric_def(w->metric)->name,
			  w->cell, w->kernel ? " with kernel " : "", w->kernel ? w->kernel : "");
		return EXIT_USAGE;
	}
	for (size_t i = 0; i < n; i++) {
		history_judge(&list[i]);
		if (i)
			putchar('\n');
		plot_print(&list[i], stdout);
	}
	return EXIT_PASS;
}

static int history(const struct options *o)
{
	_cleanup_(freep) char *state = dirs_state(o->state);
	_cleanup_(store_closep) struct store *s = NULL;
	struct history *list = NULL;
	size_t n = 0;
	int status = EXIT_BROKEN;
	int err = store_open_existing(state, &s);

	if (!err)
		err = collect(s, &o->wanted, &list, &n);
	if (err)
		log_error("%s", err_text());
	else
		status = print_all(list, n, &o->wanted);
	history_free(list, n);
	return status;
}

int cmd_history(int argc, char **argv)
{
	struct options o = { .wanted.metric = METRIC_THROUGHPUT_BPS };

	if (!read_options(argc, argv, &o))
		return EXIT_USAGE;
	if (!o.help)
		return history(&o);
	fputs(usage, stdout);
	return EXIT_PASS;
}
