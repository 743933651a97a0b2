// SPDX-License-Identifier: GPL-2.0-only
/* qdisc.c - the root qdisc of a link, or of one of its queues: set, verified, read */
#include "net/qdisc.h"

#include <errno.h>
#include <linux/gen_stats.h>
#include <linux/pkt_sched.h>
#include <stdio.h>
#include <string.h>

#include "lib/cleanup.h"
#include "lib/err.h"
#include "lib/str.h"
#include "net/link.h"

/* Of a delayed link: at 1 Gbit/s and 120 ms fewer than 10000 packets are under way. */
#define NETEM_LIMIT 100000

void qdisc_msg_set(struct nl_msg *m, int index, uint32_t parent, const char *kind, uint32_t handle)
{
	struct tcmsg *tc = nl_msg_init(m, RTM_NEWQDISC, NLM_F_CREATE | NLM_F_REPLACE, sizeof(*tc));

	tc->tcm_family = AF_UNSPEC;
	tc->tcm_ifindex = index;
	tc->tcm_parent = parent;
	tc->tcm_handle = handle;
	mnl_attr_put_strz(&m->h, TCA_KIND, kind);
}

void qdisc_msg_dump(struct nl_msg *m)
{
	/*
	 * A dump, as tc does, though one link is wanted: asked for a single qdisc, some kernels
	 * acknowledge and send nothing (seen on 6.18: the reply goes the way of a notification,
	 * which is left out when nobody listens).
	 */
	nl_msg_init(m, RTM_GETQDISC, NLM_F_DUMP, sizeof(struct tcmsg));
}

static void parse_stats(const struct nlattr *stats, struct qdisc_state *q)
{
	const struct nlattr *a;

	mnl_attr_for_each_nested(a, stats) {
		struct gnet_stats_queue st = { 0 };
		size_t len = mnl_attr_get_payload_len(a);

		if (mnl_attr_get_type(a) != TCA_STATS_QUEUE)
			continue;
		memcpy(&st, mnl_attr_get_payload(a), len < sizeof(st) ? len : sizeof(st));
		q->drops = st.drops;
		q->requeues = st.requeues;
		q->overlimits = st.overlimits;
		q->backlog_packets = st.qlen;
		q->backlog_bytes = st.backlog;
	}
}

bool qdisc_parse(const struct nlmsghdr *h, int index, uint32_t parent, struct qdisc_state *ret)
{
	const struct tcmsg *tc = mnl_nlmsg_get_payload(h);
	const struct nlattr *a;

	if (tc->tcm_ifindex != index || tc->tcm_parent != parent)
		return false;
	*ret = (struct qdisc_state){ .handle = tc->tcm_handle };
	mnl_attr_for_each(a, h, sizeof(*tc)) {
		if (mnl_attr_get_type(a) == TCA_KIND)
			snprintf(ret->kind, sizeof(ret->kind), "%s", mnl_attr_get_str(a));
		else if (mnl_attr_get_type(a) == TCA_STATS2)
			parse_stats(a, ret);
	}
	return true;
}

struct wanted {
	int index;
	uint32_t parent;
	struct qdisc_state state;
};

static void on_qdisc(const struct nlmsghdr *h, void *arg)
{
	struct wanted *w = arg;

	(void)qdisc_parse(h, w->index, w->parent, &w->state);
}

static int read_below(struct nl *nl, const char *ifname, uint32_t parent, struct qdisc_state *ret)
{
	/* The qdisc of a link that was never up is in no dump. */
	struct wanted w = { .index = link_index(ifname), .parent = parent, .state.kind = "noop" };
	struct nl_msg m;
	int err;

	if (w.index < 0)
		return w.index;
	qdisc_msg_dump(&m);
	err = nl_ask(nl, &m, on_qdisc, &w);
	if (err)
		return err_wrap(err, "link %s: read qdisc", ifname);
	*ret = w.state;
	return 0;
}

int qdisc_read(struct nl *nl, const char *ifname, struct qdisc_state *ret)
{
	return read_below(nl, ifname, TC_H_ROOT, ret);
}

/* The class of a queue below the root: the root's handle, and the queue counted from 1. */
static int queue_parent(struct nl *nl, const char *ifname, int queue, uint32_t *ret)
{
	struct qdisc_state root;
	int err = qdisc_read(nl, ifname, &root);

	if (!err)
		*ret = TC_H_MAKE(root.handle, (uint32_t)queue + 1);
	return err;
}

int qdisc_read_queue(struct nl *nl, const char *ifname, int queue, struct qdisc_state *ret)
{
	uint32_t parent;
	int err = queue_parent(nl, ifname, queue, &parent);

	return err ? err : read_below(nl, ifname, parent, ret);
}

/* What would make the kernel know the kind, "" when nothing is known of it. To be freed. */
static char *cure(int err, const struct qdisc_spec *s)
{
	if (err != -ENOENT || !s->def || !s->def->option)
		return str_dup("");
	return str_fmt(" (needs a kernel with %s, as a module: modprobe sch_%s)", s->def->option, s->kind);
}

