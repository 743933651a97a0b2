// SPDX-License-Identifier: GPL-2.0-only
/* latency.c - the probe latency: round trips of two kinds beside a bulk flow */
#include "measure/latency.h"

#include "measure/iperf3.h"
#include "measure/ping.h"

int latency_run(const struct probe_args *a, struct probe_result *r)
{
	struct ping *icmp = NULL, *tcp = NULL;
	/* The connection is made while the path is free. */
	int err = ping_start_from(PING_TCP, a->server, a->netns, 0, &tcp);

	if (!err)
		err = ping_start_from(PING_ICMP, a->server, a->netns, 0, &icmp);
	if (!err)
		err = iperf3_run(a, r);
	ping_end(icmp, err ? NULL : &r->sample);
	ping_end(tcp, err ? NULL : &r->sample);
	return err;
}
