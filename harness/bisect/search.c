// SPDX-License-Identifier: GPL-2.0-only
/* search.c - what is known of a range, and which change is to blame */
#include "bisect/search.h"

#include <math.h>
#include <string.h>

#include "bisect/search_priv.h"
#include "lib/cleanup.h"
#include "lib/str.h"

/* A state that speaks against all the rest must do so clearly. */
#define CONTRADICTS 0.999

struct search_options search_defaults(void)
{
	return (struct search_options){
		.strategy = STRATEGY_BAYES, .confidence = 0.95, .recheck = 12, .most = 9, .boots = 300, .boot_s = 15,
		.oracle = {
			.kind = ORACLE_NUMBER, .wrong = 0.1, .spread = 0.005, .matters = 0.02,
			.ends = { 4, 16 }, .alpha = 0.05,
		},
	};
}

static void epoch_add(struct search *s)
{
	size_t e = s->n_epochs++;

	s->epochs = mem_grow(s->epochs, s->n_epochs, sizeof(*s->epochs));
	s->epochs[e] = (struct oracle){ .model = s->options.oracle };
	for (size_t i = 0; i < s->n_tested; i++) {
		struct search_tested *t = &s->tested[i];

		t->st = mem_grow(t->st, s->n_epochs, sizeof(*t->st));
		t->st[e] = (struct oracle_state){ 0 };
	}
}

void search_init(struct search *s, const struct search_options *o, size_t n, const double *weights)
{
	*s = (struct search){ .options = *o, .n = n, .is_stale = true };
	s->weight = mem_zalloc((n + 1) * sizeof(*s->weight));
	s->p = mem_zalloc((n + 1) * sizeof(*s->p));
	s->build_s = mem_zalloc((n + 1) * sizeof(*s->build_s));
	for (size_t i = 1; i <= n; i++)
		s->weight[i] = weights ? weights[i - 1] : 1;
	epoch_add(s);
}

void search_free(struct search *s)
{
	for (size_t i = 0; i < s->n_tested; i++) {
		free(s->tested[i].values);
		free(s->tested[i].st);
	}
	for (size_t e = 0; e < s->n_epochs; e++)
		oracle_free(&s->epochs[e]);
	free(s->tested);
	free(s->epochs);
	free(s->weight);
	free(s->p);
	free(s->build_s);
	*s = (struct search){ 0 };
}

struct oracle *search_present(struct search *s)
{
	return &s->epochs[s->n_epochs - 1];
}

/* What was said of all states in the present epoch was said by other ends. */
static void say_again(struct search *s)
{
	size_t e = s->n_epochs - 1;

	for (size_t i = 0; i < s->n_tested; i++) {
		struct search_tested *t = &s->tested[i];

		t->st[e] = (struct oracle_state){ 0 };
		for (size_t v = 0; v < t->n; v++)
			if (t->values[v].epoch == e)
				oracle_sample(&s->epochs[e], t->values[v].value, &t->st[e]);
	}
}

bool search_end(struct search *s, bool is_bad, double value)
{
	struct oracle *o = search_present(s);
	bool is_drift = o->ends == ORACLE_ENDS_DIFFER && !oracle_is_like(o, is_bad, value);

	if (is_drift)
		epoch_add(s);
	oracle_end(search_present(s), is_bad, value);
	s->boots++;
	s->since = 0;
	s->is_stale = true;
	if (search_present(s)->ends == ORACLE_ENDS_DIFFER)
		say_again(s);
	return is_drift;
}

const struct search_tested *search_tested_at(const struct search *s, size_t at)
{
	for (size_t i = 0; i < s->n_tested; i++)
		if (s->tested[i].at == at)
			return &s->tested[i];
	return NULL;
}

/* The entry of a state, made in its place. */
static struct search_tested *entry(struct search *s, size_t at)
{
	size_t i = 0;

	while (i < s->n_tested && s->tested[i].at < at)
		i++;
	if (i < s->n_tested && s->tested[i].at == at)
		return &s->tested[i];
	s->tested = mem_grow(s->tested, s->n_tested + 1, sizeof(*s->tested));
	memmove(s->tested + i + 1, s->tested + i, (s->n_tested - i) * sizeof(*s->tested));
	s->n_tested++;
	s->tested[i] = (struct search_tested){ .at = at, .st = mem_zalloc(s->n_epochs * sizeof(struct oracle_state)) };
	return &s->tested[i];
}

