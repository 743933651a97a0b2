/* SPDX-License-Identifier: GPL-2.0-only */
/* procstat.h - what /proc/stat, /proc/PID/stat and /proc/interrupts say, as texts; touches nothing */
#ifndef MEASURE_PROCSTAT_H
#define MEASURE_PROCSTAT_H

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
