// SPDX-License-Identifier: GPL-2.0-only
/* floor.c - the noise floor: what one kernel differs from itself by */
#include "judge/floor.h"

#include <math.h>
#include <string.h>

#include "judge/evidence.h"
#include "judge/stats.h"
#include "lib/cleanup.h"
#include "lib/jsonl.h"

static bool is_same_kernel(const struct run_result *aa, size_t a, size_t b)
{
	return a < b && *aa->kernels[a].hash && !strcmp(aa->kernels[a].hash, aa->kernels[b].hash);
}

/** is_same_cpu() - what an older tapbed did not store may be the same. */
static bool is_same_cpu(const struct run_result *aa, const struct run_result *r)
{
	const char *a = json_str(json_object_get(aa->host, "machine"), "cpu", NULL);
	const char *b = json_str(json_object_get(r->host, "machine"), "cpu", NULL);

	return !a || !b || !strcmp(a, b);
}

static bool is_same_machine(const struct run_result *aa, const struct run_result *r)
{
	return aa->probe == r->probe && is_same_cpu(aa, r) && !strcmp(json_str(aa->host, "kind", ""), json_str(r->host, "kind", "")) &&
	       !strcmp(json_str(aa->host, "accel", ""), json_str(r->host, "accel", ""));
}

/** level_of() - Return: median over the boots, NAN when they are too few. */
static double level_of(const struct run_cell *c, enum metric m)
{
	_cleanup_(freep) double *v = NULL;
	size_t n = evidence_boot_values(c, m, &v);

	return n < FLOOR_BOOTS ? NAN : stats_of(v, n).median;
}

static void learn_pair(const struct run_cell *a, const struct run_cell *b, struct run_cell *c)
{
	for (enum metric m = 0; m < METRIC_COUNT; m++) {
		double ratio;

		if (metric_def(m)->kind != METRIC_IS_RATE)
			continue;
		ratio = stats_ratio(level_of(a, m), level_of(b, m));
		if (isfinite(ratio) && ratio > 0)
			c->floor[m] = fmax(c->floor[m], expm1(fabs(log(ratio))));
	}
}

static void learn_cell(const struct run_result *aa, struct run_cell *c)
{
	for (size_t i = 0; i < aa->n_cells; i++)
		for (size_t k = 0; k < aa->n_cells; k++)
			if (cell_same_point(&aa->cells[i].cell, &c->cell) && cell_same_point(&aa->cells[k].cell, &c->cell) &&
			    is_same_kernel(aa, aa->cells[i].cell.kernel, aa->cells[k].cell.kernel))
				learn_pair(&aa->cells[i], &aa->cells[k], c);
}

void floor_learn(const struct run_result *aa, struct run_result *r)
{
	if (!is_same_machine(aa, r))
		return;
	for (size_t i = 0; i < r->n_cells; i++)
		learn_cell(aa, &r->cells[i]);
}

bool floor_is_twin(const struct run_result *r, const struct run_cell *c)
{
	for (size_t k = 0; k < c->cell.kernel; k++)
		if (is_same_kernel(r, k, c->cell.kernel))
			return true;
	return false;
}

void floor_count(struct floor_alarms *a, const struct run_result *r)
{
	unsigned int failed = 0, cells = 0;

	for (size_t i = 0; i < r->n_cells; i++) {
		const struct run_cell *c = &r->cells[i];

		if (!floor_is_twin(r, c) || c->event != VERDICT_PASS || !c->n_samples)
			continue;
		cells++;
		failed += c->verdict == VERDICT_FAIL;
		a->noisy += c->verdict == VERDICT_NOISY;
	}
	/* One that was stopped before it could tell anything is none. */
	a->runs += cells > 0;
	a->cells += cells;
	a->alarmed += failed > 0;
	a->failed += failed;
}
