// SPDX-License-Identifier: GPL-2.0-only
/* cmd_plan.c - tapbed plan: check a plan, list its cells, estimate the time */
#include <getopt.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>

#include "cmd.h"
#include "ground.h"
#include "judge/power.h"
#include "judge/store.h"
#include "lib/cleanup.h"
#include "lib/dirs.h"
#include "lib/err.h"
#include "lib/log.h"
#include "plan/plan.h"
#include "plan/settings.h"
#include "plan/show.h"
#include "plan/verdict.h"

static const char usage[] =
	"usage: tapbed plan PLAN [--set NAME=VALUE[,VALUE...]]... [--cells | --order | --json] [--strict]\n"
	"\n"
	"Checks a plan and says what a run of it takes and what it can tell. Nothing is run. The\n"
	"smallest change that it finds is told at the noise that stored runs had at the same points.\n"
	"\n"
	"  --cells           list the cells, a line each: number, kernel, cell\n"
	"  --order           list the boots and the cells of each, in the order in which they are sampled\n"
	"  --json            everything as JSON\n"
	"  --set NAME=VALUE  instead of what the plan says: txqueuelen=1,10 or probe.seconds=2\n"
	"  --strict          exit with 129 when the plan can never alarm, but for a collapse\n"
	"  --state DIR       where runs are kept, instead of $TAPBED_STATE or $XDG_STATE_HOME/tapbed\n"
	"  --help            this text\n"
	"\n"
	"What a plan can say:\n"
	"\n";

enum form { FORM_TEXT, FORM_CELLS, FORM_ORDER, FORM_JSON };

struct options {
	enum form form;
	struct strv sets;
	const char *path;
	const char *state;
	bool strict;
	bool help;
};

static const struct option longs[] = {
	{ "cells", no_argument,       NULL, 'c' },
	{ "order", no_argument,       NULL, 'o' },
	{ "json",  no_argument,       NULL, 'j' },
	{ "set",   required_argument, NULL, 's' },
	{ "strict", no_argument,      NULL, 'x' },
	{ "state", required_argument, NULL, 'S' },
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
		else if (c == 'o')
			o->form = FORM_ORDER;
		else if (c == 'j')
			o->form = FORM_JSON;
		else if (c == 's')
			strv_add(&o->sets, optarg);
		else if (c == 'x')
			o->strict = true;
		else if (c == 'S')
			o->state = optarg;
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
	int ret = ground_plan(o->path, p);

	for (size_t i = 0; !ret && i < o->sets.n; i++)
		ret = plan_set(p, o->sets.v[i]);
	return ret;
}

/** struct sight - what a plan finds, and the stored runs that tell how noisy it is */
struct sight {
	const struct plan *plan;
	struct power power;
	struct run_result *runs;
	size_t n_runs;
};

/* Older ones tell of another machine, or of another tapbed. */
#define RUNS_MAX 20

static void sight_free(struct sight *s)
{
	for (size_t i = 0; i < s->n_runs; i++)
		run_result_free(&s->runs[i]);
	free(s->runs);
}

static void load_runs(struct store *store, struct sight *s)
{
	struct run_result *list;
	int n = store_list(store, &list);

	for (int i = 0; i < n && s->n_runs < RUNS_MAX; i++) {
		if (list[i].probe != s->plan->probe.kind)
			continue;
		s->runs = mem_grow(s->runs, s->n_runs + 1, sizeof(*s->runs));
		if (!store_load(store, list[i].id, &s->runs[s->n_runs]))
			s->n_runs++;
	}
	if (n >= 0)
		store_list_free(list, n);
}

/** sight_of() - without a store, or with one that cannot be read, nothing is known of the noise; that is no error here. */
static struct sight sight_of(const struct options *o, const struct plan *p)
{
	_cleanup_(freep) char *state = dirs_state(o->state);
	_cleanup_(store_closep) struct store *store = NULL;
	struct sight s = { .plan = p, .power = power_of_plan(p) };

	if (s.power.can_alarm && !store_open_existing(state, &store))
		load_runs(store, &s);
	return s;
}

