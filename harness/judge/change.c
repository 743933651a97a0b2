// SPDX-License-Identifier: GPL-2.0-only
/* change.c - where a series of numbers changed: E-divisive (Matteson and James 2014) */
#include "judge/change.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "lib/cleanup.h"
#include "lib/random.h"
#include "lib/str.h"

#define ORDERS 199 /* random ones that a cut is compared with */
#define LEVEL  0.05

/** struct cut - the best place to cut a segment; @gain is 0 when it is too short */
struct cut {
	size_t at;
	double gain;
};

/** struct search - @sum: [i * (n + 1) + k]: distances of the first i numbers to the first k, of the segment at hand */
struct search {
	struct random random;
	double *sum;
	struct change *found;
	size_t n_found;
};

static void fill_sums(struct search *s, const double *v, size_t n)
{
	size_t w = n + 1;

	memset(s->sum, 0, w * w * sizeof(*s->sum));
	for (size_t i = 1; i <= n; i++)
		for (size_t k = 1; k <= n; k++)
			s->sum[i * w + k] = fabs(v[i - 1] - v[k - 1]) + s->sum[(i - 1) * w + k] +
					    s->sum[i * w + k - 1] - s->sum[(i - 1) * w + k - 1];
}

/** energy() - the distance between numbers [0, cut) and [cut, end), weighted by how many they are. */
static double energy(const struct search *s, size_t n, size_t cut, size_t end)
{
	size_t w = n + 1;
	double a = (double)cut, b = (double)(end - cut);
	double within_a = s->sum[cut * w + cut];
	double across = s->sum[cut * w + end] - within_a;
	double within_b = s->sum[end * w + end] - within_a - 2 * across;

	return a * b / (a + b) * (2 * across / (a * b) - within_a / (a * (a - 1)) - within_b / (b * (b - 1)));
}

static struct cut best_cut(struct search *s, const double *v, size_t n)
{
	struct cut best = { 0 };

	fill_sums(s, v, n);
	for (size_t cut = CHANGE_SEGMENT_MIN; cut + CHANGE_SEGMENT_MIN <= n; cut++)
		for (size_t end = cut + CHANGE_SEGMENT_MIN; end <= n; end++) {
			double gain = energy(s, n, cut, end);

			if (gain > best.gain)
				best = (struct cut){ cut, gain };
		}
	return best;
}

/** p_of() - how often is a random order of @v cut with as much gain? @v is shuffled. */
static double p_of(struct search *s, double *v, size_t n, double gain)
{
	size_t as_good = 1;

	for (int i = 0; i < ORDERS; i++) {
		random_shuffle(&s->random, v, n);
		as_good += best_cut(s, v, n).gain >= gain;
	}
	return (double)as_good / (ORDERS + 1);
}

/* The segments shrink with each call, so this ends. */
static void cut_segment(struct search *s, const double *v, size_t from, size_t n) /* NOLINT(misc-no-recursion) */
{
	_cleanup_(freep) double *shuffled = mem_zalloc(n * sizeof(*shuffled));
	struct cut c = best_cut(s, v + from, n);
	double p;

	if (!(c.gain > 0))
		return;
	memcpy(shuffled, v + from, n * sizeof(*shuffled));
	p = p_of(s, shuffled, n, c.gain);
	if (p > LEVEL)
		return;
	cut_segment(s, v, from, c.at);
	s->found = mem_grow(s->found, s->n_found + 1, sizeof(*s->found));
	s->found[s->n_found++] = (struct change){ from + c.at, p };
	cut_segment(s, v, from + c.at, n - c.at);
}

size_t change_find(const double *v, size_t n, struct change **ret)
{
	struct search s = { .sum = mem_zalloc((n + 1) * (n + 1) * sizeof(double)) };

	cut_segment(&s, v, 0, n);
	free(s.sum);
	*ret = s.found;
	return s.n_found;
}
