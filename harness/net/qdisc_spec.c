// SPDX-License-Identifier: GPL-2.0-only
/* qdisc_spec.c - a qdisc as text, and as the options of a request; pure */
#include "net/qdisc_spec.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/if_ether.h>
#include <linux/pkt_cls.h>
#include <linux/pkt_sched.h>
#include <netinet/in.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "lib/cleanup.h"
#include "lib/err.h"
#include "lib/str.h"

/* The kernel's unit of time in these options: 64 ns. */
#define TICKS(s) ((uint32_t)((s) * 1e9 / 64))

#define BURST_S 0.01
#define QUEUE_S 0.05
#define BURST_BYTES_MIN 3000 /* a frame, and one more */

static void put_pfifo(struct nl_msg *m, double packets)
{
	const struct tc_fifo_qopt o = { .limit = (uint32_t)packets };

	mnl_attr_put(&m->h, TCA_OPTIONS, sizeof(o), &o);
}

/* Rates are bytes a second; with a known link layer the kernel asks for no table of times. */
static struct tc_ratespec ratespec(double bps)
{
	double bytes = bps / 8;

	return (struct tc_ratespec){ .linklayer = TC_LINKLAYER_ETHERNET,
				     .rate = bytes > UINT32_MAX ? UINT32_MAX : (uint32_t)bytes };
}

static void put_tbf(struct nl_msg *m, double bps)
{
	double burst = bps / 8 * BURST_S;
	struct nlattr *nest = mnl_attr_nest_start(&m->h, TCA_OPTIONS);
	struct tc_tbf_qopt o = { .rate = ratespec(bps) };

	if (burst < BURST_BYTES_MIN)
		burst = BURST_BYTES_MIN;
	o.limit = (uint32_t)(burst + bps / 8 * QUEUE_S);
	mnl_attr_put(&m->h, TCA_TBF_PARMS, sizeof(o), &o);
	mnl_attr_put_u64(&m->h, TCA_TBF_RATE64, (uint64_t)(bps / 8));
	mnl_attr_put_u32(&m->h, TCA_TBF_BURST, (uint32_t)burst);
	mnl_attr_nest_end(&m->h, nest);
}

/* What no filter takes goes to class 1. */
static void put_htb(struct nl_msg *m, double bps)
{
	const struct tc_htb_glob o = { .version = 3, .rate2quantum = 10, .defcls = 1 };
	struct nlattr *nest = mnl_attr_nest_start(&m->h, TCA_OPTIONS);

	(void)bps;
	mnl_attr_put(&m->h, TCA_HTB_INIT, sizeof(o), &o);
	mnl_attr_nest_end(&m->h, nest);
}

static const struct qdisc_def table[] = {
	{ .kind = "noqueue", .help = "none: what libvirt gives a TAP; nothing can wait" },
	{ .kind = "pfifo_fast", .help = "three bands, each of txqueuelen packets" },
	{ .kind = "pfifo", .param = "limit", .units = quantity_count, .put = put_pfifo,
	  .option = "CONFIG_NET_SCH_FIFO", .help = "one queue of txqueuelen packets, or of its limit" },
	{ .kind = "fq_codel", .option = "CONFIG_NET_SCH_FQ_CODEL", .help = "fair queues with CoDel, the usual default" },
	{ .kind = "fq", .option = "CONFIG_NET_SCH_FQ", .help = "fair queues with pacing" },
	{ .kind = "cake", .option = "CONFIG_NET_SCH_CAKE", .help = "fair queues and shaping, here without a rate" },
	{ .kind = "tbf", .param = "rate", .needs_value = true, .units = quantity_rate, .put = put_tbf,
	  .option = "CONFIG_NET_SCH_TBF", .help = "a rate: a burst of 10 ms, a queue of 50 ms" },
	{ .kind = "htb", .param = "rate", .needs_value = true, .units = quantity_rate, .put = put_htb,
	  .option = "CONFIG_NET_SCH_HTB", .help = "a rate for two classes that borrow from each other; the second is ICMP's" },
};

const struct qdisc_def *qdisc_table(size_t *ret_n)
{
	*ret_n = ARRAY_SIZE(table);
	return table;
}

