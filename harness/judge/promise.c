// SPDX-License-Identifier: GPL-2.0-only
/* promise.c - one expectation of a plan, applied to one cell */
#include "judge/promise.h"

#include <math.h>
#include <string.h>

#include "judge/stats.h"
#include "lib/cleanup.h"
#include "lib/str.h"

/* Counts: a p as small as this is no PASS. */
#define DOUBT 0.05

bool promise_covers(const struct plan_expect *e, const struct run_cell *c)
{
	if (e->kernel != c->cell.kernel)
		return false;
	for (int a = 0; a < AXIS_COUNT; a++) {
		bool is_in = !e->where[a].n;

		for (size_t i = 0; i < e->where[a].n; i++)
			is_in |= !strcmp(e->where[a].v[i].word, c->cell.at[a].word);
		if (!is_in)
			return false;
	}
	return true;
}

static bool wants_ratio(const struct plan_expect *e)
{
	return !isnan(e->at_least) || !isnan(e->at_most);
}

/** times() - 0 of 0 counts as "the same", not as "20 times as much". */
static double times(double value, double base)
{
	return value == 0 && base == 0 ? 1 : stats_ratio(value, base);
}

static bool least_kept(const struct evidence_limits *l, double value, double base)
{
	return isnan(l->least) || times(value, base) >= l->least;
}

/** most_kept() - nothing is never too much, and neither is what is enough, whatever it is compared with. */
static bool most_kept(const struct plan_expect *e, const struct evidence_limits *l, double value, double base)
{
	if (isnan(l->most))
		return isnan(e->at_most_abs) || value <= e->at_most_abs;
	return value == 0 || value <= evidence_enough(e) || stats_ratio(value, base) <= l->most;
}

/** is_kept() - by two numbers. */
static bool is_kept(const struct plan_expect *e, double margin, double value, double base)
{
	struct evidence_limits l = evidence_limits(e, margin);

	return least_kept(&l, value, base) && most_kept(e, &l, value, base);
}

/** rate_looks_kept() - by the medians, and by the ratio over all pairs of boots, which varies less. */
static bool rate_looks_kept(const struct evidence *v)
{
	enum metric m = v->expect->metric;
	double margin = fmax(metric_def(m)->matters, v->cell->floor[m]);

	return is_kept(v->expect, margin, v->cell->median[m], v->base->median[m]) &&
	       is_kept(v->expect, margin, v->shift.estimate, 1);
}

/**
 * count_looks_kept() - of counts that are mostly 0 the median says little: it may differ by chance,
 * and it may be 0 on both sides while the other half tells them apart.
 */
static bool count_looks_kept(const struct evidence *v)
{
	enum metric m = v->expect->metric;
	bool is_by_median = is_kept(v->expect, v->cell->floor[m], v->cell->median[m], v->base->median[m]);

	if (v->p_holm <= DOUBT)
		return false;
	return is_by_median || (v->can_alarm && v->p > DOUBT);
}

static bool looks_kept(const struct evidence *v)
{
	return metric_def(v->expect->metric)->kind == METRIC_IS_RATE ? rate_looks_kept(v) : count_looks_kept(v);
}

/** has_gap() - even the best sample of the cell beside the worst of the other one breaks it. */
static bool has_gap(const struct evidence *v)
{
	const struct run_cell *c = v->cell, *base = v->base;
	enum metric m = v->expect->metric;
	struct evidence_limits l = evidence_limits(v->expect, c->floor[m]);

	return !least_kept(&l, c->max[m], base->min[m]) || !most_kept(v->expect, &l, c->min[m], base->max[m]);
}

/** is_wide() - of a rate: the gap is wider than the samples of the other kernel lie apart. @scale: what those are counted as. */
static bool is_wide(const struct evidence *v, double scale, bool is_below)
{
	const struct run_cell *c = v->cell, *base = v->base;
	enum metric m = v->expect->metric;
	double gap = is_below ? scale * base->min[m] - c->max[m] : c->min[m] - scale * base->max[m];

	return metric_def(m)->kind != METRIC_IS_RATE || gap >= scale * (base->max[m] - base->min[m]);
}

/**
 * coarse_of() - how many times worse is never noise? Rates of single boots were seen to lie ten times apart on a
 * machine that others use too; the more boots say the same, the less it takes.
 */
static double coarse_of(const struct evidence *v)
{
	const struct metric_def *d = metric_def(v->expect->metric);
	size_t n = v->n < v->n_base ? v->n : v->n_base;

	if (d->kind != METRIC_IS_RATE)
		return d->coarse;
	return pow(d->coarse, 1 + 1.5 / (double)n) * (1 + v->cell->floor[v->expect->metric]);
}

/**
 * is_collapsed() - is it broken by as much as is never noise? Counted from "the same" where the
 * promise allows to be worse, from the promise where it is about being better; and beyond what the
 * kernel differs from itself by.
 */
