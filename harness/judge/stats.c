// SPDX-License-Identifier: GPL-2.0-only
/* stats.c - what a handful of numbers say */
#include "judge/stats.h"

#include <math.h>
#include <stdlib.h>

#include <Rmath.h>

#include "lib/cleanup.h"
#include "lib/str.h"

static int ascending(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

void stats_sort(double *v, size_t n)
{
	if (n)
		qsort(v, n, sizeof(*v), ascending);
}

static int by_value(const void *a, const void *b, void *arg)
{
	const double *v = arg;
	size_t x = *(const size_t *)a, y = *(const size_t *)b;
	int by = ascending(&v[x], &v[y]);

	return by ? by : (x > y) - (x < y);
}

void stats_order(const double *v, size_t n, size_t *ret)
{
	for (size_t i = 0; i < n; i++)
		ret[i] = i;
	if (n)
		qsort_r(ret, n, sizeof(*ret), by_value, (void *)v);
}

double stats_sd(const double *v, size_t n)
{
	double mean = 0, squares = 0;

	for (size_t i = 0; i < n; i++)
		mean += v[i] / (double)n;
	for (size_t i = 0; i < n; i++)
		squares += (v[i] - mean) * (v[i] - mean);
	return sqrt(squares / (double)(n - 1));
}

struct stats stats_of(const double *v, size_t n)
{
	_cleanup_(freep) double *there = mem_zalloc(n * sizeof(*there));
	struct stats s = { .median = NAN, .min = NAN, .max = NAN };

	for (size_t i = 0; i < n; i++)
		if (!isnan(v[i]))
			there[s.n++] = v[i];
	if (!s.n)
		return s;
	stats_sort(there, s.n);
	s.median = (there[(s.n - 1) / 2] + there[s.n / 2]) / 2;
	s.min = there[0];
	s.max = there[s.n - 1];
	return s;
}

double stats_spread(const struct stats *s)
{
	return s->n < 2 || s->median == 0 ? NAN : (s->max - s->min) / 2 / fabs(s->median);
}

void stats_share(unsigned int hits, unsigned int n, double *ret_low, double *ret_high)
{
	*ret_low = hits ? qbeta(0.025, hits, n - hits + 1., 1, 0) : 0;
	*ret_high = hits < n ? qbeta(0.025, hits + 1., n - hits, 0, 0) : 1;
}

double stats_ratio(double a, double b)
{
	if (b == 0 && a != 0 && !isnan(a))
		return INFINITY;
	return b == 0 ? NAN : a / b;
}
