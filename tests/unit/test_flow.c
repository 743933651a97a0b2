// SPDX-License-Identifier: GPL-2.0-only
/* test_flow.c - numbered packets: received, late, twice; reasons by name */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <linux/virtio_net.h>

#include "lib/cleanup.h"
#include "lib/stop.h"
#include "lib/str.h"
#include "ring/drops.h"
#include "ring/flow.h"
#include "ring/sender_frame.h"

static struct flows flows;

static int begin(void **state)
{
	(void)state;
	return flows_init(&flows, false, false);
}

static int end(void **state)
{
	(void)state;
	flows_free(&flows);
	return 0;
}

/* A packet as a reader gets it. */
static void take(bool has_vnet_hdr, bool has_ethernet, uint32_t sender, uint64_t seq, int queue)
{
	size_t before = has_vnet_hdr ? sizeof(struct virtio_net_hdr) : 0;
	uint8_t buf[256] = { 0 };
	struct flow_mark m;
	size_t at = before + sender_frame(buf + before, has_ethernet, 100, 20000, 9078);

	flow_mark(&m, sender, seq);
	memcpy(buf + at, &m, sizeof(m));
	flows_take(&flows, queue, buf, at + 100);
}

static void take_all(const uint64_t *seq, size_t n)
{
	for (size_t i = 0; i < n; i++)
		take(false, false, 0, seq[i], 0);
}

static const struct {
	const char *what;
	uint64_t seq[8];
	size_t n;
	uint64_t received, out_of_order, duplicates;
} orders[] = {
	{ "in order",            { 0, 1, 2, 3 },         4, 4, 0, 0 },
	{ "lost ones are no sin", { 0, 5, 6, 100000 },    4, 4, 0, 0 },
	{ "one is late",         { 0, 2, 1, 3 },         4, 4, 1, 0 },
	{ "one comes twice",     { 0, 1, 1, 2 },         4, 3, 0, 1 },
	{ "twice and late",      { 0, 2, 1, 1, 2, 0 },   6, 3, 1, 3 },
	{ "far behind, then again in the window", { 0, 70000, 70000 - 65535, 70000 - 65535 }, 4, 3, 1, 1 },
	{ "older than the window: late, not told twice", { 0, 70000, 0 }, 3, 3, 1, 0 },
	{ "the window turns",    { 0, 65537, 131072, 65537 }, 4, 3, 0, 1 },
};

static void numbers_tell_what_was_late_and_what_came_twice(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(orders); i++) {
		struct flow_sum sum;

		assert_int_equal(flows_init(&flows, false, false), 0);
		take_all(orders[i].seq, orders[i].n);
		flows_sum(&flows, &sum);
		flows_free(&flows);
		if (sum.received != orders[i].received || sum.out_of_order != orders[i].out_of_order ||
		    sum.duplicates != orders[i].duplicates)
			fail_msg("%s: received %ju, out of order %ju, duplicates %ju", orders[i].what,
				 (uintmax_t)sum.received, (uintmax_t)sum.out_of_order, (uintmax_t)sum.duplicates);
	}
}

static void a_mark_is_found_behind_every_header(void **state)
{
	(void)state;
	for (int i = 0; i < 4; i++) {
		assert_int_equal(flows_init(&flows, i & 1, i & 2), 0);
		take(i & 1, i & 2, 7, 0, 3);
		assert_int_equal(flows.received, 1);
		assert_int_equal(flows.strangers, 0);
		assert_int_equal(flows.flow[7].queue, 3);
		flows_free(&flows);
	}
}

static void other_packets_are_strangers(void **state)
{
	uint8_t buf[256] = { 0 };
	size_t at = sender_frame(buf, false, 100, 1, 2);

	(void)state;
	flows_take(&flows, 0, buf, at + 100);		/* no mark */
	flows_take(&flows, 0, buf, 10);			/* cut */
	take(false, false, FLOWS_MAX, 0, 0);		/* no such sender */
	buf[9] = 6;					/* TCP */
	flows_take(&flows, 0, buf, at + 100);
	assert_int_equal(flows.received, 0);
	assert_int_equal(flows.strangers, 4);
}

static void a_queue_is_trusted_only_from_packets_sent_after_a_change(void **state)
{
	(void)state;
	take(false, false, 1, 0, 0);
	assert_int_equal(flows.flow[1].queue, 0);
	flow_moved(&flows.flow[1], 3);
	take(false, false, 1, 2, 0);
	assert_int_equal(flows.flow[1].queue, -1);
	take(false, false, 1, 3, 2);
	assert_int_equal(flows.flow[1].queue, 2);
}

static void a_wait_ends_with_the_packet_it_waits_for(void **state)
{
	double began = time_now();

	(void)state;
	assert_int_equal(flows_wait(&flows, 1, began + 0.01), 0);
	take(false, false, 0, 0, 0);
	assert_int_equal(flows_wait(&flows, 1, began + 60), 1);
	assert_true(time_now() - began < 30);
}

static void delays_are_summed_up(void **state)
{
	struct flow_sum sum;

	(void)state;
	for (uint64_t i = 0; i < 100; i++)
		take(false, false, (uint32_t)(i % 2), i / 2, 0);
	flows_sum(&flows, &sum);
	assert_int_equal(sum.received, 100);
	assert_true(sum.delay_p50_s > 0 && sum.delay_p50_s <= sum.delay_p99_s);
	/* A slot is told by its upper end, an eighth above what was in it. */
	assert_true(sum.delay_p99_s <= sum.delay_max_s * 1.2 + 1e-8);
}

static void reasons_have_the_kernels_own_names(void **state)
{
	static const char format[] = "print fmt: \"reason: %s\", __print_symbolic(REC->reason, "
				     "{ 2, \"NOT_SPECIFIED\" }, { 51, \"FULL_RING\" }, { 5, \"QDISC_DROP\" })";
	static const struct {
		unsigned long reason;
		const char *name;
	} rows[] = {
		{ 2,  "NOT_SPECIFIED" },
		{ 51, "FULL_RING" },
		{ 5,  "QDISC_DROP" },
		{ 1,  "reason 1" },
		{ TRACE_UNTOLD, "not told apart" },
	};
	char name[48];

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		drops_name(format, rows[i].reason, name, sizeof(name));
		assert_string_equal(name, rows[i].name);
	}
}

#define WITH_FLOWS(f) cmocka_unit_test_setup_teardown(f, begin, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(numbers_tell_what_was_late_and_what_came_twice),
		cmocka_unit_test(a_mark_is_found_behind_every_header),
		WITH_FLOWS(other_packets_are_strangers),
		WITH_FLOWS(a_queue_is_trusted_only_from_packets_sent_after_a_change),
		WITH_FLOWS(a_wait_ends_with_the_packet_it_waits_for),
		WITH_FLOWS(delays_are_summed_up),
		cmocka_unit_test(reasons_have_the_kernels_own_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
