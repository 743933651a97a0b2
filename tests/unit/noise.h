/* SPDX-License-Identifier: GPL-2.0-only */
/* noise.h - what a noisy machine may give: generators for the proof of the judge */
#ifndef TESTS_NOISE_H
#define TESTS_NOISE_H

#include <math.h>
#include <stdbool.h>

#include <Rmath.h>

#include "lib/random.h"

/**
 * struct noise_at - when and where a sample is taken
 * @boot:   luck of its boot, of the standard normal distribution
 * @time:   how much of the plan is over, from 0 to 1
 */
struct noise_at {
	double boot;
	double time;
};

static inline double noise_gauss(struct random *g, double sd)
{
	return sd * random_normal(g);
}

static inline double noise_exponential(struct random *g, double mean)
{
	return -mean * log(random_uniform(g));
}

/* Throughput of a cell whose median is 1, with a standard deviation of about @sd. */

static inline double noise_normal(struct random *g, const struct noise_at *at, double sd)
{
	(void)at;
	return 1 + noise_gauss(g, sd);
}

/** noise_skewed() - never much faster, at times much slower. */
static inline double noise_skewed(struct random *g, const struct noise_at *at, double sd)
{
	(void)at;
	return 1 + sd * (M_LN2 - noise_exponential(g, 1));
}

/** noise_bimodal() - two places that a thread may have been put to. */
static inline double noise_bimodal(struct random *g, const struct noise_at *at, double sd)
{
	(void)at;
	return 1 + (random_uniform(g) < 0.5 ? sd : -sd) + noise_gauss(g, sd / 4);
}

/** noise_drifting() - the machine grows five standard deviations slower until the plan is over. */
static inline double noise_drifting(struct random *g, const struct noise_at *at, double sd)
{
	return 1 - 5 * sd * at->time + noise_gauss(g, sd);
}

/** noise_creeping() - the same by two. */
static inline double noise_creeping(struct random *g, const struct noise_at *at, double sd)
{
	return 1 - 2 * sd * at->time + noise_gauss(g, sd);
}

/** noise_of_boot() - most of it is the boot's, and the same for all its samples and cells. */
static inline double noise_of_boot(struct random *g, const struct noise_at *at, double sd)
{
	return 1 + sd * (0.9 * at->boot + 0.44 * random_normal(g));
}

/** noise_collapsed() - TCP stands still: half of the samples next to nothing, the rest anything. */
static inline double noise_collapsed(struct random *g, const struct noise_at *at, double sd)
{
	(void)at;
	(void)sd;
	return random_uniform(g) < 0.5 ? noise_exponential(g, 0.02) : exp(random_normal(g) - 1);
}

/**
 * noise_count() - retransmits: losses come @rate times a sample, each costs a burst of about 15 segments
 *
 * Zero in exp(-@rate) of the samples, which is in half of them at a rate of 0.7, and in the other
 * half anything up to a hundred.
 */
static inline double noise_count(struct random *g, double rate)
{
	double n = 0;

	for (double losses = qpois(random_uniform(g), rate, 1, 0); losses > 0; losses--)
		n += 1 + qgeom(random_uniform(g), 1 / 15., 1, 0);
	return n;
}

#endif
