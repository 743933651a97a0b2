// SPDX-License-Identifier: GPL-2.0-only
/* run_more.c - more samples for cells that are NOISY, up to the plan's cap */
#include "judge/judge.h"
#include "judge/more.h"
#include "lib/cleanup.h"
#include "lib/log.h"
#include "plan/matrix.h"
#include "run.h"

/** last_boot() - Return: the highest number of a boot that a sample is from. */
static int last_boot(const struct run_result *r)
{
	int last = 0;

	for (size_t i = 0; i < r->n_cells; i++)
		for (size_t k = 0; k < r->cells[i].n_samples; k++)
			if (r->cells[i].samples[k].boot > last)
				last = r->cells[i].samples[k].boot;
	return last;
}

static size_t keep_wanted(struct visit *v, const bool *wanted)
{
	size_t kept = 0;

	for (size_t i = 0; i < v->n_cells; i++)
		if (wanted[v->cells[i]])
			v->cells[kept++] = v->cells[i];
	v->n_cells = kept;
	return kept;
}

/** look_again() - @samples more of each wanted cell, each from a boot of its own. */
static int look_again(struct run *r, const struct run_result *judged, const bool *wanted, unsigned int samples)
{
	struct plan plan = *r->plan; /* what it points at is the plan's */
	struct visit *visits;
	size_t n, n_cells = 0;
	int err;

	plan.samples = (int)samples;
	n = matrix_visits(&plan, &visits);
	for (size_t i = 0; i < n; i++) {
		visits[i].boot += last_boot(judged);
		n_cells += keep_wanted(&visits[i], wanted);
	}
	log_info("%u more samples of cells that are not clear, %zu in all", samples, n_cells);
	err = run_visits(r, visits, n);
	matrix_visits_free(visits, n);
	return err;
}

int run_more(struct run *r)
{
	for (;;) {
		_cleanup_(run_result_free) struct run_result judged = { 0 };
		_cleanup_(freep) bool *wanted = NULL;
		unsigned int samples;
		int err = store_load(r->store, r->id, &judged);

		if (err)
			return err;
		judge_run(&judged);
		wanted = mem_zalloc(judged.n_cells * sizeof(*wanted));
		samples = more_wanted(&judged, wanted);
		err = samples ? look_again(r, &judged, wanted, samples) : 0;
		if (err || !samples)
			return err;
	}
}
