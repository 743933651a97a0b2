// SPDX-License-Identifier: GPL-2.0-only
/* test_counters.c - texts to numbers, and two readings to a sample */
#include <errno.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "lib/cleanup.h"
#include "lib/err.h"
#include "measure/backlog.h"
#include "measure/counters.h"
#include "measure/snmp.h"

#define SNMP                                                                                 \
	"Ip: Forwarding DefaultTTL InReceives\n"                                             \
	"Ip: 2 64 481\n"                                                                     \
	"Tcp: RtoAlgorithm RtoMin RtoMax MaxConn ActiveOpens OutSegs RetransSegs InErrs\n"   \
	"Tcp: 1 200 120000 -1 12 5113 18446744073709551615 0\n"                              \
	"UdpLite: InDatagrams OutSegs\n"                                                     \
	"UdpLite: 7 8\n"

static const struct {
	const char *text, *mib, *name;
	int ret;
	uint64_t value;
} lookups[] = {
	{ SNMP, "Tcp", "OutSegs", 0, 5113 },
	{ SNMP, "Tcp", "RetransSegs", 0, UINT64_MAX },
	{ SNMP, "Tcp", "InErrs", 0, 0 },
	{ SNMP, "Ip", "InReceives", 0, 481 },
	{ SNMP, "UdpLite", "OutSegs", 0, 8 },
	{ SNMP, "Udp", "OutSegs", -EBADMSG, 0 },
	{ SNMP, "Tcp", "Retrans", -EBADMSG, 0 },
	{ SNMP, "Tcp", "MaxConn", -EBADMSG, 0 },		    /* -1 is no count */
	{ "Tcp: A B C\nTcp: 1 2", "Tcp", "B", 0, 2 },		    /* no newline at the end */
	{ "Tcp: A B C\nTcp: 1 2", "Tcp", "C", -EBADMSG, 0 },	    /* cut */
	{ "Tcp: A B\nTcp: 1 x", "Tcp", "B", -EBADMSG, 0 },
	{ "Tcp: A B\r\nTcp: 1 2\r\n", "Tcp", "B", 0, 2 },
	{ "Tcp: A B", "Tcp", "B", -EBADMSG, 0 },
	{ "", "Tcp", "B", -EBADMSG, 0 },
};

static void a_number_is_found_under_its_name(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(lookups); i++) {
		uint64_t v = 0;

		print_message("  %s of %.24s\n", lookups[i].name, lookups[i].text);
		assert_int_equal(snmp_find(lookups[i].text, lookups[i].mib, lookups[i].name, &v), lookups[i].ret);
		assert_true(v == lookups[i].value);
	}
	assert_string_equal(err_text(), "snmp: no TcpB in ''");
}

static const struct counters before = {
	.value = { 10, 100, 5, 7 }, .is_known = { true, true, true, true },
};

static void two_readings_become_metrics(void **state)
{
	struct counters after = before;
	struct sample s;

	(void)state;
	sample_init(&s);
	after.value[COUNTER_HOST_RETRANS_SEGS] += 1;
	after.value[COUNTER_GUEST_RETRANS_SEGS] += 2;
	after.value[COUNTER_TX_DROPPED] += 3;
	assert_int_equal(counters_diff(&before, &after, &s), 0);
	assert_true(s.value[METRIC_HOST_RETRANS_SEGS] == 1);
	assert_true(s.value[METRIC_GUEST_RETRANS_SEGS] == 2);
	assert_true(s.value[METRIC_TX_DROPPED] == 3);
	assert_true(s.value[METRIC_QDISC_DROPS] == 0);
	assert_true(isnan(s.value[METRIC_THROUGHPUT_BPS]));
}

static void what_the_receiver_tells_is_read_where_it_is_told(void **state)
{
	static const char netstat[] = "Tcp: A RetransSegs\nTcp: 1 40\nTcpExt: TCPDSACKRecv TCPDSACKRecvSegs\nTcpExt: 2 7\n";
	static const char old[] = "Tcp: A RetransSegs\nTcp: 1 40\nTcpExt: TCPDSACKRecv\nTcpExt: 2\n";
	static const char far[] = "Udp: InErrors RcvbufErrors\nUdp: 9 5\n";
	struct counters_from from = { .host_snmp = netstat, .far_snmp = far };
	struct counters c;

	(void)state;
	assert_int_equal(counters_read(&from, &c), 0);
	assert_true(c.is_known[COUNTER_DSACK_SEGS] && c.value[COUNTER_DSACK_SEGS] == 7);
	assert_true(c.is_known[COUNTER_FAR_RCVBUF] && c.value[COUNTER_FAR_RCVBUF] == 5);
	from = (struct counters_from){ .host_snmp = old };
	assert_int_equal(counters_read(&from, &c), 0);
	assert_true(c.value[COUNTER_HOST_RETRANS_SEGS] == 40);
	assert_false(c.is_known[COUNTER_DSACK_SEGS] || c.is_known[COUNTER_FAR_RCVBUF]);
}