static bool is_collapsed(const struct evidence *v)
{
	const struct plan_expect *e = v->expect;
	enum metric m = e->metric;
	double coarse = coarse_of(v), value = v->cell->median[m], base = v->base->median[m];
	double least = fmax(1, e->at_least), most = fmin(1, e->at_most);

	if (!isnan(e->at_least) && times(value, base) <= least / coarse && is_wide(v, least, true))
		return true;
	return !isnan(e->at_most) && value >= coarse * fmax(most * base, evidence_enough(e)) && is_wide(v, most, false);
}

/** unit_of() - what is shown in another unit than the metric's name says: " Mbit/s" or, of "RTT ms", " ms"; to be freed. */
static char *unit_of(enum metric m)
{
	const struct metric_def *d = metric_def(m);
	const char *last = strrchr(d->title, ' ');

	if (d->scale == 1)
		return str_dup("");
	return last ? str_dup(last) : str_fmt(" %s", d->title);
}

/** ratio_text() - Return: a ratio with two digits, or as many as tell it from @limit; to be freed. */
static char *ratio_text(double ratio, double limit)
{
	int digits = ratio >= 10 ? 0 : ratio >= 1 ? 1 : 2;
	char *text;

	while (ratio > 0 && ratio * pow(10, digits) < 10 && digits < 12)
		digits++;
	text = str_fmt("%.*f", digits, ratio);
	while ((atof(text) < limit) != (ratio < limit) || (atof(text) > limit) != (ratio > limit)) {
		free(text);
		if (++digits > 12)
			return str_fmt("%g", ratio);
		text = str_fmt("%.*f", digits, ratio);
	}
	return text;
}

char *promise_text(const struct plan_expect *e)
{
	_cleanup_(freep) char *abs = run_number_text(e->metric, e->at_most_abs);
	_cleanup_(freep) char *unit = unit_of(e->metric);
	struct strbuf b = { 0 };

	if (!isnan(e->at_least))
		strbuf_fmt(&b, "at least %g", e->at_least);
	if (!isnan(e->at_most))
		strbuf_fmt(&b, "%sat most %g", b.len ? " and " : "", e->at_most);
	if (!isnan(e->at_most_abs))
		strbuf_fmt(&b, b.len ? " (or at most %s%s)" : "at most %s%s", abs, unit);
	return b.data ? b.data : str_dup("nothing");
}

/** end_text() - Return: an end of an interval, to be freed. */
static char *end_text(enum metric m, double end)
{
	_cleanup_(freep) char *n = NULL;

	if (metric_def(m)->kind == METRIC_IS_RATE)
		return end >= 0.1 && end < 10 ? str_fmt("%.2f", end) : str_fmt("%.2g", end);
	n = run_number_text(m, end);
	return str_fmt("%s%s", end > 0 ? "+" : "", n);
}

/** add_test() - " [0.66, 0.77], p = 0.0006 after Holm over 16 promises"; nothing where there was none. */
static void add_test(struct strbuf *b, const struct evidence *v)
{
	_cleanup_(freep) char *low = end_text(v->expect->metric, v->shift.low);
	_cleanup_(freep) char *high = end_text(v->expect->metric, v->shift.high);

	_cleanup_(freep) char *p = v->p_holm < 0.001 ? str_fmt("%.2g", v->p_holm) : ratio_text(v->p_holm, EVIDENCE_ALPHA);

	if (!isnan(v->shift.low))
		strbuf_fmt(b, " [%s, %s]", low, high);
	if (v->can_alarm)
		strbuf_fmt(b, ", p = %s", p);
	if (v->can_alarm && v->n_family > 1)
		strbuf_fmt(b, " after Holm over %zu promises", v->n_family);
}

/** sentence() - Return: "throughput_bps 0.31 of stock [0.28, 0.36], p = ... (226 of 730 Mbit/s), promised at least 0.5", to be freed. */
static char *sentence(const struct run_result *r, const struct evidence *v)
{
	const struct plan_expect *e = v->expect;
	enum metric m = e->metric;
	const char *name = metric_def(m)->name, *than = r->kernels[e->than].name;
	double value = v->cell->median[m], base = v->base ? v->base->median[m] : NAN;
	_cleanup_(freep) char *has = run_number_text(m, value);
	_cleanup_(freep) char *had = run_number_text(m, base);
	struct evidence_limits l = evidence_limits(e, 0);
	double quotient = stats_ratio(value, base);
	_cleanup_(freep) char *ratio = ratio_text(quotient, least_kept(&l, value, base) ? e->at_most : e->at_least);
	_cleanup_(freep) char *unit = unit_of(m);
	_cleanup_(freep) char *promise = promise_text(e);
	struct strbuf b = { 0 };

	if (!v->base) {
		strbuf_fmt(&b, "%s %s%s", name, has, unit);
	} else if (base == 0) {
		strbuf_fmt(&b, "%s %s%s where %s has 0", name, has, unit, than);
		add_test(&b, v);
	} else {
		strbuf_fmt(&b, "%s %s %s %s", name, ratio, quotient < 1 ? "of" : "times", than);
		add_test(&b, v);
		strbuf_fmt(&b, " (%s of %s%s)", has, had, unit);
	}
	strbuf_fmt(&b, ", promised %s", promise);
	return b.data;
}

