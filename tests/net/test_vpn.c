// SPDX-License-Identifier: GPL-2.0-only
/*
 * test_vpn.c - the probe vpn with real daemons, and the namespaces and links that it makes
 *
 * In a user, network and mount namespace of its own. A daemon that is not installed is a skipped
 * test; exits 77 where no such namespace can be made.
 */
#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <sched.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>

#include <cmocka.h>

#include "lib/cleanup.h"
#include "lib/err.h"
#include "lib/fs.h"
#include "lib/proc.h"
#include "lib/str.h"
#include "measure/vpn.h"
#include "net/link.h"
#include "net/netns.h"
#include "net/qdisc.h"
#include "net/tap.h"
#include "namespaces.h"

static struct nl nl;

static void check(int ret)
{
	if (ret)
		fail_msg("%s", err_text());
}

static void a_namespace_is_empty_and_left_again(void **state)
{
	_cleanup_(closep) int ns = -1;
	int home = -1;
	int before = link_index("lo");

	(void)state;
	check(link_add_veth(&nl, "here0", "here1"));
	check(netns_new(&ns));
	assert_true(link_exists("here0"));
	check(netns_enter(ns, &home));
	assert_false(link_exists("here0"));
	assert_true(link_exists("lo"));
	netns_leave(&home);
	netns_leave(&home);
	assert_true(link_exists("here0"));
	assert_int_equal(link_index("lo"), before);
	check(link_delete(&nl, "here0"));
}

static void a_link_is_moved(void **state)
{
	_cleanup_(closep) int ns = -1;
	int home = -1;

	(void)state;
	check(netns_new(&ns));
	check(link_add_veth(&nl, "here0", "there0"));
	check(link_set_netns(&nl, "there0", ns));
	assert_false(link_exists("there0"));
	check(netns_enter(ns, &home));
	assert_true(link_exists("there0"));
	netns_leave(&home);
	check(link_delete(&nl, "here0"));
	check(netns_enter(ns, &home));
	assert_false(link_exists("there0"));
	netns_leave(&home);
}

static void netem_is_set_or_its_option_is_named(void **state)
{
	struct qdisc_state q;
	int ret;

	(void)state;
	check(link_add_veth(&nl, "here0", "here1"));
	check(link_set_up(&nl, "here0"));
	ret = qdisc_set_netem(&nl, "here0", 0.03);
	if (!ret) {
		check(qdisc_read(&nl, "here0", &q));
		assert_string_equal(q.kind, "netem");
		check(link_delete(&nl, "here0"));
		return;
	}
	print_message("SKIP: %s\n", err_text());
	assert_int_equal(ret, -ENOENT);
	assert_non_null(strstr(err_text(), "CONFIG_NET_SCH_NETEM"));
	check(link_delete(&nl, "here0"));
	skip();
}

static void cell_of(const char *vpn, struct cell *c)
{
	*c = (struct cell){ .probe = PROBE_VPN };
	for (enum axis a = 0; a < AXIS_COUNT; a++)
		assert_int_equal(axis_parse(a, axis_def(a)->fallback, &c->at[a]), 0);
	assert_int_equal(axis_parse(AXIS_VPN, vpn, &c->at[AXIS_VPN]), 0);
	assert_int_equal(axis_parse(AXIS_QDISC, "pfifo_fast", &c->at[AXIS_QDISC]), 0);
}

static void assert_programs(const char *const *programs)
{
	for (; *programs; programs++) {
		if (proc_find(*programs))
			continue;
		print_message("SKIP: %s is not installed\n", *programs);
		skip();
	}
}

static int measure(const char *vpn, const char *txqueuelen, struct probe_result *r)
{
	const struct plan_probe traffic = { .kind = PROBE_VPN, .seconds = 1 };
	struct probe_args a = { .probe = PROBE_VPN, .seconds = 1, .traffic = &traffic, .nl = &nl };
	struct cell c;

	cell_of(vpn, &c);
	assert_int_equal(axis_parse(AXIS_TXQUEUELEN, txqueuelen, &c.at[AXIS_TXQUEUELEN]), 0);
	a.cell = &c;
	return probe_run(&a, r);
}

static const char *const wireguard[] = { "iperf3", "wireguard-go", "wg", NULL };
static const char *const openvpn[] = { "iperf3", "openvpn", "openssl", NULL };

static const struct row {
	const char *vpn;
	const char *const *programs;
	const char *command;
} rows[] = {
	{ "wireguard-go", wireguard, "far: wireguard-go -f vpn1\nnear: wireguard-go -f vpn0\nnear: iperf3 -c 10.78.0.2 " },
	{ "openvpn", openvpn, "far: openvpn --dev vpn1 " },
};

