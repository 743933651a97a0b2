// SPDX-License-Identifier: GPL-2.0-only
/* test_raw.c - cells to runs of the ring, what came out of them to samples; the words of both sides */
#include <math.h>
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "lib/cleanup.h"
#include "lib/err.h"
#include "measure/raw.h"
#include "ring/reader.h"
#include "ring/scenario.h"

static struct cell cell_of(const char *const words[AXIS_COUNT])
{
	struct cell c = { .probe = PROBE_RAW };

	for (enum axis a = 0; a < AXIS_COUNT; a++)
		assert_int_equal(axis_parse(a, words[a] ? words[a] : axis_def(a)->fallback, &c.at[a]), 0);
	return c;
}

static const struct plan_probe traffic = {
	.kind = PROBE_RAW, .seconds = 2.5, .size = 512, .rate_pps = 1000, .packets = 1e9, .seed = 7,
};

static void a_cell_is_what_the_ring_is_told(void **state)
{
	const char *const words[AXIS_COUNT] = {
		[AXIS_BACKEND] = "tun", [AXIS_TXQUEUELEN] = "0", [AXIS_QDISC] = "noqueue", [AXIS_QUEUES] = "4",
		[AXIS_READER] = "epoll-et", [AXIS_SENDER] = "packet", [AXIS_SENDERS] = "8",
		[AXIS_READER_DELAY_US] = "50", [AXIS_BACKPRESSURE] = "on", [AXIS_SCENARIO] = "resize-zero",
	};
	struct cell c = cell_of(words);
	struct ring_spec s;

	(void)state;
	assert_int_equal(raw_spec(&traffic, &c, &s), 0);
	assert_int_equal(s.rig.device, RIG_TUN);
	assert_int_equal(s.rig.queues, 4);
	assert_int_equal(s.rig.txqueuelen, 0);
	assert_string_equal(s.rig.qdisc, "noqueue");
	assert_true(s.rig.backpressure);
	assert_string_equal(s.reader, "epoll-et");
	assert_int_equal(s.sender, RING_PACKET);
	assert_int_equal(s.senders, 8);
	assert_int_equal(s.size, 512);
	assert_int_equal(s.rate_pps, 1000);
	assert_int_equal(s.reader_delay_us, 50);
	assert_true(s.seconds == 2.5);
	assert_true(s.packets == 1000000000 && s.seed == 7);
	assert_string_equal(s.scenario, "resize-zero");
}

static void a_backend_that_is_no_device_is_refused(void **state)
{
	const char *const words[AXIS_COUNT] = { [AXIS_BACKEND] = "vhost" };
	struct cell c = cell_of(words);
	struct ring_spec s;

	(void)state;
	assert_int_equal(raw_spec(&traffic, &c, &s), -EINVAL);
	assert_string_equal(err_text(), "backend vhost is no device of the ring");
}

static void rates_are_of_the_seconds_that_were_measured(void **state)
{
	const struct ring_result r = {
		.seconds = 2, .sent = 1000, .received = 700, .ring_drops = 200, .qdisc_drops = 99, .refused = 5,
		.out_of_order = 3, .unaccounted = 1, .stalls = 2, .longest_gap_s = 1.5,
	};
	const struct { enum metric metric; double value; } want[] = {
		{ METRIC_PPS, 350 }, { METRIC_LOST_PPS, 100 }, { METRIC_SENT_PPS, 500 }, { METRIC_REFUSED, 5 },
		{ METRIC_OUT_OF_ORDER, 3 }, { METRIC_UNACCOUNTED, 1 }, { METRIC_STALLS, 2 }, { METRIC_STALL_S, 1.5 },
		{ METRIC_TX_DROPPED, 200 }, { METRIC_QDISC_DROPS, 99 },
	};
	struct sample s;

	(void)state;
	sample_init(&s);
	raw_metrics(&r, &s);
	for (size_t i = 0; i < ARRAY_SIZE(want); i++)
		assert_true(s.value[want[i].metric] == want[i].value);
	assert_true(isnan(s.value[METRIC_THROUGHPUT_BPS]));
}

static void nothing_measured_is_no_rate(void **state)
{
	const struct ring_result r = { 0 };
	struct sample s;

	(void)state;
	sample_init(&s);
	raw_metrics(&r, &s);
	assert_true(isnan(s.value[METRIC_PPS]) && isnan(s.value[METRIC_LOST_PPS]));
}

static void the_command_says_all_of_the_cell(void **state)
{
	const char *const words[AXIS_COUNT] = { [AXIS_READER] = "poll", [AXIS_TXQUEUELEN] = "1" };
	struct cell c = cell_of(words);
	_cleanup_(freep) char *command = raw_command(&traffic, &c);

	(void)state;
	assert_string_equal(command,
		"tapbed run plan.yaml --set probe.name=raw --set probe.seconds=2.5 --set probe.size=512 "
		"--set probe.rate=1000 --set probe.packets=1000000000 --set probe.seed=7 --set backend=tap --set txqueuelen=1 "
		"--set qdisc=fq_codel --set queues=1 --set reader=poll --set sender=udp --set senders=1 "
		"--set reader_delay_us=0 --set backpressure=off --set scenario=none");
}

static const char *reader_name(size_t n)
{
	return reader_def_at(n) ? reader_def_at(n)->name : NULL;
}

static const char *scenario_name(size_t n)
{
	return scenario_at(n) ? scenario_at(n)->name : NULL;
}

/* plan/ may not include ring/, so the words stand on both sides, in one order. */
static void words_are_those_of(const char *const *words, const char *(*at)(size_t n))
{
	size_t n = 0;

	for (; at(n) && words[n]; n++)
		assert_string_equal(words[n], at(n));
	assert_true(!at(n) && !words[n]);
}

static void the_words_of_a_plan_are_those_of_the_ring(void **state)
{
	(void)state;
	words_are_those_of(axis_def(AXIS_READER)->words, reader_name);
	words_are_those_of(axis_def(AXIS_SCENARIO)->words, scenario_name);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_cell_is_what_the_ring_is_told),
		cmocka_unit_test(a_backend_that_is_no_device_is_refused),
		cmocka_unit_test(rates_are_of_the_seconds_that_were_measured),
		cmocka_unit_test(nothing_measured_is_no_rate),
		cmocka_unit_test(the_command_says_all_of_the_cell),
		cmocka_unit_test(the_words_of_a_plan_are_those_of_the_ring),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
