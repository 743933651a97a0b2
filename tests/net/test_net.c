// SPDX-License-Identifier: GPL-2.0-only
/*
 * test_net.c - the rooms net and measure against the running kernel
 *
 * Works in a user and network namespace of its own: needs no root and touches no device of
 * the machine. Exits 77 where that is not possible. A qdisc that the kernel lacks is a
 * skipped test.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <sched.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>

#include <cmocka.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>

#include "lib/cleanup.h"
#include "lib/err.h"
#include "lib/proc.h"
#include "lib/stop.h"
#include "lib/str.h"
#include "measure/backlog.h"
#include "measure/counters.h"
#include "measure/ping.h"
#include "measure/probe.h"
#include "net/link.h"
#include "net/qdisc.h"
#include "net/tap.h"
#include "namespaces.h"

#define TAP "tap-test"
#define FRAMES 40

static struct nl nl;

/* A TAP that is up, with us as the reader who never reads, for the length of a test. */
static int tap_fd = -1;

static void check(int ret)
{
	if (ret)
		fail_msg("%s", err_text());
}

static int tap_up(void **state)
{
	(void)state;
	if (tap_open(TAP, 0, &tap_fd) || link_set_txqueuelen(&nl, TAP, 1) || link_set_up(&nl, TAP)) {
		print_error("%s\n", err_text());
		return -1;
	}
	return 0;
}

static int tap_gone(void **state)
{
	(void)state;
	closep(&tap_fd);
	tap_fd = -1;
	return 0;
}

/* Hands frames to the qdisc of the TAP, as the host's stack does. */
static void send_frames(int n)
{
	_cleanup_(closep) int fd = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0);
	struct sockaddr_ll to = { .sll_family = AF_PACKET, .sll_ifindex = link_index(TAP) };
	/* to, from, an EtherType for experiments */
	uint8_t frame[1000] = { 2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2, 0x88, 0xb5 };

	assert_true(fd >= 0);
	while (n-- > 0)
		(void)sendto(fd, frame, sizeof(frame), 0, (struct sockaddr *)&to, sizeof(to));
}

static void a_persistent_tap_stays_until_it_is_deleted(void **state)
{
	(void)state;
	check(tap_create(TAP, IFF_VNET_HDR));
	assert_true(link_exists(TAP));
	check(link_delete(&nl, TAP));
	assert_false(link_exists(TAP));
	check(tap_create(TAP, IFF_VNET_HDR | IFF_MULTI_QUEUE));
	check(link_delete(&nl, TAP));
	assert_int_equal(link_delete(&nl, TAP), -ENODEV);
	assert_string_equal(err_text(), "link " TAP ": No such device");
}

static void an_open_tap_goes_with_its_descriptor(void **state)
{
	int fd = -1;

	(void)state;
	check(tap_open(TAP, 0, &fd));
	assert_true(link_exists(TAP));
	assert_int_equal(tap_create(TAP, 0), -EBUSY);
	assert_string_equal(err_text(), "tap " TAP ": ioctl TUNSETIFF: Device or resource busy "
			    "(another process has it open)");
	close(fd);
	assert_false(link_exists(TAP));
}

static void a_link_is_set_and_read_back(void **state)
{
	struct link_state l;

	(void)state;
	check(link_set_txqueuelen(&nl, TAP, 1));
	check(link_set_mtu(&nl, TAP, 1400));
	check(link_read(&nl, TAP, &l));
	assert_int_equal(l.index, link_index(TAP));
	assert_int_equal(l.txqueuelen, 1);
	assert_int_equal(l.mtu, 1400);
	assert_true(l.is_up);
	check(link_set_txqueuelen(&nl, TAP, 1000));
	check(link_set_down(&nl, TAP));
	check(link_read(&nl, TAP, &l));
	assert_int_equal(l.txqueuelen, 1000);
	assert_false(l.is_up);
}

static void the_kernels_sentence_says_why_an_mtu_is_refused(void **state)
{
	(void)state;
	assert_int_equal(link_set_mtu(&nl, TAP, 1), -EINVAL);
	assert_true(str_starts(err_text(), "link " TAP ": set mtu 1: "));
	assert_non_null(strstr(err_text(), "minimum"));
}

