// SPDX-License-Identifier: GPL-2.0-only
/*
 * test_ring.c - the ring itself on the running kernel: every packet accounted for, every stall seen
 *
 * In a user, network and mount namespace of its own; exits 77 where that is not possible. What the
 * kernel lacks (vhost_net, kprobes) is a skipped test. A stock kernel passes every scenario.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "lib/cleanup.h"
#include "lib/err.h"
#include "lib/stop.h"
#include "lib/str.h"
#include "net/link.h"
#include "net/tap.h"
#include "ring/ring_priv.h"
#include "namespaces.h"

static struct nl nl;

static void check(int ret)
{
	if (ret)
		fail_msg("%s", err_text());
}

static struct ring_spec spec_of(const char *reader, double seconds)
{
	return (struct ring_spec){
		.rig = { .device = RIG_TAP, .queues = 1, .txqueuelen = 100, .qdisc = "pfifo_fast" },
		.reader = reader, .senders = 1, .size = 100, .seconds = seconds,
	};
}

static void assert_nothing_is_left(void)
{
	assert_false(link_exists(RIG_IFNAME));
	assert_false(link_exists(RIG_LOWER));
}

/* Runs it; a kernel that lacks something skips the test. */
static void run(const struct ring_spec *spec, struct ring_result *r)
{
	int ret = ring_run(&nl, spec, r);

	assert_nothing_is_left();
	if (ret == -EACCES) { /* an ordinary user, and a macvtap's device node */
		print_message("SKIP: %s\n", err_text());
		skip();
	}
	check(ret);
	if (r->skip) {
		print_message("SKIP: %s\n", r->skip);
		ring_result_free(r);
		skip();
	}
}

/* A reader that says that it waits, and never takes anything. */
static int run_deaf(struct reader *r)
{
	struct pollfd p = { .fd = r->stop_fd, .events = POLLIN };

	reader_waits(r);
	(void)poll(&p, 1, -1);
	return 0;
}

/* The same, but it has been woken and is on its way. */
static int run_busy(struct reader *r)
{
	reader_waits(r);
	while (!reader_stop_wanted(r))
		;
	return 0;
}

/* Whatever it is handed it hands on twice. */
static int run_double(struct reader *r)
{
	static char buf[READER_PACKET_MAX];
	struct pollfd p[] = { { .fd = r->fd, .events = POLLIN }, { .fd = r->stop_fd, .events = POLLIN } };

	while (!reader_stop_wanted(r)) {
		reader_waits(r);
		if (poll(p, 2, -1) > 0 && (p[0].revents & POLLIN)) {
			ssize_t n = read(r->fd, buf, sizeof(buf));

			reader_take(r, buf, n > 0 ? (size_t)n : 0);
			reader_take(r, buf, n > 0 ? (size_t)n : 0);
		}
	}
	return 0;
}

static const struct reader_def deaf = { .name = "deaf", .run = run_deaf };
static const struct reader_def busy = { .name = "busy", .run = run_busy };
static const struct reader_def twice = { .name = "twice", .run = run_double };

static int act_nothing(struct ring *r)
{
	(void)r;
	return 0;
}

static int act_pause(struct ring *r)
{
	return ring_pause_reader(r, 0, true);
}

static int act_down(struct ring *r)
{
	return ring_set_up(r, false);
}

static int act_check(struct ring *r)
{
	return ring_check_flow(r, "a test");
}

static int act_fail(struct ring *r)
{
	(void)r;
	return err_say(EPROTO, "made to fail for a test");
}

static const struct scenario nothing = { .name = "nothing", .act = act_nothing };
static const struct scenario pausing = { .name = "pausing", .act = act_pause };
static const struct scenario downing = { .name = "downing", .act = act_down };
static const struct scenario checking = { .name = "checking", .act = act_check };
static const struct scenario failing = { .name = "failing", .act = act_fail };