void search_sample(struct search *s, size_t at, double value)
{
	struct search_tested *t = entry(s, at);
	size_t e = s->n_epochs - 1;

	t->values = mem_grow(t->values, t->n + 1, sizeof(*t->values));
	t->values[t->n++] = (struct search_value){ e, value };
	oracle_sample(&s->epochs[e], value, &t->st[e]);
	s->boots++;
	s->since++;
	s->is_stale = true;
}

void search_skip(struct search *s, size_t at)
{
	entry(s, at)->is_skip = true;
	s->is_stale = true;
}

void search_same(struct search *s, size_t a, size_t b)
{
	size_t from = a < b ? a : b, to = a < b ? b : a;

	for (size_t i = from + 1; i <= to; i++)
		s->weight[i] = 0;
	s->is_stale = true;
}

/**
 * evidence() - add to @ret[k], for k tested states that are good and the rest bad, the log likelihood of an epoch's samples
 * Each epoch has its own guesses at the truth, and within one they are the same for all states.
 */
static void evidence(const struct search *s, size_t e, double *ret)
{
	double all[ORACLE_DRAWS] = { 0 };

	for (size_t i = 0; i < s->n_tested; i++)
		for (size_t d = 0; d < ORACLE_DRAWS; d++)
			all[d] += s->tested[i].st[e].bad[d];
	for (size_t k = 0;; k++) {
		ret[k] += oracle_log_mean(all, ORACLE_DRAWS);
		if (k == s->n_tested)
			break;
		for (size_t d = 0; d < ORACLE_DRAWS; d++)
			all[d] += s->tested[k].st[e].good[d] - s->tested[k].st[e].bad[d];
	}
}

static void normalize(struct search *s)
{
	double most = -INFINITY, sum = 0;

	for (size_t j = 1; j <= s->n; j++)
		most = fmax(most, s->p[j]);
	for (size_t j = 1; j <= s->n; j++)
		sum += s->p[j] = exp(s->p[j] - most);
	for (size_t j = 1; j <= s->n; j++)
		s->p[j] /= sum;
}

void search_judge(struct search *s)
{
	_cleanup_(freep) double *say = NULL;
	size_t from = 1;

	if (!s->is_stale)
		return;
	say = mem_zalloc((s->n_tested + 1) * sizeof(*say));
	for (size_t e = 0; e < s->n_epochs; e++)
		evidence(s, e, say);
	for (size_t k = 0; k <= s->n_tested; k++) {
		size_t to = k < s->n_tested ? s->tested[k].at : s->n;

		for (size_t j = from; j <= to; j++)
			s->p[j] = log(s->weight[j]) + say[k];
		from = to + 1;
	}
	normalize(s);
	s->is_stale = false;
}

bool search_is_skip(const struct search *s, size_t at)
{
	const struct search_tested *t = search_tested_at(s, at);

	return t && t->is_skip;
}

static struct search_culprit likeliest(struct search *s)
{
	struct search_culprit best = { 1, s->n, -1 };
	size_t from = 1, skip = 0;

	search_judge(s);
	while (from <= s->n) {
		double sum = 0;
		size_t to = from;

		/* State "to" ends the group of changes unless it is skipped. */
		for (;; to++) {
			sum += s->p[to];
			while (skip < s->n_tested && s->tested[skip].at < to)
				skip++;
			if (to == s->n || skip == s->n_tested || s->tested[skip].at != to || !s->tested[skip].is_skip)
				break;
		}
		if (sum > best.confidence)
			best = (struct search_culprit){ from, to, sum };
		from = to + 1;
	}
	return best;
}

struct search_culprit search_culprit(struct search *s)
{
	return s->options.strategy == STRATEGY_BINARY ? search_binary_culprit(s) : likeliest(s);
}

double search_odds(const struct search *s, const struct search_tested *t)
{
	double odds = 0;

	for (size_t e = 0; e < s->n_epochs; e++)
		if (t->st[e].n)
			odds += oracle_odds(&t->st[e]);
	return odds;
}

enum oracle_answer search_answer(const struct search *s, const struct search_tested *t)
{
	return t->is_skip ? ORACLE_SKIP : oracle_answer(search_odds(s, t), s->options.confidence);
}

bool search_contradicts(struct search *s, const struct search_tested *t)
{
	struct search_culprit c = search_culprit(s);
	enum oracle_answer a = t->is_skip ? ORACLE_WEAK : oracle_answer(search_odds(s, t), CONTRADICTS);

	return (a == ORACLE_GOOD && t->at >= c.to) || (a == ORACLE_BAD && t->at < c.from);
}
