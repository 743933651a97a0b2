// SPDX-License-Identifier: GPL-2.0-only
/* run_more.c - which samples are still to be taken, in which order: those that a resumed run lacks, more of cells that are NOISY */
#include <limits.h>
#include <sys/random.h>

#include "judge/judge.h"
#include "judge/more.h"
#include "lib/cleanup.h"
#include "lib/log.h"
#include "plan/matrix.h"
#include "run.h"

/* What is found is not found again: a cell may have more than one sample a boot. */
static bool take_sample(struct run_cell *c, int boot)
{
	for (size_t i = 0; i < c->n_samples; i++) {
		if (c->samples[i].boot != boot)
			continue;
		c->samples[i].boot = 0;
		return true;
	}
	return false;
}

/* By boot and not by number: a cell that the second of five boots did not measure lacks that one, and no other. */
void run_drop_measured(struct run *r, struct visit *visits, size_t n)
{
	for (size_t i = 0; i < n && r->before.n_cells; i++) {
		struct visit *v = &visits[i];
		size_t kept = 0;

		for (size_t c = 0; c < v->n_cells; c++)
			if (!take_sample(&r->before.cells[v->cells[c]], v->boot))
				v->cells[kept++] = v->cells[c];
		v->n_cells = kept;
	}
}

/** last_boot() - Return: the highest number of a boot that a sample is from. */
static int last_boot(const struct run_result *r)
{
	int last = 0;

	for (size_t i = 0; i < r->n_cells; i++)
		for (size_t k = 0; k < r->cells[i].n_samples; k++)
			if (r->cells[i].samples[k].boot > last)
				last = r->cells[i].samples[k].boot;
	for (size_t i = 0; i < r->n_cells; i++)
		for (size_t k = 0; k < r->cells[i].n_invalid; k++)
			if (r->cells[i].invalid[k].boot > last)
				last = r->cells[i].invalid[k].boot;
	return last;
}

int run_choose_seed(struct store *s, const char *resume, struct plan *p)
{
	_cleanup_(run_result_free) struct run_result before = { 0 };
	int err = resume ? store_load(s, resume, &before) : 0;

	if (err)
		return err;
	if (resume)
		p->seed = before.seed;
	while (!resume && plan_is_interleaved(p) && !p->seed)
		if (getrandom(&p->seed, sizeof(p->seed), 0) == sizeof(p->seed))
			p->seed &= INT_MAX;
	return 0;
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

/** look_again() - @samples boots more of each wanted cell. */
static int look_again(struct run *r, const struct run_result *judged, const bool *wanted, unsigned int samples)
{
	struct plan plan = *r->plan; /* what it points at is the plan's */
	struct visit *visits;
	size_t n, n_cells = 0;
	int err;

	if (plan.boots)
		plan.boots = (int)samples;
	else
		plan.samples = (int)samples;
	n = matrix_visits(&plan, &visits);
	for (size_t i = 0; i < n; i++) {
		visits[i].boot += last_boot(judged);
		n_cells += keep_wanted(&visits[i], wanted);
	}
	log_info("%u more boot%s for cells that are not clear, %zu samples in all", samples, samples == 1 ? "" : "s", n_cells);
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
