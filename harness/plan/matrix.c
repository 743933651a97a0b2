// SPDX-License-Identifier: GPL-2.0-only
/* matrix.c - kernels times axes, and the order in which they are visited */
#include "plan/matrix.h"

#include <stdlib.h>

#include "lib/random.h"
#include "lib/str.h"
#include "plan/rules.h"

/* What a boot and a cell cost beside the traffic itself; measured, in seconds. */
#define HOST_BOOT_S  9
#define GUEST_BOOT_S 16

/* Packets a second where a number of them is waited for, four senders and the scenario everything; of a debug kernel too. */
#define PPS	  40000
#define PPS_DEBUG 3000

/* A second of virtual time takes two of the clock, and so does a boot in it. */
#define VIRTUAL_FACTOR 2

/* The axes from the one that changes least often to the one that changes with every cell. */
static void nesting(enum axis ret[AXIS_COUNT])
{
	size_t n = 0;

	for (enum axis_scope scope = AXIS_NEW_GUEST; scope <= AXIS_NEW_LINK; scope++)
		for (enum axis a = 0; a < AXIS_COUNT; a++)
			if (axis_def(a)->scope == scope)
				ret[n++] = a;
}

static size_t count_points(const struct plan *p)
{
	size_t n = 1;

	for (enum axis a = 0; a < AXIS_COUNT; a++)
		n *= p->matrix[a].n;
	return n;
}

/* Point number @nth as an odometer shows it: the innermost axis is the last digit. */
static void set_point(const struct plan *p, const enum axis nest[AXIS_COUNT], size_t nth,
		      struct cell *c)
{
	for (size_t i = AXIS_COUNT; i-- > 0; ) {
		const struct plan_axis *values = &p->matrix[nest[i]];

		c->at[nest[i]] = values->v[nth % values->n];
		nth /= values->n;
	}
}

static void drop_cells(struct plan *p)
{
	for (size_t i = 0; i < p->n_cells; i++)
		free(p->cells[i].skip);
	free(p->cells);
}

void matrix_expand(struct plan *p)
{
	size_t points = count_points(p);
	enum axis nest[AXIS_COUNT];

	nesting(nest);
	drop_cells(p);
	p->n_cells = p->n_kernels * points;
	p->cells = mem_zalloc(p->n_cells * sizeof(*p->cells));
	for (size_t i = 0; i < p->n_cells; i++) {
		p->cells[i].kernel = i / points;
		p->cells[i].probe = p->probe.kind;
		set_point(p, nest, i % points, &p->cells[i]);
		p->cells[i].skip = rules_skip_in(p, &p->cells[i]);
	}
}

static void visit_add(struct visit *v, size_t cell)
{
	v->cells = mem_grow(v->cells, v->n_cells + 1, sizeof(*v->cells));
	v->cells[v->n_cells++] = cell;
}

/** struct block - one boot of each kernel: they sample the points in the same order, @n in all */
struct block {
	size_t *points;
	size_t n;
};

/** block_add_guest() - points [from, to) need one guest; all are sampled once before any is sampled again. */
static void block_add_guest(struct block *b, size_t from, size_t to, int rounds, struct random *g)
{
	for (int round = 0; round < rounds; round++) {
		size_t first = b->n;

		for (size_t i = from; i < to; i++)
			b->points[b->n++] = i;
		if (g)
			random_order(g, b->points + first, to - from);
	}
}

/** guest_end() - Return: the first point behind @from that needs another guest. */
static size_t guest_end(const struct plan *p, size_t from, size_t n)
{
	size_t to = from + 1;

	while (to < n && cell_same_guest(&p->cells[from], &p->cells[to]))
		to++;
	return to;
}

/** block_make() - @g: shuffles guests, and the points of each; NULL for the plan's order. */
static struct block block_make(const struct plan *p, struct random *g)
{
	size_t n = p->n_cells / p->n_kernels, n_guests = 0;
	int rounds = plan_per_boot(p);
	struct block b = { .points = mem_zalloc(n * (size_t)rounds * sizeof(*b.points)) };
	size_t *guests = mem_zalloc(n * sizeof(*guests));

	for (size_t at = 0; at < n; at = guest_end(p, at, n))
		guests[n_guests++] = at;
	if (g)
		random_order(g, guests, n_guests);
	for (size_t i = 0; i < n_guests; i++)
		block_add_guest(&b, guests[i], guest_end(p, guests[i], n), rounds, g);
	free(guests);
	return b;
}

static void visit_fill(struct visit *v, const struct plan *p, const struct block *b)
{
	size_t first = v->kernel * (p->n_cells / p->n_kernels);

	for (size_t i = 0; i < b->n; i++)
		if (!p->cells[first + b->points[i]].skip)
			visit_add(v, first + b->points[i]);
}

size_t matrix_visits(const struct plan *p, struct visit **ret)
{
	int boots = plan_boots(p);
	struct visit *all = mem_zalloc((size_t)boots * p->n_kernels * sizeof(*all));
	struct random g = { (uint64_t)p->seed };
	size_t n = 0;

	for (int b = 0; b < boots; b++) {
		struct block block = block_make(p, plan_is_interleaved(p) && p->seed ? &g : NULL);

		for (size_t k = 0; k < p->n_kernels; k++) {
			struct visit *v = &all[n];

			v->kernel = b % 2 ? p->n_kernels - 1 - k : k;
			visit_fill(v, p, &block);
			if (v->n_cells)
				v->boot = (int)++n;
		}
		free(block.points);
	}
	*ret = all;
	return n;
}

void matrix_visits_free(struct visit *v, size_t n)
{
	for (size_t i = 0; i < n; i++)
		free(v[i].cells);
	free(v);
}

size_t matrix_visit_guests(const struct plan *p, const struct visit *v)
{
	size_t guests = v->n_cells ? 1 : 0;

	if (!probe_def(p->probe.kind)->has_guest)
		return 0;
	for (size_t i = 1; i < v->n_cells; i++)
		if (!cell_same_guest(&p->cells[v->cells[i - 1]], &p->cells[v->cells[i]]))
			guests++;
	return guests;
}

/* What the traffic of a sample takes on a kernel. */
static double traffic_s(const struct plan *p, size_t kernel)
{
	if (!p->probe.packets)
		return p->probe.seconds;
	return p->probe.packets / (strv_has(&p->kernels[kernel].config, "debug") ? PPS_DEBUG : PPS);
}

double matrix_visits_seconds(const struct plan *p, const struct visit *v, size_t n)
{
	double seconds = 0;

	for (size_t i = 0; i < n; i++) {
		if (!v[i].n_cells)
			continue;
		seconds += p->host_is_local ? 0 : HOST_BOOT_S;
		seconds += (double)matrix_visit_guests(p, &v[i]) * (GUEST_BOOT_S + p->probe.warmup_s);
		seconds += (double)v[i].n_cells * (traffic_s(p, v[i].kernel) + probe_def(p->probe.kind)->setup_s);
	}
	return plan_is_virtual(p) ? seconds * VIRTUAL_FACTOR : seconds;
}

double matrix_seconds(const struct plan *p)
{
	struct visit *v;
	size_t n = matrix_visits(p, &v);
	double seconds = matrix_visits_seconds(p, v, n);

	matrix_visits_free(v, n);
	return seconds;
}
