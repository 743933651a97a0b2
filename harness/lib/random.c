// SPDX-License-Identifier: GPL-2.0-only
/* random.c - random numbers that are the same each time */
#include "lib/random.h"

#include <Rmath.h>

static uint64_t next(struct random *r)
{
	uint64_t z = r->state += 0x9e3779b97f4a7c15;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
	z = (z ^ z >> 27) * 0x94d049bb133111eb;
	return z ^ z >> 31;
}

/* 52 bits, each in the middle of its place: neither 0 nor, rounded, 1. */
double random_uniform(struct random *r)
{
	return ((double)(next(r) >> 12) + 0.5) / (double)(1ULL << 52);
}

double random_normal(struct random *r)
{
	return qnorm(random_uniform(r), 0, 1, 1, 0);
}

size_t random_index(struct random *r, size_t n)
{
	return (size_t)(random_uniform(r) * (double)n);
}

void random_order(struct random *r, size_t *v, size_t n)
{
	for (size_t i = n; i > 1; i--) {
		size_t k = random_index(r, i);
		size_t was = v[i - 1];

		v[i - 1] = v[k];
		v[k] = was;
	}
}

void random_shuffle(struct random *r, double *v, size_t n)
{
	for (size_t i = n; i > 1; i--) {
		size_t k = random_index(r, i);
		double was = v[i - 1];

		v[i - 1] = v[k];
		v[k] = was;
	}
}
