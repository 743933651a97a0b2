/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * claim.h - what was claimed, and whether what we measured agrees: pure, a table and one rule
 *
 *	struct claim *list;
 *	size_t n = claim_list(&list);
 *
 *	for each: struct ruling r = claim_rule(&list[i], &run, 0);
 *
 * A claim is about a ratio of two cells of one run, or about the level of one cell, and is compared
 * with a bar. The unit is the boot, as everywhere in judge/.
 *
 *	ratio, CLAIM_BOOTS boots a side and more: the exact interval of 95 % lies on one side of the bar, or it cannot be judged
 *	level, as many: every boot does
 *	fewer: only what is CLAIM_COARSE times beyond the bar is told, and only that it is reproduced
 */
#ifndef REPRODUCE_CLAIM_H
#define REPRODUCE_CLAIM_H

#include "judge/rank.h"
#include "reproduce/published.h"

/** Boots a side from which on there is an interval of 95 %. */
#define CLAIM_BOOTS 5

/** With fewer boots, so many times beyond the bar: a collapse, not what a busy moment does to one sample. */
#define CLAIM_COARSE 20

/** With fewer boots, a machine with so many processes a CPU before the run was too busy to tell anything. */
#define CLAIM_LOAD 2

/** A published change, or one of ours, that is smaller is none. */
#define CLAIM_MATTERS 0.05

/** How far an idle round trip may be from the one that is wanted. */
#define CLAIM_RTT_TOLERANCE 0.05

enum claim_group_id {
	GROUP_NO_LOSS,
	GROUP_COLLAPSE,
	GROUP_SHORT,
	GROUP_DELAY,
	GROUP_RETRANSMITS,
	GROUP_NO_RETRANSMITS,
	GROUP_VPN_RTT,
	GROUP_VPN_QUEUE,
	GROUP_QDISC,
	GROUP_BLOAT,
	GROUP_COUNT
};

/**
 * struct claim_group - a claim in words; its lines are one a table row
 * @title: what was claimed
 * @bar:   when a line is reproduced
 * @but:   what the published data themselves say against it; NULL for nothing
 */
struct claim_group {
	const char *title;
	const char *bar;
	const char *but;
};

const struct claim_group *claim_group(enum claim_group_id g);

/* CLAIM_AS_PUBLISHED becomes one of the three after it, by the published ratio. */
enum claim_want {
	CLAIM_AS_PUBLISHED,
	CLAIM_RISES, /* more than 1 */
	CLAIM_KEEPS, /* no loss beyond CLAIM_MATTERS */
	CLAIM_FALLS, /* less than 1 */
	CLAIM_AT_LEAST, /* the bar or more */
	CLAIM_AT_MOST, /* less than the bar */
	CLAIM_WANTS
};

/** struct claim_side - a cell: default or with flow control, at one row */
struct claim_side {
	enum published_side side;
	const char *row;
};

/**
 * struct claim - one line
 * @group:      what it belongs to
 * @experiment: where it is looked for
 * @daemon:     value of the experiment's own axis group, NULL if it has none
 * @metric:     what is compared
 * @want:       how it has to be
 * @bar:        of CLAIM_AT_LEAST and CLAIM_AT_MOST
 * @of:         what is asked about
 * @over:       what it is divided by; its row is NULL for a level
 * @says:       what is compared, in words
 */
struct claim {
	enum claim_group_id group;
	enum experiment experiment;
	const char *daemon;
	enum metric metric;
	enum claim_want want;
	double bar;
	struct claim_side of;
	struct claim_side over;
	const char *says;
};

/** claim_list() - every line, in the order of the groups. @ret: to be freed. Return: how many. */
size_t claim_list(struct claim **ret);

/** claim_published() - Return: the same number out of the published data, NAN where it was not published. */
double claim_published(const struct claim *c);

/** claim_is_published() - Return: false when the published number itself is not as the claim says. */
bool claim_is_published(const struct claim *c);

enum claim_verdict { CLAIM_REPRODUCED, CLAIM_NOT_REPRODUCED, CLAIM_CANNOT, CLAIM_VERDICTS };

/** claim_word() - Return: "reproduced", "not reproduced", "cannot be judged here". */
const char *claim_word(enum claim_verdict v);

/**
 * struct ruling - what was measured, and what it means
 * @want: what was wanted, with CLAIM_AS_PUBLISHED resolved
 * @here: of a ratio, the estimate and its interval; of a level, the median and the range; NAN where there is none
 * @of:   of a ratio, the median of its first cell, as it was measured; NAN otherwise
 * @over: the same of the second
 * @n:    boots of the poorer side
 * @why:  why it cannot be judged, "" otherwise; owned
 */
struct ruling {
	enum claim_verdict verdict;
	enum claim_want want;
	struct rank_shift here;
	double of, over;
	size_t n;
	char *why;
};

/**
 * claim_rule() - judge one line
 * @c:         the line
 * @r:         a judged run of the experiment's plan, NULL if there is none
 * @contender: whose numbers; contenders[0] is what was published
 */
struct ruling claim_rule(const struct claim *c, const struct run_result *r, size_t contender);

void ruling_free(struct ruling *r);

#endif
