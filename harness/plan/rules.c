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

/* In place of a probe: every one that has a guest. */
#define GUESTS PROBE_COUNT

/* A cell for which a row holds is skipped for its reason. */
static const struct {
	enum probe probe;
	struct condition when, and;
	const char *why;
} rules[] = {
	{ GUESTS, { AXIS_BACKEND, "tun" }, { 0 },
	  "there is no guest behind a TUN; probe raw reads one" },
	{ GUESTS, { AXIS_TXQUEUELEN, "0" }, { 0 },
	  "no connection gets through a ring of 0 packets; probe raw shows what happens there" },
	{ GUESTS, { AXIS_BACKEND, "macvtap" }, { AXIS_BACKPRESSURE, "on" },
	  "IFF_BACKPRESSURE is a flag of TUN and TAP, not of macvtap" },
	{ GUESTS, { AXIS_BACKEND, "macvtap-vhost" }, { AXIS_BACKPRESSURE, "on" },
	  "IFF_BACKPRESSURE is a flag of TUN and TAP, not of macvtap" },
	{ GUESTS, { AXIS_BACKEND, "macvtap" }, { AXIS_QUEUES, "!1" },
	  "what feeds a macvtap is a veth of one queue" },
	{ GUESTS, { AXIS_BACKEND, "macvtap-vhost" }, { AXIS_QUEUES, "!1" },
	  "what feeds a macvtap is a veth of one queue" },
	{ GUESTS, { AXIS_NIC, "e1000" }, { AXIS_BACKEND, "vhost" },
	  "vhost_net serves virtio NICs only" },
	{ GUESTS, { AXIS_NIC, "e1000" }, { AXIS_BACKEND, "macvtap-vhost" },
	  "vhost_net serves virtio NICs only" },
	{ GUESTS, { AXIS_NIC, "e1000" }, { AXIS_QUEUES, "!1" },
	  "an e1000 has one queue" },
	{ GUESTS, { AXIS_NIC, "e1000" }, { AXIS_MTU, "!1500" },
	  "only virtio tells a guest its mtu" },
	{ GUESTS, { AXIS_NIC, "e1000" }, { AXIS_IOMMU_PLATFORM, "on" },
	  "iommu_platform is a feature of virtio" },
	{ GUESTS, { AXIS_DIRECTION, "from-guest" }, { AXIS_CONGESTION, "bbr" },
	  "Debian's kernel has BBR as a module, and a guest has no modules but those that it boots with" },
	{ PROBE_RAW, { AXIS_BACKEND, "macvtap-vhost" }, { 0 },
	  "probe raw has no guest; vhost_net without one is backend macvtap with reader vhost" },
	{ PROBE_PKTGEN, { AXIS_BACKEND, "!tap" }, { 0 },
	  "pktgen makes frames of Ethernet for a TAP; probe raw has the other devices" },
	{ PROBE_PKTGEN, { AXIS_TXQUEUELEN, "0" }, { 0 },
	  "nothing gets through a ring of 0 packets, whatever the kernel" },
	{ PROBE_SHAPING, { AXIS_SHAPER, "none" }, { 0 },
	  "nothing is shaped; axis shaper is tbf or htb" },
	{ PROBE_SHAPING, { AXIS_SHAPER, "tbf" }, { AXIS_DELAY_MS, "!0" },
	  "packets lose their priority on the bridge behind a delay; htb goes by their TOS" },
	{ PROBE_VPN, { AXIS_TXQUEUELEN, "0" }, { 0 },
	  "no connection gets through a ring of 0 packets; probe raw shows what happens there" },
	{ PROBE_RAW, { AXIS_BACKEND, "vhost" }, { 0 },
	  "probe raw has no guest; vhost_net without one is backend tap with reader vhost" },
	{ PROBE_RAW, { AXIS_TXQUEUELEN, "0" }, { AXIS_SCENARIO, "none" },
	  "nothing gets through a ring of 0 packets, whatever the kernel; scenarios resize to it" },
	{ PROBE_RAW, { AXIS_BACKEND, "macvtap" }, { AXIS_BACKPRESSURE, "on" },
	  "IFF_BACKPRESSURE is a flag of TUN and TAP, not of macvtap" },
};

static bool holds(const struct condition *w, const struct cell *c)
{
	if (!w->is)
		return true;
	if (*w->is == '!')
		return strcmp(c->at[w->axis].word, w->is + 1) != 0;
	return !strcmp(c->at[w->axis].word, w->is);
}

static bool applies(enum probe p, const struct cell *c)
{
	return p == c->probe || (p == GUESTS && probe_def(c->probe)->has_guest);
}

char *rules_skip(const struct cell *c)
{
	const struct probe_def *p = probe_def(c->probe);

	for (enum axis a = 0; a < AXIS_COUNT; a++)
		if (!p->uses[a] && !cell_is_usual(c, a))
			return str_fmt("axis %s means nothing to probe %s", axis_def(a)->name, p->name);
	for (size_t i = 0; i < ARRAY_SIZE(rules); i++)
		if (applies(rules[i].probe, c) && holds(&rules[i].when, c) && holds(&rules[i].and, c))
			return str_dup(rules[i].why);
	return NULL;
}

char *rules_skip_in(const struct plan *p, const struct cell *c)
{
	char *why = rules_skip(c);

	if (why || !probe_def(c->probe)->has_guest)
		return why;
	/* One thread runs every vCPU by turns, and a nested guest does not give its turn back. */
	if (plan_is_virtual(p))
		return str_fmt("host.accel %s: a guest hangs in virtual time; probes without one are raw, vpn and pktgen",
			       p->host_accel);
	/* The driver uses as many queues as it has processors. */
	if (c->at[AXIS_QUEUES].num > p->guest.vcpus)
		return str_fmt("a guest uses no more queues than it has processors, and guest.vcpus is %d", p->guest.vcpus);
	if (!strcmp(c->at[AXIS_NIC].word, "e1000") && p->guest_package && strstr(p->guest_package, "-cloud-"))
		return str_fmt("the guest's kernel %s has no driver for an e1000; one without \"-cloud\" has", p->guest_package);
	return NULL;
}
