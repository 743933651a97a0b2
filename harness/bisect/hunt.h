/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * hunt.h - a search as it goes on: what is built and booted for it, what is written down, how it ends
 *
 * Nothing here knows how a state is built or measured: the caller's table does, and a test has one of its
 * own. Everything that is learned goes to the journal first; told from there again, the hunt goes on where
 * it was.
 */
#ifndef BISECT_HUNT_H
#define BISECT_HUNT_H

#include <jansson.h>

#include "bisect/range.h"
#include "bisect/search.h"
#include "plan/metric.h"
#include "plan/sample.h"

/**
 * struct hunt_boot - what one boot of a state gave
 * @has_value: whether @sample is of any use; else the state is skipped, for @reason
 * @reason:    one line, owned
 * @run:       the run in the store, owned
 * @sample:    all its metrics
 * @has_died:  the host panicked, hung, oopsed or warned
 */
struct hunt_boot {
	bool has_value;
	bool has_died;
	char *reason;
	char *run;
	struct sample sample;
};

void hunt_boot_free(struct hunt_boot *b);

/** HUNT_REVERT - the state that is the bad end with the culprit reverted; n + 1 */
#define HUNT_REVERT(h) ((h)->range->n + 1)

/**
 * struct hunt_ops - what the hunt needs done
 * @build:      have a state ready. @ret: what it is, the same for states that behave the same; to be freed.
 *              Return: 0; -ENOEXEC: it does not build; other -errno: the test bed is broken
 * @ahead:      states that may be wanted next, the likeliest first, may be made ready while one is booted; NULL: nothing ever is
 * @boot:       one boot and one sample of a state that has been built, perhaps by an earlier process. Return: 0; -EINTR; other -errno: the test bed is broken
 * @looks_same: whether the change that leads to a state alters comments and documentation alone
 * @revert:     make state HUNT_REVERT: the bad end without change @at. Return: 0; -ENOTSUP: there is no such thing; -EEXIST: it conflicts; other -errno
 * @note:       a line of the journal, to be kept at once. Return: 0 or -errno
 * @tell:       a sentence for the person
 */
struct hunt_ops {
	int (*build)(void *arg, size_t at, char **ret);
	void (*ahead)(void *arg, const size_t *at, size_t n);
	int (*boot)(void *arg, size_t at, struct hunt_boot *ret);
	bool (*looks_same)(void *arg, size_t at);
	int (*revert)(void *arg, size_t at);
	int (*note)(void *arg, const json_t *line);
	void (*tell)(void *arg, const char *sentence);
};

/**
 * struct hunt_state - what is known of a state beside what the search knows
 * @artifact: what it is, NULL while it is not built
 * @values:   of each sample, as hunt_value() takes it
 * @is_no_change: what leads to it changes comments alone: the state before stands for it
 * @failures: of an end: boots in a row without a sample
 */
struct hunt_state {
	char *artifact;
	char *why_skip;
	struct sample *samples;
	double *values;
	size_t n_samples;
	bool is_no_change;
	unsigned int failures;
	double build_s;
};

/** enum hunt_check - of a claim that was put to the test */
enum hunt_check { HUNT_NOT_TRIED, HUNT_PASS, HUNT_FAIL, HUNT_CONFLICT, HUNT_CHECKS };

/**
 * struct hunt - one range being searched
 * @range:   what is searched
 * @metric:  what is looked at; METRIC_COUNT: whether the host died
 * @search:  what is known
 * @state:   [0 .. n + 1] of the range, the last one for HUNT_REVERT
 * @verify:  whether culprit and parent, measured again, are what they were
 * @revert:  whether the bad end without the culprit is good
 * @verify_boots: of each
 */
struct hunt {
	const struct range *range;
	enum metric metric;
	struct search search;
	struct hunt_state *state;
	const struct hunt_ops *ops;
	void *arg;
	enum hunt_check verify;
	enum hunt_check revert;
	unsigned int verify_boots;
	unsigned int boots;
	unsigned int builds;
};

void hunt_init(struct hunt *h, const struct range *r, enum metric m, const struct search_options *o,
	       const struct hunt_ops *ops, void *arg);
void hunt_free(struct hunt *h);

/** hunt_value() - Return: a metric as the search takes it: larger is worse, a rate as its logarithm. */
double hunt_value(enum metric m, const struct hunt_boot *b);

/** hunt_retell() - take a line of an earlier journal. Return: 0 or -EINVAL: it is of another range. */
int hunt_retell(struct hunt *h, const json_t *line);

/** hunt_run() - search. Return: 0 and *@ret, how it ended; -EINTR; other -errno: the test bed is broken. */
int hunt_run(struct hunt *h, enum search_what *ret);

/** hunt_verify() - put the one change that was found to the test; sets @verify and @revert. Return: as hunt_run(). */
int hunt_verify(struct hunt *h);

const char *hunt_check_name(enum hunt_check c);

#endif
