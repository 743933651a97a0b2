/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * join.h - two kernels that were measured in different runs, side by side
 *
 *	struct join_side a = { &run_a, NULL }, b = { &run_b, NULL };
 *
 *	for each ka, kb: if (join_is_pair(&a, ka, &b, kb))
 *		join_runs(&run_a, ka, &run_b, kb, 0.9, &joined, &notes), judge_run(&joined);
 */
#ifndef JUDGE_JOIN_H
#define JUDGE_JOIN_H

#include "judge/result.h"
#include "lib/str.h"

/** Smallest ratio of throughput (of probe raw: packets a second) that a comparison of few boots accepts when nothing else is said. */
#define JOIN_AT_LEAST_FEW 0.9

/** struct join_side - one side of a comparison; @kernel is NULL for every kernel of the run */
struct join_side {
	const struct run_result *run;
	const char *kernel;
};

/**
 * join_is_pair() - are these two kernels to be compared?
 * Return: true for kernels of the same name, and for the only two, whatever they are called.
 */
bool join_is_pair(const struct join_side *a, size_t ka, const struct join_side *b, size_t kb);

/**
 * join_runs() - make one run of two kernels, with the promises that hold for any comparison;
 * both were measured by the same probe
 * @a:         the run that is compared with
 * @ka:        its kernel
 * @b:         the run that must not be worse
 * @kb:        its kernel
 * @at_least:  smallest ratio of throughput or packets a second that passes
 * @ret:       kernel 0 is @ka, kernel 1 is @kb; the points that both have; not judged yet; run_result_free() it
 * @ret_notes: what a reader has to know: points that only one side has, facts that differ
 */
void join_runs(const struct run_result *a, size_t ka, const struct run_result *b, size_t kb,
	       double at_least, struct run_result *ret, struct strv *ret_notes);

/**
 * join_at_least() - what to ask for when nothing is said
 * Return: 1, not worse, when the poorest cell has boots enough for a test; else JOIN_AT_LEAST_FEW.
 */
double join_at_least(const struct run_result *a, size_t ka, const struct run_result *b, size_t kb);

/** join_promises() - Return: what B promises when @probe has measured it: "throughput_bps at least 0.9, ...", to be freed. */
char *join_promises(enum probe probe, double at_least);

#endif
