// SPDX-License-Identifier: GPL-2.0-only
/* cmd_list.c - tapbed list: the stored runs */
#include <errno.h>
#include <getopt.h>
#include <stdio.h>

#include "cmd.h"
#include "judge/judge.h"
#include "judge/store.h"
#include "lib/cleanup.h"
#include "lib/dirs.h"
#include "lib/err.h"
#include "lib/log.h"
#include "lib/str.h"
#include "report/report.h"

static const char usage[] =
	"usage: tapbed list [--json] [--state DIR]\n"
	"\n"
	"Lists the stored runs, the newest first.\n"
	"\n"
	"  --json       as a JSON array\n"
	"  --state DIR  where runs are kept, instead of $TAPBED_STATE or $XDG_STATE_HOME/tapbed\n"
	"  --help       this text\n";

struct options {
	const char *state;
	bool json;
	bool help;
};

static const struct option longs[] = {
	{ "json",  no_argument,       NULL, 'j' },
	{ "state", required_argument, NULL, 's' },
	{ "help",  no_argument,       NULL, 'h' },
	{ 0 }
};

/* Return: whether the words make sense; getopt_long() or this has complained if not. */
static bool read_options(int argc, char **argv, struct options *o)
{
	int c;

	optind = 0; /* main() may have used getopt for the words before ours */
	while ((c = getopt_long(argc, argv, "h", longs, NULL)) != -1) {
		if (c == 'j')
			o->json = true;
		else if (c == 's')
			o->state = optarg;
		else if (c == 'h')
			o->help = true;
		else
			return false;
	}
	if (!o->help && optind < argc) {
		log_error("list: \"%s\" is too much; usage: tapbed list, more with --help", argv[optind]);
		return false;
	}
	return true;
}

static size_t count_measured(const struct run_result *r)
{
	size_t n = 0;

	for (size_t i = 0; i < r->n_cells; i++)
		n += r->cells[i].n_samples > 0;
	return n;
}

/** load_all() - every run of @list with its cells, judged; in place. */
static int load_all(struct store *s, struct run_result *list, int n)
{
	for (int i = 0; i < n; i++) {
		struct run_result full;
		int ret = store_load(s, list[i].id, &full);

		if (ret)
			return ret;
		run_result_free(&list[i]);
		list[i] = full;
		judge_run(&list[i]);
	}
	return 0;
}

static void print_text(const struct run_result *list, int n)
{
	if (n)
		printf("%-18s  %-20s  %8s  %9s  %-7s  %s\n", "RUN", "STARTED", "SECONDS", "CELLS",
		       "VERDICT", "PLAN");
	for (int i = 0; i < n; i++) {
		const struct run_result *r = &list[i];
		_cleanup_(freep) char *plan = report_line(r->plan);
		_cleanup_(freep) char *cells = str_fmt("%zu/%zu", count_measured(r), r->n_cells);

		printf("%-18s  %-20s  %8.0f  %9s  %-7s  %s%s\n", r->id, r->started, r->wall_s, cells,
		       verdict_name(r->verdict), plan, r->finished ? "" : " (not finished)");
	}
}

static json_t *run_to_json(const struct run_result *r)
{
	_cleanup_(freep) char *plan = report_line(r->plan);
	_cleanup_(freep) char *about = report_line(r->about);

	return json_pack("{s:s, s:s, s:s, s:s, s:f, s:b, s:I, s:I, s:s}", "id", r->id, "plan", plan,
			 "about", about, "started", r->started, "wall_s", r->wall_s,
			 "finished", r->finished, "cells", (json_int_t)r->n_cells,
			 "measured", (json_int_t)count_measured(r), "verdict", verdict_name(r->verdict));
}

static void print_json(const struct run_result *list, int n)
{
	_cleanup_(json_decrefp) json_t *all = json_array();

	for (int i = 0; i < n; i++)
		json_array_append_new(all, run_to_json(&list[i]));
	json_dumpf(all, stdout, JSON_INDENT(1) | JSON_REAL_PRECISION(12));
	putchar('\n');
}

static int list_runs(const struct options *o)
{
	_cleanup_(freep) char *state = dirs_state(o->state);
	_cleanup_(store_closep) struct store *s = NULL;
	struct run_result *list = NULL;
	int n = 0;
	int ret = store_open_existing(state, &s);

	if (!ret)
		n = ret = store_list(s, &list);
	if (ret > 0)
		ret = load_all(s, list, n);
	if (!ret)
		(o->json ? print_json : print_text)(list, n);
	store_list_free(list, n);
	if (!ret && (fflush(stdout) || ferror(stdout)))
		ret = err_set(errno, "list: write");
	if (ret < 0)
		log_error("%s", err_text());
	return ret < 0 ? EXIT_BROKEN : EXIT_PASS;
}

int cmd_list(int argc, char **argv)
{
	struct options o = { 0 };

	if (!read_options(argc, argv, &o))
		return EXIT_USAGE;
	if (!o.help)
		return list_runs(&o);
	fputs(usage, stdout);
	return EXIT_PASS;
}
