// SPDX-License-Identifier: GPL-2.0-only
/* run_watch.c - what the machine does beside the traffic of a run, and which samples are invalid for it */
#include "run_watch.h"

#include <math.h>
#include <stdlib.h>

#include "lib/cleanup.h"
#include "lib/log.h"
#include "lib/str.h"

void run_watch_begin(struct run_watch *w, const struct plan *p, enum accel accel, const char *root)
{
	w->plan = p;
	w->is_virtual = accel == ACCEL_ICOUNT;
	w->root = root;
	w->is_open = false;
	if (!w->n_invalid)
		w->n_invalid = mem_zalloc(p->n_cells * sizeof(*w->n_invalid));
	hygiene_init(w->hygiene);
}

static void close_window(struct run_watch *w)
{
	struct load after;

	if (!w->is_open)
		return;
	w->is_open = false;
	load_read_outer(w->root, &after);
	load_diff(&w->before, &after, w->hygiene);
	free(w->most);
	w->most = load_most_of(&w->before, &after);
}

void run_watch_step(struct run_watch *w, const char *step)
{
	if (!w->plan)
		return;
	close_window(w);
	w->is_open = str_eq(step, probe_def(w->plan->probe.kind)->name);
	if (w->is_open)
		load_read_outer(w->root, &w->before);
}

static unsigned int limit_of(const struct plan *p)
{
	return hygiene_limit((unsigned int)(plan_cap(p) * plan_per_boot(p)));
}

/* Who took the CPUs is what a user can do something about. Return: to be freed, NULL when it is valid. */
static char *why_invalid(const struct run_watch *w, const double hygiene[HYGIENE_COUNT])
{
	_cleanup_(freep) char *why = hygiene_why(hygiene);

	if (!w->most || hygiene_worst(hygiene) != HYGIENE_LOAD)
		return take_ptr(&why);
	return str_fmt("%s, most of it %s", why, w->most);
}

void run_watch_judge(struct run_watch *w, size_t cell, struct host_outcome *o)
{
	close_window(w);
	for (enum hygiene h = 0; h < HYGIENE_COUNT && o->has_sample; h++)
		if (!isnan(w->hygiene[h]))
			o->sample.hygiene[h] = w->hygiene[h];
	/* An instruction takes as long in virtual time, whoever else has the CPU. */
	if (w->is_virtual)
		o->sample.hygiene[HYGIENE_STEAL] = o->sample.hygiene[HYGIENE_LOAD] = NAN;
	/* What a probe found wrong is not the machine's doing. */
	if (!w->plan->checks_hygiene || !o->has_sample || o->verdict != VERDICT_PASS)
		return;
	o->sample.invalid = why_invalid(w, o->sample.hygiene);
	if (o->sample.invalid)
		log_warn("invalid sample, %u of this cell: %s", ++w->n_invalid[cell], o->sample.invalid);
}

bool run_watch_again(const struct run_watch *w, size_t cell, const struct host_outcome *o)
{
	return o->has_sample && o->sample.invalid && w->n_invalid[cell] < limit_of(w->plan);
}

void run_watch_free(struct run_watch *w)
{
	free(w->n_invalid);
	free(w->most);
}