static void an_address_is_added_once_and_once_more(void **state)
{
	const struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons(9),
					.sin_addr.s_addr = inet_addr("10.77.0.200") };
	_cleanup_(closep) int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	struct sockaddr_in from = { 0 };
	socklen_t len = sizeof(from);

	(void)state;
	assert_int_not_equal(connect(fd, (const struct sockaddr *)&to, sizeof(to)), 0);
	check(link_add_addr(&nl, TAP, "10.77.0.1/24"));
	check(link_add_addr(&nl, TAP, "10.77.0.1/24"));
	/* The route that came with it says which address of ours packets to the guest have. */
	assert_int_equal(connect(fd, (const struct sockaddr *)&to, sizeof(to)), 0);
	assert_int_equal(getsockname(fd, (struct sockaddr *)&from, &len), 0);
	assert_int_equal(from.sin_addr.s_addr, inet_addr("10.77.0.1"));
	assert_int_equal(link_add_addr(&nl, "no-such", "10.77.0.1/24"), -ENODEV);
}

static void a_qdisc_of_the_table_is_set_and_read_back(void **state)
{
	const struct qdisc_def *d = *state;
	const char *value = d->units == quantity_rate ? "100mbit" : "100";
	struct qdisc_state first, second;
	char text[64]; /* skip() jumps: nothing to free */
	int ret;

	snprintf(text, sizeof(text), "%s%s%s%s%s", d->kind, d->param ? " " : "", d->param ? d->param : "",
		 d->param ? " " : "", d->param ? value : "");
	ret = qdisc_set(&nl, TAP, text);
	if (ret == -ENOENT && d->option) {
		assert_non_null(strstr(err_text(), d->option));
		print_message("SKIP: %s\n", err_text());
		skip();
	}
	check(ret);
	check(qdisc_read(&nl, TAP, &first));
	assert_string_equal(first.kind, d->kind);
	/* Setting the same kind once more makes a new one, with new limits and counters. */
	check(qdisc_set(&nl, TAP, d->needs_value ? text : d->kind));
	check(qdisc_read(&nl, TAP, &second));
	assert_string_equal(second.kind, d->kind);
	assert_int_not_equal(first.handle, second.handle);
}

static void an_unknown_qdisc_is_refused_by_the_kernel(void **state)
{
	struct qdisc_state before, after;

	(void)state;
	check(qdisc_read(&nl, TAP, &before));
	assert_int_equal(qdisc_set(&nl, TAP, "nosuch"), -ENOENT);
	assert_string_equal(err_text(), "link " TAP ": set qdisc nosuch: Specified qdisc kind is unknown: "
			    "No such file or directory");
	check(qdisc_read(&nl, TAP, &after));
	assert_string_equal(after.kind, before.kind);
	assert_int_equal(after.handle, before.handle);
}

static void a_link_that_was_never_up_has_noop(void **state)
{
	_cleanup_(closep) int fd = -1;
	struct qdisc_state q;

	(void)state;
	check(tap_open(TAP, 0, &fd));
	check(qdisc_read(&nl, TAP, &q));
	assert_string_equal(q.kind, "noop");
}

static void frames_that_nobody_reads_are_counted(void **state)
{
	struct counters_from from = { .nl = &nl, .ifname = TAP, .sends_at = TAP };
	struct counters before, after;
	struct qdisc_state q;
	struct sample s;
	double lost;

	(void)state;
	sample_init(&s);
	check(qdisc_set(&nl, TAP, "pfifo_fast"));
	check(counters_read(&from, &before));
	send_frames(FRAMES);
	check(counters_read(&from, &after));
	check(counters_diff(&before, &after, &s));
	check(qdisc_read(&nl, TAP, &q));
	print_message("  %d frames into a ring of 1: tx_dropped %.0f, qdisc drops %.0f, backlog %u\n",
		      FRAMES, s.value[METRIC_TX_DROPPED], s.value[METRIC_QDISC_DROPS], q.backlog_packets);
	/* Where a kernel with flow control keeps or drops them, the qdisc has them. */
	lost = s.value[METRIC_TX_DROPPED] + s.value[METRIC_QDISC_DROPS] + q.backlog_packets;
	assert_true(lost >= FRAMES - 1);
	assert_true(s.value[METRIC_HOST_RETRANS_SEGS] == 0);
	assert_true(isnan(s.value[METRIC_GUEST_RETRANS_SEGS]));
}

