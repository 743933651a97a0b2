/* SPDX-License-Identifier: GPL-2.0-only */
/* plan_check.h - the lists of a plan: an empty element, and what no single value of it can tell */
#ifndef PLAN_PLAN_CHECK_H
#define PLAN_PLAN_CHECK_H

#include "plan/plan.h"

/** plan_kernel_add() - append an empty kernel. Return: it; valid until the next one is added. */
void *plan_kernel_add(struct plan *p, int line);

/** plan_kernel_check() - Return: 0; -EINVAL when the name is taken, or it does not come from exactly one place. */
int plan_kernel_check(const struct plan *p, const void *element);

/** plan_expect_add() - append an empty promise. Return: it; valid until the next one is added. */
void *plan_expect_add(struct plan *p, int line);

/** plan_expect_check() - Return: 0; -EINVAL when it lacks a part, compares a kernel with itself, has no bounds, or can never meet a cell. */
int plan_expect_check(const struct plan *p, const void *element);

/** plan_probe_check() - Return: 0; -EINVAL when something is said that the probe does not know. */
int plan_probe_check(const struct plan *p, const void *element);

#endif
