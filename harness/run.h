/* SPDX-License-Identifier: GPL-2.0-only */
/* run.h - one execution of a plan: joins ground, lab and store */
#ifndef RUN_H
#define RUN_H

#include "ground.h"
#include "judge/store.h"
#include "lab/campaign.h"
#include "lib/str.h"
#include "plan/plan.h"
#include "run_watch.h"

/** struct run_options - what the command line says; texts are argv's */
struct run_options {
	const char *plan;
	const char *connect;
	const char *cache;
	const char *state;
	const char *fail_step;
	const char *resume;
	const char *against;
	double at_least; /* ratio to that, NAN for compare's own */
	const char *name; /* as of tapbed baseline, NULL for none */
	const char *tree;
	struct strv sets;
	struct strv again; /* the options that a later part of the same run needs again */
};

/**
 * struct run - a run while it goes on
 * @options: the command line
 * @plan:    its plan
 * @store:   where everything goes; NULL for a shell, which measures nothing
 * @id:      run id, NULL before run_start()
 * @dir:     its folder
 * @watch:   what the machine does beside the traffic
 */
struct run {
	const struct run_options *options;
	const struct plan *plan;
	struct store *store;
	char *id;
	char *dir;
	struct run_watch watch;
	struct ground ground;
	struct vmm *vmm;
	char *runtime; /* sockets and disks, removed at the end */
	struct host *host;
	size_t host_kernel; /* the one that it runs */
	struct host_config host_config;
	char *console;
	char *guest_console;
	enum accel *guest_accel; /* by kernel */
	bool *guest_works; /* by kernel: with that accelerator, in this run */
	double guest_boot_s; /* of the present cell */
	const struct visit *visit;
	FILE *log;
	char *skip_said; /* the reason of the last SKIP */
	double began;
	double load; /* of the machine, before the run adds to it */
	double first_boot;
	struct run_result before; /* the run that is resumed, without what run_drop_measured() has found there; empty for a new one */
	unsigned int boots;
	unsigned int done, total;
	double expected_s; /* for all of them, before the first has shown what they take */
	unsigned int nth;
};

/** run_start() - ground, run id and folder, libvirt. Return: 0 or -errno. */
int run_start(struct run *r);

/** run_begin() - row, folder and log in the store, if there is one; run_start() does it. Return: 0 or -errno. */
int run_begin(struct run *r);

/** run_check_ground() - a run that is resumed goes on with the kernels and the accelerator that it began with. Return: 0 or -EINVAL. */
int run_check_ground(struct run *r);

/** run_store_ground() - what kernels and machines turned out to be; a failure is told, and ignored. */
void run_store_ground(struct run *r);

/** run_finish() - close the row; run_end() does it. */
void run_finish(struct run *r);

/** run_close_log() - what is said from here on is not the run's; run_free() does it. */
void run_close_log(struct run *r);

/** run_measure() - every visit of the plan. Return: 0, -EINTR, other -errno. */
int run_measure(struct run *r);

/** run_visits() - a part of them. Return: as run_measure(). */
int run_visits(struct run *r, const struct visit *visits, size_t n);

/** run_record() - keep an outcome of a cell: raw output, sample, event; and say what is not PASS. */
void run_record(struct run *r, const struct visit *v, size_t cell, const struct host_outcome *given);

/** run_choose_seed() - of the order of cells: the plan's, that of the run which is resumed, or another one. Return: 0 or -errno. */
int run_choose_seed(struct store *s, const char *resume, struct plan *p);

/** run_drop_measured() - take out of the visits what the run that is resumed has already. */
void run_drop_measured(struct run *r, struct visit *visits, size_t n);

/** run_more() - once more, and again, for cells that are NOISY, up to the plan's cap. Return: as run_measure(). */
int run_more(struct run *r);

/** run_boot() - boot a kernel of the plan as host, without a campaign. Return: 0 or -errno. */
int run_boot(struct run *r, const struct visit *v, bool *died);

/** run_end() - end what runs, remove what is temporary, close the store's row. */
void run_end(struct run *r);

void run_free(struct run *r);

#endif
