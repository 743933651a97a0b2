/* SPDX-License-Identifier: GPL-2.0-only */
/* procstat.h - what /proc/stat, /proc/PID/stat and /proc/interrupts say, as texts; touches nothing */
#ifndef MEASURE_PROCSTAT_H
#define MEASURE_PROCSTAT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** PROCSTAT_CPUS - more are counted in the last one */
#define PROCSTAT_CPUS 64

/**
 * procstat_softirq() - time in softirq of every CPU, out of /proc/stat
 * @ret: ticks of each
 * Return: how many CPUs there are, or -EBADMSG.
 */
int procstat_softirq(const char *text, uint64_t ret[PROCSTAT_CPUS]);

/**
 * struct procstat_time - CPU time of a machine since its boot, in ticks
 * @busy:  what was run, interrupts too
 * @steal: what its hypervisor gave to others while something could have run
 * @cpus:  how many there are
 */
struct procstat_time {
	uint64_t busy;
	uint64_t steal;
	int cpus;
};

/** procstat_time() - out of /proc/stat. Return: 0 or -EBADMSG. */
int procstat_time(const char *text, struct procstat_time *ret);

/**
 * struct procstat_process - of one line of /proc/PID/stat
 * @name:      of its program, cut by the kernel
 * @is_kernel: a thread of the kernel
 * @ticks:     user and system time of its own
 * @reaped:    that of its children that have ended
 */
struct procstat_process {
	char name[16];
	bool is_kernel;
	uint64_t ticks;
	uint64_t reaped;
};

/** procstat_process() - out of /proc/PID/stat. Return: 0 or -EBADMSG. */
int procstat_process(const char *text, struct procstat_process *ret);

/** procstat_waited() - nanoseconds that a task could have run and did not, out of /proc/PID/task/TID/schedstat. Return: 0 or -EBADMSG. */
int procstat_waited(const char *text, uint64_t *ret);

/** procstat_switches() - context switches since boot, out of /proc/stat. Return: 0 or -EBADMSG. */
int procstat_switches(const char *text, uint64_t *ret);

/** procstat_task() - user and system time of a task in ticks, out of /proc/PID/stat. Return: 0 or -EBADMSG. */
int procstat_task(const char *text, uint64_t *ret);

/**
 * procstat_interrupts() - how often those came whose name has @part, on all CPUs, out of /proc/interrupts
 * Return: 0, or -ENODATA when none has it.
 */
int procstat_interrupts(const char *text, const char *part, uint64_t *ret);

/** PROCSTAT_LINES - more are not told apart */
#define PROCSTAT_LINES 16

/**
 * procstat_lines() - the same line by line
 * @ret: how often each came, in the order of the lines
 * Return: how many lines have @part, PROCSTAT_LINES at most.
 */
int procstat_lines(const char *text, const char *part, uint64_t ret[PROCSTAT_LINES]);

#endif
