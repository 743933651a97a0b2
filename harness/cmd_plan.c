// SPDX-License-Identifier: GPL-2.0-only
/* cmd_plan.c - tapbed plan: check a plan, list its cells, estimate the time */
#include <getopt.h>
#include <stdbool.h>
#include <stdio.h>

#include "cmd.h"
#include "lib/cleanup.h"
#include "lib/err.h"
#include "lib/log.h"
#include "plan/plan.h"
#include "plan/settings.h"
#include "plan/show.h"
#include "plan/verdict.h"

static const char usage[] =
	"usage: tapbed plan PLAN [--set NAME=VALUE[,VALUE...]]... [--cells | --json]\n"
	"\n"
	"Checks a plan and says what a run of it takes and what it can tell. Nothing is run.\n"
	"\n"
	"  --cells           list the cells, a line each: number, kernel, cell\n"
	"  --json            everything as JSON\n"
	"  --set NAME=VALUE  instead of what the plan says: txqueuelen=1,10 or probe.seconds=2\n"
	"  --help            this text\n"
	"\n"
	"What a plan can say:\n"
	"\n";

enum form { FORM_TEXT, FORM_CELLS, FORM_JSON };

struct options {
	enum form form;
	struct strv sets;
	const char *path;
	bool help;
};

static const struct option longs[] = {
	{ "cells", no_argument,       NULL, 'c' },
	{ "json",  no_argument,       NULL, 'j' },
	{ "set",   required_argument, NULL, 's' },
	{ "help",  no_argument,       NULL, 'h' },
	{ 0 }
};

/* Return: whether the words make sense; getopt_long() or this has complained if not. */
static bool read_options(int argc, char **argv, struct options *o)
{
	int c;

	optind = 0; /* main() may have used getopt for the words before ours */
	while ((c = getopt_long(argc, argv, "h", longs, NULL)) != -1) {
		if (c == 'c')
			o->form = FORM_CELLS;
		else if (c == 'j')
			o->form = FORM_JSON;
		else if (c == 's')
			strv_add(&o->sets, optarg);
		else if (c == 'h')
			o->help = true;
		else
			return false;
	}
	if (o->help)
		return true;
	if (optind != argc - 1) {
		log_error("plan: %s; usage: tapbed plan PLAN, more with --help",
			  optind < argc ? "more than one plan" : "no plan named");
		return false;
	}
	o->path = argv[optind];
	return true;
}

static int read_plan(const struct options *o, struct plan *p)
{
	int ret = plan_read(o->path, p);

	for (size_t i = 0; !ret && i < o->sets.n; i++)
		ret = plan_set(p, o->sets.v[i]);
	return ret;
}

static char *json_text(const struct plan *p)
{
	json_t *obj = show_json(p);
	_cleanup_(freep) char *text = json_dumps(obj, JSON_INDENT(2) | JSON_REAL_PRECISION(12));

	json_decref(obj);
	return str_fmt("%s\n", text);
}

static char *(*const printers[])(const struct plan *p) = {
	[FORM_TEXT] = show_plan,
	[FORM_CELLS] = show_cells,
	[FORM_JSON] = json_text,
};

static int print_help(void)
{
	_cleanup_(freep) char *settings = setting_help();

	printf("%s%s", usage, settings);
	return EXIT_PASS;
}

static int print_plan(const struct options *o)
{
	_cleanup_(plan_free) struct plan p = { 0 };
	_cleanup_(freep) char *text = NULL;

	if (read_plan(o, &p)) {
		log_error("%s", err_text());
		return EXIT_USAGE;
	}
	text = printers[o->form](&p);
	fputs(text, stdout);
	return EXIT_PASS;
}

int cmd_plan(int argc, char **argv)
{
	struct options o = { 0 };
	int ret = EXIT_USAGE;

	if (read_options(argc, argv, &o))
		ret = o.help ? print_help() : print_plan(&o);
	strv_free(&o.sets);
	return ret;
}
