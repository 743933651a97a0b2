/* SPDX-License-Identifier: GPL-2.0-only */
/* experiment.h - the table of what is reproduced: a plan for each published table, and who is compared with whom */
#ifndef REPRODUCE_EXPERIMENT_H
#define REPRODUCE_EXPERIMENT_H

#include "judge/result.h"
#include "lib/str.h"
#include "plan/plan.h"

/* In the order in which they are run and shown. */
enum experiment {
	EXPERIMENT_TAP_QUEUE,
	EXPERIMENT_TAP_DELAY,
	EXPERIMENT_VHOST_QUEUE,
	EXPERIMENT_VHOST_DELAY,
	EXPERIMENT_VPN_RTT,
	EXPERIMENT_VPN_QUEUE,
	EXPERIMENT_SHAPING,
	EXPERIMENT_LATENCY,
	EXPERIMENT_COUNT
};

/**
 * struct experiment_def - one row
 * @name:    "tap-queue"
 * @title:   as a heading
 * @what:    what its claims are about, in a line: "TAP"
 * @plan:    its path, as we ship it
 * @row:     the axis of its rows
 * @row_is:  that axis in words, with a place for the value: "queue %s"
 * @group:   an axis that makes several tables of one, AXIS_COUNT for none
 * @quick_s: seconds of a sample where one has to do
 * @quick_warmup_s: of traffic before it
 */
struct experiment_def {
	const char *name;
	const char *title;
	const char *what;
	const char *plan;
	enum axis row;
	const char *row_is;
	enum axis group;
	double quick_s;
	double quick_warmup_s;
};

const struct experiment_def *experiment_def(enum experiment e);

/** experiment_find() - Return: the one called @name, EXPERIMENT_COUNT if there is none. */
enum experiment experiment_find(const char *name);

/** struct contender_side - a kernel of the plans, with IFF_BACKPRESSURE or without */
struct contender_side {
	const char *kernel;
	const char *backpressure;
};

/** struct contender - what is compared: side 0 is the default, side 1 has flow control; both of one version of Linux */
struct contender {
	const char *name;
	struct contender_side side[2];
};

/* The first one is the published behaviour: what it does decides on a claim. */
enum { CONTENDERS = 3 };
extern const struct contender contenders[CONTENDERS];

/**
 * experiment_cell() - the cell of one side at one row
 * @r:     a run of the experiment's plan
 * @group: value of its axis group, NULL when it has none
 * @row:   value of its axis row
 * Return: NULL when the run has no such cell.
 */
const struct run_cell *experiment_cell(enum experiment e, const struct run_result *r, const struct contender_side *who,
				       const char *group, const char *row);

/** experiment_quick() - add to @sets, as words of plan_set(), what makes a quick run of an experiment's plan. */
void experiment_quick(enum experiment e, struct strv *sets);

/**
 * experiment_seconds() - matrix_seconds() of an experiment's plan without the cells that nobody is compared by
 * @p: as it was after the call
 *
 * They are those that a kernel cannot have, which shows only on the host, and takes no time there.
 */
double experiment_seconds(struct plan *p);

#endif
