/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * probe.h - the table of what makes traffic
 *
 *	struct probe_args a = { .name = "iperf3", .server = "10.1.0.2", .seconds = 5 };
 *
 *	ret = probe_run(&a, &sample, &raw, &command);
 *
 * A new probe is a row in probe.c and a file.
 */
#ifndef MEASURE_PROBE_H
#define MEASURE_PROBE_H

#include "plan/sample.h"

/**
 * struct probe_args - one measurement
 * @name:     row of the table
 * @server:   address of the guest
 * @seconds:  length; a probe that takes whole seconds rounds up
 * @streams:  parallel connections; 0 means 1
 * @tick:     called about every @tick_s seconds while the traffic runs, or NULL
 * @tick_arg: for @tick
 * @tick_s:   seconds between two calls
 */
struct probe_args {
	const char *name;
	const char *server;
	double seconds;
	int streams;
	void (*tick)(void *arg);
	void *tick_arg;
	double tick_s;
};

/**
 * struct probe_def - one row
 * @name: as plans call it
 * @help: one line for people
 * @run:  see probe_run()
 */
struct probe_def {
	const char *name;
	const char *help;
	int (*run)(const struct probe_args *a, struct sample *s, char **ret_raw, char **ret_command);
};

/** probe_find() - Return: the probe called @name; NULL with a sentence if there is none. */
const struct probe_def *probe_find(const char *name);

/**
 * probe_run() - make the traffic and measure it
 * @a:           what to run
 * @s:           the metrics that the probe knows are set, others left alone; untouched on failure
 * @ret_raw:     its output, whole, to be freed; set on failure too if there was any, otherwise NULL
 * @ret_command: the exact command line, to be freed; set on failure too
 * Return: 0; -EINVAL for an unknown probe; -ECONNREFUSED, -EHOSTUNREACH, -ETIMEDOUT and others
 * from the probe; -EINTR when a stop was asked for.
 */
int probe_run(const struct probe_args *a, struct sample *s, char **ret_raw, char **ret_command);

#endif
