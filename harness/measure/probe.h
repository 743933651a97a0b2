/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * probe.h - what makes traffic, run
 *
 *	struct probe_args a = { .probe = PROBE_IPERF3, .server = "10.1.0.2", .seconds = 5 };
 *	struct probe_result r;
 *
 *	ret = probe_run(&a, &r);
 *	... r.finding.verdict is PASS: r.sample; FAIL: the kernel did wrong, and r.sample ...
 *	probe_result_free(&r);
 *
 * What is known of the probes beside that is in plan/probes.h. A new one is a row there, one in
 * probe.c and a file.
 */
#ifndef MEASURE_PROBE_H
#define MEASURE_PROBE_H

#include "net/nl.h"
#include "plan/cell.h"
#include "plan/sample.h"
#include "plan/verdict.h"

/**
 * struct probe_args - one measurement
 * @probe:    row of the table
 * @server:   address of the guest, for a probe that has one
 * @port:     of the server, 0 for the probe's own; @tos: of the packets, 0 for none
 * @seconds:  length; a probe that takes whole seconds rounds up
 * @streams:  parallel connections; 0 means 1
 * @netns:    file of the network namespace that the traffic comes from, for nsenter(1); NULL: ours
 * @reverse:  the guest sends
 * @congestion: the sender's congestion control; NULL: its kernel's default
 * @traffic:  what else the plan says of the traffic; NULL for probes that know nothing else
 * @cell:     the point, for probes without a guest, which make the device themselves
 * @nl:       rtnetlink of the namespace, for them too
 * @disk_is_free: the program's deadline begins anew while the disk keeps it waiting, as in struct proc
 * @gone_fd:  becomes readable when the guest has ended, and the probe ends with -EPIPE; 0: none
 * @tick:     called about every @tick_s seconds while the traffic runs, or NULL
 * @tick_arg: for @tick
 * @tick_s:   seconds between two calls
 */
struct probe_args {
	enum probe probe;
	const char *server;
	int port;
	int tos;
	double seconds;
	int streams;
	const char *netns;
	bool reverse;
	const char *congestion;
	const struct plan_probe *traffic;
	const struct cell *cell;
	struct nl *nl;
	bool disk_is_free;
	int gone_fd;
	void (*tick)(void *arg);
	void *tick_arg;
	double tick_s;
};

/**
 * struct finding - what a probe says of the kernel beside its numbers
 * @verdict: PASS nothing; FAIL it did wrong, the numbers are kept all the same; SKIP it lacks what
 *           was to be tried, there are no numbers
 * @reason:  one line, NULL for PASS; owned
 */
struct finding {
	enum verdict verdict;
	char *reason;
};

/**
 * struct probe_result - what a measurement gave
 * @sample:  the metrics that the probe knows, the others NAN; and what the machine did beside it
 * @finding: what it found
 * @raw:     its output, whole; there on failure too if there was any, otherwise NULL; owned
 * @command: the exact command line; there on failure too; owned
 */
struct probe_result {
	struct sample sample;
	struct finding finding;
	char *raw;
	char *command;
};

void probe_result_init(struct probe_result *r);
void probe_result_free(struct probe_result *r);

/**
 * probe_run() - make the traffic and measure it
 * @a: what to run
 * @r: initialised here; probe_result_free() it in any case
 * Return: 0; -ECONNREFUSED, -EHOSTUNREACH, -ETIMEDOUT and others from the probe; -EINTR when a
 * stop was asked for.
 */
int probe_run(const struct probe_args *a, struct probe_result *r);

#endif
