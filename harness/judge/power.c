// SPDX-License-Identifier: GPL-2.0-only
/* power.c - what a plan can and cannot find, before anything runs */
#include "judge/power.h"

#include <math.h>
#include <string.h>

#include "judge/evidence.h"
#include "judge/rank.h"
#include "judge/stats.h"
#include "lib/cleanup.h"
#include "lib/random.h"
#include "lib/str.h"

/* Draws: the share that is found is known to about 1 %. */
#define DRAWS 1000

/* More standard deviations than this are a collapse. */
#define EFFECT_MAX 64.

/** struct draws - DRAWS times @n numbers a side, with the noise alone */
struct draws {
	double *x;
	double *y;
	size_t n;
};

static void draws_free(struct draws *d)
{
	free(d->x);
	free(d->y);
}

static struct draws draws_make(size_t n)
{
	struct draws d = { mem_zalloc(DRAWS * n * sizeof(*d.x)), mem_zalloc(DRAWS * n * sizeof(*d.y)), n };
	struct random random = { 0 };

	for (size_t i = 0; i < DRAWS * n; i++) {
		d.x[i] = random_normal(&random);
		d.y[i] = random_normal(&random);
	}
	return d;
}

/** is_found() - draw number @draw, x lower by @effect: is U at most @critical? */
static bool is_found(const struct draws *d, size_t draw, double effect, long critical)
{
	const double *x = d->x + draw * d->n, *y = d->y + draw * d->n;
	long u = 0;

	for (size_t i = 0; i < d->n; i++)
		for (size_t k = 0; k < d->n; k++)
			u += x[i] - effect > y[k];
	return u <= critical;
}

static double found(const struct draws *d, double effect, long critical)
{
	size_t n = 0;

	for (size_t i = 0; i < DRAWS; i++)
		n += is_found(d, i, effect, critical);
	return (double)n / DRAWS;
}

double power_effect(size_t boots, double level)
{
	/* More boots than the exact test takes find a little more than these do. */
	size_t n = boots < RANK_EXACT_MAX / 2 ? boots : RANK_EXACT_MAX / 2;
	long critical = n ? rank_critical(n, n, level) : -1;
	_cleanup_(draws_free) struct draws d = { 0 };
	double low = 0, high = EFFECT_MAX;

	if (critical < 0)
		return INFINITY;
	d = draws_make(n);
	while (high - low > 0.01) {
		double middle = (low + high) / 2;

		if (found(&d, middle, critical) < POWER_WANTED)
			low = middle;
		else
			high = middle;
	}
	return high;
}

static size_t count_cells(const struct plan *p, const struct plan_expect *e)
{
	size_t n = 0;

	for (size_t c = 0; c < p->n_cells; c++)
		n += !p->cells[c].skip && plan_expect_covers(e, &p->cells[c]);
	return n;
}

/** count_promises() - those with a ratio to another kernel, or those without one; each once a cell. */
static size_t count_promises(const struct plan *p, bool has_ratio)
{
	size_t n = 0;

	for (size_t i = 0; i < p->n_expects; i++) {
		const struct plan_expect *e = &p->expects[i];

		if (!e->fails && has_ratio != (isnan(e->at_least) && isnan(e->at_most)))
			n += count_cells(p, e);
	}
	return n;
}

/** count_sides() - Return: of the promise with the fewest: one with at_least and at_most is tested twice. */
static size_t count_sides(const struct plan *p)
{
	size_t least = 2;

	for (size_t i = 0; i < p->n_expects; i++) {
		const struct plan_expect *e = &p->expects[i];
		size_t sides = (size_t)!isnan(e->at_least) + (size_t)!isnan(e->at_most);

		if (!e->fails && sides && sides < least && count_cells(p, e))
			least = sides;
	}
	return least;
}

struct power power_of_plan(const struct plan *p)
{
	const struct sequence q = { (unsigned int)plan_boots(p), (unsigned int)plan_cap(p) };
	size_t n_tests;
	struct power w = { .n_family = count_promises(p, true), .boots = (size_t)plan_boots(p),
			   .effect = INFINITY };

	w.has_other = probe_def(p->probe.kind)->finds_faults || count_promises(p, false);

	if (!w.n_family)
		return w;
	n_tests = w.n_family * count_sides(p);
	w.needs = evidence_boots(n_tests, sequence_share(&q, 1));
	/* A later look has more boots, and its own share of the error. */
	for (unsigned int look = 1; look <= sequence_looks(&q); look++) {
		double level = EVIDENCE_ALPHA * sequence_share(&q, look) / (double)n_tests;

		w.effect = fmin(w.effect, power_effect(sequence_at(&q, look), level));
	}
	w.can_alarm = isfinite(w.effect);
	return w;
}

static bool is_of_plan(const struct plan *p, const struct run_cell *c)
{
	for (size_t i = 0; i < p->n_cells; i++)
		if (cell_same_point(&p->cells[i], &c->cell))
			return true;
	return false;
}

/** sd_of_cell() - Return: of the logarithms of its boots, NAN for fewer than two of them. */
static double sd_of_cell(const struct run_cell *c, enum metric m)
{
	_cleanup_(freep) double *v = NULL;
	size_t n = evidence_boot_values(c, m, &v);

	for (size_t i = 0; i < n; i++) {
		if (v[i] <= 0)
			return NAN;
		v[i] = log(v[i]);
	}
	return n < 2 ? NAN : stats_sd(v, n);
}

struct noise noise_seen(const struct plan *p, enum metric m, const struct run_result *runs, size_t n)
{
	_cleanup_(freep) double *sd = NULL;
	size_t has = 0;
	struct stats s;

	for (size_t r = 0; r < n; r++)
		for (size_t i = 0; i < runs[r].n_cells; i++) {
			if (runs[r].probe != p->probe.kind || !is_of_plan(p, &runs[r].cells[i]))
				continue;
			sd = mem_grow(sd, has + 1, sizeof(*sd));
			sd[has++] = sd_of_cell(&runs[r].cells[i], m);
		}
	s = stats_of(sd, has);
	return (struct noise){ s.median, s.n };
}
