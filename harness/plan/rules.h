/* SPDX-License-Identifier: GPL-2.0-only */
/* rules.h - points of a matrix that cannot be measured anywhere, and why */
#ifndef PLAN_RULES_H
#define PLAN_RULES_H

#include "plan/plan.h"

/**
 * rules_skip() - can the cell be measured at all?
 * Return: NULL, or why not, one line, to be freed. What only a booted kernel can tell is not asked.
 */
char *rules_skip(const struct cell *c);

/** rules_skip_in() - the same, and what only the plan tells: its host and the size of its guest. Return: as rules_skip(). */
char *rules_skip_in(const struct plan *p, const struct cell *c);

#endif
