// SPDX-License-Identifier: GPL-2.0-only
/* evidence.c - what the samples say about one promise at one cell */
#include "judge/evidence.h"

#include <math.h>

#include "judge/holm.h"
#include "judge/stats.h"
#include "lib/cleanup.h"
#include "lib/str.h"

/** struct boots - one number a boot */
struct boots {
	double *v;
	size_t n;
};

static void boots_free(struct boots *b)
{
	free(b->v);
}

static double mean_of(const double *v, size_t n)
{
	double sum = 0;

	for (size_t i = 0; i < n; i++)
		sum += v[i];
	return sum / (double)n;
}

/** boot_value() - what the samples of @boot have in common; @room holds n_samples numbers. Return: NAN if none has @m. */
static double boot_value(const struct run_cell *c, enum metric m, int boot, double *room)
{
	size_t n = 0;

	for (size_t i = 0; i < c->n_samples; i++)
		if (c->samples[i].boot == boot && !isnan(c->samples[i].value[m]))
			room[n++] = c->samples[i].value[m];
	if (!n)
		return NAN;
	return metric_def(m)->kind == METRIC_IS_RATE ? stats_of(room, n).median : mean_of(room, n);
}

static bool is_first_of_boot(const struct run_cell *c, size_t sample)
{
	for (size_t i = 0; i < sample; i++)
		if (c->samples[i].boot == c->samples[sample].boot)
			return false;
	return true;
}

static struct boots boots_of(const struct run_cell *c, enum metric m)
{
	struct boots b = { .v = mem_zalloc(c->n_samples * sizeof(*b.v)) };
	_cleanup_(freep) double *room = mem_zalloc(c->n_samples * sizeof(*room));

	for (size_t i = 0; i < c->n_samples; i++) {
		double v = is_first_of_boot(c, i) ? boot_value(c, m, c->samples[i].boot, room) : NAN;

		if (!isnan(v))
			b.v[b.n++] = v;
	}
	return b;
}

size_t evidence_boot_values(const struct run_cell *c, enum metric m, double **ret)
{
	struct boots b = boots_of(c, m);

	*ret = b.v;
	return b.n;
}

struct evidence_limits evidence_limits(const struct plan_expect *e, double margin)
{
	struct evidence_limits l = { e->at_least, e->at_most };

	if (l.least <= 1)
		l.least = fmin(l.least, 1 - margin);
	if (l.most >= 1)
		l.most = fmax(l.most, 1 + margin);
	return l;
}

double evidence_enough(const struct plan_expect *e)
{
	const struct metric_def *d = metric_def(e->metric);

	if (!isnan(e->at_most_abs))
		return e->at_most_abs;
	return d->kind == METRIC_IS_A_COUNT ? d->matters : 0;
}

/** p_least_broken() - is @x below the limit times @base? */
static double p_least_broken(const struct boots *x, const struct boots *base, double limit)
{
	_cleanup_(freep) double *y = mem_zalloc(base->n * sizeof(*y));

	for (size_t i = 0; i < base->n; i++)
		y[i] = limit * base->v[i];
	return rank_p_greater(y, base->n, x->v, x->n);
}

/** p_most_broken() - is @x above the limit times @base? What is enough or less is all alike. */
static double p_most_broken(const struct boots *x, const struct boots *base, double limit, double enough)
{
	_cleanup_(freep) double *v = mem_zalloc(x->n * sizeof(*v));
	_cleanup_(freep) double *y = mem_zalloc(base->n * sizeof(*y));

	for (size_t i = 0; i < x->n; i++)
		v[i] = fmax(x->v[i], enough);
	for (size_t i = 0; i < base->n; i++)
		y[i] = fmax(limit * base->v[i], enough);
	return rank_p_greater(v, x->n, y, base->n);
}

static struct rank_shift shift_of(const struct boots *x, const struct boots *base, enum metric m)
{
	if (metric_def(m)->kind == METRIC_IS_RATE)
		return rank_ratio(x->v, x->n, base->v, base->n, EVIDENCE_CONFIDENCE);
	return rank_difference(x->v, x->n, base->v, base->n, EVIDENCE_CONFIDENCE);
}

/** share_of() - which part of the error may be spent now; an early judgement gets that of the first look. */
static double share_of(const struct run_result *r, size_t n, size_t n_base)
{
	unsigned int poorer = (unsigned int)(n < n_base ? n : n_base);
	unsigned int look = sequence_look(&r->sequence, poorer);

	return sequence_share(&r->sequence, look ? look : 1);
}

struct evidence evidence_take(const struct run_result *r, const struct plan_expect *e,
			      const struct run_cell *c, const struct run_cell *base)
{
	_cleanup_(boots_free) struct boots x = boots_of(c, e->metric);
	_cleanup_(boots_free) struct boots y = boots_of(base, e->metric);
	struct evidence_limits l = evidence_limits(e, c->floor[e->metric]);
	struct evidence v = { .expect = e, .cell = c, .base = base, .n = x.n, .n_base = y.n, .p = 1 };
	double sides = !isnan(l.least) + !isnan(l.most);
	double weight = sides / share_of(r, x.n, y.n);

	v.shift = shift_of(&x, &y, e->metric);
	if (!isnan(l.least))
		v.p = p_least_broken(&x, &y, l.least);
	if (!isnan(l.most))
		v.p = fmin(v.p, p_most_broken(&x, &y, l.most, evidence_enough(e)));
	v.p = fmin(1, v.p * weight);
	v.p_least = fmin(1, rank_p_least(x.n, y.n) * weight);
	return v;
}

void evidence_family(struct evidence *v, size_t n)
{
	_cleanup_(freep) double *p = mem_zalloc(n * sizeof(*p));

	for (size_t i = 0; i < n; i++)
		p[i] = v[i].p;
	holm_adjust(p, n);
	for (size_t i = 0; i < n; i++) {
		v[i].p_holm = p[i];
		v[i].n_family = n;
		v[i].can_alarm = v[i].p_least * (double)n <= EVIDENCE_ALPHA;
	}
}

size_t evidence_boots(size_t n_family, double share)
{
	size_t n = 1;

	while (rank_p_least(n, n) * (double)n_family / share > EVIDENCE_ALPHA)
		n++;
	return n;
}
