/* SPDX-License-Identifier: GPL-2.0-only */
/* reproduction.h - the runs of all experiments together: what is missing, and what they amount to */
#ifndef REPRODUCE_REPRODUCTION_H
#define REPRODUCE_REPRODUCTION_H

#include "reproduce/claim.h"

/**
 * struct reproduction - start with = {0}
 * @is_quick: one short sample a cell
 * @run:      judged runs, where @has says so; owned
 * @samples:  how many a cell should have
 * @seconds:  of a sample
 */
struct reproduction {
	bool is_quick;
	bool has[EXPERIMENT_COUNT];
	struct run_result run[EXPERIMENT_COUNT];
	unsigned int samples[EXPERIMENT_COUNT];
	double seconds[EXPERIMENT_COUNT];
};

void reproduction_free(struct reproduction *r);

/** reproduction_run() - Return: the run of an experiment, NULL if there is none. */
const struct run_result *reproduction_run(const struct reproduction *r, enum experiment e);

/**
 * reproduction_lacks() - how many samples a run still has to take
 * @r:       a run as it was stored
 * @samples: how many each cell should have
 * Return: none of a cell that does not apply, or whose kernel failed.
 */
size_t reproduction_lacks(const struct run_result *r, unsigned int samples);

/** reproduction_count() - how many claims have each verdict. */
void reproduction_count(const struct reproduction *r, size_t ret[CLAIM_VERDICTS]);

/**
 * reproduction_verdict() - all of it in one word
 * Return: FAIL when a claim is not reproduced; BROKEN when the bed failed or a table is missing; PASS when a
 * claim is reproduced and none of these holds; SKIP when none can be judged.
 */
enum verdict reproduction_verdict(const struct reproduction *r);

#endif
