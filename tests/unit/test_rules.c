// SPDX-License-Identifier: GPL-2.0-only
/* test_rules.c - points that cannot be measured, and what is known of the probes */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "lib/cleanup.h"
#include "lib/err.h"
#include "plan/rules.h"

static const struct {
	enum probe probe;
	struct { enum axis axis; const char *word; } at[2];
	const char *why; /* NULL: it can be measured */
} rows[] = {
	{ PROBE_IPERF3, { { AXIS_BACKEND, "vhost" }, { AXIS_STREAMS, "4" } }, NULL },
	{ PROBE_IPERF3, { { AXIS_BACKEND, "tun" } }, "there is no guest behind a TUN; probe raw reads one" },
	{ PROBE_IPERF3, { { AXIS_BACKEND, "macvtap" } }, NULL },
	{ PROBE_IPERF3, { { AXIS_QUEUES, "2" } }, NULL },
	{ PROBE_IPERF3, { { AXIS_BACKEND, "macvtap" }, { AXIS_QUEUES, "2" } }, "what feeds a macvtap is a veth of one queue" },
	{ PROBE_IPERF3, { { AXIS_BACKEND, "macvtap-vhost" }, { AXIS_QUEUES, "2" } }, "what feeds a macvtap is a veth of one queue" },
	{ PROBE_IPERF3, { { AXIS_NIC, "e1000" } }, NULL },
	{ PROBE_IPERF3, { { AXIS_NIC, "e1000" }, { AXIS_BACKEND, "macvtap" } }, NULL },
	{ PROBE_IPERF3, { { AXIS_NIC, "e1000" }, { AXIS_BACKEND, "vhost" } }, "vhost_net serves virtio NICs only" },
	{ PROBE_IPERF3, { { AXIS_NIC, "e1000" }, { AXIS_BACKEND, "macvtap-vhost" } }, "vhost_net serves virtio NICs only" },
	{ PROBE_IPERF3, { { AXIS_NIC, "e1000" }, { AXIS_QUEUES, "2" } }, "an e1000 has one queue" },
	{ PROBE_IPERF3, { { AXIS_NIC, "e1000" }, { AXIS_MTU, "9000" } }, "only virtio tells a guest its mtu" },
	{ PROBE_IPERF3, { { AXIS_NIC, "e1000" }, { AXIS_IOMMU_PLATFORM, "on" } }, "iommu_platform is a feature of virtio" },
	{ PROBE_IPERF3, { { AXIS_DIRECTION, "from-guest" }, { AXIS_CONGESTION, "reno" } }, NULL },
	{ PROBE_IPERF3, { { AXIS_DIRECTION, "from-guest" }, { AXIS_CONGESTION, "bbr" } },
	  "Debian's kernel has BBR as a module, and a guest has no modules but those that it boots with" },
	{ PROBE_IPERF3, { { AXIS_BACKEND, "macvtap" }, { AXIS_BACKPRESSURE, "on" } },
	  "IFF_BACKPRESSURE is a flag of TUN and TAP, not of macvtap" },
	{ PROBE_IPERF3, { { AXIS_BACKEND, "macvtap-vhost" }, { AXIS_BACKPRESSURE, "on" } },
	  "IFF_BACKPRESSURE is a flag of TUN and TAP, not of macvtap" },
	{ PROBE_IPERF3, { { AXIS_TXQUEUELEN, "0" } },
	  "no connection gets through a ring of 0 packets; probe raw shows what happens there" },
	{ PROBE_IPERF3, { { AXIS_READER, "poll" } }, "axis reader means nothing to probe iperf3" },
	{ PROBE_IPERF3, { { AXIS_READER, "read" } }, NULL },
	{ PROBE_IPERF3, { { AXIS_BACKPRESSURE, "on" } }, NULL },
	{ PROBE_IPERF3, { { AXIS_SCENARIO, "resize-zero" } }, "axis scenario means nothing to probe iperf3" },
	{ PROBE_LATENCY, { { AXIS_BACKEND, "vhost" }, { AXIS_STREAMS, "4" } }, NULL },
	{ PROBE_LATENCY, { { AXIS_BACKEND, "tun" } }, "there is no guest behind a TUN; probe raw reads one" },
	{ PROBE_LATENCY, { { AXIS_READER, "poll" } }, "axis reader means nothing to probe latency" },

	{ PROBE_PKTGEN, { { AXIS_READER, "vhost" }, { AXIS_SENDERS, "4" } }, NULL },
	{ PROBE_PKTGEN, { { AXIS_BACKEND, "tun" } },
	  "pktgen makes frames of Ethernet for a TAP; probe raw has the other devices" },
	{ PROBE_SHAPING, { { AXIS_SHAPER, "htb" }, { AXIS_SHAPER_MBIT, "20" } }, NULL },
	{ PROBE_SHAPING, { { AXIS_BACKEND, "vhost" } }, "nothing is shaped; axis shaper is tbf or htb" },
	{ PROBE_SHAPING, { { AXIS_SHAPER, "tbf" }, { AXIS_QDISC, "fq" } }, "axis qdisc means nothing to probe shaping" },
	{ PROBE_UDP, { { AXIS_SHAPER, "tbf" } }, "axis shaper means nothing to probe udp" },
	{ PROBE_VPN, { { AXIS_VPN, "openvpn" }, { AXIS_DELAY_MS, "120" } }, NULL },
	{ PROBE_VPN, { { AXIS_TXQUEUELEN, "0" } },
	  "no connection gets through a ring of 0 packets; probe raw shows what happens there" },
	{ PROBE_VPN, { { AXIS_BACKEND, "vhost" } }, "axis backend means nothing to probe vpn" },
	{ PROBE_LATENCY, { { AXIS_DELAY_MS, "10" }, { AXIS_DIRECTION, "from-guest" } }, NULL },
	{ PROBE_UDP, { { AXIS_MTU, "9000" } }, NULL },
	{ PROBE_UDP, { { AXIS_DIRECTION, "from-guest" } }, "axis direction means nothing to probe udp" },
	{ PROBE_SHAPING, { { AXIS_SHAPER, "htb" }, { AXIS_DELAY_MS, "60" } }, NULL },
	{ PROBE_SHAPING, { { AXIS_SHAPER, "tbf" }, { AXIS_DELAY_MS, "60" } },
	  "packets lose their priority on the bridge behind a delay; htb goes by their TOS" },
	{ PROBE_RAW, { { AXIS_VPN, "openvpn" } }, "axis vpn means nothing to probe raw" },

	{ PROBE_RAW, { { AXIS_BACKEND, "tun" }, { AXIS_READER, "io_uring" } }, NULL },
	{ PROBE_RAW, { { AXIS_TXQUEUELEN, "0" }, { AXIS_QUEUES, "4" } },
	  "nothing gets through a ring of 0 packets, whatever the kernel; scenarios resize to it" },
	{ PROBE_RAW, { { AXIS_TXQUEUELEN, "0" }, { AXIS_SCENARIO, "resize-zero" } }, NULL },
	{ PROBE_RAW, { { AXIS_BACKEND, "vhost" } },
	  "probe raw has no guest; vhost_net without one is backend tap with reader vhost" },
	{ PROBE_RAW, { { AXIS_BACKEND, "macvtap-vhost" } },
	  "probe raw has no guest; vhost_net without one is backend macvtap with reader vhost" },
	{ PROBE_RAW, { { AXIS_DELAY_MS, "60" } }, "axis delay_ms means nothing to probe raw" },
	{ PROBE_RAW, { { AXIS_STREAMS, "4" } }, "axis streams means nothing to probe raw" },
	{ PROBE_RAW, { { AXIS_BACKEND, "macvtap" }, { AXIS_BACKPRESSURE, "on" } },
	  "IFF_BACKPRESSURE is a flag of TUN and TAP, not of macvtap" },
	{ PROBE_RAW, { { AXIS_BACKEND, "macvtap" }, { AXIS_BACKPRESSURE, "off" } }, NULL },
	{ PROBE_RAW, { { AXIS_BACKPRESSURE, "on" } }, NULL },
};

