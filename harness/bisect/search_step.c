// SPDX-License-Identifier: GPL-2.0-only
/* search_step.c - which state to measure next */
#include <math.h>

#include "bisect/search_priv.h"
#include "lib/cleanup.h"
#include "lib/str.h"

/* How far from one that does not build the next such states may be: chances fall by e in so many. */
#define SKIP_REACH 4.0

/* Next to a state that does not build, its neighbour does not either in so many of 100. */
#define SKIP_NEXT 0.8

static double entropy(double p)
{
	return p <= 0 || p >= 1 ? 0 : -p * log(p) - (1 - p) * log1p(-p);
}

/** skip_chance() - [0..n]: that a state cannot be measured: breakage comes in runs. @ret: to be freed. */
static double *skip_chance(const struct search *s)
{
	double *chance = mem_zalloc((s->n + 1) * sizeof(*chance)), skips = 0, base;
	size_t left = 0, right = 0; /* tested[left - 1] is the last one at or below i, tested[right] the first at or above */

	for (size_t i = 0; i < s->n_tested; i++)
		skips += s->tested[i].is_skip;
	base = (skips + 0.1) / ((double)s->n_tested + 2);
	for (size_t i = 0; i <= s->n; i++) {
		double near = 0;

		while (left < s->n_tested && s->tested[left].at <= i)
			left++;
		while (right < s->n_tested && s->tested[right].at < i)
			right++;
		if (left && s->tested[left - 1].is_skip)
			near = exp(-(double)(i - s->tested[left - 1].at) / SKIP_REACH);
		if (right < s->n_tested && s->tested[right].is_skip)
			near = fmax(near, exp(-(double)(s->tested[right].at - i) / SKIP_REACH));
		chance[i] = base + (1 - base) * SKIP_NEXT * near;
	}
	for (size_t i = 0; i < s->n_tested; i++)
		chance[s->tested[i].at] = s->tested[i].is_skip;
	return chance;
}

/*
 * What one more boot of each state tells, by the minute.
 * @p: probability of each change
 * @skip: of each state, skip_chance()
 * @error: chance that a boot is on the wrong side
 * @is_new: only states that are not built
 */
static struct search_step most_per_minute(const struct search *s, const double *p, const double *skip, double error,
					  bool is_new)
{
	double below = 0, best = 0;
	struct search_step step = { SEARCH_GIVEN_UP, 0 };

	for (size_t i = 1; i < s->n; i++) {
		double bits, score;

		below += p[i];
		if (skip[i] >= 1 || (is_new && s->build_s[i] <= 0))
			continue;
		bits = entropy(fmin(1, below) * (1 - 2 * error) + error) - entropy(error);
		score = bits * (1 - skip[i]) / (s->options.boot_s + s->build_s[i]);
		if (score > best) {
			best = score;
			step = (struct search_step){ SEARCH_STATE, i };
		}
	}
	return step;
}

/** struct halves - what halving has left: @good and @bad are answered, the states between are not */
struct halves {
	size_t good;
	size_t bad;
	double confidence;
};

/* Halving cannot take an answer back, so all of its answers together may be wrong as often as one result may. */
static double answer_confidence(const struct search *s)
{
	return pow(s->options.confidence, 1 / fmax(1, ceil(log2((double)s->n))));
}

/* Weak for too long is given up, as git bisect skip does. */
static enum oracle_answer settled(const struct search *s, const struct search_tested *t)
{
	enum oracle_answer a = t->is_skip ? ORACLE_SKIP : oracle_answer(search_odds(s, t), answer_confidence(s));

	return a == ORACLE_WEAK && t->n >= s->options.most ? ORACLE_SKIP : a;
}

static struct halves halve(const struct search *s)
{
	struct halves h = { 0, s->n, 1 };

	for (size_t i = 0; i < s->n_tested; i++)
		if (settled(s, &s->tested[i]) == ORACLE_BAD) {
			h.bad = s->tested[i].at;
			break;
		}
	for (size_t i = 0; i < s->n_tested; i++) {
		const struct search_tested *t = &s->tested[i];
		enum oracle_answer a = settled(s, t);

		if (t->at < h.bad && a == ORACLE_GOOD)
			h.good = t->at;
		if (a == ORACLE_GOOD || a == ORACLE_BAD)
			h.confidence *= 1 / (1 + exp(-fabs(search_odds(s, t))));
	}
	return h;
}