/* A token bucket of 8 bit/s keeps a few frames and drops the others. */
static void drops_and_backlog_of_a_full_qdisc_are_read(void **state)
{
	const struct proc tc = {
		.argv = (const char *const[]){ "tc", "qdisc", "replace", "dev", TAP, "root", "tbf",
					       "rate", "8bit", "burst", "1100", "limit", "4500", NULL },
		.deadline_s = 10,
	};
	struct backlog b = { .nl = &nl, .ifname = TAP };
	struct qdisc_state before, q;
	struct sample s;

	(void)state;
	if (!proc_find("tc") || proc_run(&tc, NULL)) {
		print_message("SKIP: tc cannot set tbf: %s\n", err_text());
		skip();
	}
	sample_init(&s);
	backlog_poll(&b);
	send_frames(FRAMES);
	check(qdisc_read(&nl, TAP, &before));
	backlog_poll(&b);
	check(qdisc_read(&nl, TAP, &q));
	print_message("  %d frames: backlog %u packets, %u bytes, drops %u, overlimits %u\n", FRAMES,
		      q.backlog_packets, q.backlog_bytes, q.drops, q.overlimits);
	/* The stack may send some frames of its own, smaller than ours and at any time. */
	assert_in_range(q.backlog_packets, 1, FRAMES);
	assert_in_range(q.backlog_bytes, 1000, 4500);
	assert_true(q.drops + q.backlog_packets >= FRAMES - 1);
	assert_true(q.overlimits > 0);
	backlog_end(&b, &s);
	assert_in_range(b.packets, before.backlog_packets, q.backlog_packets);
	assert_true(s.value[METRIC_QDISC_BACKLOG] == b.packets);
	assert_int_equal(b.polls, 2);
	assert_true(b.read_at > 0 && b.written_at > 0);
}