int qdisc_spec_parse(const char *text, struct qdisc_spec *ret)
{
	char kind[QDISC_KIND_MAX] = "", param[16] = "", value[24] = "", more;
	int n = sscanf(text, "%31s %15s %23s %c", kind, param, value, &more);
	struct qdisc_spec s = { 0 };

	for (size_t i = 0; i < ARRAY_SIZE(table); i++)
		if (str_eq(table[i].kind, kind))
			s.def = &table[i];
	memcpy(s.kind, kind, sizeof(s.kind));
	if (n == 1 && !(s.def && s.def->needs_value)) {
		*ret = s;
		return 0;
	}
	if (n == 3 && s.def && str_eq(s.def->param, param) && quantity_parse(value, s.def->units, &s.value) && s.value >= 1) {
		*ret = s;
		return 0;
	}
	if (s.def && s.def->param)
		return err_say(EINVAL, "qdisc '%s': not of the form '%s %s NUMBER'", text, kind, s.def->param);
	return err_say(EINVAL, "qdisc '%s': its kind alone was expected", text);
}

void qdisc_put_netem(struct nl_msg *m, double delay_s, unsigned int limit)
{
	const struct tc_netem_qopt o = { .latency = TICKS(delay_s), .limit = limit };
	struct nlattr *nest = mnl_attr_nest_start(&m->h, TCA_OPTIONS);

	/* The struct stands first in the attribute, the others behind it. */
	memcpy(mnl_nlmsg_get_payload_tail(&m->h), &o, sizeof(o));
	m->h.nlmsg_len += MNL_ALIGN(sizeof(o));
	mnl_attr_put_u64(&m->h, TCA_NETEM_LATENCY64, (uint64_t)(delay_s * 1e9));
	mnl_attr_nest_end(&m->h, nest);
}

void qdisc_msg_htb_class(struct nl_msg *m, int index, uint32_t parent, uint32_t class, double rate_bps, double ceil_bps)
{
	struct tcmsg *tc = nl_msg_init(m, RTM_NEWTCLASS, NLM_F_CREATE | NLM_F_REPLACE, sizeof(*tc));
	const struct tc_htb_opt o = {
		.rate = ratespec(rate_bps), .ceil = ratespec(ceil_bps),
		.buffer = TICKS(BURST_S), .cbuffer = TICKS(BURST_S), .quantum = 60000,
	};
	struct nlattr *nest;

	tc->tcm_family = AF_UNSPEC;
	tc->tcm_ifindex = index;
	tc->tcm_parent = parent;
	tc->tcm_handle = class;
	mnl_attr_put_strz(&m->h, TCA_KIND, "htb");
	nest = mnl_attr_nest_start(&m->h, TCA_OPTIONS);
	mnl_attr_put(&m->h, TCA_HTB_PARMS, sizeof(o), &o);
	mnl_attr_put_u64(&m->h, TCA_HTB_RATE64, (uint64_t)(rate_bps / 8));
	mnl_attr_put_u64(&m->h, TCA_HTB_CEIL64, (uint64_t)(ceil_bps / 8));
	mnl_attr_nest_end(&m->h, nest);
}

/* u32: the byte at 9 of an IPv4 header is the protocol. */
void qdisc_msg_icmp_filter(struct nl_msg *m, int index, uint32_t parent, uint32_t class)
{
	struct tcmsg *tc = nl_msg_init(m, RTM_NEWTFILTER, NLM_F_CREATE | NLM_F_EXCL, sizeof(*tc));
	struct {
		struct tc_u32_sel sel;
		struct tc_u32_key key;
	} match = {
		.sel = { .flags = TC_U32_TERMINAL, .nkeys = 1 },
		.key = { .mask = htonl(0x00ff0000), .val = htonl(IPPROTO_ICMP << 16), .off = 8 },
	};
	struct nlattr *nest;

	tc->tcm_family = AF_UNSPEC;
	tc->tcm_ifindex = index;
	tc->tcm_parent = parent;
	tc->tcm_info = TC_H_MAKE(1 << 16, htons(ETH_P_IP)); /* preference 1 */
	mnl_attr_put_strz(&m->h, TCA_KIND, "u32");
	nest = mnl_attr_nest_start(&m->h, TCA_OPTIONS);
	mnl_attr_put_u32(&m->h, TCA_U32_CLASSID, class);
	mnl_attr_put(&m->h, TCA_U32_SEL, sizeof(match), &match);
	mnl_attr_nest_end(&m->h, nest);
}