/*
 * A replacement without a handle, or with that of the qdisc in place, leaves one of the same
 * kind as it is, limits and all. A handle that is not in use makes a new one, at once. Each
 * place, the root and every queue below it, has two handles of its own.
 */
static uint32_t other_handle(const struct qdisc_state *q, uint32_t parent)
{
	uint32_t place = parent == TC_H_ROOT ? 0 : TC_H_MIN(parent);
	const uint32_t one = TC_H_MAKE((2 * place + 1) << 16, 0), two = TC_H_MAKE((2 * place + 2) << 16, 0);

	return q->handle == one ? two : one;
}

/* What is put below a qdisc that has classes. */
static int add_classes(struct nl *nl, int index, uint32_t handle, const struct qdisc_spec *s)
{
	const uint32_t root = handle | 0x10;
	const struct { uint32_t parent, class; double rate_bps; } classes[] = {
		{ handle, root,	      s->value },
		{ root,	  handle | 1, s->value / 2 },
		{ root,	  handle | 2, s->value / 2 },
	};
	struct nl_msg m;
	int ret = 0;

	if (!str_eq(s->kind, "htb"))
		return 0;
	for (size_t i = 0; i < ARRAY_SIZE(classes) && !ret; i++) {
		qdisc_msg_htb_class(&m, index, classes[i].parent, classes[i].class, classes[i].rate_bps, s->value);
		ret = nl_ask(nl, &m, NULL, NULL);
	}
	if (ret)
		return err_wrap(ret, "classes of htb");
	qdisc_msg_icmp_filter(&m, index, handle, handle | 2);
	ret = nl_ask(nl, &m, NULL, NULL);
	return ret ? err_wrap(ret, "filter of htb (needs a kernel with CONFIG_NET_CLS_U32)") : 0;
}

/* @m is ready but for the handle, which is @handle. */
static int replace(struct nl *nl, const char *ifname, int index, uint32_t handle, struct nl_msg *m,
		   const struct qdisc_spec *s)
{
	int ret = nl_ask(nl, m, NULL, NULL);

	if (!ret)
		ret = add_classes(nl, index, handle, s);
	if (ret) {
		_cleanup_(freep) char *missing = cure(ret, s);
		_cleanup_(freep) char *said = str_dup(err_text());

		return err_say(-ret, "link %s: set qdisc %s: %s%s", ifname, s->kind, said, missing);
	}
	return 0;
}

static int set_below(struct nl *nl, const char *ifname, uint32_t parent, const struct qdisc_spec *s, double delay_s)
{
	int index = link_index(ifname);
	struct qdisc_state q;
	struct nl_msg m;
	uint32_t handle;
	int ret;

	if (index < 0)
		return index;
	ret = read_below(nl, ifname, parent, &q);
	if (ret)
		return ret;
	handle = other_handle(&q, parent);
	qdisc_msg_set(&m, index, parent, s->kind, handle);
	if (s->def && s->def->put && s->value > 0)
		s->def->put(&m, s->value);
	if (delay_s > 0)
		qdisc_put_netem(&m, delay_s, NETEM_LIMIT);
	ret = replace(nl, ifname, index, handle, &m, s);
	if (!ret)
		ret = read_below(nl, ifname, parent, &q);
	if (ret)
		return ret;
	if (!str_eq(q.kind, s->kind))
		return err_say(EPROTO, "link %s: qdisc is %s after it was set to %s", ifname, q.kind,
			       s->kind);
	return 0;
}

int qdisc_set(struct nl *nl, const char *ifname, const char *text)
{
	struct qdisc_spec s;
	int ret = qdisc_spec_parse(text, &s);

	return ret ? ret : set_below(nl, ifname, TC_H_ROOT, &s, 0);
}

int qdisc_set_queue(struct nl *nl, const char *ifname, int queue, const char *text)
{
	struct qdisc_spec s;
	uint32_t parent;
	int ret = qdisc_spec_parse(text, &s);

	if (!ret)
		ret = queue_parent(nl, ifname, queue, &parent);
	return ret ? ret : set_below(nl, ifname, parent, &s, 0);
}

int qdisc_set_queues(struct nl *nl, const char *ifname, int queues, const char *text)
{
	int ret;

	if (queues == 1 || str_eq(text, "noqueue"))
		return qdisc_set(nl, ifname, text);
	ret = qdisc_set(nl, ifname, "mq");
	for (int q = 0; q < queues && !ret; q++)
		ret = qdisc_set_queue(nl, ifname, q, text);
	return ret;
}

int qdisc_set_netem(struct nl *nl, const char *ifname, double delay_s)
{
	static const struct qdisc_def def = { .kind = "netem", .option = "CONFIG_NET_SCH_NETEM" };
	const struct qdisc_spec netem = { .kind = "netem", .def = &def };

	return set_below(nl, ifname, TC_H_ROOT, &netem, delay_s);
}
