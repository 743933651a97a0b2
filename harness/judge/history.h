/* SPDX-License-Identifier: GPL-2.0-only */
/* history.h - one cell over all stored runs, and where it changed */
#ifndef JUDGE_HISTORY_H
#define JUDGE_HISTORY_H

#include "judge/change.h"
#include "judge/result.h"

/**
 * struct history - of one kernel's cell
 * @kernel:  its name
 * @metric:  what is told
 * @points:  in the order of time; value is the median of the run
 * @changes: history_judge()
 */
struct history {
	char *kernel;
	enum metric metric;
	struct history_point {
		char *run;
		char *started;
		char *release;
		double value;
		size_t n_samples;
	} *points;
	size_t n_points;
	struct change *changes;
	size_t n_changes;
};

/** struct history_wanted - @cell: as reports call it, "tap/virtio/q1/fq_codel"; @kernel: NULL for every kernel */
struct history_wanted {
	const char *cell;
	const char *kernel;
	enum metric metric;
};

/**
 * history_add() - the cells of a run that are wanted
 * @r:     judged, so that it has medians
 * @list:  a history a kernel, in the order in which they first came; grows
 */
void history_add(const struct history_wanted *w, const struct run_result *r, struct history **list, size_t *n);

/** history_judge() - find the changes. */
void history_judge(struct history *h);

/** history_level() - Return: the median of the points from @from up to @to. */
double history_level(const struct history *h, size_t from, size_t to);

void history_free(struct history *list, size_t n);

#endif