static bool is_promised(const struct plan *p, enum metric m)
{
	for (size_t i = 0; i < p->n_expects; i++)
		if (!p->expects[i].fails && p->expects[i].metric == m && metric_def(m)->kind == METRIC_IS_RATE)
			return true;
	return false;
}

static void add_metric(struct strbuf *b, const struct sight *s, enum metric m)
{
	struct noise noise = noise_seen(s->plan, m, s->runs, s->n_runs);

	strbuf_fmt(b, "  %s: ", metric_def(m)->name);
	if (noise.n)
		strbuf_fmt(b, "a change of %.2g %% beyond what is promised, at the noise of %.2g %% between boots that %zu cells of earlier runs had\n",
			   -100 * expm1(-s->power.effect * noise.sd), 100 * noise.sd, noise.n);
	else
		strbuf_fmt(b, "a change of %.1f times the noise between boots beyond what is promised; no stored run tells how much that is\n",
			   s->power.effect);
}

static void add_sight(struct strbuf *b, const struct sight *s)
{
	const struct power *w = &s->power;

	if (w->can_alarm) {
		strbuf_fmt(b, "\nfinds in a single cell, 9 of 10 times\n");
		for (enum metric m = 0; m < METRIC_COUNT; m++)
			if (is_promised(s->plan, m))
				add_metric(b, s, m);
	} else if (w->n_family) {
		strbuf_fmt(b, "\nthis plan can never alarm, but for a collapse\n"
			   "  %zu boot%s a side; %zu promise%s in one family need%s %zu (boots: %zu)\n",
			   w->boots, w->boots == 1 ? "" : "s", w->n_family, w->n_family == 1 ? "" : "s",
			   w->n_family == 1 ? "s" : "", w->needs, w->needs);
	}
}

static char *text_of(const struct sight *s)
{
	_cleanup_(freep) char *plan = show_plan(s->plan);
	struct strbuf b = { 0 };

	strbuf_fmt(&b, "%s", plan);
	add_sight(&b, s);
	return b.data;
}

static char *cells_of(const struct sight *s)
{
	return show_cells(s->plan);
}

static char *order_of(const struct sight *s)
{
	return show_order(s->plan);
}

static json_t *finds_json(const struct sight *s)
{
	json_t *finds = json_object();

	for (enum metric m = 0; m < METRIC_COUNT && s->power.can_alarm; m++) {
		struct noise noise;

		if (!is_promised(s->plan, m))
			continue;
		noise = noise_seen(s->plan, m, s->runs, s->n_runs);
		json_object_set_new(finds, metric_def(m)->name,
				    json_pack("{s:f, s:o, s:I}", "noises", s->power.effect, "noise",
					      noise.n ? json_real(noise.sd) : json_null(), "cells", (json_int_t)noise.n));
	}
	return finds;
}

static char *json_text(const struct sight *s)
{
	json_t *obj = show_json(s->plan);
	_cleanup_(freep) char *text = NULL;

	json_object_set_new(obj, "can_alarm", json_boolean(s->power.can_alarm));
	json_object_set_new(obj, "finds", finds_json(s));
	text = json_dumps(obj, JSON_INDENT(2) | JSON_REAL_PRECISION(12));
	json_decref(obj);
	return str_fmt("%s\n", text);
}

static char *(*const printers[])(const struct sight *s) = {
	[FORM_TEXT] = text_of,
	[FORM_CELLS] = cells_of,
	[FORM_ORDER] = order_of,
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
	_cleanup_(sight_free) struct sight s = { 0 };
	_cleanup_(freep) char *text = NULL;

	if (read_plan(o, &p)) {
		log_error("%s", err_text());
		return EXIT_USAGE;
	}
	s = sight_of(o, &p);
	text = printers[o->form](&s);
	fputs(text, stdout);
	if (!o->strict || s.power.can_alarm || s.power.has_other)
		return EXIT_PASS;
	log_error("%s: this plan can never alarm%s", p.path, s.power.n_family ? ", but for a collapse" : "");
	return EXIT_USAGE;
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
