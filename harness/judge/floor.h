/* SPDX-License-Identifier: GPL-2.0-only */
/* floor.h - the noise floor: what one kernel differs from itself by */
#ifndef JUDGE_FLOOR_H
#define JUDGE_FLOOR_H

#include <stdbool.h>

#include "judge/result.h"

/** Fewer boots a side differ by luck more than by what a floor is about. */
#define FLOOR_BOOTS 5

/**
 * floor_learn() - raise the floors of @r's cells to what @aa shows
 * @aa: a run of one kernel under two names: kernels whose artifacts have the same hash
 * @r:  another run; cells at the same points, of the same probe, on the same accelerator and processor learn from it
 *
 * The floor of a rate is the largest change between the medians of two such cells, with at least
 * FLOOR_BOOTS boots each. A difference that the kernel has from itself is never told as one from
 * another kernel.
 */
void floor_learn(const struct run_result *aa, struct run_result *r);

/** floor_is_twin() - Return: whether the kernel of @c is one of @r's under another name too, and not the first of them. */
bool floor_is_twin(const struct run_result *r, const struct run_cell *c);

/**
 * struct floor_alarms - what the judge said of kernels that are alike
 * @runs:    of one kernel under two names
 * @alarmed: of these, with a FAIL from a promise
 * @cells:   of the second name, measured
 * @failed:  of these; @noisy: of these
 */
struct floor_alarms {
	unsigned int runs;
	unsigned int alarmed;
	unsigned int cells;
	unsigned int failed;
	unsigned int noisy;
};

/** floor_count() - add a judged run; without a measured cell of a second name it counts for nothing. */
void floor_count(struct floor_alarms *a, const struct run_result *r);

#endif
