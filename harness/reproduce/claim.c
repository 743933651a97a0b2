// SPDX-License-Identifier: GPL-2.0-only
/* claim.c - whether what was measured agrees with a claim */
#include "reproduce/claim.h"

#include <math.h>
#include <stdarg.h>
#include <stdlib.h>

#include "judge/evidence.h"
#include "judge/stats.h"
#include "lib/cleanup.h"
#include "lib/str.h"

/* Beyond @yes on the right side it is reproduced, beyond @no on the other it is not. */
static const struct want {
	bool is_up;
	bool has_bar;	 /* the claim's own, in place of both */
	bool is_reached; /* at @yes, too */
	double yes, no;
} wants[] = {
	[CLAIM_RISES]	 = { true,  false, false, 1, 1 + CLAIM_MATTERS },
	[CLAIM_KEEPS]	 = { true,  false, false, 1 - CLAIM_MATTERS, 1 - CLAIM_MATTERS },
	[CLAIM_FALLS]	 = { false, false, false, 1, 1 - CLAIM_MATTERS },
	[CLAIM_AT_LEAST] = { true,  true,  true,  NAN, NAN },
	[CLAIM_AT_MOST]	 = { false, true,  false, NAN, NAN },
};
_Static_assert(ARRAY_SIZE(wants) == CLAIM_WANTS, "a row for every want");

static const char *const words[] = {
	[CLAIM_REPRODUCED] = "reproduced",
	[CLAIM_NOT_REPRODUCED] = "not reproduced",
	[CLAIM_CANNOT] = "cannot be judged here",
};
_Static_assert(ARRAY_SIZE(words) == CLAIM_VERDICTS, "a word for every verdict");

const char *claim_word(enum claim_verdict v)
{
	return words[v];
}

void ruling_free(struct ruling *r)
{
	free(r->why);
	*r = (struct ruling){ 0 };
}

static double published_of(const struct claim *c, const struct claim_side *s)
{
	return published_value(published_find(c->experiment, c->daemon, s->row), s->side, c->metric);
}

double claim_published(const struct claim *c)
{
	double of = published_of(c, &c->of);

	return c->over.row ? stats_ratio(of, published_of(c, &c->over)) : of;
}

bool claim_is_published(const struct claim *c)
{
	double p = claim_published(c);
	const struct want *w = &wants[c->want];
	double bar = w->has_bar ? c->bar : w->yes;

	if (c->want == CLAIM_AS_PUBLISHED || isnan(p))
		return true;
	return w->is_up ? p > bar : p < bar;
}

static enum claim_want resolve(const struct claim *c)
{
	double p = claim_published(c);

	if (c->want != CLAIM_AS_PUBLISHED)
		return c->want;
	if (p > 1 + CLAIM_MATTERS)
		return CLAIM_RISES;
	return p < 1 - CLAIM_MATTERS ? CLAIM_FALLS : CLAIM_KEEPS;
}

/** struct boots - one number a boot, smallest first */
struct boots {
	double *v;
	size_t n;
};

static void boots_free(struct boots *b)
{
	free(b->v);
}

