/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * search.h - which state to measure next, and which change is to blame
 *
 * A range has @n changes and n + 1 states: state 0 is the good end, state i is what is there after
 * change i, state n is the bad end. If change j is to blame, states below j are good and the others bad.
 *
 *	search_init(&s, &options, n, weights);
 *	for (;;) {
 *		step = search_step(&s);
 *		...measure step.at, then one of
 *		search_end(&s, is_bad, value);
 *		search_sample(&s, step.at, value);
 *		search_skip(&s, step.at);
 *		search_same(&s, one, step.at);
 *	}
 *
 * STRATEGY_BAYES keeps a probability over all changes (Jan Kara's RFC of 2021 and git_bayesect do so too), and takes the
 * state that tells most per minute. STRATEGY_BINARY halves what is left, and repeats a state until it
 * is clear. Both are functions of what was told so far, in any order: to resume is to tell it again.
 */
#ifndef BISECT_SEARCH_H
#define BISECT_SEARCH_H

#include "bisect/oracle.h"

enum search_strategy { STRATEGY_BAYES, STRATEGY_BINARY, STRATEGY_COUNT };

/**
 * struct search_options - how to search
 * @strategy:   which way
 * @confidence: to stop at
 * @oracle:     what is assumed of the samples
 * @recheck:    boots of states after which both ends are measured again; 0: never
 * @most:       boots of a state that stays weak: binary gives it up then
 * @boots:      boots after which the search gives up
 * @boot_s:     seconds that a boot with its sample takes
 */
struct search_options {
	enum search_strategy strategy;
	double confidence;
	struct oracle_model oracle;
	unsigned int recheck;
	unsigned int most;
	unsigned int boots;
	double boot_s;
};

/** search_defaults() - Return: what a search does when nobody says anything else. */
struct search_options search_defaults(void);

/** struct search_tested - a state that something is known of; @st: by epoch */
struct search_tested {
	size_t at;
	bool is_skip;
	struct search_value {
		size_t epoch;
		double value;
	} *values;
	size_t n;
	struct oracle_state *st;
};

/**
 * struct search - all that is known
 * @weight:  [1..n] prior of each change, 0 for one that cannot be it
 * @p:       [1..n] search_judge(): probability of each change
 * @build_s: [0..n] seconds that the state takes to build, 0 for one that is built; the caller's to write
 * @epochs:  ends; the last one is the present one
 * @tested:  in the order of their states
 * @boots:   samples so far, of ends and states
 * @since:   samples of states since the ends were measured
 * @is_stale: something was told since search_judge()
 */
struct search {
	struct search_options options;
	size_t n;
	double *weight;
	double *p;
	double *build_s;
	struct oracle *epochs;
	size_t n_epochs;
	struct search_tested *tested;
	size_t n_tested;
	unsigned int boots;
	unsigned int since;
	bool is_stale;
};

/** search_init() - @weights: [0..n - 1] of changes 1 to @n, in any unit; NULL: all alike. */
void search_init(struct search *s, const struct search_options *o, size_t n, const double *weights);
void search_free(struct search *s);

/**
 * search_end() - a sample of an end
 * Return: whether it does not fit the earlier ones: the machine has changed its pace, and a new epoch begins with it.
 */
bool search_end(struct search *s, bool is_bad, double value);

/** search_sample() - a sample of a state between the ends. */
void search_sample(struct search *s, size_t at, double value);

/** search_skip() - a state that cannot be measured. */
void search_skip(struct search *s, size_t at);

/** search_same() - two states are the same thing: no change between them is to blame. */
void search_same(struct search *s, size_t a, size_t b);

enum search_what {
	SEARCH_GOOD_END, /* measure it */
	SEARCH_BAD_END,
	SEARCH_STATE,	 /* measure @at */
	SEARCH_FOUND,	 /* search_culprit() is it */
	SEARCH_ALIKE,	 /* the ends do not differ */
	SEARCH_SWAPPED,	 /* the good end is worse than the bad one */
	SEARCH_GIVEN_UP, /* too many boots, or nothing is left to be measured */
};

/** struct search_step - what to do */
struct search_step {
	enum search_what what;
	size_t at;
};

struct search_step search_step(struct search *s);

#define SEARCH_AHEAD 2

/**
 * search_ahead() - which states may be wanted after the one that is being measured
 * @at:  that one
 * @ret: what would be next among those that are not built (@build_s) if it turns out bad, and if good, the likelier one
 *       first; of an end nothing new is expected
 * Return: how many.
 */
size_t search_ahead(struct search *s, size_t at, size_t ret[SEARCH_AHEAD]);

/** search_judge() - bring @s->p up to date; the others here do it themselves. */
void search_judge(struct search *s);

/** struct search_culprit - changes @from to @to, which cannot be told apart because the states between are skipped */
struct search_culprit {
	size_t from;
	size_t to;
	double confidence;
};

/** search_culprit() - Return: the likeliest. */
struct search_culprit search_culprit(struct search *s);

/** search_tested_at() - Return: what is known of a state, NULL if nothing is. */
const struct search_tested *search_tested_at(const struct search *s, size_t at);

/** search_odds() - Return: log odds that the samples of a state are bad, from them alone. */
double search_odds(const struct search *s, const struct search_tested *t);

/** search_answer() - Return: the state's answer, at the confidence of the search. */
enum oracle_answer search_answer(const struct search *s, const struct search_tested *t);

/**
 * search_contradicts() - is a state clearly good beyond the culprit, or clearly bad before it?
 * Then the history is not one good part and one bad part, and the confidence means less than it says.
 */
bool search_contradicts(struct search *s, const struct search_tested *t);

#endif