static void a_probe_that_hangs_is_told_where(void **state)
{
	static const struct {
		struct backlog b;
		const char *says;
	} rows[] = {
		{ { 0 }, "the qdisc was not read" },
		{ { .polls = 9, .packets = 7, .read_at = 80, .written_at = 79.5 },
		  "7 packets wait in the qdisc; none was read for 20.0 s, none was written for 20.5 s" },
		{ { .polls = 9, .read_at = 100, .written_at = 98 },
		  "0 packets wait in the qdisc; packets are read, none was written for 2.0 s" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		_cleanup_(freep) char *is = backlog_tell(&rows[i].b, 100);

		assert_string_equal(is, rows[i].says);
	}
}

static void count_tick(void *arg)
{
	(*(int *)arg)++;
}

static void stop_server(pid_t *pid)
{
	proc_stop(*pid, 1);
}

/* Runs the probe until the server, which has just been started, listens. */
static int run_until_listening(const struct probe_args *a, struct probe_result *r)
{
	double deadline = time_now() + 10;

	for (;;) {
		int ret = probe_run(a, r);

		if (ret != -ECONNREFUSED || time_now() > deadline)
			return ret;
		probe_result_free(r);
		(void)stop_wait(-1, time_now() + 0.05);
	}
}

static void iperf3_measures_a_real_server(void **state)
{
	const struct proc server = { .argv = (const char *const[]){ "iperf3", "-s", "-J", NULL } };
	_cleanup_(probe_result_free) struct probe_result r;
	_cleanup_(stop_server) pid_t pid = -1;
	int ticks = 0;
	struct probe_args a = {
		.probe = PROBE_IPERF3, .server = "127.0.0.1", .seconds = 1, .streams = 2,
		.tick = count_tick, .tick_arg = &ticks, .tick_s = 0.2,
	};

	(void)state;
	probe_result_init(&r);
	if (!proc_find("iperf3")) {
		print_message("SKIP: iperf3 is not installed\n");
		skip();
	}
	check(link_set_up(&nl, "lo"));
	assert_int_equal(probe_run(&a, &r), -ECONNREFUSED);
	assert_non_null(r.command);
	probe_result_free(&r);
	pid = proc_start(&server, NULL);
	assert_true(pid > 0);
	ticks = 0;
	check(run_until_listening(&a, &r));
	print_message("  %s: %.0f bit/s, %d ticks\n", r.command, r.sample.value[METRIC_THROUGHPUT_BPS], ticks);
	assert_string_equal(r.command, "iperf3 -c 127.0.0.1 -J -i 1 --get-server-output -t 1 -P 2 "
			    "--connect-timeout 5000");
	assert_int_equal(r.finding.verdict, VERDICT_PASS);
	assert_true(r.sample.value[METRIC_THROUGHPUT_BPS] > 1e6);
	assert_true(r.sample.value[METRIC_RTT_US] > 0);
	assert_true(r.sample.value[METRIC_STALL_S] == 0);
	assert_in_range(ticks, 3, 12);
	assert_non_null(strstr(r.raw, "server_output_json"));
}

static void iperf3_sends_datagrams(void **state)
{
	const struct proc server = { .argv = (const char *const[]){ "iperf3", "-s", "-J", NULL } };
	const struct plan_probe traffic = { .kind = PROBE_UDP, .size = 1000, .rate_pps = 500 };
	_cleanup_(probe_result_free) struct probe_result r;
	_cleanup_(stop_server) pid_t pid = -1;
	struct probe_args a = { .probe = PROBE_UDP, .server = "127.0.0.1", .seconds = 1, .traffic = &traffic };

	(void)state;
	probe_result_init(&r);
	if (!proc_find("iperf3")) {
		print_message("SKIP: iperf3 is not installed\n");
		skip();
	}
	check(link_set_up(&nl, "lo"));
	pid = proc_start(&server, NULL);
	assert_true(pid > 0);
	check(run_until_listening(&a, &r));
	assert_non_null(strstr(r.command, " -u -l 1000 -b 4000000"));
	assert_in_range((int)r.sample.value[METRIC_PPS], 250, 600);
	assert_true(r.sample.value[METRIC_LOST_PERCENT] < 50);
	assert_true(r.sample.value[METRIC_JITTER_US] >= 0);
}

/* Machines that run tests seldom have it; a VM test has the numbers. */
static void pktgen_is_used_or_skipped_with_the_option(void **state)
{
	const struct plan_probe traffic = { .kind = PROBE_PKTGEN, .size = 200 };
	_cleanup_(probe_result_free) struct probe_result r;
	struct cell c = { .probe = PROBE_PKTGEN };
	const struct probe_args a = { .probe = PROBE_PKTGEN, .seconds = 0.5, .traffic = &traffic, .cell = &c, .nl = &nl };

	(void)state;
	for (enum axis x = 0; x < AXIS_COUNT; x++)
		assert_int_equal(axis_parse(x, axis_def(x)->fallback, &c.at[x]), 0);
	assert_int_equal(axis_parse(AXIS_QDISC, "pfifo_fast", &c.at[AXIS_QDISC]), 0);
	check(probe_run(&a, &r));
	if (r.finding.verdict == VERDICT_SKIP) {
		assert_string_equal(r.finding.reason, "this kernel has no pktgen (CONFIG_NET_PKTGEN)");
		assert_true(isnan(r.sample.value[METRIC_PPS]));
		return;
	}
	assert_true(r.sample.value[METRIC_PPS] > 0);
	assert_true(r.sample.value[METRIC_SENT_PPS] > 0);
}

/* Waits as long as a probe runs. */
static void ping_for(enum ping_kind kind, const char *address, double seconds, struct sample *s)
{
	struct ping *ping = NULL;

	sample_init(s);
	check(ping_start(kind, address, &ping));
	(void)stop_wait(-1, time_now() + seconds);
	ping_end(ping, s);
}

static void pings_are_answered_and_timed(void **state)
{
	struct sample s;

	(void)state;
	check(link_set_up(&nl, "lo"));
	ping_for(PING_ICMP, "127.0.0.1", 0.5, &s);
	print_message("  ping of lo: p50 %.0f us, p99 %.0f us, lost %.0f\n", s.value[METRIC_PING_P50_US],
		      s.value[METRIC_PING_P99_US], s.value[METRIC_PING_LOST]);
	assert_true(s.value[METRIC_PING_P50_US] > 0);
	assert_true(s.value[METRIC_PING_P50_US] <= s.value[METRIC_PING_P99_US]);
	assert_true(s.value[METRIC_PING_P99_US] < 1e6);
	assert_true(s.value[METRIC_PING_LOST] == 0);
}

static void pings_that_nobody_answers_are_lost(void **state)
{
	struct ping *ping = NULL;
	struct sample s;
	double from;

	(void)state;
	check(link_add_addr(&nl, TAP, "10.77.0.1/24"));
	ping_for(PING_ICMP, "10.77.0.2", 0.5, &s);
	assert_true(isnan(s.value[METRIC_PING_P50_US]));
	assert_in_range((int)s.value[METRIC_PING_LOST], 5, 26);
	/* Nothing is waited for when there is nothing to tell. */
	check(ping_start(PING_ICMP, "10.77.0.2", &ping));
	from = time_now();
	ping_end(ping, NULL);
	assert_true(time_now() - from < PING_LATE_S / 2);
	ping_end(NULL, NULL);
}

static void a_ping_without_a_route_is_refused(void **state)
{
	struct ping *ping = NULL;

	(void)state;
	assert_int_equal(ping_start(PING_ICMP, "10.99.0.1", &ping), -ENETUNREACH);
	assert_string_equal(err_text(), "ping: no route to 10.99.0.1: Network is unreachable");
	assert_int_equal(ping_start(PING_ICMP, "guest", &ping), -EINVAL);
}

/* What socat does in a guest: one connection, each byte back at once; after @limit bytes none any more. */
static void serve_echo(int listener, size_t limit)
{
	int fd = accept(listener, NULL, NULL);
	char bytes[4096];
	ssize_t n;

	while ((n = recv(fd, bytes, sizeof(bytes), 0)) > 0) {
		size_t back = (size_t)n < limit ? (size_t)n : limit;

		limit -= back;
		if (back && send(fd, bytes, back, MSG_NOSIGNAL) < 0)
			break;
	}
	_exit(0);
}

static pid_t start_echo(size_t limit)
{
	const struct sockaddr_in at = { .sin_family = AF_INET, .sin_port = htons(PING_PORT),
					.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	_cleanup_(closep) int listener = socket(AF_INET, SOCK_STREAM, 0);
	int on = 1;
	pid_t pid;

	assert_int_equal(setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)), 0);
	assert_int_equal(bind(listener, (const struct sockaddr *)&at, sizeof(at)), 0);
	assert_int_equal(listen(listener, 1), 0);
	pid = fork();
	if (!pid)
		serve_echo(listener, limit);
	assert_true(pid > 0);
	return pid;
}

