// SPDX-License-Identifier: GPL-2.0-only
/* promise.c - one expectation of a plan, applied to one cell */
#include "judge/promise.h"

#include <math.h>
#include <string.h>

#include "judge/stats.h"
#include "lib/cleanup.h"
#include "lib/str.h"

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

/** least_kept() - 0 of 0 counts as "the same", not as "20 times as much". */
static bool least_kept(const struct plan_expect *e, double value, double base)
{
	double ratio = value == 0 && base == 0 ? 1 : stats_ratio(value, base);

	return isnan(e->at_least) || ratio >= e->at_least;
}

/** most_kept() - nothing is never too much, whatever it is compared with. */
static bool most_kept(const struct plan_expect *e, double value, double base)
{
	if (value == 0 || value <= e->at_most_abs)
		return true;
	if (isnan(e->at_most))
		return isnan(e->at_most_abs);
	return stats_ratio(value, base) <= e->at_most;
}

static bool is_kept(const struct plan_expect *e, const struct run_cell *c, const struct run_cell *base)
{
	enum metric m = e->metric;

	return least_kept(e, c->median[m], base->median[m]) && most_kept(e, c->median[m], base->median[m]);
}

/** may_be_noise() - could single samples of both sides have kept it? */
static bool may_be_noise(const struct plan_expect *e, const struct run_cell *c, const struct run_cell *base)
{
	enum metric m = e->metric;

	return c->n_of[m] > 1 && base->n_of[m] > 1 &&
	       least_kept(e, c->max[m], base->min[m]) && most_kept(e, c->min[m], base->max[m]);
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

/** sentence() - Return: "throughput_bps 0.31 of stock (226 of 730 Mbit/s), promised at least 0.5", to be freed. */
static char *sentence(const struct run_result *r, const struct plan_expect *e,
		      const struct run_cell *c, const struct run_cell *base)
{
	enum metric m = e->metric;
	const char *name = metric_def(m)->name, *than = r->kernels[e->than].name;
	_cleanup_(freep) char *has = run_number_text(m, c->median[m]);
	_cleanup_(freep) char *had = run_number_text(m, base->median[m]);
	double quotient = stats_ratio(c->median[m], base->median[m]);
	double limit = least_kept(e, c->median[m], base->median[m]) ? e->at_most : e->at_least;
	_cleanup_(freep) char *ratio = ratio_text(quotient, limit);
	_cleanup_(freep) char *unit = unit_of(m);
	_cleanup_(freep) char *promise = promise_text(e);
	struct strbuf b = { 0 };

	if (!wants_ratio(e))
		strbuf_fmt(&b, "%s %s%s", name, has, unit);
	else if (base->median[m] == 0)
		strbuf_fmt(&b, "%s %s%s where %s has 0", name, has, unit, than);
	else
		strbuf_fmt(&b, "%s %s %s %s (%s of %s%s)", name, ratio, quotient < 1 ? "of" : "times",
			   than, has, had, unit);
	strbuf_fmt(&b, ", promised %s", promise);
	return b.data;
}

/** base_verdict() - can @base be compared with? Return: PASS, or what the other cell becomes; @ret_why is to be freed. */
static enum verdict base_verdict(const struct run_cell *base, enum metric m, char **ret_why)
{
	if (!base)
		*ret_why = str_dup("it has no cell at this point");
	else if (base->event != VERDICT_PASS)
		*ret_why = str_dup(base->event_reason ? base->event_reason : verdict_name(base->event));
	else if (!base->n_samples)
		*ret_why = str_dup("the run ended before it");
	else if (!base->n_of[m])
		*ret_why = str_fmt("no sample has %s", metric_def(m)->name);
	else
		return VERDICT_PASS;
	return base && base->event == VERDICT_SKIP ? VERDICT_SKIP : VERDICT_BROKEN;
}

enum verdict promise_check(const struct run_result *r, const struct plan_expect *e,
			   const struct run_cell *c, char **ret_reason)
{
	const struct run_cell *base = wants_ratio(e) ? run_cell_other(r, c, e->than) : c;
	_cleanup_(freep) char *why = NULL;
	enum verdict v;

	if (!c->n_of[e->metric]) {
		*ret_reason = str_fmt("no sample has %s", metric_def(e->metric)->name);
		return VERDICT_BROKEN;
	}
	v = base_verdict(base, e->metric, &why);
	if (v != VERDICT_PASS) {
		*ret_reason = str_fmt("%s was not measured: %s", r->kernels[e->than].name, why);
		return v;
	}
	if (is_kept(e, c, base))
		return VERDICT_PASS;
	why = sentence(r, e, c, base);
	if (!may_be_noise(e, c, base)) {
		*ret_reason = take_ptr(&why);
		return VERDICT_FAIL;
	}
	*ret_reason = str_fmt("%s; the samples overlap, more are needed", why);
	return VERDICT_NOISY;
}
