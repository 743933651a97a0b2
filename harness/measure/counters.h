/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * counters.h - what is read before and after a sample
 *
 *	struct counters_from from = { .nl = &nl, .ifname = "tap0", .sends_at = "tap0", .guest_snmp = text };
 *	struct counters before, after;
 *
 *	ret = counters_read(&from, &before);
 *	... the probe; text of the guest's /proc/net/snmp read again ...
 *	ret = counters_read(&from, &after);
 *	ret = counters_diff(&before, &after, &sample);
 *
 * A new counter is a row in counters.c and the metric that it fills.
 */
#ifndef MEASURE_COUNTERS_H
#define MEASURE_COUNTERS_H

#include <stdbool.h>
#include <stdint.h>

#include "measure/procstat.h"
#include "net/nl.h"
#include "plan/sample.h"

enum counter {
	COUNTER_HOST_RETRANS_SEGS,
	COUNTER_GUEST_RETRANS_SEGS,
	COUNTER_TX_DROPPED,
	COUNTER_QDISC_DROPS,
	COUNTER_TX_PACKETS,
	COUNTER_SOFTIRQ,
	COUNTER_VHOST,
	COUNTER_QEMU,
	COUNTER_SWITCHES,
	COUNTER_KVM_EXITS,
	COUNTER_GUEST_IRQS,
	COUNTER_DSACK_SEGS,
	COUNTER_FAR_RCVBUF,
	COUNTER_COUNT
};

/**
 * struct counters_from - where the counters are read
 * @nl:         rtnetlink of the namespace that the link is in
 * @ifname:     the guest's TAP, or a macvtap; NULL: only what the host as a whole is asked for is known
 * @sends_at:   the link that the host's stack sends to, @ifname itself if it is a TAP
 * @host_snmp:  texts of /proc/net/snmp and /proc/net/netstat of the namespace that makes the traffic; NULL: it is this one
 * @far_snmp:   text of /proc/net/snmp of the other end of a tunnel; NULL if there is none
 * @guest_snmp: text of the guest's /proc/net/snmp, NULL if there is none: its counter is then
 *              not known
 * @guest_interrupts: text of its /proc/interrupts, likewise
 */
struct counters_from {
	struct nl *nl;
	const char *ifname;
	const char *sends_at;
	const char *host_snmp;
	const char *far_snmp;
	const char *guest_snmp;
	const char *guest_interrupts;
};

/** struct counters - one reading; @is_known tells which of @value were read; @softirq: of each of @n_cpus; @irqs: of each of @n_irqs queues of the guest */
struct counters {
	uint64_t value[COUNTER_COUNT];
	bool is_known[COUNTER_COUNT];
	uint64_t softirq[PROCSTAT_CPUS];
	int n_cpus;
	uint64_t irqs[PROCSTAT_LINES];
	int n_irqs;
};

/** counters_read() - read them all. Return: 0 and *@ret, or -errno of one that cannot be read. */
int counters_read(const struct counters_from *from, struct counters *ret);

/**
 * counters_diff() - put what was counted between two readings into a sample
 * @before: first reading
 * @after:  second reading
 * @s:      its metrics of the counters that both readings know are set; the others stay as the
 *          probe left them
 * Return: 0, or -ERANGE when a counter went backwards (the guest booted again, the qdisc was
 * set anew); @s is then as it was.
 */
int counters_diff(const struct counters *before, const struct counters *after, struct sample *s);

#endif