static void what_one_reading_does_not_know_stays_as_the_probe_left_it(void **state)
{
	struct counters after = before;
	struct sample s;

	(void)state;
	sample_init(&s);
	s.value[METRIC_GUEST_RETRANS_SEGS] = 4;
	after.is_known[COUNTER_GUEST_RETRANS_SEGS] = false;
	after.value[COUNTER_GUEST_RETRANS_SEGS] = 0;
	assert_int_equal(counters_diff(&before, &after, &s), 0);
	assert_true(s.value[METRIC_GUEST_RETRANS_SEGS] == 4);
	assert_true(s.value[METRIC_TX_DROPPED] == 0);
	assert_true(isnan(s.value[METRIC_GUEST_IRQS]) && isnan(s.value[METRIC_PACKETS_PER_IRQ]));
}

static void know(struct counters *c, enum counter i, uint64_t value)
{
	c->value[i] = value;
	c->is_known[i] = true;
}

static void cpu_time_is_in_seconds_and_what_follows_is_derived(void **state)
{
	struct counters from = before, to;
	double hz = (double)sysconf(_SC_CLK_TCK);
	struct sample s;

	(void)state;
	sample_init(&s);
	know(&from, COUNTER_SOFTIRQ, 100);
	know(&from, COUNTER_VHOST, 0);
	know(&from, COUNTER_TX_PACKETS, 1000);
	know(&from, COUNTER_GUEST_IRQS, 10);
	from.softirq[0] = 60, from.softirq[3] = 40;
	from.n_cpus = 4;
	from.irqs[0] = 10, from.irqs[1] = 0;
	from.n_irqs = 2;
	to = from;
	know(&to, COUNTER_SOFTIRQ, 150);
	know(&to, COUNTER_VHOST, 200);
	know(&to, COUNTER_TX_PACKETS, 2500);
	know(&to, COUNTER_GUEST_IRQS, 110);
	to.softirq[0] = 80, to.softirq[3] = 70;
	to.irqs[0] = 110;
	assert_int_equal(counters_diff(&from, &to, &s), 0);
	assert_true(s.value[METRIC_CPU_SOFTIRQ_S] == 50 / hz);
	assert_true(s.value[METRIC_CPU_SOFTIRQ_MAX_S] == 30 / hz);
	assert_true(s.value[METRIC_CPU0_SOFTIRQ_S] == 20 / hz && s.value[METRIC_CPU1_SOFTIRQ_S] == 0);
	assert_true(s.value[METRIC_CPU3_SOFTIRQ_S] == 30 / hz);
	assert_true(s.value[METRIC_GUEST_QUEUES] == 1);
	assert_true(s.value[METRIC_CPU_VHOST_S] == 200 / hz);
	assert_true(s.value[METRIC_PACKETS_PER_IRQ] == 15);
	assert_true(isnan(s.value[METRIC_CPU_QEMU_S]));
}

static void ticks_may_be_rounded_down_by_one(void **state)
{
	struct counters from = before, to;
	struct sample s;

	(void)state;
	sample_init(&s);
	know(&from, COUNTER_QEMU, 100);
	to = from;
	know(&to, COUNTER_QEMU, 99);
	assert_int_equal(counters_diff(&from, &to, &s), 0);
	assert_true(s.value[METRIC_CPU_QEMU_S] == 0);
	know(&to, COUNTER_QEMU, 98);
	assert_int_equal(counters_diff(&from, &to, &s), -ERANGE);
}

static void a_guest_without_interrupts_has_no_packets_of_one(void **state)
{
	struct counters from = before, to;
	struct sample s;

	(void)state;
	sample_init(&s);
	know(&from, COUNTER_TX_PACKETS, 1000);
	know(&from, COUNTER_GUEST_IRQS, 10);
	to = from;
	know(&to, COUNTER_TX_PACKETS, 1001);
	assert_int_equal(counters_diff(&from, &to, &s), 0);
	assert_true(s.value[METRIC_GUEST_IRQS] == 0);
	assert_true(isnan(s.value[METRIC_PACKETS_PER_IRQ]));
}

static void a_counter_that_goes_back_is_an_error(void **state)
{
	struct counters after = before;
	struct sample s;

	(void)state;
	sample_init(&s);
	after.value[COUNTER_QDISC_DROPS] = 6;
	assert_int_equal(counters_diff(&before, &after, &s), -ERANGE);
	assert_string_equal(err_text(), "counter qdisc_drops went back from 7 to 6 within a sample");
	assert_true(isnan(s.value[METRIC_HOST_RETRANS_SEGS]));
}

static void a_backlog_never_read_is_not_measured(void **state)
{
	struct backlog b = { .max_packets = 0 };
	struct sample s;

	(void)state;
	sample_init(&s);
	backlog_end(&b, &s);
	assert_true(isnan(s.value[METRIC_QDISC_BACKLOG]));
	b.polls = 1;
	backlog_end(&b, &s);
	assert_true(s.value[METRIC_QDISC_BACKLOG] == 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_number_is_found_under_its_name),
		cmocka_unit_test(two_readings_become_metrics),
		cmocka_unit_test(what_the_receiver_tells_is_read_where_it_is_told),
		cmocka_unit_test(what_one_reading_does_not_know_stays_as_the_probe_left_it),
		cmocka_unit_test(cpu_time_is_in_seconds_and_what_follows_is_derived),
		cmocka_unit_test(ticks_may_be_rounded_down_by_one),
		cmocka_unit_test(a_guest_without_interrupts_has_no_packets_of_one),
		cmocka_unit_test(a_counter_that_goes_back_is_an_error),
		cmocka_unit_test(a_backlog_never_read_is_not_measured),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
