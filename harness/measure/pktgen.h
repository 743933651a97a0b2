/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * pktgen.h - the probe pktgen: the kernel's packet generator into a TAP that a reader of ring/ empties
 *
 *	kpktgend_0 ... --> qdisc --> tun_net_xmit() --> tx_ring --> reader
 *	 sent_pps		      lost_pps			    pps
 *
 * No socket is in the way, so more is offered than probe raw can. Packets are counted, not
 * followed: that is what probe raw is for.
 */
#ifndef MEASURE_PKTGEN_H
#define MEASURE_PKTGEN_H

#include "measure/probe.h"

/** pktgen_run() - the row's function; see probe_run(). Needs @a->traffic, @a->cell and @a->nl. A kernel without pktgen is SKIP. */
int pktgen_run(const struct probe_args *a, struct probe_result *r);

/** pktgen_rate() - packets a second, out of what /proc/net/pktgen/DEVICE says after a run; pure. Return: 0 or -EBADMSG. */
int pktgen_rate(const char *text, double *ret_pps);

#endif
