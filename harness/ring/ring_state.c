// SPDX-License-Identifier: GPL-2.0-only
/* ring_state.c - in words: what each queue, ring and reader does now */
#include "ring/ring_state.h"

#include <poll.h>
#include <string.h>

#include "lib/cleanup.h"
#include "net/qdisc.h"
#include "ring/ring_priv.h"

static const char *const state_names[] = { "is off", "waits", "works", "is delayed" };
_Static_assert(ARRAY_SIZE(state_names) == READER_STATE_COUNT, "a reader's state without a name");

static uint32_t backlog_of(const struct ring *r, struct nl *nl, int q)
{
	struct qdisc_state s;
	int ret;

	if (r->rig.txq[q] < 0)
		return 0;
	ret = rig_has_mq(&r->rig) ? qdisc_read_queue(nl, RIG_IFNAME, r->rig.txq[q], &s)
				  : qdisc_read(nl, RIG_IFNAME, &s);
	return ret ? 0 : s.backlog_packets;
}

/* Several queues without a qdisc of their own share what there is; it is told of the first. */
uint32_t ring_backlogs(const struct ring *r, struct nl *nl, uint32_t ret[RIG_QUEUES_MAX])
{
	int n = rig_has_mq(&r->rig) ? RIG_QUEUES_MAX : 1;
	uint32_t sum = 0;

	memset(ret, 0, RIG_QUEUES_MAX * sizeof(*ret));
	for (int q = 0; q < n && r->spec.rig.device != RIG_MACVTAP; q++)
		sum += ret[q] = backlog_of(r, nl, q);
	return sum;
}

static const char *ring_of(const struct ring *r, int q)
{
	struct pollfd p = { .fd = r->rig.fd[q], .events = POLLIN };

	if (poll(&p, 1, 0) < 1)
		return "ring empty";
	return p.revents & POLLIN ? "ring not empty" : "ring in error";
}

void ring_state_text(const struct ring *r, struct nl *nl, struct strbuf *ret)
{
	uint32_t backlog[RIG_QUEUES_MAX];

	ring_backlogs(r, nl, backlog);
	for (int q = 0; q < RIG_QUEUES_MAX; q++) {
		const struct reader *rd = &r->reader[q];
		int state = rd->state;

		if (r->rig.fd[q] < 0)
			continue;
		strbuf_fmt(ret, "%squeue %d: ", ret->len ? " | " : "", q);
		if (r->rig.txq[q] < 0)
			strbuf_fmt(ret, "detached, ");
		strbuf_fmt(ret, "%s, reader %s %s, qdisc backlog %u, %llu read", ring_of(r, q), r->def->name,
			   state_names[state], backlog[q], (unsigned long long)rd->packets);
	}
}