static void cannot(struct ruling *r, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

static void cannot(struct ruling *r, const char *fmt, ...)
{
	va_list ap;

	free(r->why);
	va_start(ap, fmt);
	r->why = str_vfmt(fmt, ap);
	va_end(ap);
	r->verdict = CLAIM_CANNOT;
}

/** rtt_is_right() - was the round trip what the row's label says? A cell without a delay has no label. */
static bool rtt_is_right(const struct run_cell *c, const char *who, struct ruling *r)
{
	double label_ms = (double)c->cell.at[AXIS_DELAY_MS].num;
	double rtt_ms = c->median[METRIC_IDLE_RTT_US] / 1e3;

	if (label_ms <= 0 || fabs(rtt_ms - label_ms) <= label_ms * CLAIM_RTT_TOLERANCE)
		return true;
	if (isnan(rtt_ms))
		cannot(r, "the idle round trip of %s was not measured", who);
	else
		cannot(r, "the idle round trip of %s is %.1f ms", who, rtt_ms);
	return false;
}

static bool is_there(const struct run_cell *c, const char *who, size_t n, struct ruling *r)
{
	if (n)
		return true;
	if (!c)
		cannot(r, "%s has no such cell", who);
	else if (c->event != VERDICT_PASS)
		cannot(r, "%s: %s: %s", who, verdict_name(c->event), c->event_reason ? c->event_reason : "no reason was given");
	else if (c->n_invalid)
		cannot(r, "%s: no sample is valid: %s", who, c->invalid[c->n_invalid - 1].invalid);
	else
		cannot(r, "%s was not measured", who);
	return false;
}

/** take() - the boots of one side. Return: whether they can be used; @r says why not. */
static bool take(const struct claim *c, const struct run_result *run, size_t contender,
		 const struct claim_side *side, struct boots *ret, struct ruling *r)
{
	const struct contender_side *who = &contenders[contender].side[side->side];
	const struct run_cell *cell = experiment_cell(c->experiment, run, who, c->daemon, side->row);

	if (cell)
		ret->n = evidence_boot_values(cell, c->metric, &ret->v);
	if (!is_there(cell, who->kernel, ret->n, r) || !rtt_is_right(cell, who->kernel, r))
		return false;
	stats_sort(ret->v, ret->n);
	return true;
}

/** decide() - by an interval. */
static void decide(const struct claim *c, double low, double high, struct ruling *r)
{
	const struct want *w = &wants[r->want];
	double yes = w->has_bar ? c->bar : w->yes, no = w->has_bar ? c->bar : w->no;
	double worst = w->is_up ? low : high;
	bool is_few = r->n < CLAIM_BOOTS;

	r->verdict = CLAIM_CANNOT;
	if ((w->is_up ? worst > yes : worst < yes) || (w->is_reached && worst == yes))
		r->verdict = CLAIM_REPRODUCED;
	else if (!is_few && (w->is_up ? high < no : low > no))
		r->verdict = CLAIM_NOT_REPRODUCED;
	if (r->verdict == CLAIM_CANNOT && is_few)
		cannot(r, "%zu boot%s a side: fewer than %d tell only what is %d times beyond the bar", r->n,
		       r->n == 1 ? "" : "s", CLAIM_BOOTS, CLAIM_COARSE);
	else if (r->verdict == CLAIM_CANNOT)
		cannot(r, "it is not clear: both sides of the bar are possible");
}

/** check_load() - what few boots seem to tell is nothing where other work had the machine. */
static void check_load(const struct run_result *run, struct ruling *r)
{
	const json_t *m = json_object_get(run->host, "machine");
	double load = json_number_value(json_object_get(m, "load"));
	double cpus = json_number_value(json_object_get(m, "cpus"));

	if (r->verdict != CLAIM_CANNOT && r->n < CLAIM_BOOTS && load > CLAIM_LOAD * cpus && cpus > 0)
		cannot(r, "%zu boot%s a side, and the machine was busy: a load of %.1f on %.0f CPUs", r->n,
		       r->n == 1 ? "" : "s", load, cpus);
}

/* As judge/rank.h has it: 0 of 0 is no change. */
static double ratio_of(double x, double y)
{
	return x == 0 && y == 0 ? 1 : stats_ratio(x, y);
}

/* Counts below what matters are alike: one packet against none is not infinitely more. */
static void level_counts(const struct claim *c, struct boots *b)
{
	const struct metric_def *m = metric_def(c->metric);

	for (size_t i = 0; i < b->n && m->kind == METRIC_IS_A_COUNT; i++)
		b->v[i] = fmax(b->v[i], m->matters);
}

static void rule_ratio(const struct claim *c, struct boots *x, struct boots *y, struct ruling *r)
{
	r->of = stats_of(x->v, x->n).median;
	r->over = stats_of(y->v, y->n).median;
	level_counts(c, x);
	level_counts(c, y);
	r->here = rank_ratio(x->v, x->n, y->v, y->n, EVIDENCE_CONFIDENCE);
	r->n = x->n < y->n ? x->n : y->n;
	if (r->n < CLAIM_BOOTS) {
		r->here.low = r->here.high = NAN;
		decide(c, ratio_of(x->v[0], y->v[y->n - 1]) / CLAIM_COARSE,
		       ratio_of(x->v[x->n - 1], y->v[0]) * CLAIM_COARSE, r);
	} else {
		decide(c, r->here.low, r->here.high, r);
	}
}

/* Few boots with nothing in them, or a little, are no level: only those far above the bar are. */
static void rule_level(const struct claim *c, const struct boots *x, struct ruling *r)
{
	double low = x->v[0], high = x->v[x->n - 1];

	r->here = (struct rank_shift){ stats_of(x->v, x->n).median, low, high };
	r->n = x->n;
	if (r->n < 2)
		r->here.low = r->here.high = NAN;
	if (r->n < CLAIM_BOOTS)
		decide(c, low / CLAIM_COARSE, INFINITY, r);
	else
		decide(c, low, high, r);
}

struct ruling claim_rule(const struct claim *c, const struct run_result *run, size_t contender)
{
	_cleanup_(boots_free) struct boots x = { 0 }, y = { 0 };
	struct ruling r = { .verdict = CLAIM_CANNOT, .want = resolve(c), .here = { NAN, NAN, NAN }, .of = NAN, .over = NAN };

	if (!run)
		cannot(&r, "%s has not been run", experiment_def(c->experiment)->name);
	else if (!take(c, run, contender, &c->of, &x, &r))
		return r;
	else if (!c->over.row)
		rule_level(c, &x, &r);
	else if (take(c, run, contender, &c->over, &y, &r))
		rule_ratio(c, &x, &y, &r);
	if (run)
		check_load(run, &r);
	if (!r.why)
		r.why = str_dup("");
	return r;
}
