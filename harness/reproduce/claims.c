// SPDX-License-Identifier: GPL-2.0-only
/* claims.c - the table of claims: what was said, of which cells, and what the published data say against it */
#include <math.h>

#include "lib/cleanup.h"
#include "lib/str.h"
#include "reproduce/claim.h"

static const struct claim_group groups[] = {
	[GROUP_NO_LOSS] = {
		"No loss of throughput at queue 1000",
		"patched over default is more than 0.95", NULL,
	},
	[GROUP_COLLAPSE] = {
		"The default collapses at queue 1",
		"the default at queue 1 has less than a tenth of what it has at queue 1000", NULL,
	},
	[GROUP_SHORT] = {
		"Throughput at queue 10 and 1 with the patch",
		"patched over default changes in the direction of the published numbers",
		"at queue 10 the default of vhost is 9 % faster than patched (25837.5 against 23730.2 Mbit/s), with more than a million retransmits.",
	},
	[GROUP_DELAY] = {
		"Throughput over 60 and 120 ms",
		"patched over default changes in the direction of the published numbers (where those differ by less than 5 %: no loss of 5 %); the idle round trip is within 5 % of its label",
		"the rows of TAP are not at equal round trips: the mean was 65.0 ms by default and 72.8 ms patched at the label of 60, 123.4 and 100.6 ms at that of 120. "
		"All runs with a delay and without loss carry 3.03 to 3.20 MB a round trip: the receive window limits them, and not the path. At an equal round trip of 120 ms patched TAP would have had some 200 Mbit/s and not 255.",
	},
	[GROUP_RETRANSMITS] = {
		"The default suffers from many retransmits",
		"0.1 retransmits per MB and more, in every boot",
		"there are many for TAP at 100, 10 and 1 and for vhost at 10 and 1 only. By default TAP at 1000 had 120 in 300 s, vhost 3 at 1000 and 6 at 100: virtio carries packets of up to 64 KB.",
	},
	[GROUP_NO_RETRANSMITS] = {
		"No retransmits with the patch",
		"less than 0.1 retransmits per MB, where many begin, in every boot",
		"patched vhost at queue 1 still had 1384 (0.002 per MB). Where the default has none either (vhost at 1000 and 100) the line tells nothing of the patch.",
	},
	[GROUP_VPN_RTT] = {
		"VPN throughput at each round trip",
		"patched over default changes in the direction of the published numbers (where those differ by less than 5 %: no loss of 5 %); the idle round trip is within 5 % of its label",
		"patched wireguard-go is slower at 10 and 20 ms (679.0 against 787.3 and 718.8 against 765.1 Mbit/s), and OpenVPN at 20 ms is not faster.",
	},
	[GROUP_VPN_QUEUE] = {
		"VPN throughput at each queue length of the TUN",
		"as above",
		"at 5000, and for wireguard-go at 1000, there is no difference: a long queue gives what the patch does.",
	},
	[GROUP_QDISC] = {
		"Qdiscs work",
		"behind a shaper that is never the bottleneck, the qdisc holds at least twice the packets that it holds by default; requests with priority have a shorter 99th percentile; 90 % and more of the datagrams with priority arrive",
		"it was said, and no number was published.",
	},
	[GROUP_BLOAT] = {
		"Bufferbloat falls: with the patch a short queue cuts the round trip under load",
		"patched, the round trip at queue 10 over that at queue 1000 is less than 1",
		"it did not fall: patched TAP had 1801, 1811, 1997 and 3215 us at 1000, 100, 10 and 1. The backlog moved into the qdisc and the socket.",
	},
};
_Static_assert(ARRAY_SIZE(groups) == GROUP_COUNT, "a row for every group");

const struct claim_group *claim_group(enum claim_group_id g)
{
	return &groups[g];
}

#define DEFAULT(row) { PUBLISHED_DEFAULT, row }
#define PATCHED(row) { PUBLISHED_PATCHED, row }
#define LEVEL	     { PUBLISHED_DEFAULT, NULL }
#define PAIR(row)    PATCHED(row), DEFAULT(row)

/* In place of a row: one line for each that was published. */
#define EACH ""

#define TAP_QUEUE   EXPERIMENT_TAP_QUEUE
#define VHOST_QUEUE EXPERIMENT_VHOST_QUEUE
#define BPS	    METRIC_THROUGHPUT_BPS
#define RETR	    METRIC_RETRANS_PER_MB

