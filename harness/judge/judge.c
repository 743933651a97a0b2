// SPDX-License-Identifier: GPL-2.0-only
/* judge.c - samples to verdicts: cells, the run, and its one line */
#include "judge/judge.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "judge/evidence.h"
#include "judge/promise.h"
#include "judge/stats.h"
#include "lib/cleanup.h"
#include "lib/str.h"

static void measure_metric(struct run_cell *c, enum metric m)
{
	_cleanup_(freep) double *v = mem_zalloc(c->n_samples * sizeof(*v));
	struct stats s;

	for (size_t i = 0; i < c->n_samples; i++)
		v[i] = c->samples[i].value[m];
	s = stats_of(v, c->n_samples);
	c->n_of[m] = s.n;
	c->median[m] = s.median;
	c->min[m] = s.min;
	c->max[m] = s.max;
	c->spread[m] = stats_spread(&s);
}

static void measure_changes(const struct run_result *r, struct run_cell *c)
{
	const struct run_cell *first = run_cell_other(r, c, 0);

	for (int m = 0; m < METRIC_COUNT; m++)
		c->change[m] = first ? stats_ratio(c->median[m], first->median[m]) : NAN;
}

static void measure(struct run_result *r)
{
	for (size_t i = 0; i < r->n_cells; i++)
		for (int m = 0; m < METRIC_COUNT; m++)
			measure_metric(&r->cells[i], m);
	for (size_t i = 0; i < r->n_cells; i++)
		measure_changes(r, &r->cells[i]);
}

static void cell_say(struct run_cell *c, enum verdict v, const char *reason)
{
	c->verdict = v;
	str_set(&c->reason, reason);
}

/** struct hearing - every promise of a run that can be judged, and who is still without a verdict */
struct hearing {
	struct run_result *run;
	struct evidence *tested; /* compares two kernels */
	size_t n_tested;
	struct evidence *alone; /* about a cell's own number */
	size_t n_alone;
};

static void hearing_free(struct hearing *h)
{
	free(h->tested);
	free(h->alone);
}

static void add_evidence(struct evidence **list, size_t *n, struct evidence v)
{
	*list = mem_grow(*list, *n + 1, sizeof(**list));
	(*list)[(*n)++] = v;
}

/** worsen() - of several verdicts the worst decides, of equals the first. */
static void worsen(struct run_cell *c, enum verdict v, const char *reason)
{
	if (v > c->verdict)
		cell_say(c, v, reason);
}

static void hear(struct hearing *h, const struct plan_expect *e, struct run_cell *c)
{
	const struct run_cell *base;
	_cleanup_(freep) char *reason = NULL;
	enum verdict v = promise_base(h->run, e, c, &base, &reason);

	h->run->n_promises++;
	if (v != VERDICT_PASS)
		worsen(c, v, reason);
	else if (base)
		add_evidence(&h->tested, &h->n_tested, evidence_take(h->run, e, c, base));
	else
		add_evidence(&h->alone, &h->n_alone, (struct evidence){ .expect = e, .cell = c });
}

/** hear_invalid() - samples that nothing could be taken in the place of leave a cell that is not known to be good. */
static void hear_invalid(const struct run_result *r, struct run_cell *c)
{
	const char *why = c->n_invalid ? c->invalid[c->n_invalid - 1].invalid : NULL;
	size_t lacks = run_cell_lacks(r, c);
	_cleanup_(freep) char *reason = NULL;

	if (!c->n_samples)
		reason = str_fmt("%zu sample%s, and all are invalid: %s", c->n_invalid, c->n_invalid == 1 ? "" : "s", why);
	else
		reason = str_fmt("%zu of %zu samples are missing, %zu were invalid: %s", lacks, lacks + c->n_samples,
				 c->n_invalid, why);
	if (!c->n_samples || lacks)
		worsen(c, VERDICT_NOISY, reason);
}

static void hear_cell(struct hearing *h, struct run_cell *c)
{
	const struct run_result *r = h->run;
	bool is_measured = c->event == VERDICT_PASS && c->n_samples;

	cell_say(c, VERDICT_PASS, "");
	if (c->event != VERDICT_PASS)
		cell_say(c, c->event, c->event_reason ? c->event_reason : "no reason was given");
	else if (c->n_invalid)
		hear_invalid(r, c);
	else if (!c->n_samples)
		cell_say(c, VERDICT_BROKEN, VERDICT_NOT_MEASURED "the run ended before it");
	for (size_t i = 0; is_measured && i < r->n_expects; i++)
		if (!r->expects[i].fails && promise_covers(&r->expects[i], c))
			hear(h, &r->expects[i], c);
}

static void decide(struct hearing *h, const struct evidence *v)
{
	struct run_cell *c = &h->run->cells[v->cell - h->run->cells];
	_cleanup_(freep) char *reason = NULL;
	enum verdict verdict = promise_check(h->run, v, &reason);

	worsen(c, verdict, reason);
}

