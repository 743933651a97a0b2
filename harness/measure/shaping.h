/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * shaping.h - the probe shaping: is traffic shaping on a TAP of any use?
 *
 *	bulk TCP to the guest, as fast as it goes		throughput_bps
 *	beside it, with SHAPER_TOS, which the shaper lets go first:
 *	datagrams at the plan's rate (500 a second if it has none)	prio_percent, jitter_us, lost_percent
 *	a request over TCP every 20 ms				rr_p50_us ... rr_lost
 *
 * and, as beside every probe, an ICMP echo without any priority (ping_*), and the largest
 * backlog of the qdisc. Where the shaper's rate is below what the guest's side takes, the qdisc is
 * the bottleneck, and any kernel should shape. Where it is above, the ring is, and a kernel that
 * drops there keeps the qdisc from seeing a backlog: there is nothing to put in order.
 */
#ifndef MEASURE_SHAPING_H
#define MEASURE_SHAPING_H

#include "measure/probe.h"

/** SHAPING_PRIO_PORT - of the guest's second server, which takes the datagrams */
#define SHAPING_PRIO_PORT 5202

/** shaping_run() - the row's function; see probe_run(). The shaper itself is part of the link. */
int shaping_run(const struct probe_args *a, struct probe_result *r);

#endif
