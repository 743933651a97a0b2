/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * random.h - random numbers that are the same each time
 *
 *	struct random r = { 20261124 };
 *
 *	v = random_normal(&r);
 *
 * Each has a state of its own, so that what one part draws does not change what another one does.
 */
#ifndef LIB_RANDOM_H
#define LIB_RANDOM_H

#include <stddef.h>
#include <stdint.h>

/** struct random - SplitMix64 (Steele, Lea and Flood 2014); any number is a seed */
struct random {
	uint64_t state;
};

/** random_uniform() - Return: above 0 and below 1. */
double random_uniform(struct random *r);

/** random_normal() - Return: of the standard normal distribution. */
double random_normal(struct random *r);

/** random_index() - Return: 0 to @n - 1. */
size_t random_index(struct random *r, size_t n);

/** random_order() - put @n indices into a random order, as random_shuffle(). */
void random_order(struct random *r, size_t *v, size_t n);

/** random_shuffle() - put @n numbers into a random order (Fisher and Yates). */
void random_shuffle(struct random *r, double *v, size_t n);

#endif