static void tcp_goes_through_a_tunnel(void **state)
{
	const struct row *row = *state;
	_cleanup_(probe_result_free) struct probe_result r;

	assert_programs(row->programs);
	check(measure(row->vpn, "1000", &r));
	print_message("  %s: %.0f bit/s, %.0f retransmits, %.0f dropped\n%s", row->vpn,
		      r.sample.value[METRIC_THROUGHPUT_BPS], r.sample.value[METRIC_RETRANSMITS],
		      r.sample.value[METRIC_TX_DROPPED], r.command);
	assert_true(r.sample.value[METRIC_THROUGHPUT_BPS] > 1e5);
	assert_true(r.sample.value[METRIC_TX_DROPPED] >= 0);
	assert_true(r.sample.value[METRIC_HOST_RETRANS_SEGS] >= 0);
	assert_true(r.sample.value[METRIC_DSACK_SEGS] >= 0);
	assert_true(r.sample.value[METRIC_FAR_RCVBUF_DROPS] >= 0);
	assert_true(r.sample.value[METRIC_QDISC_BACKLOG] >= 0);
	assert_true(str_starts(r.command, row->command));
	assert_non_null(strstr(r.raw, "sum_received"));
	/* Of two namespaces and two daemons nothing is left. */
	assert_false(link_exists("vpn0") || link_exists("path0") || link_exists("vpn1"));
}

/* A ring of one packet drops: on a kernel that stops the queue, the qdisc is full instead. */
static void a_short_ring_shows(void **state)
{
	const struct row *row = *state;
	_cleanup_(probe_result_free) struct probe_result r;
	int ret;

	assert_programs(row->programs);
	ret = measure(row->vpn, "1", &r);
	if ((ret == -ETIMEDOUT || ret == -ECONNRESET) && str_starts(err_text(), "iperf3")) {
		print_message("  nothing gets through: %s\n", err_text());
		return;
	}
	check(ret);
	print_message("  %s: %.0f bit/s, %.0f dropped, backlog %.0f\n", row->vpn, r.sample.value[METRIC_THROUGHPUT_BPS],
		      r.sample.value[METRIC_TX_DROPPED], r.sample.value[METRIC_QDISC_BACKLOG]);
	assert_true(r.sample.value[METRIC_TX_DROPPED] > 0 || r.sample.value[METRIC_QDISC_BACKLOG] > 0);
}

static void run_a_daemon_that_ends(void)
{
	_cleanup_(freep) char *dir = str_dup("/run/fake");
	_cleanup_(freep) char *path = str_fmt("PATH=%s:%s", dir, getenv("PATH"));
	_cleanup_(freep) char *old = str_dup(getenv("PATH"));
	static const char script[] = "#!/bin/sh\necho I am out of keys\n";
	_cleanup_(probe_result_free) struct probe_result r;
	int ret;

	check(fs_mkdirs(dir));
	check(fs_write("/run/fake/wireguard-go", script, strlen(script), 0755));
	assert_int_equal(putenv(path), 0);
	ret = measure("wireguard-go", "1000", &r);
	setenv("PATH", old, 1);
	assert_int_equal(ret, -ECONNABORTED);
	assert_non_null(strstr(err_text(), "vpn daemons: wireguard-go: ended before there was a vpn1"));
	assert_non_null(strstr(err_text(), "I am out of keys"));
}

/* skip() jumps: nothing may be there to be freed. */
static void a_daemon_that_does_not_come_up_is_told_with_its_log(void **state)
{
	(void)state;
	assert_programs((const char *const[]){ "wg", NULL });
	run_a_daemon_that_ends();
}

/* wireguard-go has a folder of its own below /var/run: not the machine's. */
static int enter_namespace(void)
{
	_cleanup_(freep) char *groups = str_fmt("0 %u 1", getegid());
	int ret = namespaces_enter(CLONE_NEWNS);

	if (!ret)
		ret = namespaces_write("/proc/self/setgroups", "deny");
	if (!ret)
		ret = namespaces_write("/proc/self/gid_map", groups);
	if (ret)
		return ret;
	if (mount("none", "/run", "tmpfs", 0, NULL) || mount("none", "/var/run", "tmpfs", 0, NULL))
		return err_set(errno, "no /run of our own");
	return 0;
}

static int can_run(void)
{
	_cleanup_(closep) int fd = -1;
	int ret = enter_namespace();

	if (!ret)
		ret = tap_open("tap-test", 0, &fd);
	return ret ? ret : nl_open(&nl);
}

int main(void)
{
	const struct CMUnitTest fixed[] = {
		cmocka_unit_test(a_namespace_is_empty_and_left_again),
		cmocka_unit_test(a_link_is_moved),
		cmocka_unit_test(netem_is_set_or_its_option_is_named),
		cmocka_unit_test(a_daemon_that_does_not_come_up_is_told_with_its_log),
	};
	struct CMUnitTest daemons[2 * ARRAY_SIZE(rows)];
	int failed;

	if (can_run()) {
		printf("SKIP: %s\n", err_text());
		return 77;
	}
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		daemons[2 * i] = (struct CMUnitTest){ rows[i].vpn, tcp_goes_through_a_tunnel, NULL, NULL, (void *)&rows[i] };
		daemons[2 * i + 1] = (struct CMUnitTest){ rows[i].vpn, a_short_ring_shows, NULL, NULL, (void *)&rows[i] };
	}
	failed = cmocka_run_group_tests_name("namespaces and paths", fixed, NULL, NULL);
	failed += _cmocka_run_group_tests("tunnels", daemons, ARRAY_SIZE(daemons), NULL, NULL);
	nl_close(&nl);
	return failed;
}