static void impossible_points_are_known_with_the_reason(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		_cleanup_(freep) char *why = NULL;
		struct cell c = { .probe = rows[i].probe };

		for (enum axis a = 0; a < AXIS_COUNT; a++)
			assert_int_equal(axis_parse(a, axis_def(a)->fallback, &c.at[a]), 0);
		for (size_t n = 0; n < 2 && rows[i].at[n].word; n++)
			assert_int_equal(axis_parse(rows[i].at[n].axis, rows[i].at[n].word, &c.at[rows[i].at[n].axis]), 0);
		print_message("  row %zu\n", i);
		why = rules_skip(&c);
		assert_string_equal(why ? why : "(none)", rows[i].why ? rows[i].why : "(none)");
	}
}

static const struct {
	enum axis axis;
	const char *word;
	int vcpus;
	const char *package;
	const char *why;
} guests[] = {
	{ AXIS_QUEUES, "4", 4, NULL, NULL },
	{ AXIS_QUEUES, "2", 1, NULL, "a guest uses no more queues than it has processors, and guest.vcpus is 1" },
	{ AXIS_NIC, "e1000", 1, NULL, NULL },
	{ AXIS_NIC, "e1000", 1, "linux-image-6.12-amd64", NULL },
	{ AXIS_NIC, "e1000", 1, "linux-image-6.12-cloud-amd64",
	  "the guest's kernel linux-image-6.12-cloud-amd64 has no driver for an e1000; one without \"-cloud\" has" },
	{ AXIS_BACKEND, "tun", 1, NULL, "there is no guest behind a TUN; probe raw reads one" },
};

