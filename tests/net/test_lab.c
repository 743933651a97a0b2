// SPDX-License-Identifier: GPL-2.0-only
/*
 * test_lab.c - what a guest's NIC hangs on, and the way to it, against the running kernel
 *
 * Works in a user and network namespace of its own. What the kernel lacks is a skipped test.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/ethtool.h>
#include <linux/sockios.h>
#include <math.h>
#include <net/if.h>
#include <sched.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include <cmocka.h>

#include "lab/device.h"
#include "lab/path.h"
#include "lib/cleanup.h"
#include "lib/err.h"
#include "lib/stop.h"
#include "lib/str.h"
#include "net/link.h"
#include "net/netns.h"
#include "net/offload.h"
#include "net/qdisc.h"
#include "net/tap.h"
#include "namespaces.h"

static struct nl nl;

static void check(int ret)
{
	if (ret)
		fail_msg("%s", err_text());
}

/* What cannot be made here, for want of a module or a right, is not tried. */
static void check_or_skip(int ret)
{
	if (ret == -ENOENT || ret == -EOPNOTSUPP || ret == -EPERM || ret == -EACCES || ret == -ENXIO) {
		print_message("SKIP: %s\n", err_text());
		skip();
	}
	check(ret);
}

static struct cell cell_of(const char *backend, const char *queues, const char *qdisc, const char *mtu)
{
	const char *words[AXIS_COUNT] = {
		[AXIS_BACKEND] = backend, [AXIS_QUEUES] = queues, [AXIS_QDISC] = qdisc, [AXIS_MTU] = mtu,
	};
	struct cell c = { 0 };

	for (enum axis a = 0; a < AXIS_COUNT; a++)
		check(axis_parse(a, words[a] ? words[a] : axis_def(a)->fallback, &c.at[a]));
	return c;
}

static const struct device_row {
	const char *backend, *queues, *qdisc, *mtu;
} devices[] = {
	{ "tap",           "1", "pfifo_fast",      "1500" },
	{ "vhost",         "4", "pfifo limit 100", "9000" },
	{ "tap",           "2", "noqueue",         "576" },
	{ "macvtap",       "1", "pfifo_fast",      "9000" },
};

static void a_device_comes_up_as_its_cell_says_and_leaves_nothing(void **state)
{
	const struct device_row *row = *state;
	struct cell c = cell_of(row->backend, row->queues, row->qdisc, row->mtu);
	bool has_mq = c.at[AXIS_QUEUES].num > 1 && !str_eq(row->qdisc, "noqueue");
	struct link_state l;
	struct qdisc_state q;
	struct device d;

	check_or_skip(device_up(&d, &nl, &c));
	assert_int_equal(d.queues, c.at[AXIS_QUEUES].num);
	check(device_set(&nl, &c));
	check(link_read(&nl, DEVICE_IFNAME, &l));
	assert_true(l.is_up);
	assert_int_equal(l.mtu, c.at[AXIS_MTU].num);
	assert_int_equal(l.txqueuelen, 1000);
	check(qdisc_read(&nl, device_sends_at(&c), &q));
	assert_true(str_starts(row->qdisc, has_mq ? "pfifo" : q.kind));
	if (has_mq) {
		assert_string_equal(q.kind, "mq");
		check(qdisc_read_queue(&nl, DEVICE_IFNAME, (int)c.at[AXIS_QUEUES].num - 1, &q));
		assert_string_equal(q.kind, "pfifo");
	}
	device_down(&d, &nl);
	assert_false(link_exists("tap0"));
	assert_false(link_exists("tap0l"));
	assert_false(link_exists("tap0p"));
}

static void what_the_kernel_lacks_is_told(void **state)
{
	struct cell c = cell_of("vhost", "1", "pfifo", "1500");
	_cleanup_(freep) char *none = device_lacks(&c), *lacks = NULL;

	(void)state;
	assert_null(none);
	check(axis_parse(AXIS_BACKPRESSURE, "on", &c.at[AXIS_BACKPRESSURE]));
	lacks = device_lacks(&c);
	if (!tun_check_backpressure())
		assert_null(lacks);
	else
		assert_string_equal(lacks, "this kernel has no IFF_BACKPRESSURE (Linux 7.3 has)");
}

static unsigned int has_gso(const char *ifname)
{
	_cleanup_(closep) int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	struct ethtool_value value = { .cmd = ETHTOOL_GGSO };
	struct ifreq ifr = { .ifr_data = (void *)&value };

	snprintf(ifr.ifr_name, sizeof(ifr.ifr_name), "%s", ifname);
	assert_int_equal(ioctl(fd, SIOCETHTOOL, &ifr), 0);
	return value.data;
}

