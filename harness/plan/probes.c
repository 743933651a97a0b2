// SPDX-License-Identifier: GPL-2.0-only
/* probes.c - the table of what makes traffic: what plans, the bed and the reports have to know */
#include "plan/probes.h"

#include <errno.h>
#include <string.h>

#include "lib/cleanup.h"
#include "lib/err.h"
#include "lib/jsonl.h"

/* Where a number of packets is waited for: fewer a second have not been seen, under emulation and with a ring of one. */
#define PPS_MIN 500

/* Axes of a probe whose packets go through a TAP to a guest, those of one that sends by TCP too, and those in every name. */
#define GUEST_LINK                                                                                   \
	[AXIS_BACKEND] = true, [AXIS_NIC] = true, [AXIS_TXQUEUELEN] = true, [AXIS_DELAY_MS] = true,  \
	[AXIS_STREAMS] = true, [AXIS_QUEUES] = true, [AXIS_BACKPRESSURE] = true, [AXIS_MTU] = true,  \
	[AXIS_OFFLOADS] = true, [AXIS_IOMMU_PLATFORM] = true
#define GUEST_TCP  [AXIS_CONGESTION] = true, [AXIS_TCP_RMEM] = true, [AXIS_TCP_WMEM] = true
#define GUEST_USES GUEST_LINK, GUEST_TCP, [AXIS_QDISC] = true, [AXIS_DIRECTION] = true
#define GUEST_LEAD [AXIS_BACKEND] = "", [AXIS_NIC] = "/", [AXIS_TXQUEUELEN] = "/q", [AXIS_QDISC] = "/"

static const struct probe_def probes[] = {
	[PROBE_IPERF3] = {
		.name = "iperf3", .has_guest = true, .is_pinged = true, .setup_s = 2, .spare_s = 300, /* a guest in TCG in TCG needs minutes */
		.help = "TCP between the host and the guest, as fast as it goes",
		.uses = { GUEST_USES },
		.name_lead = { GUEST_LEAD },
	},
	[PROBE_RAW] = {
		.name = "raw", .counts_packets = true, .finds_faults = true, .setup_s = 1.5, .spare_s = 120, /* a slow reader drains its ring for a minute */
		.help = "packets through a ring that we read ourselves, each accounted for; no guest",
		.uses = {
			[AXIS_BACKEND] = true, [AXIS_TXQUEUELEN] = true, [AXIS_QDISC] = true, [AXIS_QUEUES] = true,
			[AXIS_READER] = true, [AXIS_SENDER] = true, [AXIS_SENDERS] = true,
			[AXIS_READER_DELAY_US] = true, [AXIS_BACKPRESSURE] = true, [AXIS_SCENARIO] = true,
		},
		.name_lead = {
			[AXIS_BACKEND] = "", [AXIS_TXQUEUELEN] = "/q", [AXIS_QDISC] = "/", [AXIS_READER] = "/",
		},
	},
	[PROBE_LATENCY] = {
		.name = "latency", .has_guest = true, .setup_s = 3, .spare_s = 300,
		.help = "round trips of ICMP and of requests over TCP, beside TCP that goes as fast as it goes",
		.uses = { GUEST_USES },
		.name_lead = { GUEST_LEAD },
	},
	[PROBE_VPN] = {
		.name = "vpn", .setup_s = 5.5, .spare_s = 180,
		.help = "TCP through a VPN daemon that reads a TUN, between two network namespaces; no guest",
		.uses = {
			[AXIS_TXQUEUELEN] = true, [AXIS_QDISC] = true, [AXIS_DELAY_MS] = true, [AXIS_STREAMS] = true,
			[AXIS_VPN] = true,
		},
		.name_lead = { [AXIS_TXQUEUELEN] = "q", [AXIS_QDISC] = "/", [AXIS_DELAY_MS] = "/delay", [AXIS_VPN] = "/" },
	},
	[PROBE_UDP] = {
		.name = "udp", .has_guest = true, .is_pinged = true, .sets_rate = true, .setup_s = 2, .spare_s = 300,
		.help = "UDP from the host to the guest, by iperf3: what arrives, what is lost, and jitter",
		.uses = { GUEST_LINK, [AXIS_QDISC] = true },
		.name_lead = { GUEST_LEAD },
	},
	[PROBE_SHAPING] = {
		.name = "shaping", .has_guest = true, .is_pinged = true, .sets_rate = true, .setup_s = 4, .spare_s = 300,
		.help = "a shaped TAP: bulk TCP, and beside it datagrams and requests that should go first",
		.uses = { GUEST_LINK, GUEST_TCP, [AXIS_SHAPER] = true, [AXIS_SHAPER_MBIT] = true },
		.name_lead = {
			[AXIS_BACKEND] = "", [AXIS_NIC] = "/", [AXIS_TXQUEUELEN] = "/q", [AXIS_SHAPER] = "/",
			[AXIS_SHAPER_MBIT] = "/mbit",
		},
	},
	[PROBE_PKTGEN] = {
		.name = "pktgen", .sets_rate = true, .setup_s = 1.5, .spare_s = 120,
		.help = "packets of the kernel's own generator, through a ring that we read ourselves; no guest",
		.uses = {
			[AXIS_BACKEND] = true, [AXIS_TXQUEUELEN] = true, [AXIS_QDISC] = true, [AXIS_READER] = true,
			[AXIS_SENDERS] = true, [AXIS_BACKPRESSURE] = true,
		},
		.name_lead = {
			[AXIS_BACKEND] = "", [AXIS_TXQUEUELEN] = "/q", [AXIS_QDISC] = "/", [AXIS_READER] = "/",
		},
	},
};
_Static_assert(ARRAY_SIZE(probes) == PROBE_COUNT, "a row for every probe");

const struct probe_def *probe_def(enum probe p)
{
	return &probes[p];
}

enum probe probe_find(const char *name)
{
	enum probe p = 0;

	while (p < PROBE_COUNT && strcmp(probes[p].name, name))
		p++;
	return p;
}

double probe_deadline_s(const struct plan_probe *p)
{
	return p->seconds + p->warmup_s + p->packets / PPS_MIN + probes[p->kind].spare_s;
}

json_t *probe_to_json(const struct plan_probe *p)
{
	json_t *obj = json_pack("{ss sf sf}", "name", probes[p->kind].name, "seconds", p->seconds,
				"warmup", p->warmup_s);

	if (probes[p->kind].counts_packets || probes[p->kind].sets_rate)
		json_object_update_new(obj, json_pack("{si si sf si}", "size", p->size, "rate", p->rate_pps,
						      "packets", p->packets, "seed", p->seed));
	return obj;
}

int probe_from_json(const json_t *obj, struct plan_probe *ret)
{
	const char *name = json_str(obj, "name", "");
	struct plan_probe p = {
		.kind = probe_find(name),
		.seconds = json_num(obj, "seconds", 0),
		.warmup_s = json_num(obj, "warmup", 0),
		.size = (int)json_num(obj, "size", 0),
		.rate_pps = (int)json_num(obj, "rate", 0),
		.packets = json_num(obj, "packets", 0),
		.seed = (int)json_num(obj, "seed", 0),
	};

	if (p.kind == PROBE_COUNT)
		return err_say(EINVAL, "no probe is called \"%s\"", name);
	*ret = p;
	return 0;
}
