/* SPDX-License-Identifier: GPL-2.0-only */
/* run_watch.h - what the machine does beside the traffic of a run, and which samples are invalid for it */
#ifndef RUN_WATCH_H
#define RUN_WATCH_H

#include "lab/host.h"
#include "measure/load.h"
#include "plan/plan.h"
#include "vm/accel.h"

/**
 * struct run_watch - start with { 0 }
 * @plan:     what is run
 * @is_virtual: the host runs in virtual time, which nothing else on this machine disturbs
 * @root:     folder that stands in QEMU's command line
 * @is_open:  the traffic goes on, since @before
 * @hygiene:  of the present cell, of this machine
 * @most:     which process of others had most of the CPU time beside its traffic, NULL if that cannot be said
 * @n_invalid: by cell, how often it gave an invalid sample; NULL: never yet
 */
struct run_watch {
	const struct plan *plan;
	bool is_virtual;
	const char *root;
	bool is_open;
	struct load before;
	double hygiene[HYGIENE_COUNT];
	char *most;
	unsigned int *n_invalid;
};

/** run_watch_begin() - a cell is to be measured on a host that runs on @accel. */
void run_watch_begin(struct run_watch *w, const struct plan *p, enum accel accel, const char *root);

/** run_watch_step() - the host has begun with a step: the traffic, or what comes after it. */
void run_watch_step(struct run_watch *w, const char *step);

/** run_watch_judge() - the cell is over: add what this machine did to its sample, and say whether that counts. */
void run_watch_judge(struct run_watch *w, size_t cell, struct host_outcome *o);

/** run_watch_again() - Return: whether @o is invalid and another sample is to be taken in its place. */
bool run_watch_again(const struct run_watch *w, size_t cell, const struct host_outcome *o);

void run_watch_free(struct run_watch *w);

#endif
