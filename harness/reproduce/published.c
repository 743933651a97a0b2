// SPDX-License-Identifier: GPL-2.0-only
/* published.c - the numbers that were published; published.h names their source */
#include "reproduce/published.h"

#include <math.h>

#include "lib/cleanup.h"
#include "lib/str.h"

/* default, patched: Mbit/s, retransmits, round trip */
#define ALL(m1, r1, t1, m2, r2, t2) { { m1, r1, t1 }, { m2, r2, t2 } }
#define BARE(m1, m2)		    { { m1, NAN, NAN }, { m2, NAN, NAN } }

static const struct published rows[] = {
	{ EXPERIMENT_TAP_QUEUE,	  NULL, "1000", ALL(2194.3,    120,   1.862, 2185.0,	 6, 1.801) },
	{ EXPERIMENT_TAP_QUEUE,	  NULL, "100",	ALL(1986.4, 553971,   0.466, 2268.5,	 3, 1.811) },
	{ EXPERIMENT_TAP_QUEUE,	  NULL, "10",	ALL( 625.0, 259645,   0.224, 1988.9,	 3, 1.997) },
	{ EXPERIMENT_TAP_QUEUE,	  NULL, "1",	ALL(   2.2,  15539,  11.459, 1112.7,	 2, 3.215) },

	{ EXPERIMENT_TAP_DELAY,	  NULL, "60",	ALL( 171.8,   3858,  64.978,  341.2,	 0, 72.755) },
	{ EXPERIMENT_TAP_DELAY,	  NULL, "120",	ALL(  98.3,   2130, 123.393,  255.0,	 0, 100.577) },

	{ EXPERIMENT_VHOST_QUEUE, NULL, "1000", ALL(23403.9,	 3,   0.211, 23858.8,	 3, 0.215) },
	{ EXPERIMENT_VHOST_QUEUE, NULL, "100",	ALL(23372.5,	 6,   0.227, 23889.9,	 3, 0.213) },
	{ EXPERIMENT_VHOST_QUEUE, NULL, "10",	ALL(25837.5, 1073990, 0.156, 23730.2,	 5, 0.249) },
	{ EXPERIMENT_VHOST_QUEUE, NULL, "1",	ALL(	0.7,  8161,  19.437, 19244.8, 1384, 0.226) },

	{ EXPERIMENT_VHOST_DELAY, NULL, "60",	ALL( 397.1,	 0,  61.143,  397.8,	 0, 61.090) },
	{ EXPERIMENT_VHOST_DELAY, NULL, "120",	ALL( 200.7,	 0, 121.115,  199.9,	 0, 121.135) },

	{ EXPERIMENT_VPN_RTT, "wireguard-go", "10",   BARE(787.3, 679.0) },
	{ EXPERIMENT_VPN_RTT, "wireguard-go", "20",   BARE(765.1, 718.8) },
	{ EXPERIMENT_VPN_RTT, "wireguard-go", "40",   BARE(441.5, 529.4) },
	{ EXPERIMENT_VPN_RTT, "wireguard-go", "80",   BARE(218.7, 265.7) },
	{ EXPERIMENT_VPN_RTT, "wireguard-go", "120",  BARE(145.4, 181.7) },
	{ EXPERIMENT_VPN_RTT, "openvpn",      "10",   BARE(402.4, 416.9) },
	{ EXPERIMENT_VPN_RTT, "openvpn",      "20",   BARE(401.6, 393.18) },
	{ EXPERIMENT_VPN_RTT, "openvpn",      "40",   BARE(96.9, 411.8) },
	{ EXPERIMENT_VPN_RTT, "openvpn",      "80",   BARE(57.9, 262.7) },
	{ EXPERIMENT_VPN_RTT, "openvpn",      "120",  BARE(52.8, 178.0) },

	{ EXPERIMENT_VPN_QUEUE, "wireguard-go", "5000", BARE(185.8, 185.6) },
	{ EXPERIMENT_VPN_QUEUE, "wireguard-go", "1000", BARE(185.1, 184.9) },
	{ EXPERIMENT_VPN_QUEUE, "wireguard-go", "500",	BARE(137.5, 184.9) },
	{ EXPERIMENT_VPN_QUEUE, "wireguard-go", "100",	BARE(99.8, 185.3) },
	{ EXPERIMENT_VPN_QUEUE, "wireguard-go", "50",	BARE(59.4, 185.7) },
	{ EXPERIMENT_VPN_QUEUE, "wireguard-go", "10",	BARE(1.7, 185.4) },
	{ EXPERIMENT_VPN_QUEUE, "openvpn",	"5000", BARE(184.7, 184.8) },
	{ EXPERIMENT_VPN_QUEUE, "openvpn",	"1000", BARE(177.1, 183.0) },
	{ EXPERIMENT_VPN_QUEUE, "openvpn",	"500",	BARE(117.4, 184.6) },
	{ EXPERIMENT_VPN_QUEUE, "openvpn",	"100",	BARE(66.4, 183.5) },
	{ EXPERIMENT_VPN_QUEUE, "openvpn",	"50",	BARE(21.6, 184.7) },
	{ EXPERIMENT_VPN_QUEUE, "openvpn",	"10",	BARE(1.6, 183.6) },
};

const struct published *published_row(enum experiment e, size_t n)
{
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		if (rows[i].experiment == e && n-- == 0)
			return &rows[i];
	return NULL;
}

const struct published *published_find(enum experiment e, const char *group, const char *row)
{
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		if (rows[i].experiment == e && str_eq(rows[i].group, group) && str_eq(rows[i].row, row))
			return &rows[i];
	return NULL;
}

double published_value(const struct published *p, enum published_side side, enum metric m)
{
	const struct published_number *n = p ? &p->side[side] : NULL;

	if (!n)
		return NAN;
	if (m == METRIC_THROUGHPUT_BPS)
		return n->mbit * 1e6;
	if (m == METRIC_RETRANS_PER_MB)
		return n->retransmits / (n->mbit * PUBLISHED_S / 8);
	return m == METRIC_RTT_US ? n->rtt_ms * 1e3 : NAN;
}
