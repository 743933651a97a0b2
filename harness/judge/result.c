// SPDX-License-Identifier: GPL-2.0-only
/* result.c - a run as it was stored, and what the judge says of it */
#include "judge/result.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "lib/cleanup.h"
#include "lib/str.h"

static void kernel_free(struct run_kernel *k)
{
	free(k->name);
	free(k->release);
	free(k->package);
	free(k->series);
	free(k->hash);
}

static void cell_free(struct run_cell *c)
{
	for (size_t i = 0; i < c->n_invalid; i++)
		sample_free(&c->invalid[i]);
	free(c->invalid);
	for (size_t i = 0; i < c->n_samples; i++)
		sample_free(&c->samples[i]);
	free(c->samples);
	free(c->cell.skip);
	free(c->event_reason);
	free(c->reason);
}

static void expect_free(struct plan_expect *e)
{
	for (int a = 0; a < AXIS_COUNT; a++)
		free(e->where[a].v);
}

void run_result_free(struct run_result *r)
{
	for (size_t i = 0; i < r->n_kernels; i++)
		kernel_free(&r->kernels[i]);
	for (size_t i = 0; r->cells && i < r->n_cells; i++)
		cell_free(&r->cells[i]);
	for (size_t i = 0; i < r->n_expects; i++)
		expect_free(&r->expects[i]);
	free(r->kernels);
	free(r->cells);
	free(r->expects);
	json_decref(r->host);
	json_decref(r->guest);
	json_decref(r->phases);
	free(r->id);
	free(r->plan);
	free(r->about);
	free(r->started);
	free(r->line);
	*r = (struct run_result){ 0 };
}

size_t run_cell_boots(const struct run_cell *c)
{
	size_t n = 0;

	for (size_t i = 0; i < c->n_samples; i++) {
		size_t k = 0;

		while (c->samples[k].boot != c->samples[i].boot)
			k++;
		n += k == i;
	}
	return n;
}

size_t run_cell_lacks(const struct run_result *r, const struct run_cell *c)
{
	size_t wanted = (size_t)r->sequence.first * r->per_boot;

	return c->n_invalid && c->n_samples < wanted ? wanted - c->n_samples : 0;
}

struct sample *run_cell_add(struct sample **list, size_t *n)
{
	*list = mem_grow(*list, *n + 1, sizeof(**list));
	sample_init(&(*list)[*n]);
	return &(*list)[(*n)++];
}

/* Runs of an older tapbed do not say what theirs were. */
static bool same_terms(const struct run_result *r, const struct plan *p)
{
	const json_t *was = json_object_get(r->host, "terms");
	_cleanup_(json_decrefp) json_t *is = was ? plan_terms(p) : NULL;

	return !was || json_equal(was, is);
}

bool run_result_fits(const struct run_result *r, const struct plan *p)
{
	const char *accel = json_string_value(json_object_get(r->host, "accel"));
	bool same = r->n_kernels == p->n_kernels && r->n_cells == p->n_cells;

	/* A run that has not booted yet has none. */
	same = same && (!accel || plan_allows_accel(p, accel)) && same_terms(r, p);
	for (size_t i = 0; same && i < p->n_kernels; i++)
		same = !strcmp(r->kernels[i].name, p->kernels[i].name);
	for (size_t i = 0; same && i < p->n_cells; i++)
		same = r->cells[i].cell.kernel == p->cells[i].kernel &&
		       cell_same_point(&r->cells[i].cell, &p->cells[i]);
	return same;
}

const struct run_cell *run_cell_other(const struct run_result *r, const struct run_cell *c, size_t kernel)
{
	for (size_t i = 0; i < r->n_cells; i++)
		if (r->cells[i].cell.kernel == kernel && cell_same_point(&r->cells[i].cell, &c->cell))
			return &r->cells[i];
	return NULL;
}

char *run_cell_label(const struct run_result *r, const struct run_cell *c)
{
	_cleanup_(freep) char *name = cell_name(&c->cell);

	return str_fmt("%s %s", r->kernels[c->cell.kernel].name, name);
}

char *run_number_text(enum metric m, double value)
{
	double n = value * metric_def(m)->scale;

	if (isnan(n))
		return str_dup("-");
	if (fabs(n) >= 10 || n == round(n))
		return str_fmt("%.0f", n);
	return fabs(n) >= 1 ? str_fmt("%.1f", n) : str_fmt("%.2g", n);
}
