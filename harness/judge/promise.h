/* SPDX-License-Identifier: GPL-2.0-only */
/* promise.h - one expectation of a plan, applied to one cell */
#ifndef JUDGE_PROMISE_H
#define JUDGE_PROMISE_H

#include "judge/result.h"

/** promise_covers() - Return: whether @e is about @c: its kernel, inside its where. */
bool promise_covers(const struct plan_expect *e, const struct run_cell *c);

/** promise_text() - Return: what is promised, "at most 0.01 (or at most 5)", to be freed. */
char *promise_text(const struct plan_expect *e);

/**
 * promise_check() - is it kept?
 * @r:   the run, with the statistics of its cells filled in
 * @e:   a promise that covers @c
 * @c:   a cell that was measured
 * @ret_reason: one line with the numbers, to be freed; not touched for PASS
 * Return: PASS; FAIL; NOISY when it is broken, but not by every sample (see below); BROKEN or
 * SKIP when there is nothing to compare with.
 *
 * The ratio of the medians decides whether it is kept. Broken, with more than one sample a
 * side, it is a FAIL only when there is a gap: even the best sample of the cell beside the
 * worst one of the other kernel does not reach what was promised. Otherwise noise alone may
 * have done it, and more samples are needed. (For a ratio of 1 this is the rule by which the
 * kernel's 0-day robot tells a change from noise.)
 */
enum verdict promise_check(const struct run_result *r, const struct plan_expect *e,
			   const struct run_cell *c, char **ret_reason);

#endif