/** failed_verdict() - the other kernel failed at this point: its samples serve all the same; without one nothing can be said. */
static enum verdict failed_verdict(const struct run_cell *base, enum metric m, char **ret_why)
{
	if (base->n_of[m])
		return VERDICT_PASS;
	*ret_why = str_fmt("it failed before it gave %s: %s", metric_def(m)->name,
			   base->event_reason ? base->event_reason : verdict_name(base->event));
	return VERDICT_SKIP;
}

/** base_verdict() - can @base be compared with? Return: PASS, or what the other cell becomes; @ret_why is to be freed. */
static enum verdict base_verdict(const struct run_cell *base, enum metric m, char **ret_why)
{
	if (base && base->event == VERDICT_FAIL)
		return failed_verdict(base, m, ret_why);
	if (!base)
		*ret_why = str_dup("it has no cell at this point");
	else if (base->event != VERDICT_PASS)
		*ret_why = str_dup(base->event_reason ? base->event_reason : verdict_name(base->event));
	else if (!base->n_samples && base->n_invalid)
		*ret_why = str_fmt("all its samples are invalid: %s", base->invalid[0].invalid);
	else if (!base->n_samples)
		*ret_why = str_dup("the run ended before it");
	else if (!base->n_of[m])
		*ret_why = str_fmt("no sample has %s", metric_def(m)->name);
	else
		return VERDICT_PASS;
	if (base && base->event == VERDICT_PASS && !base->n_samples && base->n_invalid)
		return VERDICT_NOISY;
	return base && base->event == VERDICT_SKIP ? VERDICT_SKIP : VERDICT_BROKEN;
}

enum verdict promise_base(const struct run_result *r, const struct plan_expect *e, const struct run_cell *c,
			  const struct run_cell **ret_base, char **ret_reason)
{
	_cleanup_(freep) char *why = NULL;
	enum verdict v;

	*ret_base = NULL;
	if (!c->n_of[e->metric]) {
		*ret_reason = str_fmt("no sample has %s", metric_def(e->metric)->name);
		return VERDICT_BROKEN;
	}
	if (!wants_ratio(e))
		return VERDICT_PASS;
	*ret_base = run_cell_other(r, c, e->than);
	v = base_verdict(*ret_base, e->metric, &why);
	if (v != VERDICT_PASS)
		*ret_reason = str_fmt("%s was not measured: %s", r->kernels[e->than].name, why);
	return v;
}

/** check_number() - a promise about the cell's own number; every sample has its say. */
static enum verdict check_number(const struct run_result *r, const struct evidence *v, char **ret_reason)
{
	const struct plan_expect *e = v->expect;
	_cleanup_(freep) char *why = NULL;

	if (v->cell->median[e->metric] <= e->at_most_abs)
		return VERDICT_PASS;
	why = sentence(r, v);
	if (v->cell->min[e->metric] > e->at_most_abs) {
		*ret_reason = take_ptr(&why);
		return VERDICT_FAIL;
	}
	*ret_reason = str_fmt("%s; not in every sample, more are needed", why);
	return VERDICT_NOISY;
}

/** check_coarsely() - with fewer boots than any test needs. */
static enum verdict check_coarsely(const struct run_result *r, const struct evidence *v, char **ret_reason)
{
	_cleanup_(freep) char *why = sentence(r, v);
	size_t n = v->n < v->n_base ? v->n : v->n_base;
	const char *plural = n == 1 ? "" : "s";

	if (has_gap(v) && is_collapsed(v)) {
		*ret_reason = str_fmt("%s; told without a test, as a collapse: %zu boot%s a side", why, n, plural);
		return VERDICT_FAIL;
	}
	*ret_reason = str_fmt("%s; %zu boot%s a side tell%s a collapse only, a test needs %zu", why, n, plural,
			      n == 1 ? "s" : "", evidence_boots(v->n_family, sequence_share(&r->sequence, 1)));
	return VERDICT_NOISY;
}

enum verdict promise_check(const struct run_result *r, const struct evidence *v, char **ret_reason)
{
	_cleanup_(freep) char *why = NULL;

	if (!v->base)
		return check_number(r, v, ret_reason);
	if (looks_kept(v))
		return VERDICT_PASS;
	if (!v->can_alarm)
		return check_coarsely(r, v, ret_reason);
	why = sentence(r, v);
	if (v->p_holm <= EVIDENCE_ALPHA) {
		*ret_reason = take_ptr(&why);
		return VERDICT_FAIL;
	}
	*ret_reason = str_fmt("%s; not clear, more samples are needed", why);
	return VERDICT_NOISY;
}
