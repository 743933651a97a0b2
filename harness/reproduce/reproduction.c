// SPDX-License-Identifier: GPL-2.0-only
/* reproduction.c - the runs of all experiments together: what is missing, and what they amount to */
#include "reproduce/reproduction.h"

#include "lib/cleanup.h"
#include "lib/str.h"

void reproduction_free(struct reproduction *r)
{
	for (enum experiment e = 0; e < EXPERIMENT_COUNT; e++)
		if (r->has[e])
			run_result_free(&r->run[e]);
	*r = (struct reproduction){ 0 };
}

const struct run_result *reproduction_run(const struct reproduction *r, enum experiment e)
{
	return r->has[e] ? &r->run[e] : NULL;
}

size_t reproduction_lacks(const struct run_result *r, unsigned int samples)
{
	size_t n = 0;

	for (size_t i = 0; i < r->n_cells; i++) {
		const struct run_cell *c = &r->cells[i];
		size_t boots;

		if (c->event == VERDICT_FAIL || (c->event == VERDICT_SKIP && !str_starts(c->event_reason, VERDICT_NOT_MEASURED)))
			continue;
		/* Each is from a boot of its own: two of one boot do for one. */
		boots = run_cell_boots(c);
		if (boots < samples)
			n += samples - boots;
	}
	return n;
}

void reproduction_count(const struct reproduction *r, size_t ret[CLAIM_VERDICTS])
{
	_cleanup_(freep) struct claim *list = NULL;
	size_t n = claim_list(&list);

	for (enum claim_verdict v = 0; v < CLAIM_VERDICTS; v++)
		ret[v] = 0;
	for (size_t i = 0; i < n; i++) {
		_cleanup_(ruling_free) struct ruling a = claim_rule(&list[i], reproduction_run(r, list[i].experiment), 0);

		ret[a.verdict]++;
	}
}

static bool is_broken(const struct reproduction *r)
{
	for (enum experiment e = 0; e < EXPERIMENT_COUNT; e++)
		if (!r->has[e] || reproduction_lacks(&r->run[e], r->samples[e]))
			return true;
	return false;
}

enum verdict reproduction_verdict(const struct reproduction *r)
{
	size_t n[CLAIM_VERDICTS];

	reproduction_count(r, n);
	if (n[CLAIM_NOT_REPRODUCED])
		return VERDICT_FAIL;
	if (is_broken(r))
		return VERDICT_BROKEN;
	return n[CLAIM_REPRODUCED] ? VERDICT_PASS : VERDICT_SKIP;
}
