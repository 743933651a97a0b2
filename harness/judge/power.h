/* SPDX-License-Identifier: GPL-2.0-only */
/* power.h - what a plan can and cannot find, before anything runs */
#ifndef JUDGE_POWER_H
#define JUDGE_POWER_H

#include <stdbool.h>
#include <stddef.h>

#include "judge/result.h"

/** Chance with which a change has to be found to be called one that a plan finds. */
#define POWER_WANTED 0.9

/**
 * power_effect() - the smallest change that @boots a side find with POWER_WANTED
 * @boots: a side
 * @level: p below which it is an alarm
 * Return: in standard deviations of a normal noise, by drawing from it (always the same numbers);
 * INFINITY when so many boots can never alarm.
 */
double power_effect(size_t boots, double level);

/**
 * struct power - of one plan
 * @n_family:  promises that compare two kernels, once a cell
 * @boots:     a side
 * @needs:     boots a side with which a single one can alarm, at the first look of a plan with a cap; 0 without promises
 * @can_alarm: so many boots, or those of a later look, can bring one of them below the level
 * @has_other: something is FAIL without a test: what the probe finds wrong, or a promise about a kernel's own number
 * @effect:    as of power_effect(), of one promise among all, at the look that finds the smallest
 */
struct power {
	size_t n_family;
	size_t boots;
	size_t needs;
	bool can_alarm;
	bool has_other;
	double effect;
};

struct power power_of_plan(const struct plan *p);

/** struct noise - @sd: standard deviation of the logarithm between boots, 0.02 for 2 %: the median of @n cells; NAN for none */
struct noise {
	double sd;
	size_t n;
};

/**
 * noise_seen() - how noisy is @m at the points of @p?
 * @runs: @n runs as they were stored
 */
struct noise noise_seen(const struct plan *p, enum metric m, const struct run_result *runs, size_t n);

#endif
