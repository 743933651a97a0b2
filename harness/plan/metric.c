// SPDX-License-Identifier: GPL-2.0-only
/* metric.c - the table of what a sample holds */
#include "plan/metric.h"

#include <string.h>

#include "lib/cleanup.h"

#define MORE METRIC_MORE_IS_BETTER
#define LESS METRIC_LESS_IS_BETTER
#define INFO METRIC_IS_INFO
#define RATE METRIC_IS_RATE
#define COUNT METRIC_IS_A_COUNT

static const struct metric_def metrics[] = {
	[METRIC_THROUGHPUT_BPS]       = { "throughput_bps",    "Mbit/s",       "bit/s",    MORE, 1e-6, RATE,  0.02, 3 },
	[METRIC_RETRANSMITS]          = { "retransmits",       "retr",         "segments", LESS, 1,    COUNT, 10,   20 },
	[METRIC_RETRANS_PER_MB]       = { "retrans_per_mb",    "retr/MB",      "1/MB",     LESS, 1,    COUNT, 0.1,  20 },
	[METRIC_HOST_RETRANS_SEGS]    = { "host_retrans_segs", "host retr",    "segments", LESS, 1,    COUNT, 10,   20 },
	[METRIC_GUEST_RETRANS_SEGS]   = { "guest_retrans_segs", "guest retr",   "segments", LESS, 1,    COUNT, 10,   20 },
	[METRIC_TX_DROPPED]           = { "tx_dropped",        "TAP drops",    "packets",  LESS, 1,    COUNT, 10,   20 },
	[METRIC_QDISC_DROPS]          = { "qdisc_drops",       "qd drops",     "packets",  INFO, 1,    COUNT, 10,   20 },
	[METRIC_QDISC_BACKLOG]        = { "qdisc_backlog",     "backlog",      "packets",  INFO, 1,    COUNT, 2,    10 }, /* one may be seen in passing */
	[METRIC_RTT_US]               = { "rtt_us",            "RTT ms",       "us",       INFO, 1e-3, RATE,  0.05, 3 },
	[METRIC_STALL_S]              = { "stall_s",           "stall s",      "s",        LESS, 1,    COUNT, 1,    3 },
	[METRIC_PING_P50_US]          = { "ping_p50_us",       "ping p50 ms",  "us",       LESS, 1e-3, RATE,  0.05, 3 },
	[METRIC_PING_P99_US]          = { "ping_p99_us",       "ping p99 ms",  "us",       LESS, 1e-3, RATE,  0.1,  3 },
	[METRIC_PING_LOST]            = { "ping_lost",         "ping lost",    "packets",  LESS, 1,    COUNT, 2,    10 },
	[METRIC_PPS]                  = { "pps",               "kpps",         "1/s",      MORE, 1e-3, RATE,  0.02, 3 },
	[METRIC_LOST_PPS]             = { "lost_pps",          "lost kpps",    "1/s",      LESS, 1e-3, COUNT, 10,   20 },
	[METRIC_SENT_PPS]             = { "sent_pps",          "sent kpps",    "1/s",      INFO, 1e-3, RATE,  0.02, 3 },
	[METRIC_REFUSED]              = { "refused",           "refused",      "packets",  LESS, 1,    COUNT, 10,   20 },
	[METRIC_OUT_OF_ORDER]         = { "out_of_order",      "reordered",    "packets",  LESS, 1,    COUNT, 2,    10 },
	[METRIC_UNACCOUNTED]          = { "unaccounted",       "unaccounted",  "packets",  LESS, 1,    COUNT, 0,    1 },
	[METRIC_STALLS]               = { "stalls",            "stalls",       "1",        LESS, 1,    COUNT, 0,    1 },
	[METRIC_IDLE_RTT_US]          = { "idle_rtt_us",       "idle RTT ms",  "us",       INFO, 1e-3, RATE,  0.05, 3 },
	[METRIC_PING_P95_US]          = { "ping_p95_us",       "ping p95 ms",  "us",       LESS, 1e-3, RATE,  0.1,  3 },
	[METRIC_RR_P50_US]            = { "rr_p50_us",         "rr p50 ms",    "us",       LESS, 1e-3, RATE,  0.05, 3 },
	[METRIC_RR_P95_US]            = { "rr_p95_us",         "rr p95 ms",    "us",       LESS, 1e-3, RATE,  0.1,  3 },
	[METRIC_RR_P99_US]            = { "rr_p99_us",         "rr p99 ms",    "us",       LESS, 1e-3, RATE,  0.1,  3 },
	[METRIC_RR_LOST]              = { "rr_lost",           "rr lost",      "requests", LESS, 1,    COUNT, 2,    10 },
	[METRIC_TX_PACKETS]           = { "tx_packets",        "TAP packets",  "packets",  INFO, 1,    RATE,  0.05, 3 },
	[METRIC_CPU_SOFTIRQ_S]        = { "cpu_softirq_s",     "softirq s",    "s",        INFO, 1,    RATE,  0.05, 3 },
	[METRIC_CPU_SOFTIRQ_MAX_S]    = { "cpu_softirq_max_s", "softirq max s", "s",       INFO, 1,    RATE,  0.05, 3 },
	[METRIC_CPU_VHOST_S]          = { "cpu_vhost_s",       "vhost s",      "s",        INFO, 1,    RATE,  0.05, 3 },
	[METRIC_CPU_QEMU_S]           = { "cpu_qemu_s",        "QEMU s",       "s",        INFO, 1,    RATE,  0.05, 3 },
	[METRIC_CTXT_SWITCHES]        = { "ctxt_switches",     "switches",     "1",        INFO, 1,    RATE,  0.05, 3 },
	[METRIC_KVM_EXITS]            = { "kvm_exits",         "KVM exits",    "1",        INFO, 1,    RATE,  0.05, 3 },
	[METRIC_GUEST_IRQS]           = { "guest_irqs",        "guest irqs",   "1",        INFO, 1,    RATE,  0.05, 3 },
	[METRIC_PACKETS_PER_IRQ]      = { "packets_per_irq",   "packets/irq",  "1",        INFO, 1,    RATE,  0.05, 3 },
	[METRIC_JITTER_US]            = { "jitter_us",         "jitter ms",    "us",       LESS, 1e-3, RATE,  0.1,  3 },
	[METRIC_LOST_PERCENT]         = { "lost_percent",      "lost %",       "%",        LESS, 1,    COUNT, 1,    10 },
	[METRIC_PRIO_PERCENT]         = { "prio_percent",      "prio %",       "%",        MORE, 1,    RATE,  0.05, 3 },
	[METRIC_CPU0_SOFTIRQ_S]       = { "cpu0_softirq_s",    "softirq 0 s",  "s",        INFO, 1,    RATE,  0.05, 3 },
	[METRIC_CPU1_SOFTIRQ_S]       = { "cpu1_softirq_s",    "softirq 1 s",  "s",        INFO, 1,    RATE,  0.05, 3 },
	[METRIC_CPU2_SOFTIRQ_S]       = { "cpu2_softirq_s",    "softirq 2 s",  "s",        INFO, 1,    RATE,  0.05, 3 },
	[METRIC_CPU3_SOFTIRQ_S]       = { "cpu3_softirq_s",    "softirq 3 s",  "s",        INFO, 1,    RATE,  0.05, 3 },
	[METRIC_GUEST_QUEUES]         = { "guest_queues",      "guest queues", "1",        INFO, 1,    COUNT, 1,    2 },
	[METRIC_DSACK_SEGS]           = { "dsack_segs",        "needless retr", "segments", INFO, 1,   COUNT, 10,   20 },
	[METRIC_FAR_RCVBUF_DROPS]     = { "far_rcvbuf_drops",  "far drops",    "packets",  INFO, 1,    COUNT, 10,   20 },
};
_Static_assert(ARRAY_SIZE(metrics) == METRIC_COUNT, "a row for every metric");

const struct metric_def *metric_def(enum metric m)
{
	return &metrics[m];
}

enum metric metric_find(const char *name)
{
	enum metric m = 0;

	while (m < METRIC_COUNT && strcmp(metrics[m].name, name))
		m++;
	return m;
}
