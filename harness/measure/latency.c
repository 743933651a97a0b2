// SPDX-License-Identifier: GPL-2.0-only
/* latency.c - the probe latency: round trips of two kinds beside a bulk flow */
#include "measure/latency.h"

#include "lib/stop.h"
#include "measure/iperf3.h"
#include "measure/ping.h"

#define IDLE_S 1.0

static int measure_idle(const char *server, double *ret_us)
{
	struct ping *icmp = NULL;
	struct sample idle;
	int err = ping_start(PING_ICMP, server, &icmp);

	if (err)
		return err;
	sample_init(&idle);
	err = stop_wait(-1, time_now() + IDLE_S);
	ping_end(icmp, err ? NULL : &idle);
	*ret_us = idle.value[METRIC_PING_P50_US];
	return err;
}

int latency_run(const struct probe_args *a, struct probe_result *r)
{
	struct ping *icmp = NULL, *tcp = NULL;
	int err = measure_idle(a->server, &r->sample.value[METRIC_PING_IDLE_US]);

	/* The connection is made while the path is free. */
	if (!err)
		err = ping_start(PING_TCP, a->server, &tcp);
	if (!err)
		err = ping_start(PING_ICMP, a->server, &icmp);
	if (!err)
		err = iperf3_run(a, r);
	ping_end(icmp, err ? NULL : &r->sample);
	ping_end(tcp, err ? NULL : &r->sample);
	return err;
}
