/* SPDX-License-Identifier: GPL-2.0-only */
/* cell.h - one point of the matrix: a kernel and one value for every axis */
#ifndef PLAN_CELL_H
#define PLAN_CELL_H

#include <stdbool.h>
#include <stddef.h>

#include <jansson.h>

#include "plan/axes.h"
#include "plan/probes.h"

/**
 * struct cell - one point of the matrix
 * @kernel: index into the plan's kernels
 * @probe:  what measures it, the same for all cells of a plan
 * @at:     one value for every axis
 * @skip:   why it cannot run anywhere (an impossible combination), NULL if it can; owned
 */
struct cell {
	size_t kernel;
	enum probe probe;
	struct axis_value at[AXIS_COUNT];
	char *skip;
};

/** cell_same_point() - Return: whether every axis has the same value; kernels are not compared. */
bool cell_same_point(const struct cell *a, const struct cell *b);

/** cell_is_usual() - Return: whether the axis has the value that it has when a plan does not name it. */
bool cell_is_usual(const struct cell *c, enum axis a);

/** cell_same_guest() - Return: whether both can be measured on one guest boot (no AXIS_NEW_GUEST axis differs), or without a guest. */
bool cell_same_guest(const struct cell *a, const struct cell *b);

/**
 * cell_name() - Return: the point as words, "vhost/virtio/q1/fq_codel" or for probe raw
 * "tap/q1/fq_codel/poll", with every axis that is not at its default, to be freed; stable: used
 * in KTAP and JUnit names.
 */
char *cell_name(const struct cell *c);

/** cell_to_json() - Return: {"backend": "tap", ..., "txqueuelen": 10}; every axis but those that mean nothing to the probe; a new reference. */
json_t *cell_to_json(const struct cell *c);

/** cell_from_json() - read the axes of @obj into @ret (an axis that is missing gets its default). Return: 0 or -EINVAL. */
int cell_from_json(const json_t *obj, struct cell *ret);

#endif
