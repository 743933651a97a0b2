// SPDX-License-Identifier: GPL-2.0-only
/* holm.c - many tests at once: p values that hold for all of them together (Holm 1979) */
#include "judge/holm.h"

#include <math.h>

#include "judge/stats.h"
#include "lib/cleanup.h"
#include "lib/str.h"

void holm_adjust(double *p, size_t n)
{
	_cleanup_(freep) size_t *order = mem_zalloc(n * sizeof(*order));
	double most = 0;

	stats_order(p, n, order);
	for (size_t i = 0; i < n; i++) {
		most = fmax(most, fmin(1, p[order[i]] * (double)(n - i)));
		p[order[i]] = most;
	}
}
