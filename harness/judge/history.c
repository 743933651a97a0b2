// SPDX-License-Identifier: GPL-2.0-only
/* history.c - one cell over all stored runs, and where it changed */
#include "judge/history.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "judge/stats.h"
#include "lib/cleanup.h"
#include "lib/str.h"

static struct history *history_of(const char *kernel, enum metric m, struct history **list, size_t *n)
{
	for (size_t i = 0; i < *n; i++)
		if (!strcmp((*list)[i].kernel, kernel))
			return &(*list)[i];
	*list = mem_grow(*list, *n + 1, sizeof(**list));
	(*list)[*n] = (struct history){ .kernel = str_dup(kernel), .metric = m };
	return &(*list)[(*n)++];
}

static void add_point(struct history *h, const struct run_result *r, const struct run_cell *c)
{
	h->points = mem_grow(h->points, h->n_points + 1, sizeof(*h->points));
	h->points[h->n_points++] = (struct history_point){
		.run = str_dup(r->id),
		.started = str_dup(r->started),
		.release = str_dup(r->kernels[c->cell.kernel].release),
		.value = c->median[h->metric],
		.n_samples = c->n_of[h->metric],
	};
}

void history_add(const struct history_wanted *w, const struct run_result *r, struct history **list, size_t *n)
{
	for (size_t i = 0; i < r->n_cells; i++) {
		const struct run_cell *c = &r->cells[i];
		_cleanup_(freep) char *name = cell_name(&c->cell);
		const char *kernel = r->kernels[c->cell.kernel].name;

		if (strcmp(name, w->cell) || isnan(c->median[w->metric]) || (w->kernel && strcmp(kernel, w->kernel)))
			continue;
		add_point(history_of(kernel, w->metric, list, n), r, c);
	}
}

static double *values_of(const struct history *h, size_t from, size_t to)
{
	double *v = mem_zalloc((to - from) * sizeof(*v));

	for (size_t i = from; i < to; i++)
		v[i - from] = h->points[i].value;
	return v;
}

void history_judge(struct history *h)
{
	_cleanup_(freep) double *v = values_of(h, 0, h->n_points);

	free(h->changes);
	h->n_changes = change_find(v, h->n_points, &h->changes);
}

double history_level(const struct history *h, size_t from, size_t to)
{
	_cleanup_(freep) double *v = values_of(h, from, to);

	return stats_of(v, to - from).median;
}

void history_free(struct history *list, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		for (size_t k = 0; k < list[i].n_points; k++) {
			free(list[i].points[k].run);
			free(list[i].points[k].started);
			free(list[i].points[k].release);
		}
		free(list[i].points);
		free(list[i].changes);
		free(list[i].kernel);
	}
	free(list);
}
