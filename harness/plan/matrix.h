/* SPDX-License-Identifier: GPL-2.0-only */
/* matrix.h - kernels times axes, and the order in which they are visited */
#ifndef PLAN_MATRIX_H
#define PLAN_MATRIX_H

#include <stddef.h>

#include "plan/plan.h"

/**
 * matrix_expand() - fill p->cells: every kernel at every point; impossible points get their skip reason (rules.h)
 *
 * The order is kernel by kernel, and within it such that axes of scope AXIS_NEW_GUEST change
 * least often.
 */
void matrix_expand(struct plan *p);

/**
 * struct visit - one boot of one kernel, and the cells that are sampled during it
 * @kernel:  index into the plan's kernels
 * @boot:    number of this boot of the host, from 1
 * @cells:   indices into p->cells, in the order to be sampled; a cell may stand here more than once
 */
struct visit {
	size_t kernel;
	int boot;
	size_t *cells;
	size_t n_cells;
};

/**
 * matrix_visits() - the boots of a run
 * @p:   an expanded plan
 * @ret: array of visits, to be freed with matrix_visits_free()
 * Return: number of visits.
 *
 * Sorted: one visit a kernel, p->samples samples of each cell in it, sample rounds outermost
 * inside one guest boot. Interleaved: plan_boots() blocks of one boot a kernel; kernels forward in
 * even blocks and backward in odd ones (A B, B A, A B); where two visits in a row are of one kernel
 * they are still two boots. With a seed guests, and the cells of each, are in another order in each
 * block, the same for all its kernels: what a place in a boot does, it does to all of them.
 * Skipped cells are in no visit.
 */
size_t matrix_visits(const struct plan *p, struct visit **ret);
void matrix_visits_free(struct visit *v, size_t n);

/** matrix_visit_guests() - Return: how often a guest boots during the visit; 0 for a probe without guest. */
size_t matrix_visit_guests(const struct plan *p, const struct visit *v);

/**
 * matrix_visits_seconds() - estimate of some boots
 * @p: an expanded plan
 * @v: visits of it; those without cells are not made
 * @n: number of visits
 * Return: seconds for boots and cells, artifacts in the cache: boots at 9 s + 16 s a guest and its warm-up, cells at traffic and
 * probe_def()->setup_s, as on two cores under TCG; twice of all that in virtual time. The traffic of a probe that waits for a number of
 * packets is told from the packets a second of such hosts.
 */
double matrix_visits_seconds(const struct plan *p, const struct visit *v, size_t n);

/** matrix_seconds() - Return: the same of the whole plan. */
double matrix_seconds(const struct plan *p);

#endif
