// SPDX-License-Identifier: GPL-2.0-only
/* netem.c - a path that is long: the qdisc netem */
#include "net/netem.h"

#include <errno.h>
#include <linux/pkt_sched.h>
#include <string.h>

#include "lib/cleanup.h"
#include "lib/err.h"
#include "lib/str.h"
#include "net/link.h"
#include "net/qdisc.h"

#define HANDLE TC_H_MAKE(0x6e00 << 16, 0) /* of nothing that qdisc.c makes */

void netem_msg_set(struct nl_msg *m, int index, uint32_t handle, int64_t delay_ns)
{
	const struct tc_netem_qopt limit = { .limit = NETEM_LIMIT };
	struct nlattr *options;

	qdisc_msg_set(m, index, TC_H_ROOT, "netem", handle);
	options = mnl_attr_nest_start(&m->h, TCA_OPTIONS);
	memcpy(mnl_nlmsg_put_extra_header(&m->h, sizeof(limit)), &limit, sizeof(limit));
	mnl_attr_put(&m->h, TCA_NETEM_LATENCY64, sizeof(delay_ns), &delay_ns);
	mnl_attr_nest_end(&m->h, options);
}

int netem_set(struct nl *nl, const char *ifname, int64_t delay_ns)
{
	int index = link_index(ifname);
	struct qdisc_state q;
	struct nl_msg m;
	int ret;

	if (index < 0)
		return index;
	netem_msg_set(&m, index, HANDLE, delay_ns);
	ret = nl_ask(nl, &m, NULL, NULL);
	if (ret) {
		_cleanup_(freep) char *said = str_dup(err_text());

		return err_say(-ret, "link %s: set qdisc netem: %s%s", ifname, said, ret == -ENOENT ?
			       " (needs a kernel with CONFIG_NET_SCH_NETEM, as a module: modprobe sch_netem)" : "");
	}
	ret = qdisc_read(nl, ifname, &q);
	if (!ret && !str_eq(q.kind, "netem"))
		ret = err_say(EPROTO, "link %s: qdisc is %s after it was set to netem", ifname, q.kind);
	return ret;
}
