/* SPDX-License-Identifier: GPL-2.0-only */
/* judge.h - samples to verdicts: medians, tests, the plan's expectations */
#ifndef JUDGE_JUDGE_H
#define JUDGE_JUDGE_H

#include "judge/result.h"

/**
 * judge_run() - fill every judged member of @r
 *
 * A cell with an event keeps it as its verdict. A cell without a sample is BROKEN ("not
 * measured: the run ended before it"). Each expectation is applied to every cell of its
 * kernel inside its where, and all that compare two kernels are one family of tests
 * (judge/evidence.h); of those that are broken the worst gives verdict and reason, with numbers
 * in it.
 *
 * Where the plan knows a kernel to fail, a FAIL is expected and the run can pass all the same;
 * a cell that passes there becomes FAIL, unless it fails only sometimes: a test that cannot fail
 * shows nothing.
 */
void judge_run(struct run_result *r);

#endif
