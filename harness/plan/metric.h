/* SPDX-License-Identifier: GPL-2.0-only */
/* metric.h - the table of what a sample holds */
#ifndef PLAN_METRIC_H
#define PLAN_METRIC_H

#include <stdbool.h>

enum metric {
	METRIC_THROUGHPUT_BPS,	   /* what the receiver got, bit/s */
	METRIC_RETRANSMITS,	   /* of the sending socket, segments */
	METRIC_RETRANS_PER_MB,	   /* derived: retransmits per 10^6 bytes received */
	METRIC_HOST_RETRANS_SEGS,  /* TcpRetransSegs of the host */
	METRIC_GUEST_RETRANS_SEGS, /* TcpRetransSegs of the guest */
	METRIC_TX_DROPPED,	   /* tx_dropped of the TAP: what the ring refused */
	METRIC_QDISC_DROPS,	   /* of the TAP's qdisc, packets */
	METRIC_QDISC_BACKLOG,	   /* largest backlog seen while the probe ran, packets */
	METRIC_RTT_US,		   /* mean smoothed RTT of the sending socket */
	METRIC_STALL_S,		   /* seconds in which not a byte arrived; raw: the longest time without a packet */
	METRIC_PING_P50_US,	   /* median round trip of an echo while the probe ran */
	METRIC_PING_P99_US,	   /* 99 of 100 are not slower */
	METRIC_PING_LOST,	   /* echoes without an answer, packets */
	METRIC_PPS,		   /* raw: packets received, a second */
	METRIC_LOST_PPS,	   /* raw: packets that the ring dropped, a second */
	METRIC_SENT_PPS,	   /* raw: packets that send() took, a second */
	METRIC_REFUSED,		   /* raw: packets that send() refused */
	METRIC_OUT_OF_ORDER,	   /* raw: packets received after a later one of their flow */
	METRIC_UNACCOUNTED,	   /* raw: packets of which nobody knows */
	METRIC_STALLS,		   /* raw: seconds without a packet while some were there, how often */
	METRIC_IDLE_RTT_US,	   /* median round trip of an echo before there is traffic */
	METRIC_PING_P95_US,	   /* 95 of 100 echoes are not slower */
	METRIC_RR_P50_US,	   /* median of requests over one TCP connection while the probe ran */
	METRIC_RR_P95_US,
	METRIC_RR_P99_US,
	METRIC_RR_LOST,		   /* requests without an answer */
	METRIC_TX_PACKETS,	   /* what was taken off the TAP's ring */
	METRIC_CPU_SOFTIRQ_S,	   /* CPU time of the host in softirq, of all CPUs */
	METRIC_CPU_SOFTIRQ_MAX_S,  /* that of the CPU that had most of it */
	METRIC_CPU_VHOST_S,	   /* CPU time of vhost's workers */
	METRIC_CPU_QEMU_S,	   /* CPU time of QEMU, without them: the guest's vCPUs among it */
	METRIC_CTXT_SWITCHES,	   /* of the host */
	METRIC_KVM_EXITS,	   /* of all guests of the host */
	METRIC_GUEST_IRQS,	   /* interrupts of the guest's NIC for received packets */
	METRIC_PACKETS_PER_IRQ,	   /* derived: tx_packets per one of these */
	METRIC_JITTER_US,	   /* udp: RFC 1889, smoothed, at the end */
	METRIC_LOST_PERCENT,	   /* udp: of what was sent */
	METRIC_PRIO_PERCENT,	   /* shaping: datagrams with priority that arrived, of those that were due */
	METRIC_CPU0_SOFTIRQ_S,	   /* CPU time of the host in softirq, CPU by CPU: METRIC_SOFTIRQ_CPUS of them */
	METRIC_CPU1_SOFTIRQ_S,
	METRIC_CPU2_SOFTIRQ_S,
	METRIC_CPU3_SOFTIRQ_S,
	METRIC_GUEST_QUEUES,	   /* queues of the guest's NIC that interrupts for received packets came from */
	METRIC_DSACK_SEGS,	   /* TcpExt TCPDSACKRecvSegs of the host: segments that the receiver says it had already */
	METRIC_FAR_RCVBUF_DROPS,   /* vpn: datagrams for which a socket of the far end had no room: Udp RcvbufErrors */
	METRIC_COUNT
};

/** METRIC_SOFTIRQ_CPUS - CPUs of the host that have a metric of their own, from METRIC_CPU0_SOFTIRQ_S on */
#define METRIC_SOFTIRQ_CPUS 4

enum metric_direction { METRIC_MORE_IS_BETTER, METRIC_LESS_IS_BETTER, METRIC_IS_INFO };

/* A rate is compared by ratios; a count, which is often 0, by differences. */
enum metric_kind { METRIC_IS_RATE, METRIC_IS_A_COUNT };

/**
 * struct metric_def - one row
 * @name:      as in JSON, the store and plans: "throughput_bps"
 * @title:     column title of tables: "Mbit/s"
 * @unit:      unit of the stored number
 * @direction: which way is better
 * @scale:     stored number times this is what tables show
 * @kind:      how it is compared
 * @matters:   smallest difference that is worth a word: of a rate 0.02 is 2 %, of a count 10 is ten more
 * @coarse:    how many times worse it has to be before samples that are too few for a test say anything; of a rate with many boots
 */
struct metric_def {
	const char *name;
	const char *title;
	const char *unit;
	enum metric_direction direction;
	double scale;
	enum metric_kind kind;
	double matters;
	double coarse;
};

const struct metric_def *metric_def(enum metric m);

/** metric_find() - Return: the metric called @name, METRIC_COUNT if there is none. */
enum metric metric_find(const char *name);

#endif
