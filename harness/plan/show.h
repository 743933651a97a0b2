/* SPDX-License-Identifier: GPL-2.0-only */
/* show.h - a plan as text and as JSON */
#ifndef PLAN_SHOW_H
#define PLAN_SHOW_H

#include <jansson.h>

#include "lib/str.h"
#include "plan/plan.h"

/** show_plan() - Return: kernels, axes, cost, promises, limits, for people; to be freed. */
char *show_plan(const struct plan *p);

/** show_cells() - Return: the cells, a line each: number, kernel, cell, why it is skipped; to be freed. */
char *show_cells(const struct plan *p);

/** show_order() - Return: the boots, and the cells of each in the order in which they are sampled (with the plan's seed); to be freed. */
char *show_order(const struct plan *p);

/** show_json() - Return: all of it; a new reference. */
json_t *show_json(const struct plan *p);

/** show_duration() - Return: "40 s", "2 min 40 s", "1 h 5 min", rounded as an estimate deserves; to be freed. */
char *show_duration(double seconds);

/** show_expect() - Return: a promise as a sentence; to be freed. */
char *show_expect(const struct plan *p, const struct plan_expect *e);

/** show_limits() - add to @ret, a sentence each, what a run of the plan cannot tell. */
void show_limits(const struct plan *p, struct strv *ret);

/** struct show_cost - what a run takes */
struct show_cost {
	size_t host_boots;
	size_t guest_boots;
	size_t samples;
	double seconds;
};

struct show_cost show_cost(const struct plan *p);

#endif
