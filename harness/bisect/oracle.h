/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * oracle.h - what samples say about a state of the source: is it like the good end or like the bad one?
 *
 * Both ends are measured first, and a rank test must tell them apart, at looks that share the error
 * (judge/sequence.h). After that nothing is ever called by a threshold on a single number. The levels of
 * good and bad and the spread of the samples are not known, only guessed at from a handful of boots, so
 * the oracle carries many guesses (ORACLE_DRAWS, drawn by Gibbs sampling from what the ends showed) and a
 * sample counts by how likely it is under each of them. A guess that later samples speak against
 * loses its weight. So ends that were measured badly make a search slow, not wrong.
 *
 * Each boot has a chance to be a wrong answer (@wrong): a machine that hiccups, a bad kernel that for once does
 * well. No single boot can therefore say more than log((1 - wrong) / wrong).
 *
 * What was measured before the machine changed its pace (drift) is only compared with ends that were
 * measured then: an epoch has ends of its own.
 */
#ifndef BISECT_ORACLE_H
#define BISECT_ORACLE_H

#include <stdbool.h>
#include <stddef.h>

#include "judge/sequence.h"

#define ORACLE_DRAWS 256

/** enum oracle_answer - of one state; WEAK: the samples so far may be of either kind */
enum oracle_answer { ORACLE_WEAK, ORACLE_GOOD, ORACLE_BAD, ORACLE_SKIP, ORACLE_ANSWERS };

/** enum oracle_kind - what a sample is: a number with noise, or whether something happened (0 or 1) */
enum oracle_kind { ORACLE_NUMBER, ORACLE_EVENT };

/** enum oracle_ends - what is known of both ends */
enum oracle_ends {
	ORACLE_ENDS_MORE,   /* too few samples to tell */
	ORACLE_ENDS_DIFFER, /* bad is worse */
	ORACLE_ENDS_ALIKE,  /* all samples that may be taken are taken, and nothing shows */
	ORACLE_ENDS_SWAPPED, /* bad is better than good */
};

/**
 * struct oracle_model - what is assumed
 * @kind:    of the samples
 * @wrong:   chance that a boot gives an answer of the other kind, whatever its kernel is
 * @spread:  smallest spread that is believed: equal samples do not prove that there is no noise
 * @matters: smallest difference of the ends that is worth a search
 * @ends:    boots of each end: at the first look, and at most
 * @alpha:   chance to see a difference of ends that are alike
 */
struct oracle_model {
	enum oracle_kind kind;
	double wrong;
	double spread;
	double matters;
	struct sequence ends;
	double alpha;
};

/** struct oracle_state - what the samples of one state say: log likelihood under each draw, if it is good, and if it is bad */
struct oracle_state {
	size_t n;
	double good[ORACLE_DRAWS];
	double bad[ORACLE_DRAWS];
};

/**
 * struct oracle - the ends of one epoch
 * @model: the caller's
 * @good:  samples of the good end, larger is worse
 * @bad:   the same of the other end
 * @draws: guesses at the truth, made when they are needed
 * @is_drawn: there are
 * @ends:  what the test said; that they differ is said once and for all
 */
struct oracle {
	struct oracle_model model;
	double *good;
	size_t n_good;
	double *bad;
	size_t n_bad;
	struct oracle_draw {
		double good;
		double bad;
		double spread;
	} draws[ORACLE_DRAWS];
	bool is_drawn;
	enum oracle_ends ends;
};

/** oracle_end() - one more sample of an end; what was said of any state has to be said again. */
void oracle_end(struct oracle *o, bool is_bad, double value);

/** oracle_is_like() - Return: whether @value fits the samples that an end has; a machine that drifts gives others. */
bool oracle_is_like(struct oracle *o, bool is_bad, double value);

/** oracle_sample() - add to @st what a sample says of its state. */
void oracle_sample(struct oracle *o, double value, struct oracle_state *st);

/** oracle_odds() - Return: log of how much likelier the samples of @st are if it is bad. */
double oracle_odds(const struct oracle_state *st);

/** oracle_answer() - Return: good or bad when the odds are beyond those of @confidence, else weak. */
enum oracle_answer oracle_answer(double odds, double confidence);

/** oracle_error() - Return: the chance that one more boot of a state is on the wrong side. */
double oracle_error(struct oracle *o);

/** oracle_log_mean() - Return: the log of the mean of exp(v), for numbers that would not survive exp(). */
double oracle_log_mean(const double *v, size_t n);

void oracle_free(struct oracle *o);

#endif
