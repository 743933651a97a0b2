/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * evidence.h - what the samples say about one promise at one cell
 *
 * The unit is the boot: samples of one boot have its luck in common, so a boot counts once, a
 * rate with the median of its samples, a count with their mean. What is tested is whether the
 * promise is broken, one-sided: a kernel that is better than promised is never an alarm.
 */
#ifndef JUDGE_EVIDENCE_H
#define JUDGE_EVIDENCE_H

#include "judge/rank.h"
#include "judge/result.h"

/** Chance that one run of kernels that keep all their promises has a FAIL from any test. */
#define EVIDENCE_ALPHA 0.01

/** Confidence of the intervals. */
#define EVIDENCE_CONFIDENCE 0.95

/**
 * struct evidence - of a promise that compares two kernels
 * @expect: the promise
 * @cell:   of the kernel that gave it
 * @base:   of the other one, at the same point
 * @n:      boots of @cell that have the metric
 * @n_base: the same of @base
 * @shift:  of a rate, how many times that of @base; of a count, how many more
 * @p:      one-sided: that chance alone breaks it so much; over the share of the error that this look has
 * @p_least: the smallest @p that so many boots can give
 * @p_holm: evidence_family(): @p among all of the run
 * @n_family: evidence_family(): how many those are
 * @can_alarm: evidence_family(): so many boots can bring @p_holm below EVIDENCE_ALPHA
 */
struct evidence {
	const struct plan_expect *expect;
	const struct run_cell *cell;
	const struct run_cell *base;
	size_t n;
	size_t n_base;
	struct rank_shift shift;
	double p;
	double p_least;
	double p_holm;
	size_t n_family;
	bool can_alarm;
};

/** struct evidence_limits - where a promise of a ratio ends, NAN where it has no such side */
struct evidence_limits {
	double least;
	double most;
};

/**
 * evidence_limits() - what is asked for
 * @margin: a change that is not told from 1: the smallest that matters, or the noise floor
 * Return: the limits of the promise, but none between 1 and the margin.
 */
struct evidence_limits evidence_limits(const struct plan_expect *e, double margin);

/** evidence_enough() - Return: a count that passes whatever the ratio is: the promise's own, or the least that matters. */
double evidence_enough(const struct plan_expect *e);

/** evidence_boot_values() - one number a boot of @c that has @m. @ret: to be freed. Return: how many. */
size_t evidence_boot_values(const struct run_cell *c, enum metric m, double **ret);

/** evidence_take() - Return: what is known before the family is; both cells have the metric. */
struct evidence evidence_take(const struct run_result *r, const struct plan_expect *e,
			      const struct run_cell *c, const struct run_cell *base);

/** evidence_family() - what all @n of a run mean together. */
void evidence_family(struct evidence *v, size_t n);

/** evidence_boots() - Return: boots a side with which one of @n_family promises can alarm at the share @share of the error. */
size_t evidence_boots(size_t n_family, double share);

#endif