static void run_as(const struct ring_spec *spec, const struct reader_def *def, const struct scenario *s,
		   struct ring_result *r)
{
	check(ring_run_as(&nl, spec, def, s, r));
	assert_nothing_is_left();
	assert_null(r->skip);
}

static void every_packet_of_a_calm_sender_is_received(void **state)
{
	const struct reader_def *def = *state;
	struct ring_spec spec = spec_of(def->name, 0.2);
	struct ring_result r;

	spec.rate_pps = 500;
	run(&spec, &r);
	assert_null(r.fault);
	assert_in_range(r.sent, 1, 200);
	assert_int_equal(r.received, r.sent);
	assert_int_equal(r.unaccounted + (int64_t)r.out_of_order + r.stalls, 0);
	ring_result_free(&r);
}

struct flood {
	const char *name;
	enum rig_device device;
	enum ring_sender sender;
	int queues, senders;
	const char *qdisc;
	bool vnet_hdr, bypass;
};

static const struct flood floods[] = {
	{ "a flood into a TAP",             RIG_TAP,     RING_UDP,    1, 1, "pfifo_fast", false, false },
	{ "a flood into a TUN",             RIG_TUN,     RING_UDP,    1, 1, "pfifo_fast", false, false },
	{ "a flood into a macvtap",         RIG_MACVTAP, RING_UDP,    1, 1, "pfifo_fast", false, false },
	{ "frames into a TUN",              RIG_TUN,     RING_PACKET, 1, 1, "pfifo_fast", false, false },
	{ "frames past the qdisc",          RIG_TAP,     RING_PACKET, 1, 2, "pfifo_fast", true,  true  },
	{ "frames into a macvtap's queues", RIG_MACVTAP, RING_PACKET, 4, 8, "pfifo_fast", true,  false },
	{ "a flood into four queues",       RIG_TAP,     RING_UDP,    4, 8, "pfifo_fast", true,  false },
	{ "a flood below noqueue",          RIG_TUN,     RING_UDP,    2, 4, "noqueue",    false, false },
};

/* On a kernel without flow control the ring drops most; with it the qdisc or the sender waits. */
static void every_packet_of_a_flood_is_accounted_for(void **state)
{
	const struct flood *f = *state;
	struct ring_spec spec = spec_of("poll", 0.2);
	struct ring_result r;

	spec.rig.device = f->device;
	spec.rig.queues = f->queues;
	spec.rig.qdisc = f->qdisc;
	spec.rig.vnet_hdr = f->vnet_hdr;
	spec.rig.txqueuelen = 10;
	spec.sender = f->sender;
	spec.bypass = f->bypass;
	spec.senders = f->senders;
	run(&spec, &r);
	print_message("  sent %ju, refused %ju (%s), received %ju, dropped %ju\n", (uintmax_t)r.sent,
		      (uintmax_t)r.refused, r.refused_text, (uintmax_t)r.received, (uintmax_t)r.ring_drops);
	assert_null(r.fault);
	assert_true(r.received > 0);
	assert_int_equal(r.unaccounted, 0);
	ring_result_free(&r);
}

static void a_slow_reader_costs_drops_and_no_stall(void **state)
{
	struct ring_spec spec = spec_of("epoll", 0.5);
	struct ring_result r;

	(void)state;
	spec.rig.txqueuelen = 5;
	spec.reader_delay_us = 2000;
	run(&spec, &r);
	assert_null(r.fault);
	assert_in_range(r.received, 1, 300);
	assert_true(r.ring_drops + r.qdisc_drops + r.refused > 0 || r.sent == r.received);
	assert_int_equal(r.unaccounted, 0);
	ring_result_free(&r);
}

static void a_soak_ends_with_the_packets_it_was_asked_for(void **state)
{
	struct ring_spec spec = spec_of("read", 0);
	struct ring_result r;

	(void)state;
	spec.packets = 3000;
	spec.scenario = "none";
	run(&spec, &r);
	assert_null(r.fault);
	assert_true(r.received >= 3000);
	ring_result_free(&r);
}

