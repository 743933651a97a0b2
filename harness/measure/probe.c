// SPDX-License-Identifier: GPL-2.0-only
/* probe.c - what makes traffic, run */
#include "measure/probe.h"

#include <stdlib.h>

#include "lib/cleanup.h"
#include "measure/iperf3.h"
#include "measure/latency.h"
#include "measure/load.h"
#include "measure/pktgen.h"
#include "measure/raw.h"
#include "measure/shaping.h"
#include "measure/vpn.h"

static int (*const runs[])(const struct probe_args *a, struct probe_result *r) = {
	[PROBE_IPERF3] = iperf3_run,
	[PROBE_RAW] = raw_run,
	[PROBE_LATENCY] = latency_run,
	[PROBE_VPN] = vpn_run,
	[PROBE_UDP] = iperf3_udp_run,
	[PROBE_SHAPING] = shaping_run,
	[PROBE_PKTGEN] = pktgen_run,
};
_Static_assert(ARRAY_SIZE(runs) == PROBE_COUNT, "a function for every probe");

void probe_result_init(struct probe_result *r)
{
	*r = (struct probe_result){ .finding.verdict = VERDICT_PASS };
	sample_init(&r->sample);
}

void probe_result_free(struct probe_result *r)
{
	sample_free(&r->sample);
	free(r->finding.reason);
	free(r->raw);
	free(r->command);
	probe_result_init(r);
}

int probe_run(const struct probe_args *a, struct probe_result *r)
{
	struct load before, after;
	int ret;

	probe_result_init(r);
	load_read_host(&before);
	ret = runs[a->probe](a, r);
	load_read_host(&after);
	load_diff(&before, &after, r->sample.hygiene);
	return ret;
}