static void offloads_are_taken_away_and_given_back(void **state)
{
	size_t n;
	const struct offload_def *table = offload_table(&n);
	_cleanup_(closep) int fd = -1;

	(void)state;
	check(tap_open("tap-test", IFF_VNET_HDR, &fd));
	for (size_t i = 0; i < n; i++) {
		print_message("  %s\n", table[i].name);
		check(offload_set("tap-test", table[i].name));
		assert_int_equal(has_gso("tap-test"), !str_eq(table[i].name, "gso-off"));
	}
	assert_int_equal(offload_set("tap-test", "lro"), -EINVAL);
}

/* A machine in place of the guest: the other end of a veth, in a namespace with the guest's address. */
static int make_other(int *ret_ns)
{
	struct nl there = { 0 };
	int back = -1;
	int ret = netns_new(ret_ns);

	if (!ret)
		ret = link_add_veth(&nl, "dev0", "dev1");
	if (!ret)
		ret = link_set_netns(&nl, "dev1", *ret_ns);
	if (!ret)
		ret = link_set_up(&nl, "dev0");
	if (!ret)
		ret = netns_enter(*ret_ns, &back);
	if (ret)
		return ret;
	ret = nl_open(&there);
	if (!ret)
		ret = link_add_addr(&there, "dev1", "10.77.0.2/24");
	if (!ret)
		ret = link_set_up(&there, "dev1");
	nl_close(&there);
	netns_leave(&back);
	return ret;
}

static void a_delay_is_what_its_label_says(void **state)
{
	static const double labels_s[] = { 0.06, 0.12 };
	int ns = -1;

	(void)state;
	check_or_skip(make_other(&ns));
	check(qdisc_set(&nl, "dev0", "pfifo"));
	for (size_t i = 0; i < ARRAY_SIZE(labels_s); i++) {
		struct qdisc_state q;
		struct path p;
		double rtt_us = NAN;

		check_or_skip(path_up(&p, &nl, "dev0", labels_s[i], 1500));
		check(path_idle(&p, "10.77.0.2", &rtt_us));
		print_message("  label %.0f ms: %.2f ms\n", labels_s[i] * 1e3, rtt_us / 1e3);
		assert_true(fabs(rtt_us / 1e6 - labels_s[i]) <= labels_s[i] * DELAY_TOLERANCE);
		/* The qdisc of the device is not the delay's. */
		check(qdisc_read(&nl, "dev0", &q));
		assert_string_equal(q.kind, "pfifo");
		path_down(&p);
		assert_false(link_exists("way0"));
		assert_false(link_exists("br0"));
	}
	check(link_delete(&nl, "dev0"));
	close(ns);
}

static void without_a_delay_the_device_has_the_address_and_gives_it_back(void **state)
{
	double rtt_us = NAN;
	struct path p;
	int ns = -1;

	(void)state;
	check_or_skip(make_other(&ns));
	check(path_up(&p, &nl, "dev0", 0, 1500));
	assert_null(p.ns_path);
	check(path_idle(&p, "10.77.0.2", &rtt_us));
	assert_true(rtt_us > 0 && rtt_us < 50e3);
	path_down(&p);
	assert_int_equal(link_remove_addr(&nl, "dev0", PATH_ADDR "/24"), -EADDRNOTAVAIL);
	check(link_delete(&nl, "dev0"));
	close(ns);
}

int main(void)
{
	const struct CMUnitTest fixed[] = {
		cmocka_unit_test(what_the_kernel_lacks_is_told),
		cmocka_unit_test(offloads_are_taken_away_and_given_back),
		cmocka_unit_test(without_a_delay_the_device_has_the_address_and_gives_it_back),
		cmocka_unit_test(a_delay_is_what_its_label_says),
	};
	struct CMUnitTest each[ARRAY_SIZE(devices)];
	int failed;

	if (namespaces_enter(0) || nl_open(&nl)) {
		printf("SKIP: %s\n", err_text());
		return 77;
	}
	for (size_t i = 0; i < ARRAY_SIZE(devices); i++)
		each[i] = (struct CMUnitTest){ devices[i].backend, a_device_comes_up_as_its_cell_says_and_leaves_nothing,
					       NULL, NULL, (void *)&devices[i] };
	failed = cmocka_run_group_tests_name("the way to a guest", fixed, NULL, NULL);
	failed += cmocka_run_group_tests_name("devices", each, NULL, NULL);
	nl_close(&nl);
	return failed;
}