/** judge_promises() - all of them are heard before one is decided: how many there are is part of what each means. */
static void judge_promises(struct run_result *r)
{
	_cleanup_(hearing_free) struct hearing h = { .run = r };

	for (size_t i = 0; i < r->n_cells; i++)
		hear_cell(&h, &r->cells[i]);
	evidence_family(h.tested, h.n_tested);
	for (size_t i = 0; i < h.n_tested; i++)
		decide(&h, &h.tested[i]);
	for (size_t i = 0; i < h.n_alone; i++)
		decide(&h, &h.alone[i]);
}

/* A cell that was neither good nor bad, because the bed failed or it does not apply, is left as it is. */
static void judge_failures(struct run_result *r, struct run_cell *c)
{
	bool is_known = false, must_fail = false;

	c->is_expected = false;
	for (size_t i = 0; i < r->n_expects; i++) {
		if (!r->expects[i].fails || !promise_covers(&r->expects[i], c))
			continue;
		is_known = true;
		must_fail |= r->expects[i].fails == PLAN_FAILS;
	}
	if (must_fail && c->verdict == VERDICT_PASS) {
		cell_say(c, VERDICT_FAIL, "was expected to fail and did not");
		return;
	}
	c->is_expected = is_known && c->verdict == VERDICT_FAIL;
	r->n_expected += c->is_expected;
}

/** keepers() - Return: the kernels that something is promised of: "nodrop-v3", "v3 and v4"; to be freed. */
static char *keepers(const struct run_result *r, size_t *ret_n)
{
	_cleanup_(strv_free) struct strv names = { 0 };

	for (size_t i = 0; i < r->n_expects; i++)
		if (!r->expects[i].fails && !strv_has(&names, r->kernels[r->expects[i].kernel].name))
			strv_add(&names, r->kernels[r->expects[i].kernel].name);
	*ret_n = names.n;
	return strv_join(&names, " and ");
}

static const char *plural(size_t n)
{
	return n == 1 ? "" : "s";
}

/** line_promises() - what all those that passed have in common; to be freed. */
static char *line_promises(const struct run_result *r)
{
	size_t n_keepers;
	_cleanup_(freep) char *who = keepers(r, &n_keepers);

	if (r->n_promises)
		return str_fmt("%s keep%s all %zu promise%s", who, n_keepers == 1 ? "s" : "", r->n_promises,
			       plural(r->n_promises));
	if (!probe_def(r->probe)->finds_faults)
		return str_dup("all measured; nothing was promised");
	return str_dup(r->n_expected ? "no other fault found" : "no fault found");
}

static char *line_pass(const struct run_result *r)
{
	size_t n = r->n_cells - r->seen[VERDICT_SKIP];
	_cleanup_(freep) char *promises = line_promises(r);
	struct strbuf b = { 0 };

	strbuf_fmt(&b, "PASS: %zu cell%s", n, plural(n));
	if (r->seen[VERDICT_SKIP])
		strbuf_fmt(&b, " (and %u that do not apply)", r->seen[VERDICT_SKIP]);
	if (r->n_expected)
		strbuf_fmt(&b, ", %u failed as expected", r->n_expected);
	strbuf_fmt(&b, ", %s", promises);
	return b.data;
}

/** line_worst() - how many cells have the run's verdict, and what the first of them says. */
static char *line_worst(const struct run_result *r)
{
	const struct run_cell *c = r->cells;
	_cleanup_(freep) char *label = NULL;

	while (c->verdict != r->verdict || c->is_expected)
		c++;
	label = run_cell_label(r, c);
	return str_fmt("%s: %u of %zu cell%s: %s: %s", verdict_name(r->verdict),
		       r->seen[r->verdict] - (r->verdict == VERDICT_FAIL ? r->n_expected : 0), r->n_cells, plural(r->n_cells), label, c->reason);
}

/** verdict_of() - a failure that was expected is as good as a pass. */
static enum verdict verdict_of(const struct run_result *r)
{
	unsigned int seen[VERDICT_COUNT];

	memcpy(seen, r->seen, sizeof(seen));
	seen[VERDICT_FAIL] -= r->n_expected;
	seen[VERDICT_PASS] += r->n_expected;
	return verdict_all(seen);
}

void judge_run(struct run_result *r)
{
	r->n_promises = 0;
	r->n_expected = 0;
	for (int v = 0; v < VERDICT_COUNT; v++)
		r->seen[v] = 0;
	measure(r);
	judge_promises(r);
	for (size_t i = 0; i < r->n_cells; i++) {
		judge_failures(r, &r->cells[i]);
		r->seen[r->cells[i].verdict]++;
	}
	r->verdict = verdict_of(r);
	free(r->line);
	if (!r->n_cells)
		r->line = str_fmt("%s: the run has no cells", verdict_name(r->verdict));
	else
		r->line = r->verdict == VERDICT_PASS ? line_pass(r) : line_worst(r);
}
