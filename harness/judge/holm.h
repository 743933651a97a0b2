/* SPDX-License-Identifier: GPL-2.0-only */
/* holm.h - many tests at once: p values that hold for all of them together (Holm 1979) */
#ifndef JUDGE_HOLM_H
#define JUDGE_HOLM_H

#include <stddef.h>

/**
 * holm_adjust() - @p: the p values, replaced by those after Holm: among all @n tests of kernels that are
 * alike one falls below a level by chance with at most that probability, however they depend on each other
 */
void holm_adjust(double *p, size_t n);

#endif
