/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * probes.h - the table of what makes traffic: what plans, the bed and the reports have to know
 *
 * A new probe is a row in probes.c, and a function in measure/probe.c that runs it.
 */
#ifndef PLAN_PROBES_H
#define PLAN_PROBES_H

#include <stdbool.h>

#include <jansson.h>

#include "plan/axes.h"

/** PROBE_SIZE - bytes of UDP payload where a plan says nothing */
#define PROBE_SIZE 1024

enum probe {
	PROBE_IPERF3,
	PROBE_RAW,
	PROBE_LATENCY,
	PROBE_VPN,
	PROBE_UDP,
	PROBE_SHAPING,
	PROBE_PKTGEN,
	PROBE_COUNT
};

/**
 * struct probe_def - one row
 * @name:         as plans, the store and reports call it
 * @help:         one line for people
 * @has_guest:    its packets go to a guest, which has to be up
 * @is_pinged:    the bed sends an echo every 20 ms beside it; otherwise the probe does what it needs
 * @counts_packets: size, rate, packets and seed of a plan mean something to it
 * @sets_rate:    of these, size and rate alone
 * @finds_faults: it says itself when a kernel does wrong, whatever a plan promises
 * @setup_s:      what a cell takes beside its traffic when nothing is wrong, for estimates
 * @spare_s:      what a cell may take beside its traffic, then it is a TIMEOUT
 * @uses:         axes that mean something to it; the others must be at their defaults
 * @name_lead:    what stands before the axes that every cell's name shows, NULL for the others
 */
struct probe_def {
	const char *name;
	const char *help;
	bool has_guest;
	bool is_pinged;
	bool counts_packets;
	bool sets_rate;
	bool finds_faults;
	double setup_s;
	double spare_s;
	bool uses[AXIS_COUNT];
	const char *name_lead[AXIS_COUNT];
};

/**
 * struct plan_probe - the traffic, as a plan wants it
 * @kind:     row of the table
 * @seconds:  length of a sample
 * @warmup_s: traffic before the first sample of a guest boot, not counted
 * @size:     bytes of UDP payload
 * @rate_pps: packets a second and sender, 0 for as many as go
 * @packets:  a sample goes on until so many are received; 0: @seconds count
 * @seed:     of a scenario that is random, 0 for another one each time
 */
struct plan_probe {
	enum probe kind;
	double seconds;
	double warmup_s;
	int size;
	int rate_pps;
	double packets;
	int seed;
};

const struct probe_def *probe_def(enum probe p);

/** probe_find() - Return: the probe called @name, PROBE_COUNT if there is none. */
enum probe probe_find(const char *name);

/** probe_to_json() - Return: {"name": "iperf3", "seconds": 5, ...}, as the agent is told; a new reference. */
json_t *probe_to_json(const struct plan_probe *p);

/** probe_deadline_s() - Return: seconds after which a host that has not finished a cell hangs. */
double probe_deadline_s(const struct plan_probe *p);

/** probe_from_json() - the reverse. Return: 0 or -EINVAL. */
int probe_from_json(const json_t *obj, struct plan_probe *ret);

#endif
