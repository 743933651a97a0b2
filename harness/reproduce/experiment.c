// SPDX-License-Identifier: GPL-2.0-only
/* experiment.c - the table of what is reproduced: a plan for each published table, and who is compared with whom */
#include "reproduce/experiment.h"

#include <string.h>

#include "lib/cleanup.h"
#include "plan/matrix.h"

#define PLAN(name) "tests/plans/reproduce-" name ".yaml"

static const struct experiment_def table[] = {
	[EXPERIMENT_TAP_QUEUE] = {
		.name = "tap-queue", .title = "TAP, host to a Debian VM, by queue length", .what = "TAP",
		.plan = PLAN("tap-queue"), .row = AXIS_TXQUEUELEN, .row_is = "queue %s", .group = AXIS_COUNT,
		.quick_s = 3, .quick_warmup_s = 2,
	},
	[EXPERIMENT_TAP_DELAY] = {
		.name = "tap-delay", .title = "TAP, queue 1000, by emulated delay", .what = "TAP",
		.plan = PLAN("tap-delay"), .row = AXIS_DELAY_MS, .row_is = "%s ms", .group = AXIS_COUNT,
		.quick_s = 6, .quick_warmup_s = 2,
	},
	[EXPERIMENT_VHOST_QUEUE] = {
		.name = "vhost-queue", .title = "TAP and vhost_net, host to a Debian VM, by queue length", .what = "vhost",
		.plan = PLAN("vhost-queue"), .row = AXIS_TXQUEUELEN, .row_is = "queue %s", .group = AXIS_COUNT,
		.quick_s = 3, .quick_warmup_s = 2,
	},
	[EXPERIMENT_VHOST_DELAY] = {
		.name = "vhost-delay", .title = "TAP and vhost_net, queue 1000, by emulated delay", .what = "vhost",
		.plan = PLAN("vhost-delay"), .row = AXIS_DELAY_MS, .row_is = "%s ms", .group = AXIS_COUNT,
		.quick_s = 6, .quick_warmup_s = 2,
	},
	[EXPERIMENT_VPN_RTT] = {
		.name = "vpn-rtt", .title = "VPN over a path in a lab, by round trip", .what = "VPN",
		.plan = PLAN("vpn-rtt"), .row = AXIS_DELAY_MS, .row_is = "%s ms", .group = AXIS_VPN,
		.quick_s = 4, .quick_warmup_s = 0, /* of every sample: its tunnel and connection are new */
	},
	[EXPERIMENT_VPN_QUEUE] = {
		.name = "vpn-queue", .title = "VPN over about 120 ms, by queue length of the TUN", .what = "VPN",
		.plan = PLAN("vpn-queue"), .row = AXIS_TXQUEUELEN, .row_is = "queue %s", .group = AXIS_VPN,
		.quick_s = 4, .quick_warmup_s = 0, /* of every sample: its tunnel and connection are new */
	},
	[EXPERIMENT_SHAPING] = {
		.name = "shaping", .title = "A shaper that is faster than the reader of the TAP", .what = "TAP, queue 10",
		.plan = PLAN("shaping"), .row = AXIS_SHAPER, .row_is = "%s", .group = AXIS_COUNT,
		.quick_s = 5, .quick_warmup_s = 2,
	},
	[EXPERIMENT_LATENCY] = {
		.name = "latency", .title = "Round trips beside eight flows", .what = "eight flows",
		.plan = PLAN("latency"), .row = AXIS_TXQUEUELEN, .row_is = "queue %s", .group = AXIS_BACKEND,
		.quick_s = 3, .quick_warmup_s = 2,
	},
};
_Static_assert(ARRAY_SIZE(table) == EXPERIMENT_COUNT, "a row for every experiment");

const struct contender contenders[CONTENDERS] = {
	{ "nodrop-v3",	  { { "stock",	   "off" }, { "nodrop-v3",    "off" } } },
	{ "backpressure", { { "stock",	   "off" }, { "backpressure", "off" } } },
	{ "linux-7.3",	  { { "linux-7.3", "off" }, { "linux-7.3",    "on"  } } },
};

const struct experiment_def *experiment_def(enum experiment e)
{
	return &table[e];
}

enum experiment experiment_find(const char *name)
{
	enum experiment e = 0;

	while (e < EXPERIMENT_COUNT && strcmp(table[e].name, name))
		e++;
	return e;
}

static bool is_compared(const struct plan *p, const struct cell *c)
{
	for (size_t i = 0; i < CONTENDERS; i++)
		for (int side = 0; side < 2; side++) {
			const struct contender_side *s = &contenders[i].side[side];

			if (!strcmp(p->kernels[c->kernel].name, s->kernel) && !strcmp(c->at[AXIS_BACKPRESSURE].word, s->backpressure))
				return true;
		}
	return false;
}

void experiment_quick(enum experiment e, struct strv *sets)
{
	strv_add(sets, "samples=1");
	strv_fmt(sets, "probe.seconds=%g", table[e].quick_s);
	strv_fmt(sets, "probe.warmup=%g", table[e].quick_warmup_s);
	/* Virtual time takes longer, and gives one sample no spread either. */
	strv_add(sets, "host.accel=" PLAN_ACCEL_ANY);
}

double experiment_seconds(struct plan *p)
{
	static char nobody[] = "nobody is compared by it";
	double seconds;

	for (size_t i = 0; i < p->n_cells; i++)
		if (!p->cells[i].skip && !is_compared(p, &p->cells[i]))
			p->cells[i].skip = nobody;
	seconds = matrix_seconds(p);
	for (size_t i = 0; i < p->n_cells; i++)
		if (p->cells[i].skip == nobody)
			p->cells[i].skip = NULL;
	return seconds;
}

static bool has(const struct run_cell *c, enum axis a, const char *word)
{
	return a == AXIS_COUNT || !word || !strcmp(c->cell.at[a].word, word);
}

const struct run_cell *experiment_cell(enum experiment e, const struct run_result *r, const struct contender_side *who,
				       const char *group, const char *row)
{
	for (size_t i = 0; i < r->n_cells; i++) {
		const struct run_cell *c = &r->cells[i];

		if (!strcmp(r->kernels[c->cell.kernel].name, who->kernel) &&
		    has(c, AXIS_BACKPRESSURE, who->backpressure) && has(c, table[e].group, group) &&
		    has(c, table[e].row, row))
			return c;
	}
	return NULL;
}
