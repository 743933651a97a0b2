/* SPDX-License-Identifier: GPL-2.0-only */
/* promise.h - one expectation of a plan, applied to one cell */
#ifndef JUDGE_PROMISE_H
#define JUDGE_PROMISE_H

#include "judge/evidence.h"
#include "judge/result.h"

/** promise_covers() - Return: whether @e is about @c: its kernel, inside its where. */
bool promise_covers(const struct plan_expect *e, const struct run_cell *c);

/** promise_text() - Return: what is promised, "at most 0.01 (or at most 5)", to be freed. */
char *promise_text(const struct plan_expect *e);

/**
 * promise_base() - can it be judged at this cell?
 * @r:   the run, with the statistics of its cells filled in
 * @e:   a promise that covers @c
 * @c:   a cell that was measured
 * @ret_base: what @c is compared with; NULL when the promise is about its own number
 * @ret_reason: one line, to be freed; not touched for PASS
 * Return: PASS when it can; SKIP when the other kernel does not apply or failed before it gave a
 * number, which is no fault of this one; NOISY when all its samples are invalid; BROKEN when a number is missing that the bed should have got.
 */
enum verdict promise_base(const struct run_result *r, const struct plan_expect *e, const struct run_cell *c,
			  const struct run_cell **ret_base, char **ret_reason);

/**
 * promise_check() - is it kept?
 * @r:   the run
 * @v:   what the samples say, as one of the run's family; base is NULL for a promise about the cell's own number
 * @ret_reason: one line with the numbers, to be freed; not touched for PASS
 * Return: PASS, FAIL or NOISY
 *
 * PASS: neither the medians nor the estimate over all pairs of boots break it by as much as
 * matters. FAIL: they do, and the exact test says after Holm that chance does so less than once in
 * a hundred runs. Else NOISY.
 *
 * With too few boots for any test, FAIL is left to a collapse: even the best sample of the cell
 * beside the worst of the other one breaks the promise, and the medians do by as much as the
 * metric calls coarse, of rates more the fewer boots there are. Of a promise about the cell's own number all samples have to break it.
 */
enum verdict promise_check(const struct run_result *r, const struct evidence *v, char **ret_reason);

#endif
