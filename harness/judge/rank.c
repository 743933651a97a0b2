// SPDX-License-Identifier: GPL-2.0-only
/* rank.c - two sides of a handful of numbers, compared by rank: the Mann-Whitney test, exact */
#include "judge/rank.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <Rmath.h>

#include "judge/stats.h"
#include "lib/cleanup.h"
#include "lib/str.h"

/** struct pool - both sides in one order; @rank: midranks times two, so that they are whole; @ties: sum of t^3 - t */
struct pool {
	size_t n;
	size_t *order;
	size_t *rank;
	double ties;
};

static void pool_free(struct pool *p)
{
	free(p->order);
	free(p->rank);
}

static struct pool pool_make(const double *v, size_t n)
{
	struct pool p = { .n = n, .order = mem_zalloc(n * sizeof(*p.order)),
			  .rank = mem_zalloc(n * sizeof(*p.rank)) };

	stats_order(v, n, p.order);
	for (size_t i = 0, end; i < n; i = end) {
		double t;

		for (end = i + 1; end < n && v[p.order[end]] == v[p.order[i]];)
			end++;
		for (size_t k = i; k < end; k++)
			p.rank[p.order[k]] = i + end + 1;
		t = (double)(end - i);
		p.ties += t * t * t - t;
	}
	return p;
}

/** deals() - Return: [k * (max + 1) + s]: in how many ways k of the numbers have ranks that add up to s; to be freed. */
static double *deals(const struct pool *p, size_t k_max, size_t max)
{
	double *ways = mem_zalloc((k_max + 1) * (max + 1) * sizeof(*ways));

	ways[0] = 1;
	for (size_t i = 0; i < p->n; i++) {
		size_t r = p->rank[i];

		for (size_t k = i + 1 < k_max ? i + 1 : k_max; k > 0; k--) {
			double *to = ways + k * (max + 1);
			const double *from = to - (max + 1);

			for (size_t s = max; s >= r; s--)
				to[s] += from[s - r];
		}
	}
	return ways;
}

/** exact() - P(the ranks of nx numbers of the pool add up to @sum or more), by the fewer of both sides. */
static double exact(const struct pool *p, size_t nx, size_t sum)
{
	size_t total = p->n * (p->n + 1);
	bool is_few = nx <= p->n - nx;
	size_t k = is_few ? nx : p->n - nx;
	/* Few: P(sum of x >= sum). Else P(sum of the others <= total - sum). */
	_cleanup_(freep) double *ways = deals(p, k, total);
	const double *of_k = ways + k * (total + 1);
	size_t from = is_few ? sum : 0, to = is_few ? total : total - sum;
	double hits = 0;

	for (size_t s = from; s <= to; s++)
		hits += of_k[s];
	return hits / choose((double)p->n, (double)k);
}

/** normal() - the same for many numbers. */
static double normal(const struct pool *p, size_t nx, size_t sum)
{
	double n = (double)p->n, x = (double)nx, y = n - x;
	double mean = x * (n + 1) / 2;
	double var = x * y / 12 * (n + 1 - p->ties / (n * (n - 1)));

	return var > 0 ? pnorm((double)sum / 2 - mean - 0.5, 0, sqrt(var), 0, 0) : 1;
}

double rank_p_greater(const double *x, size_t nx, const double *y, size_t ny)
{
	_cleanup_(freep) double *v = mem_zalloc((nx + ny) * sizeof(*v));
	_cleanup_(pool_free) struct pool p = { 0 };
	size_t sum = 0;

	if (!nx || !ny)
		return 1;
	memcpy(v, x, nx * sizeof(*v));
	memcpy(v + nx, y, ny * sizeof(*v));
	p = pool_make(v, nx + ny);
	for (size_t i = 0; i < nx; i++)
		sum += p.rank[i];
	return p.n > RANK_EXACT_MAX ? normal(&p, nx, sum) : fmin(1, exact(&p, nx, sum));
}

double rank_p_least(size_t nx, size_t ny)
{
	if (!nx || !ny)
		return 1;
	return exp(-lchoose((double)(nx + ny), (double)nx));
}

long rank_critical(size_t nx, size_t ny, double level)
{
	size_t n = nx + ny, total = n * (n + 1);
	/* Without ties the sum of the ranks of x, doubled, is 2 U + nx (nx + 1). */
	size_t least = nx * (nx + 1);
	_cleanup_(freep) double *v = mem_zalloc(n * sizeof(*v));
	_cleanup_(freep) double *ways = NULL;
	_cleanup_(pool_free) struct pool p = { 0 };
	double sum = 0, all;
	long u = -1;

	for (size_t i = 0; i < n; i++)
		v[i] = (double)i;
	p = pool_make(v, n);
	ways = deals(&p, nx, total);
	all = choose((double)n, (double)nx);
	while (u + 1 <= (long)(nx * ny)) {
		sum += ways[nx * (total + 1) + least + 2 * (size_t)(u + 1)];
		if (sum / all > level)
			break;
		u++;
	}
	return u;
}

/** critical_of() - as rank_critical(), by the normal distribution for many numbers. */
static long critical_of(size_t nx, size_t ny, double level)
{
	double x = (double)nx, y = (double)ny;

	if (nx + ny <= RANK_EXACT_MAX)
		return rank_critical(nx, ny, level);
	return (long)floor(x * y / 2 - 0.5 + qnorm(level, 0, 1, 1, 0) * sqrt(x * y * (x + y + 1) / 12));
}

static double ratio_of(double x, double y)
{
	if (y == 0)
		return x == 0 ? 1 : INFINITY;
	return x / y;
}

static double difference_of(double x, double y)
{
	return x - y;
}

static struct rank_shift shift(const double *x, size_t nx, const double *y, size_t ny, double confidence,
			       double (*of)(double x, double y))
{
	struct rank_shift s = { NAN, NAN, NAN };
	_cleanup_(freep) double *d = mem_zalloc(nx * ny * sizeof(*d));
	size_t n = 0;
	long u;

	if (!nx || !ny)
		return s;
	for (size_t i = 0; i < nx; i++)
		for (size_t k = 0; k < ny; k++)
			d[n++] = of(x[i], y[k]);
	stats_sort(d, n);
	s.estimate = n % 2 ? d[n / 2] : (d[n / 2 - 1] + d[n / 2]) / 2;
	u = critical_of(nx, ny, (1 - confidence) / 2);
	if (u < 0)
		return s;
	s.low = d[u];
	s.high = d[n - 1 - (size_t)u];
	return s;
}

struct rank_shift rank_ratio(const double *x, size_t nx, const double *y, size_t ny, double confidence)
{
	return shift(x, nx, y, ny, confidence, ratio_of);
}

struct rank_shift rank_difference(const double *x, size_t nx, const double *y, size_t ny, double confidence)
{
	return shift(x, nx, y, ny, confidence, difference_of);
}