static void requests_for(double seconds, size_t limit, struct sample *s)
{
	_cleanup_(stop_server) pid_t pid = start_echo(limit);

	setpgid(pid, pid);
	ping_for(PING_TCP, "127.0.0.1", seconds, s);
}

static void requests_are_answered_and_timed(void **state)
{
	struct sample s;

	(void)state;
	check(link_set_up(&nl, "lo"));
	requests_for(0.5, SIZE_MAX, &s);
	print_message("  requests over lo: p50 %.0f us, p99 %.0f us, lost %.0f\n", s.value[METRIC_RR_P50_US],
		      s.value[METRIC_RR_P99_US], s.value[METRIC_RR_LOST]);
	assert_true(s.value[METRIC_RR_P50_US] > 0);
	assert_true(s.value[METRIC_RR_P50_US] <= s.value[METRIC_RR_P95_US]);
	assert_true(s.value[METRIC_RR_P95_US] <= s.value[METRIC_RR_P99_US]);
	assert_true(s.value[METRIC_RR_P99_US] < 1e6);
	assert_true(s.value[METRIC_RR_LOST] == 0);
	assert_true(isnan(s.value[METRIC_PING_P50_US]));
}

/* Half an answer is none. */
static void requests_that_stay_unanswered_are_lost(void **state)
{
	struct sample s;

	(void)state;
	check(link_set_up(&nl, "lo"));
	requests_for(0.5, 3 * PING_BYTES + PING_BYTES / 2, &s);
	assert_true(s.value[METRIC_RR_P50_US] > 0);
	assert_in_range((int)s.value[METRIC_RR_LOST], 3, 23);
}

