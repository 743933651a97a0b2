/* SPDX-License-Identifier: GPL-2.0-only */
/* compare.h - two stored runs side by side, judged and printed: for tapbed compare and tapbed run --against */
#ifndef COMPARE_H
#define COMPARE_H

#include "judge/store.h"

/**
 * compare_read_ratio() - what --at-least says
 * Return: 0, or -EINVAL, said by err_text().
 */
int compare_read_ratio(const char *text, double *ret);

/**
 * compare_load() - a side of a comparison
 * @name:       "RUN" or "RUN:KERNEL", cut at the colon; RUN may be the name of a baseline
 * @ret_kernel: points into @name, NULL when it names no kernel
 * Return: 0, -ENOENT, other -errno.
 */
int compare_load(struct store *s, char *name, struct run_result *ret, const char **ret_kernel);

/**
 * compare_runs() - print a table for each pair of kernels
 * @run:      A, and B, which must not be worse
 * @kernel:   of each, NULL for all
 * @at_least: smallest ratio of the throughput, NAN for join_at_least()
 * Return: exit status.
 */
int compare_runs(const struct run_result run[2], const char *const kernel[2], double at_least);

#endif
