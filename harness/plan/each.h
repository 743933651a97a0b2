/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * each.h - a series patch by patch: one kernel of a plan into as many as its series has patches
 *
 *	- {name: mine, package: linux-image-6.12-cloud-amd64, series: mine, each: series}
 *
 * of three patches is mine-1of3 with the first one, mine-2of3 with two, mine-3of3 with all. What the
 * plan promises of mine holds for the last, and of each for "than: before": compared with the one before
 * it, and the first one with the kernel that stands before mine in the plan.
 */
#ifndef PLAN_EACH_H
#define PLAN_EACH_H

#include "plan/plan.h"

/** plan_count_fn - how many patches has the series of a kernel? Return: 0 and *@ret, or -errno with a sentence. */
typedef int plan_count_fn(const struct plan_kernel *k, size_t *ret);

/**
 * plan_each() - put the kernels of each patch in the places of those that stand for them, and expand the matrix
 * @p:     as plan_read() gave it
 * @count: how many they are
 * Return: 0, or what @count returned; then @p is as before.
 */
int plan_each(struct plan *p, plan_count_fn *count);

#endif
