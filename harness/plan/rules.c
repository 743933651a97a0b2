// SPDX-License-Identifier: GPL-2.0-only
/* rules.c - points of a matrix that cannot be measured anywhere, and why */
#include "plan/rules.h"

#include <stdbool.h>
#include <string.h>

#include "lib/cleanup.h"
#include "lib/str.h"

/** struct condition - the axis has this value, or with "!" before it, another one; @is NULL always holds */
struct condition {
	enum axis axis;
	const char *is;
};

/* A cell for which a row holds is skipped for its reason. */
static const struct {
	enum probe probe;
	struct condition when, and;
	const char *why;
} rules[] = {
	{ PROBE_IPERF3, { AXIS_BACKEND, "tun" }, { 0 },
	  "there is no guest behind a TUN; probe raw reads one" },
	{ PROBE_IPERF3, { AXIS_BACKEND, "macvtap" }, { 0 },
	  "guests on a macvtap are not there yet; probe raw reads one" },
	{ PROBE_IPERF3, { AXIS_QUEUES, "!1" }, { 0 },
	  "guests with several queues are not there yet; probe raw has them" },
	{ PROBE_IPERF3, { AXIS_TXQUEUELEN, "0" }, { 0 },
	  "no connection gets through a ring of 0 packets; probe raw shows what happens there" },
	{ PROBE_IPERF3, { AXIS_DELAY, "!0" }, { 0 },
	  "delay on the way to a guest is not there yet; probe vpn has it" },
	{ PROBE_PKTGEN, { AXIS_BACKEND, "!tap" }, { 0 },
	  "pktgen makes frames of Ethernet for a TAP; probe raw has the other devices" },
	{ PROBE_PKTGEN, { AXIS_TXQUEUELEN, "0" }, { 0 },
	  "nothing gets through a ring of 0 packets, whatever the kernel" },
	{ PROBE_SHAPING, { AXIS_SHAPER, "none" }, { 0 },
	  "nothing is shaped; axis shaper is tbf or htb" },
	{ PROBE_VPN, { AXIS_TXQUEUELEN, "0" }, { 0 },
	  "no connection gets through a ring of 0 packets; probe raw shows what happens there" },
	{ PROBE_RAW, { AXIS_BACKEND, "vhost" }, { 0 },
	  "probe raw has no guest; vhost_net without one is backend tap with reader vhost" },
	{ PROBE_RAW, { AXIS_TXQUEUELEN, "0" }, { AXIS_SCENARIO, "none" },
	  "nothing gets through a ring of 0 packets, whatever the kernel; scenarios resize to it" },
	{ PROBE_RAW, { AXIS_BACKEND, "macvtap" }, { AXIS_BACKPRESSURE, "on" },
	  "IFF_BACKPRESSURE is a flag of TUN and TAP, not of macvtap" },
};

/* What holds for iperf3 holds for all that goes to a guest. */
static bool is_about(enum probe rule, enum probe p)
{
	return rule == p || (rule == PROBE_IPERF3 && probe_def(p)->has_guest);
}

static bool holds(const struct condition *w, const struct cell *c)
{
	if (!w->is)
		return true;
	if (*w->is == '!')
		return strcmp(c->at[w->axis].word, w->is + 1) != 0;
	return !strcmp(c->at[w->axis].word, w->is);
}

char *rules_skip(const struct cell *c)
{
	const struct probe_def *p = probe_def(c->probe);

	for (enum axis a = 0; a < AXIS_COUNT; a++)
		if (!p->uses[a] && strcmp(c->at[a].word, axis_def(a)->fallback))
			return str_fmt("axis %s means nothing to probe %s", axis_def(a)->name, p->name);
	for (size_t i = 0; i < ARRAY_SIZE(rules); i++)
		if (is_about(rules[i].probe, c->probe) && holds(&rules[i].when, c) && holds(&rules[i].and, c))
			return str_dup(rules[i].why);
	return NULL;
}
