// SPDX-License-Identifier: GPL-2.0-only
/* counters.c - what is read before and after a sample */
#include "measure/counters.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/cleanup.h"
#include "lib/err.h"
#include "lib/fs.h"
#include "lib/str.h"
#include "measure/snmp.h"
#include "measure/task.h"
#include "net/link.h"
#include "net/qdisc.h"

/* Without a link there is no TCP of ours. */
static int read_host(const struct counters_from *from, const char *file, const char *mib, const char *name, uint64_t *ret)
{
	_cleanup_(freep) char *text = NULL;
	int err = from->host_snmp ? 0 : from->ifname ? fs_read(file, &text, NULL) : -ENODATA;

	return err ? err : snmp_find(from->host_snmp ? from->host_snmp : text, mib, name, ret);
}

static int read_host_retrans(const struct counters_from *from, uint64_t *ret)
{
	return read_host(from, "/proc/thread-self/net/snmp", "Tcp", "RetransSegs", ret);
}

/* How many of these retransmits were none that was needed: the receiver tells. Not in kernels before 5.9. */
static int read_dsacks(const struct counters_from *from, uint64_t *ret)
{
	return read_host(from, "/proc/thread-self/net/netstat", "TcpExt", "TCPDSACKRecvSegs", ret) ? -ENODATA : 0;
}

static int read_far_rcvbuf(const struct counters_from *from, uint64_t *ret)
{
	return from->far_snmp ? snmp_find(from->far_snmp, "Udp", "RcvbufErrors", ret) : -ENODATA;
}

/* Queues for what a guest receives are called so, whatever number the device has. */
#define QUEUE_PART "-input."

#define KVM_EXITS "/sys/kernel/debug/kvm/exits"

static int read_guest_retrans(const struct counters_from *from, uint64_t *ret)
{
	if (!from->guest_snmp)
		return -ENODATA;
	return snmp_find(from->guest_snmp, "Tcp", "RetransSegs", ret);
}

static int read_tx_dropped(const struct counters_from *from, uint64_t *ret)
{
	struct link_state l;
	int err = from->ifname ? link_read(from->nl, from->ifname, &l) : -ENODATA;

	/* What a macvtap's ring refuses was received by the link, not sent. */
	if (!err)
		*ret = str_eq(from->ifname, from->sends_at) ? l.tx_dropped : l.rx_dropped;
	return err;
}

static int read_qdisc_drops(const struct counters_from *from, uint64_t *ret)
{
	struct qdisc_state q;
	int err = from->ifname ? qdisc_read(from->nl, from->sends_at, &q) : -ENODATA;

	if (!err)
		*ret = q.drops;
	return err;
}

static int read_tx_packets(const struct counters_from *from, uint64_t *ret)
{
	struct link_state l;
	int err;

	/* A macvtap counts what comes to its ring, not what is taken off. */
	if (!from->ifname || !str_eq(from->ifname, from->sends_at))
		return -ENODATA;
	err = link_read(from->nl, from->ifname, &l);
	if (!err)
		*ret = l.tx_packets;
	return err;
}

static int read_softirq(const struct counters_from *from, uint64_t *ret)
{
	_cleanup_(freep) char *text = NULL;
	uint64_t cpus[PROCSTAT_CPUS] = { 0 };
	int n = fs_read("/proc/stat", &text, NULL);

	(void)from;
	if (!n)
		n = procstat_softirq(text, cpus);
	*ret = 0;
	for (int i = 0; i < n; i++)
		*ret += cpus[i];
	return n < 0 ? n : 0;
}

static int read_switches(const struct counters_from *from, uint64_t *ret)
{
	_cleanup_(freep) char *text = NULL;
	int err = fs_read("/proc/stat", &text, NULL);

	(void)from;
	return err ? err : procstat_switches(text, ret);
}

static int read_vhost(const struct counters_from *from, uint64_t *ret)
{
	return from->guest_snmp ? task_vhost(ret) : -ENODATA;
}

static int read_qemu(const struct counters_from *from, uint64_t *ret)
{
	return from->guest_snmp ? task_qemu(ret) : -ENODATA;
}

/* debugfs may not be mounted, and a guest may be emulated. */
static int read_kvm_exits(const struct counters_from *from, uint64_t *ret)
{
	_cleanup_(freep) char *text = NULL;

	if (!from->guest_snmp || !fs_exists(KVM_EXITS) || fs_read(KVM_EXITS, &text, NULL))
		return -ENODATA;
	*ret = strtoull(text, NULL, 10);
	return 0;
}

static int read_guest_irqs(const struct counters_from *from, uint64_t *ret)
{
	return from->guest_interrupts ? procstat_interrupts(from->guest_interrupts, QUEUE_PART, ret) : -ENODATA;
}

/**
 * struct counter_def - one row
 * @read:     returns 0; -ENODATA when there is nothing to read it from; other -errno
 * @metric:   what the difference of two readings is, in a sample
 * @is_ticks: it is CPU time, in the kernel's ticks
 */
struct counter_def {
	int (*read)(const struct counters_from *from, uint64_t *ret);
	enum metric metric;
	bool is_ticks;
};

