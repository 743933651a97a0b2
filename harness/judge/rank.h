/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * rank.h - two sides of a handful of numbers, compared by rank: the Mann-Whitney test, exact
 *
 * Ranks ask nothing of the distribution: a bimodal cell, a collapsed one and counts that are
 * mostly zero are treated alike. The distribution is that of all ways to deal the pooled numbers
 * to two sides, ties included, so the level holds however many zeros there are.
 */
#ifndef JUDGE_RANK_H
#define JUDGE_RANK_H

#include <stddef.h>

/**
 * rank_p_greater() - could chance alone have made @x so large beside @y?
 * @x: @nx numbers, none of them NAN
 * @y: @ny numbers, none of them NAN
 * Return: the one-sided p: the probability of ranks of @x at least as high as these when both sides
 * are alike. 1 when a side has no number. Exact up to RANK_EXACT_MAX numbers in all, normal with
 * corrections for ties and continuity above.
 */
double rank_p_greater(const double *x, size_t nx, const double *y, size_t ny);

#define RANK_EXACT_MAX 80

/** rank_p_least() - Return: the smallest p that so many numbers a side can give: 1 / C(nx + ny, nx). */
double rank_p_least(size_t nx, size_t ny);

/**
 * rank_critical() - which values of U are too small to be chance?
 * Return: the largest u with P(U <= u) <= @level when both sides are alike, -1 if there is none;
 * @nx + @ny is at most RANK_EXACT_MAX.
 */
long rank_critical(size_t nx, size_t ny, double level);

/** struct rank_shift - the Hodges-Lehmann estimate and its interval; NAN where there is none */
struct rank_shift {
	double estimate;
	double low;
	double high;
};

/**
 * rank_ratio() - how many times as large is @x?
 * Return: the median of all x/y and, when there are enough numbers, the exact interval that holds the
 * ratio with a probability of at least @confidence (0.95): it is what the test does not refute.
 * 0 of 0 counts as 1.
 */
struct rank_shift rank_ratio(const double *x, size_t nx, const double *y, size_t ny, double confidence);

/** rank_difference() - the same of x - y, for counts, whose ratios are often 0 of 0. */
struct rank_shift rank_difference(const double *x, size_t nx, const double *y, size_t ny, double confidence);

#endif
