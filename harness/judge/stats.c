// SPDX-License-Identifier: GPL-2.0-only
/* stats.c - what a handful of numbers say */
#include "judge/stats.h"

#include <math.h>
#include <stdlib.h>

#include "lib/cleanup.h"
#include "lib/str.h"

static int ascending(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
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
	qsort(there, s.n, sizeof(*there), ascending);
	s.median = (there[(s.n - 1) / 2] + there[s.n / 2]) / 2;
	s.min = there[0];
	s.max = there[s.n - 1];
	return s;
}

double stats_spread(const struct stats *s)
{
	return s->n < 2 || s->median == 0 ? NAN : (s->max - s->min) / 2 / fabs(s->median);
}

double stats_ratio(double a, double b)
{
	if (b == 0 && a != 0 && !isnan(a))
		return INFINITY;
	return b == 0 ? NAN : a / b;
}