static const struct counter_def table[] = {
	[COUNTER_HOST_RETRANS_SEGS]  = { read_host_retrans,  METRIC_HOST_RETRANS_SEGS,  false },
	[COUNTER_GUEST_RETRANS_SEGS] = { read_guest_retrans, METRIC_GUEST_RETRANS_SEGS, false },
	[COUNTER_TX_DROPPED]         = { read_tx_dropped,    METRIC_TX_DROPPED,	 false },
	[COUNTER_QDISC_DROPS]        = { read_qdisc_drops,   METRIC_QDISC_DROPS,	 false },
	[COUNTER_TX_PACKETS]         = { read_tx_packets,    METRIC_TX_PACKETS,	 false },
	[COUNTER_SOFTIRQ]            = { read_softirq,	     METRIC_CPU_SOFTIRQ_S,	 true  },
	[COUNTER_VHOST]              = { read_vhost,	     METRIC_CPU_VHOST_S,	 true  },
	[COUNTER_QEMU]               = { read_qemu,	     METRIC_CPU_QEMU_S,	 true  },
	[COUNTER_SWITCHES]           = { read_switches,	     METRIC_CTXT_SWITCHES,	 false },
	[COUNTER_KVM_EXITS]          = { read_kvm_exits,     METRIC_KVM_EXITS,	 false },
	[COUNTER_GUEST_IRQS]         = { read_guest_irqs,    METRIC_GUEST_IRQS,	 false },
	[COUNTER_DSACK_SEGS]         = { read_dsacks,	     METRIC_DSACK_SEGS,	 false },
	[COUNTER_FAR_RCVBUF]         = { read_far_rcvbuf,    METRIC_FAR_RCVBUF_DROPS,	 false },
};
_Static_assert(ARRAY_SIZE(table) == COUNTER_COUNT, "a row for every counter");

/* A machine whose CPUs cannot be told apart has no busiest one. */
static void read_softirqs(struct counters *c)
{
	_cleanup_(freep) char *text = NULL;
	int n = fs_read("/proc/stat", &text, NULL);

	if (!n)
		n = procstat_softirq(text, c->softirq);
	if (n < 0)
		memset(c->softirq, 0, sizeof(c->softirq));
	c->n_cpus = n < 0 ? 0 : n;
}

int counters_read(const struct counters_from *from, struct counters *ret)
{
	struct counters c = { 0 };

	for (enum counter i = 0; i < COUNTER_COUNT; i++) {
		int err = table[i].read(from, &c.value[i]);

		if (err && err != -ENODATA)
			return err_wrap(err, "counter %s", metric_def(table[i].metric)->name);
		c.is_known[i] = !err;
	}
	read_softirqs(&c);
	if (from->guest_interrupts)
		c.n_irqs = procstat_lines(from->guest_interrupts, QUEUE_PART, c.irqs);
	*ret = c;
	return 0;
}

static bool both_know(const struct counters *a, const struct counters *b, enum counter i)
{
	return a->is_known[i] && b->is_known[i];
}

/* What each CPU, and each queue of the guest, had a part in. */
static void spread(const struct counters *before, const struct counters *after, struct sample *s)
{
	int queues = 0;

	for (int i = 0; i < METRIC_SOFTIRQ_CPUS && i < after->n_cpus; i++)
		if (after->softirq[i] >= before->softirq[i])
			s->value[METRIC_CPU0_SOFTIRQ_S + i] =
				(double)(after->softirq[i] - before->softirq[i]) / (double)sysconf(_SC_CLK_TCK);
	for (int i = 0; i < after->n_irqs; i++)
		queues += after->irqs[i] > before->irqs[i];
	if (after->n_irqs && after->n_irqs == before->n_irqs)
		s->value[METRIC_GUEST_QUEUES] = queues;
}

/* What follows from several counters. */
static void derive(const struct counters *before, const struct counters *after, struct sample *s)
{
	uint64_t most = 0;

	for (int i = 0; i < PROCSTAT_CPUS; i++)
		if (after->softirq[i] > before->softirq[i] && after->softirq[i] - before->softirq[i] > most)
			most = after->softirq[i] - before->softirq[i];
	if (both_know(before, after, COUNTER_SOFTIRQ))
		s->value[METRIC_CPU_SOFTIRQ_MAX_S] = (double)most / (double)sysconf(_SC_CLK_TCK);
	if (both_know(before, after, COUNTER_GUEST_IRQS) && both_know(before, after, COUNTER_TX_PACKETS) &&
	    s->value[METRIC_GUEST_IRQS] > 0)
		s->value[METRIC_PACKETS_PER_IRQ] = s->value[METRIC_TX_PACKETS] / s->value[METRIC_GUEST_IRQS];
}

/* QEMU's time is a difference of two that are rounded: by one tick it may go back. */
static double diff(const struct counters *before, const struct counters *after, enum counter i)
{
	if (after->value[i] < before->value[i])
		return 0;
	return (double)(after->value[i] - before->value[i]) / (table[i].is_ticks ? (double)sysconf(_SC_CLK_TCK) : 1);
}

int counters_diff(const struct counters *before, const struct counters *after, struct sample *s)
{
	for (enum counter i = 0; i < COUNTER_COUNT; i++)
		if (both_know(before, after, i) && after->value[i] + table[i].is_ticks < before->value[i])
			return err_say(ERANGE, "counter %s went back from %" PRIu64 " to %" PRIu64
				       " within a sample", metric_def(table[i].metric)->name,
				       before->value[i], after->value[i]);
	for (enum counter i = 0; i < COUNTER_COUNT; i++)
		if (both_know(before, after, i))
			s->value[table[i].metric] = diff(before, after, i);
	derive(before, after, s);
	spread(before, after, s);
	return 0;
}
