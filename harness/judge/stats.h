/* SPDX-License-Identifier: GPL-2.0-only */
/* stats.h - what a handful of numbers say */
#ifndef JUDGE_STATS_H
#define JUDGE_STATS_H

#include <stddef.h>

/** struct stats - of the numbers that are there; all but @n are NAN when none is */
struct stats {
	size_t n;
	double median;
	double min;
	double max;
};

/** stats_sort() - smallest first; none is NAN. */
void stats_sort(double *v, size_t n);

/** stats_order() - @ret: the places of the @n numbers, that of the smallest first; equal ones stay in order. None is NAN. */
void stats_order(const double *v, size_t n, size_t *ret);

/** stats_sd() - Return: the standard deviation of at least two numbers, by n - 1. */
double stats_sd(const double *v, size_t n);

/** stats_of() - @v is left as it is; NAN among its @n numbers are not there. */
struct stats stats_of(const double *v, size_t n);

/** stats_spread() - Return: half of the range over the median; NAN for fewer than two numbers or a median of 0. */
double stats_spread(const struct stats *s);

/** stats_share() - ends of the 95 % interval of a share of which @hits of @n were seen (Clopper and Pearson 1934); 0 to 1 of none. */
void stats_share(unsigned int hits, unsigned int n, double *ret_low, double *ret_high);

/**
 * stats_ratio() - @a over @b
 * Return: INFINITY for something over 0; NAN for 0 over 0 and where one is NAN.
 */
double stats_ratio(double a, double b);

#endif
