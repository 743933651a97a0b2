// SPDX-License-Identifier: GPL-2.0-only
/* probe.c - what makes traffic, run */
#include "measure/probe.h"

#include <errno.h>
#include <stdlib.h>

#include "lib/cleanup.h"
#include "lib/err.h"
#include "measure/iperf3.h"

static int (*const runs[])(const struct probe_args *a, struct probe_result *r) = {
	[PROBE_IPERF3] = iperf3_run,
};

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
	probe_result_init(r);
	if ((size_t)a->probe >= ARRAY_SIZE(runs))
		return err_say(ENOTSUP, "probe %s is not there yet", probe_def(a->probe)->name);
	return runs[a->probe](a, r);
}
