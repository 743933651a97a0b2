/* SPDX-License-Identifier: GPL-2.0-only */
/* noise.h - what a noisy machine may give: generators for the proof of the judge */
#ifndef TESTS_NOISE_H
#define TESTS_NOISE_H

#include <math.h>
#include <stdbool.h>

#include <gsl/gsl_randist.h>
#include <gsl/gsl_rng.h>

/**
 * struct noise_at - when and where a sample is taken
 * @boot:   luck of its boot, of the standard normal distribution
 * @time:   how much of the plan is over, from 0 to 1
 */
struct noise_at {
	double boot;
	double time;
};

/* Throughput of a cell whose median is 1, with a standard deviation of about @sd. */

static inline double noise_normal(gsl_rng *g, const struct noise_at *at, double sd)
{
	(void)at;
	return 1 + gsl_ran_gaussian(g, sd);
}

/** noise_skewed() - never much faster, at times much slower. */
static inline double noise_skewed(gsl_rng *g, const struct noise_at *at, double sd)
{
	(void)at;
	return 1 + sd * (M_LN2 - gsl_ran_exponential(g, 1));
}

/** noise_bimodal() - two places that a thread may have been put to. */
static inline double noise_bimodal(gsl_rng *g, const struct noise_at *at, double sd)
{
	(void)at;
	return 1 + (gsl_ran_bernoulli(g, 0.5) ? sd : -sd) + gsl_ran_gaussian(g, sd / 4);
}

/** noise_drifting() - the machine grows five standard deviations slower until the plan is over. */
static inline double noise_drifting(gsl_rng *g, const struct noise_at *at, double sd)
{
	return 1 - 5 * sd * at->time + gsl_ran_gaussian(g, sd);
}

/** noise_creeping() - the same by two. */
static inline double noise_creeping(gsl_rng *g, const struct noise_at *at, double sd)
{
	return 1 - 2 * sd * at->time + gsl_ran_gaussian(g, sd);
}

/** noise_of_boot() - most of it is the boot's, and the same for all its samples and cells. */
static inline double noise_of_boot(gsl_rng *g, const struct noise_at *at, double sd)
{
	return 1 + sd * (0.9 * at->boot + 0.44 * gsl_ran_ugaussian(g));
}

/** noise_collapsed() - TCP stands still: half of the samples next to nothing, the rest anything. */
static inline double noise_collapsed(gsl_rng *g, const struct noise_at *at, double sd)
{
	(void)at;
	(void)sd;
	return gsl_ran_bernoulli(g, 0.5) ? gsl_ran_exponential(g, 0.02) : gsl_ran_lognormal(g, -1, 1);
}

/**
 * noise_count() - retransmits: losses come @rate times a sample, each costs a burst of about 15 segments
 *
 * Zero in exp(-@rate) of the samples, which is in half of them at a rate of 0.7, and in the other
 * half anything up to a hundred.
 */
static inline double noise_count(gsl_rng *g, double rate)
{
	double n = 0;

	for (unsigned int losses = gsl_ran_poisson(g, rate); losses; losses--)
		n += gsl_ran_geometric(g, 1 / 15.);
	return n;
}

#endif