/* The state nearest to the middle that is not given up; one that is weak is repeated. */
static struct search_step half_way(const struct search *s)
{
	struct halves h = halve(s);
	struct search_step step = { SEARCH_FOUND, 0 };
	size_t best = s->n + 1, middle = h.good + (h.bad - h.good) / 2;

	for (size_t i = h.good + 1; i < h.bad; i++) {
		const struct search_tested *t = search_tested_at(s, i);
		size_t away = i > middle ? i - middle : middle - i;
		bool is_weak = t && settled(s, t) == ORACLE_WEAK;

		if ((t && !is_weak) || (!is_weak && away >= best) || s->weight[i] <= 0)
			continue;
		step = (struct search_step){ SEARCH_STATE, i };
		best = away;
		if (is_weak)
			break;
	}
	return step;
}

struct search_culprit search_binary_culprit(struct search *s)
{
	struct halves h = halve(s);

	return (struct search_culprit){ h.good + 1, h.bad, h.confidence };
}

static bool wants_end(struct search *s, struct search_step *step)
{
	struct oracle *o = search_present(s);
	enum oracle_ends ends = o->ends;
	bool is_due = s->options.recheck && s->since >= s->options.recheck;

	step->at = o->n_good <= o->n_bad ? 0 : s->n;
	step->what = step->at ? SEARCH_BAD_END : SEARCH_GOOD_END;
	if (ends == ORACLE_ENDS_ALIKE || ends == ORACLE_ENDS_SWAPPED)
		step->what = ends == ORACLE_ENDS_ALIKE ? SEARCH_ALIKE : SEARCH_SWAPPED;
	/* One end of each kind, the second right after the first. */
	return ends != ORACLE_ENDS_DIFFER || is_due || o->n_good != o->n_bad;
}

/* What would be next among states that are not built, if a boot of @at had told this. */
static size_t next_if(const struct search *s, const double *skip, size_t at, bool is_bad, double error)
{
	_cleanup_(freep) double *p = mem_zalloc((s->n + 1) * sizeof(*p));
	double sum = 0;

	for (size_t i = 1; i <= s->n; i++) {
		p[i] = at && at < s->n ? s->p[i] * ((i <= at) == is_bad ? 1 - error : error) : s->p[i];
		sum += p[i];
	}
	for (size_t i = 1; i <= s->n; i++)
		p[i] /= sum;
	return most_per_minute(s, p, skip, error, true).at;
}

size_t search_ahead(struct search *s, size_t at, size_t ret[SEARCH_AHEAD])
{
	_cleanup_(freep) double *skip = skip_chance(s);
	double error = oracle_error(search_present(s)), bad = 0;
	bool is_end = at == 0 || at >= s->n;
	size_t n = 0;

	search_judge(s);
	for (size_t i = 1; i <= at && !is_end; i++)
		bad += s->p[i];
	for (int k = 0; k < (is_end ? 1 : SEARCH_AHEAD); k++) {
		size_t next = next_if(s, skip, at, (k == 0) == (bad > 0.5), error);

		if (next && (!n || next != ret[0]))
			ret[n++] = next;
	}
	return n;
}

static struct search_step next_state(struct search *s)
{
	_cleanup_(freep) double *skip = skip_chance(s);

	search_judge(s);
	return most_per_minute(s, s->p, skip, oracle_error(search_present(s)), false);
}

struct search_step search_step(struct search *s)
{
	struct search_step step;

	if (wants_end(s, &step))
		return step;
	if (s->options.strategy == STRATEGY_BINARY)
		step = half_way(s);
	else if (search_culprit(s).confidence >= s->options.confidence)
		return (struct search_step){ SEARCH_FOUND, 0 };
	else
		step = next_state(s);
	if (step.what == SEARCH_STATE && s->boots >= s->options.boots)
		step.what = SEARCH_GIVEN_UP;
	return step;
}
