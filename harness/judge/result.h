/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * result.h - a run as it was stored, and what the judge says of it
 *
 * store.c fills the measured part, judge.c the judged part, the reports only read.
 */
#ifndef JUDGE_RESULT_H
#define JUDGE_RESULT_H

#include <stdbool.h>
#include <stddef.h>

#include <jansson.h>

#include "judge/sequence.h"
#include "plan/cell.h"
#include "plan/plan.h"
#include "plan/sample.h"
#include "plan/verdict.h"

/**
 * struct run_kernel - a kernel as it was measured
 * @name:    as the plan calls it
 * @release: what uname -r said on the host, "" before it booted
 * @package: binary package and its version, "linux-image-... 6.12.117-1~deb12u1"
 * @series:  name of the patch series, NULL for none
 * @hash:    of the kernel artifact: everything that went into it
 */
struct run_kernel {
	char *name;
	char *release;
	char *package;
	char *series;
	char *hash;
};

/**
 * struct run_cell - a cell, its samples, its verdict
 * @cell:    cell.kernel is an index into run_result.kernels
 * @samples: in the order they were taken
 * @invalid: samples that count for nothing: the machine did something else meanwhile
 * @event:   what stopped it: VERDICT_PASS nothing; SKIP, BROKEN, TIMEOUT, or FAIL (a splat of the host
 *           kernel, or what the probe found; there may be samples all the same)
 * @event_reason: one line, NULL for VERDICT_PASS
 * @floor:   noise floor of every metric: a change that two boots of one kernel show, 0.03 for 3 %; 0 where it is not known
 * @n_of:    judged: how many samples have the metric
 * @median:  judged: of every metric over the samples, NAN where none has it
 * @min:     judged: smallest
 * @max:     judged: largest
 * @spread:  judged: half of the range over the median, 0.04 for 4 %; NAN for fewer than two
 * @change:  judged: median over that of kernel 0 at the same point; INFINITY over 0; NAN where there is no such number
 * @verdict: judged
 * @is_expected: judged: it is FAIL, and the plan knew; such a cell does not make the run a failure
 * @reason:  judged: one line, "" for PASS
 */
struct run_cell {
	struct cell cell;
	struct sample *samples;
	size_t n_samples;
	struct sample *invalid;
	size_t n_invalid;
	enum verdict event;
	char *event_reason;
	double floor[METRIC_COUNT];
	size_t n_of[METRIC_COUNT];
	double median[METRIC_COUNT];
	double min[METRIC_COUNT];
	double max[METRIC_COUNT];
	double spread[METRIC_COUNT];
	double change[METRIC_COUNT];
	enum verdict verdict;
	bool is_expected;
	char *reason;
};

/**
 * struct run_result - everything about one run
 * @id:      "20261123-0331-7f3a"
 * @plan:    name of the plan
 * @probe:   what measured it
 * @about:   the plan's question, "" if it has none
 * @started: ISO 8601, UTC
 * @wall_s:  seconds it took so far
 * @host:    facts of the host under test as in the JSON contract: kind, accel, vcpus, memory_mib, qemu, libvirt, ...
 * @guest:   facts of the guest: accel, image, kernel, ...
 * @phases:  seconds by phase: build, host_boot, guest_boot, cells, ...
 * @finished: false while it runs, and for a run that was cut off
 * @sequence: in how many boots a cell is sampled at first, and at most; both 0 when nothing is known of that
 * @per_boot: samples of a cell in each; 0 of a run of an older tapbed, whose sequence counts samples
 * @seed:    of the order of cells in each boot, 0: the plan's own
 * @kernels: in the plan's order; the first is what tables compare with
 * @cells:   in the plan's order
 * @expects: what the plan promises of them, and where it knows a kernel to fail
 * @n_promises: judged: how often a promise was applied to a cell
 * @seen:    judged: how many cells have each verdict
 * @n_expected: judged: how many of those that are FAIL were known to
 * @verdict: judged: of the whole run
 * @line:    judged: the one line of verdict
 */
struct run_result {
	char *id;
	char *plan;
	enum probe probe;
	char *about;
	char *started;
	double wall_s;
	json_t *host;
	json_t *guest;
	json_t *phases;
	bool finished;
	struct sequence sequence;
	unsigned int per_boot;
	int seed;
	struct run_kernel *kernels;
	size_t n_kernels;
	struct run_cell *cells;
	size_t n_cells;
	struct plan_expect *expects;
	size_t n_expects;
	size_t n_promises;
	unsigned int seen[VERDICT_COUNT];
	unsigned int n_expected;
	enum verdict verdict;
	char *line;
};

/** run_result_free() - free all that it holds, not @r itself; half-built ones too. */
void run_result_free(struct run_result *r);

/** run_cell_boots() - Return: how many boots the samples of @c are from. */
size_t run_cell_boots(const struct run_cell *c);

/** run_cell_lacks() - Return: how many samples of @c are still invalid: none could be taken in their place. */
size_t run_cell_lacks(const struct run_result *r, const struct run_cell *c);

/** run_cell_add() - Return: one more sample in a list of a cell, empty; valid until the next one. */
struct sample *run_cell_add(struct sample **list, size_t *n);

/** run_result_fits() - Return: whether the run is of the same kernels, cells (in the same order), probe and machines as @p, on an accelerator that it allows. */
bool run_result_fits(const struct run_result *r, const struct plan *p);

/** run_cell_other() - Return: the cell of kernel @kernel at the same point as @c, NULL if there is none. */
const struct run_cell *run_cell_other(const struct run_result *r, const struct run_cell *c, size_t kernel);

/** run_cell_label() - Return: "nodrop-v3 tap/virtio/q1/fq_codel", to be freed. */
char *run_cell_label(const struct run_result *r, const struct run_cell *c);

/** run_number_text() - Return: a metric's value as people read it, in the unit of tables ("226", "1.6", "0"), "-" for NAN; to be freed. */
char *run_number_text(enum metric m, double value);

#endif