static void what_a_plans_guest_cannot_is_known_with_the_reason(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(guests); i++) {
		struct plan p = { .guest = { .vcpus = guests[i].vcpus }, .guest_package = (char *)guests[i].package };
		struct cell c = { .probe = PROBE_IPERF3 };
		_cleanup_(freep) char *why = NULL;

		for (enum axis a = 0; a < AXIS_COUNT; a++)
			assert_int_equal(axis_parse(a, axis_def(a)->fallback, &c.at[a]), 0);
		assert_int_equal(axis_parse(guests[i].axis, guests[i].word, &c.at[guests[i].axis]), 0);
		print_message("  row %zu\n", i);
		why = rules_skip_in(&p, &c);
		assert_string_equal(why ? why : "(none)", guests[i].why ? guests[i].why : "(none)");
	}
}

static void in_virtual_time_there_are_no_guests(void **state)
{
	static const char *const whys[PROBE_COUNT] = { [PROBE_RAW] = NULL, [PROBE_IPERF3] = "a guest hangs in virtual time" };
	struct plan p = { .guest = { .vcpus = 1 }, .host_accel = *state };

	for (enum probe probe = PROBE_IPERF3; probe <= PROBE_RAW; probe++) {
		struct cell c = { .probe = probe };
		_cleanup_(freep) char *why = NULL;

		for (enum axis a = 0; a < AXIS_COUNT; a++)
			assert_int_equal(axis_parse(a, axis_def(a)->fallback, &c.at[a]), 0);
		why = rules_skip_in(&p, &c);
		assert_int_equal(!why, !whys[probe]);
		assert_true(!why || strstr(why, whys[probe]));
	}
}

static void every_probe_is_found_and_survives_json(void **state)
{
	(void)state;
	for (enum probe p = 0; p < PROBE_COUNT; p++) {
		struct plan_probe there = { .kind = p, .seconds = 2.5, .warmup_s = 1 }, back = { 0 };
		json_t *obj;

		if (probe_def(p)->counts_packets || probe_def(p)->sets_rate)
			there.size = 512, there.rate_pps = 1000, there.packets = 1e9, there.seed = 7;
		assert_int_equal(probe_find(probe_def(p)->name), p);
		assert_true(probe_def(p)->help && *probe_def(p)->help);
		assert_true(probe_def(p)->spare_s > 0);
		obj = probe_to_json(&there);
		assert_int_equal(probe_from_json(obj, &back), 0);
		json_decref(obj);
		assert_int_equal(back.kind, p);
		assert_true(back.seconds == there.seconds && back.warmup_s == there.warmup_s);
		assert_true(back.size == there.size && back.rate_pps == there.rate_pps && back.packets == there.packets &&
			    back.seed == there.seed);
	}
	assert_int_equal(probe_find("netperf"), PROBE_COUNT);
}

static void json_of_an_unknown_probe_is_refused(void **state)
{
	json_t *obj = json_pack("{ss}", "name", "netperf");
	struct plan_probe p;

	(void)state;
	assert_int_equal(probe_from_json(obj, &p), -EINVAL);
	assert_string_equal(err_text(), "no probe is called \"netperf\"");
	json_decref(obj);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(impossible_points_are_known_with_the_reason),
		cmocka_unit_test(what_a_plans_guest_cannot_is_known_with_the_reason),
		cmocka_unit_test_prestate(in_virtual_time_there_are_no_guests, (char *)"icount"),
		{ "in_virtual_time_without_kvm_there_are_none_either", in_virtual_time_there_are_no_guests, NULL, NULL,
		  (char *)"kvm-or-icount" },
		cmocka_unit_test(every_probe_is_found_and_survives_json),
		cmocka_unit_test(json_of_an_unknown_probe_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