static const struct claim table[] = {
	{ GROUP_NO_LOSS, TAP_QUEUE,   NULL, BPS, CLAIM_KEEPS, 0, PAIR("1000"), "patched over default" },
	{ GROUP_NO_LOSS, VHOST_QUEUE, NULL, BPS, CLAIM_KEEPS, 0, PAIR("1000"), "patched over default" },

	{ GROUP_COLLAPSE, TAP_QUEUE,   NULL, BPS, CLAIM_AT_MOST, 0.1, DEFAULT("1"), DEFAULT("1000"), "default, over queue 1000" },
	{ GROUP_COLLAPSE, VHOST_QUEUE, NULL, BPS, CLAIM_AT_MOST, 0.1, DEFAULT("1"), DEFAULT("1000"), "default, over queue 1000" },

	{ GROUP_SHORT, TAP_QUEUE,   NULL, BPS, CLAIM_AS_PUBLISHED, 0, PAIR("10"), "patched over default" },
	{ GROUP_SHORT, TAP_QUEUE,   NULL, BPS, CLAIM_AS_PUBLISHED, 0, PAIR("1"),  "patched over default" },
	{ GROUP_SHORT, VHOST_QUEUE, NULL, BPS, CLAIM_AS_PUBLISHED, 0, PAIR("10"), "patched over default" },
	{ GROUP_SHORT, VHOST_QUEUE, NULL, BPS, CLAIM_AS_PUBLISHED, 0, PAIR("1"),  "patched over default" },

	{ GROUP_DELAY, EXPERIMENT_TAP_DELAY,   NULL, BPS, CLAIM_AS_PUBLISHED, 0, PAIR(EACH), "patched over default" },
	{ GROUP_DELAY, EXPERIMENT_VHOST_DELAY, NULL, BPS, CLAIM_AS_PUBLISHED, 0, PAIR(EACH), "patched over default" },

	{ GROUP_RETRANSMITS, TAP_QUEUE,	  NULL, RETR, CLAIM_AT_LEAST, 0.1, DEFAULT(EACH), LEVEL, "default, retransmits per MB" },
	{ GROUP_RETRANSMITS, VHOST_QUEUE, NULL, RETR, CLAIM_AT_LEAST, 0.1, DEFAULT(EACH), LEVEL, "default, retransmits per MB" },

	{ GROUP_NO_RETRANSMITS, TAP_QUEUE,   NULL, RETR, CLAIM_AT_MOST, 0.1, PATCHED(EACH), LEVEL, "patched, retransmits per MB" },
	{ GROUP_NO_RETRANSMITS, VHOST_QUEUE, NULL, RETR, CLAIM_AT_MOST, 0.1, PATCHED(EACH), LEVEL, "patched, retransmits per MB" },

	{ GROUP_VPN_RTT,   EXPERIMENT_VPN_RTT,	 NULL, BPS, CLAIM_AS_PUBLISHED, 0, PAIR(EACH), "patched over default" },
	{ GROUP_VPN_QUEUE, EXPERIMENT_VPN_QUEUE, NULL, BPS, CLAIM_AS_PUBLISHED, 0, PAIR(EACH), "patched over default" },

	{ GROUP_QDISC, EXPERIMENT_SHAPING, NULL, METRIC_QDISC_BACKLOG, CLAIM_AT_LEAST, 2,  PAIR("htb"), "backlog of the qdisc, patched over default" },
	{ GROUP_QDISC, EXPERIMENT_SHAPING, NULL, METRIC_RR_P99_US,     CLAIM_FALLS,    0,  PAIR("htb"), "99th percentile with priority, patched over default" },
	{ GROUP_QDISC, EXPERIMENT_SHAPING, NULL, METRIC_PRIO_PERCENT,  CLAIM_AT_LEAST, 90, PATCHED("htb"), LEVEL, "patched, datagrams with priority that arrive, %" },
	{ GROUP_QDISC, EXPERIMENT_SHAPING, NULL, METRIC_QDISC_BACKLOG, CLAIM_AT_LEAST, 2,  PAIR("tbf"), "backlog of the qdisc, patched over default" },
	{ GROUP_QDISC, EXPERIMENT_SHAPING, NULL, METRIC_RR_P99_US,     CLAIM_FALLS,    0,  PAIR("tbf"), "99th percentile with priority, patched over default" },
	{ GROUP_QDISC, EXPERIMENT_SHAPING, NULL, METRIC_PRIO_PERCENT,  CLAIM_AT_LEAST, 90, PATCHED("tbf"), LEVEL, "patched, datagrams with priority that arrive, %" },

	{ GROUP_BLOAT, TAP_QUEUE,   NULL, METRIC_RTT_US, CLAIM_FALLS, 0, PATCHED("10"), PATCHED("1000"), "one flow, patched, round trip over that at 1000" },
	{ GROUP_BLOAT, VHOST_QUEUE, NULL, METRIC_RTT_US, CLAIM_FALLS, 0, PATCHED("10"), PATCHED("1000"), "one flow, patched, round trip over that at 1000" },
	{ GROUP_BLOAT, EXPERIMENT_LATENCY, "tap",   METRIC_PING_P50_US, CLAIM_FALLS, 0, PATCHED("10"), PATCHED("1000"), "patched, median echo over that at 1000" },
	{ GROUP_BLOAT, EXPERIMENT_LATENCY, "vhost", METRIC_PING_P50_US, CLAIM_FALLS, 0, PATCHED("10"), PATCHED("1000"), "patched, median echo over that at 1000" },
};

static void add(struct claim **list, size_t *n, const struct claim *c)
{
	*list = mem_grow(*list, *n + 1, sizeof(**list));
	(*list)[(*n)++] = *c;
}

static void add_each(struct claim **list, size_t *n, const struct claim *c)
{
	const struct published *p;

	for (size_t i = 0; (p = published_row(c->experiment, i)); i++) {
		struct claim line = *c;

		line.daemon = p->group;
		line.of.row = p->row;
		if (line.over.row)
			line.over.row = p->row;
		add(list, n, &line);
	}
}

size_t claim_list(struct claim **ret)
{
	size_t n = 0;

	*ret = NULL;
	for (size_t i = 0; i < ARRAY_SIZE(table); i++) {
		if (*table[i].of.row)
			add(ret, &n, &table[i]);
		else
			add_each(ret, &n, &table[i]);
	}
	return n;
}