static void a_ping_is_waited_for(void **state)
{
	double from = time_now();

	(void)state;
	check(link_set_up(&nl, "lo"));
	check(link_add_addr(&nl, TAP, "10.77.0.1/24"));
	check(ping_wait("127.0.0.1", time_now() + 5));
	assert_int_equal(ping_wait("10.77.0.2", time_now() + 0.2), -ETIMEDOUT);
	assert_string_equal(err_text(), "ping: 10.77.0.2 does not answer");
	assert_true(time_now() - from < 4);
}

static int can_run(void)
{
	_cleanup_(closep) int fd = -1;
	int ret = namespaces_enter(0);

	if (!ret)
		ret = tap_open(TAP, 0, &fd);
	return ret ? ret : nl_open(&nl);
}

#define WITH_TAP(f) cmocka_unit_test_setup_teardown(f, tap_up, tap_gone)

int main(void)
{
	const struct CMUnitTest fixed[] = {
		cmocka_unit_test(a_persistent_tap_stays_until_it_is_deleted),
		cmocka_unit_test(an_open_tap_goes_with_its_descriptor),
		cmocka_unit_test(a_link_that_was_never_up_has_noop),
		WITH_TAP(a_link_is_set_and_read_back),
		WITH_TAP(the_kernels_sentence_says_why_an_mtu_is_refused),
		WITH_TAP(an_address_is_added_once_and_once_more),
		WITH_TAP(an_unknown_qdisc_is_refused_by_the_kernel),
		WITH_TAP(frames_that_nobody_reads_are_counted),
		WITH_TAP(drops_and_backlog_of_a_full_qdisc_are_read),
		cmocka_unit_test(a_probe_that_hangs_is_told_where),
		cmocka_unit_test(pings_are_answered_and_timed),
		WITH_TAP(pings_that_nobody_answers_are_lost),
		cmocka_unit_test(a_ping_without_a_route_is_refused),
		cmocka_unit_test(requests_are_answered_and_timed),
		cmocka_unit_test(requests_that_stay_unanswered_are_lost),
		WITH_TAP(a_ping_is_waited_for),
		cmocka_unit_test(iperf3_measures_a_real_server),
		cmocka_unit_test(iperf3_sends_datagrams),
		cmocka_unit_test(pktgen_is_used_or_skipped_with_the_option),
	};
	struct CMUnitTest qdiscs[16] = { 0 };
	size_t n;
	const struct qdisc_def *table = qdisc_table(&n);
	int failed;

	if (can_run()) {
		printf("SKIP: %s\n", err_text());
		return 77;
	}
	if (n > ARRAY_SIZE(qdiscs))
		return 1;
	for (size_t i = 0; i < n; i++)
		qdiscs[i] = (struct CMUnitTest){
			table[i].kind, a_qdisc_of_the_table_is_set_and_read_back,
			tap_up, tap_gone, (void *)&table[i],
		};
	failed = cmocka_run_group_tests_name("links and traffic", fixed, NULL, NULL);
	failed += _cmocka_run_group_tests("qdiscs are set and read back", qdiscs, n, NULL, NULL);
	nl_close(&nl);
	return failed;
}
