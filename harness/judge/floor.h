/* SPDX-License-Identifier: GPL-2.0-only */
/* floor.h - the noise floor: what one kernel differs from itself by */
#ifndef JUDGE_FLOOR_H
#define JUDGE_FLOOR_H

#include "judge/result.h"

/** Fewer boots a side differ by luck more than by what a floor is about. */
#define FLOOR_BOOTS 5

/**
 * floor_learn() - raise the floors of @r's cells to what @aa shows
 * @aa: a run of one kernel under two names: kernels whose artifacts have the same hash
 * @r:  another run; cells at the same points, of the same probe, on the same accelerator learn from it
 *
 * The floor of a rate is the largest change between the medians of two such cells, with at least
 * FLOOR_BOOTS boots each. A difference that the kernel has from itself is never told as one from
 * another kernel.
 */
void floor_learn(const struct run_result *aa, struct run_result *r);

#endif