static void a_reader_that_waits_and_gets_nothing_is_a_stall(void **state)
{
	struct ring_spec spec = spec_of("deaf", 1.3);
	struct ring_result r;

	(void)state;
	spec.rate_pps = 500;
	run_as(&spec, &deaf, &nothing, &r);
	assert_int_equal(r.stalls, 1);
	assert_true(r.longest_gap_s >= 1);
	assert_non_null(r.fault);
	print_message("  %s\n", r.fault);
	assert_true(str_starts(r.fault, "stalled: nothing received of flow 0 for 1.0 s with "));
	assert_non_null(strstr(r.fault, "queue 0: ring not empty, reader deaf waits, qdisc backlog "));
	ring_result_free(&r);
}

struct innocent {
	const char *name;
	const struct reader_def *def;
	const struct scenario *scenario;
};

static const struct innocent innocents[] = {
	{ "a reader that is paused is no stall",            &reader_poll, &pausing },
	{ "a link that is down is no stall",                &deaf,        &downing },
	{ "a reader without a processor is no stall",       &busy,        &nothing },
};

static void nobody_is_blamed(void **state)
{
	const struct innocent *i = *state;
	struct ring_spec spec = spec_of("poll", 1.2);
	struct ring_result r;

	spec.rate_pps = 500;
	run_as(&spec, i->def, i->scenario, &r);
	if (r.fault)
		fail_msg("%s", r.fault);
	assert_int_equal(r.stalls, 0);
	ring_result_free(&r);
}

static void traffic_that_does_not_flow_again_is_a_fault(void **state)
{
	struct ring_spec spec = spec_of("deaf", 0.1);
	struct ring_result r;

	(void)state;
	spec.rate_pps = 500;
	run_as(&spec, &deaf, &checking, &r);
	assert_non_null(r.fault);
	assert_non_null(strstr(json_string_value(json_array_get(json_object_get(r.notes, "more_faults"), 0)),
			       "stalled after a test: nothing received of flow 0 for 3 s; queue 0: "));
	ring_result_free(&r);
}

static void a_packet_that_comes_twice_is_a_fault(void **state)
{
	struct ring_spec spec = spec_of("twice", 0.2);
	struct ring_result r;

	(void)state;
	spec.rate_pps = 500;
	run_as(&spec, &twice, &nothing, &r);
	assert_true(r.duplicates > 0);
	assert_non_null(strstr(r.fault, "received twice"));
	ring_result_free(&r);
}

static void what_the_bed_cannot_do_is_no_fault_and_leaves_nothing(void **state)
{
	struct ring_spec spec = spec_of("poll", 0.1);
	struct ring_result r;

	(void)state;
	assert_int_equal(ring_run_as(&nl, &spec, NULL, &failing, &r), -EPROTO);
	assert_string_equal(err_text(), "ring: made to fail for a test");
	assert_nothing_is_left();
	spec.rig.qdisc = "nosuch";
	assert_int_equal(ring_run(&nl, &spec, &r), -ENOENT);
	assert_true(str_starts(err_text(), "ring: device: link ring0: set qdisc nosuch"));
	assert_nothing_is_left();
	spec = spec_of("poll", 0.1);
	spec.senders = 9;
	assert_int_equal(ring_run(&nl, &spec, &r), -EINVAL);
	assert_nothing_is_left();
	spec = spec_of("nosuch", 0.1);
	assert_int_equal(ring_run(&nl, &spec, &r), -EINVAL);
	assert_true(str_starts(err_text(), "ring: no reader is called 'nosuch'; there is: read, poll"));
	spec = spec_of("poll", 0.1);
	spec.scenario = "nosuch";
	assert_int_equal(ring_run(&nl, &spec, &r), -EINVAL);
	assert_true(str_starts(err_text(), "no scenario is called 'nosuch'; there is: none, resize-zero"));
}

