/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * latency.h - the probe latency: does a queue that is short keep round trips short?
 *
 *	iperf3 at full speed
 *	+ an ICMP echo every 20 ms		ping_p50_us, ping_p95_us, ping_p99_us, ping_lost
 *	+ a request over TCP every 20 ms	rr_p50_us, rr_p95_us, rr_p99_us, rr_lost
 *
 * What the way takes without traffic is idle_rtt_us, which every probe with a guest has.
 * ICMP that is dropped is lost; a request that is dropped is sent again by TCP, and late.
 */
#ifndef MEASURE_LATENCY_H
#define MEASURE_LATENCY_H

#include "measure/probe.h"

/** latency_run() - the row's function; see probe_run(). */
int latency_run(const struct probe_args *a, struct probe_result *r);

#endif
