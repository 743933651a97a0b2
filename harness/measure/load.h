/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * load.h - what a machine did beside a measurement
 *
 *	load_read_outer(root, &before);
 *	... traffic ...
 *	load_read_outer(root, &after);
 *	load_diff(&before, &after, hygiene);
 */
#ifndef MEASURE_LOAD_H
#define MEASURE_LOAD_H

#include <stdbool.h>

#include "measure/procstat.h"
#include "plan/hygiene.h"

/** LOAD_NAMED - processes of others that are known by name; what more of them do is only added up */
#define LOAD_NAMED 512

/**
 * struct load_process - one of the others
 * @ticks: of its own, and of its children that have ended
 */
struct load_process {
	long pid;
	uint64_t ticks;
	char name[16];
};

/**
 * struct load - a machine at one moment
 * @is_host:   the host under test, seen from inside; else the machine that runs it
 * @is_known:  it could be read
 * @at:        CLOCK_MONOTONIC, in seconds
 * @wall_s:    CLOCK_REALTIME, less that
 * @tick:      ticks a second
 * @time:      of all CPUs
 * @has_ours:  of the outer machine: QEMU was found there
 * @ours:      outer: ticks of QEMU and of ourselves
 * @waited_ns: outer: how long threads of these could have run and did not
 * @others:    ticks of processes that are not the bed's, kernel threads too where it is not the host
 * @n_named, @named: outer: who these are
 */
struct load {
	bool is_host;
	bool is_known;
	double at;
	double wall_s;
	double tick;
	struct procstat_time time;
	bool has_ours;
	uint64_t ours;
	uint64_t waited_ns;
	uint64_t others;
	size_t n_named;
	struct load_process named[LOAD_NAMED];
};

/**
 * load_read_outer() - the machine that runs the host under test
 * @mark: stands in QEMU's command line: the folder of its sockets
 *
 * Others are added up process by process. The machine's own total less what is ours would be simpler, and wrong by 15 %
 * either way where the kernel counts that by ticks and processes by what they ran (CONFIG_TICK_CPU_ACCOUNTING); it is
 * used only where /proc does not have every process, as in a container.
 *
 * What cannot be read is not known; that is no error. Kernels without schedstat, containers that hide
 * processes and QEMUs of another machine are all common.
 */
void load_read_outer(const char *mark, struct load *ret);

/** load_read_host() - the host under test, by who runs on it: processes of another control group than ours are others. */
void load_read_host(struct load *ret);

/** load_diff() - what happened between two readings of one machine; touches only what is known. Pure. */
void load_diff(const struct load *before, const struct load *after, double hygiene[HYGIENE_COUNT]);

/**
 * load_most_of() - who of the others ran most between two readings of the outer machine. Pure.
 * Return: its name and number, "cc1 (812)", to be freed; NULL when no single process had half of what the others had.
 */
char *load_most_of(const struct load *before, const struct load *after);

#endif