static void a_stock_kernel_passes(void **state)
{
	const struct scenario *s = *state;
	struct ring_spec spec = spec_of("poll", 0.2);
	struct ring_result r;

	spec.rig.txqueuelen = 10;
	spec.scenario = s->name;
	spec.seed = 1;
	run(&spec, &r);
	if (r.fault)
		fail_msg("%s", r.fault);
	assert_true(r.received > 0);
	assert_int_equal(r.duplicates, 0);
	ring_result_free(&r);
}

static void a_result_is_told_as_json(void **state)
{
	struct ring_spec spec = spec_of("poll", 1);
	struct ring_result r = { .sent = 12, .n_reasons = 1, .reasons = { { "FULL_RING", 3 } }, .notes = json_object() };
	_cleanup_(json_decrefp) json_t *j = ring_result_json(&spec, &r);

	(void)state;
	assert_non_null(j);
	assert_int_equal(json_integer_value(json_object_get(j, "sent")), 12);
	assert_int_equal(json_integer_value(json_object_get(json_object_get(j, "reasons"), "FULL_RING")), 3);
	assert_true(json_is_null(json_object_get(j, "fault")));
	assert_string_equal(json_string_value(json_object_get(json_object_get(j, "spec"), "reader")), "poll");
	ring_result_free(&r);
}

static int can_run(void)
{
	_cleanup_(closep) int fd = -1;
	int ret = namespaces_enter(CLONE_NEWNS);

	if (!ret)
		ret = tap_open(RIG_IFNAME, 0, &fd);
	return ret ? ret : nl_open(&nl);
}

#define ROWS_MAX 32

struct rows {
	struct CMUnitTest test[ROWS_MAX];
	size_t n;
};

static void add(struct rows *t, const char *name, CMUnitTestFunction f, const void *state)
{
	assert_true(t->n < ROWS_MAX);
	t->test[t->n++] = (struct CMUnitTest){ name, f, NULL, NULL, (void *)state };
}

static int run_rows(const char *name, struct rows *t)
{
	return _cmocka_run_group_tests(name, t->test, t->n, NULL, NULL);
}

int main(void)
{
	const struct CMUnitTest fixed[] = {
		cmocka_unit_test(a_slow_reader_costs_drops_and_no_stall),
		cmocka_unit_test(a_soak_ends_with_the_packets_it_was_asked_for),
		cmocka_unit_test(a_reader_that_waits_and_gets_nothing_is_a_stall),
		cmocka_unit_test(traffic_that_does_not_flow_again_is_a_fault),
		cmocka_unit_test(a_packet_that_comes_twice_is_a_fault),
		cmocka_unit_test(what_the_bed_cannot_do_is_no_fault_and_leaves_nothing),
		cmocka_unit_test(a_result_is_told_as_json),
	};
	struct rows readers = { 0 }, devices = { 0 }, watch = { 0 }, scenarios = { 0 };
	int failed;

	if (can_run()) {
		printf("SKIP: %s\n", err_text());
		return 77;
	}
	for (size_t i = 0; reader_def_at(i); i++)
		add(&readers, reader_def_at(i)->name, every_packet_of_a_calm_sender_is_received, reader_def_at(i));
	for (size_t i = 0; i < ARRAY_SIZE(floods); i++)
		add(&devices, floods[i].name, every_packet_of_a_flood_is_accounted_for, &floods[i]);
	for (size_t i = 0; i < ARRAY_SIZE(innocents); i++)
		add(&watch, innocents[i].name, nobody_is_blamed, &innocents[i]);
	for (size_t i = 0; scenario_at(i); i++)
		add(&scenarios, scenario_at(i)->name, a_stock_kernel_passes, scenario_at(i));
	failed = cmocka_run_group_tests_name("a run", fixed, NULL, NULL);
	failed += run_rows("every packet of a calm sender is received", &readers);
	failed += run_rows("every packet of a flood is accounted for", &devices);
	failed += run_rows("the watch blames nobody", &watch);
	failed += run_rows("a stock kernel passes each scenario", &scenarios);
	nl_close(&nl);
	return failed;
}
