/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * qdisc.h - the root qdisc of a link, or of one of its queues: set, verified, read
 *
 *	struct qdisc_state q;
 *
 *	ret = link_set_txqueuelen(&nl, "tap0", 10);	first: pfifo takes its limit from it
 *	ret = qdisc_set(&nl, "tap0", "fq_codel");
 *	ret = qdisc_read(&nl, "tap0", &q);		q.kind, q.drops, q.backlog_packets
 *
 * Below a qdisc a full ring can stop the queue and the packets wait; below "noqueue" nothing
 * can wait, and a stopped queue means a dropped packet.
 *
 * A link with several queues has "mq" as its root, and one qdisc below it for each queue:
 *
 *	ret = qdisc_set(&nl, "tap0", "mq");
 *	ret = qdisc_set_queue(&nl, "tap0", 0, "fq_codel");
 */
#ifndef NET_QDISC_H
#define NET_QDISC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "net/nl.h"
#include "net/qdisc_spec.h"

/**
 * struct qdisc_state - the root qdisc as it is now
 * @kind:            "noop" while the link was never up
 * @handle:          its number; another one each time it is set, 0 for the kernel's default
 * @drops:           packets that it dropped, since it was set
 * @requeues:        packets that the driver gave back
 * @overlimits:      times that it held packets back on purpose
 * @backlog_packets: packets that wait now
 * @backlog_bytes:   their bytes
 */
struct qdisc_state {
	char kind[QDISC_KIND_MAX];
	uint32_t handle;
	uint32_t drops;
	uint32_t requeues;
	uint32_t overlimits;
	uint32_t backlog_packets;
	uint32_t backlog_bytes;
};

/**
 * qdisc_set() - give a link a new root qdisc, and see that it has it
 *
 * @text: as qdisc_spec.h has it, "fq_codel", "tbf rate 100mbit"
 *
 * Also replaces one of the same kind, so that limits taken from txqueuelen and the counters
 * are those of a new one. The kernel decides which kinds exist; for a row of the table that
 * it does not know, the sentence ends with what is missing.
 * Return: 0; -EPROTO when the kernel said yes and the link has another one; other -errno.
 */
int qdisc_set(struct nl *nl, const char *ifname, const char *text);

/** qdisc_read() - kind and counters of the root qdisc. Return: 0 and *@ret, or -errno. */
int qdisc_read(struct nl *nl, const char *ifname, struct qdisc_state *ret);

/** qdisc_set_queue() - as qdisc_set(), for queue number @queue below a root "mq". */
int qdisc_set_queue(struct nl *nl, const char *ifname, int queue, const char *text);

/**
 * qdisc_set_queues() - @text for a link with several queues: below a root "mq", each has one of its own
 * @queues: how many; with 1 it is the root
 * Return: 0 or -errno. "noqueue" is the root in any case.
 */
int qdisc_set_queues(struct nl *nl, const char *ifname, int queues, const char *text);

/** qdisc_set_netem() - every packet that leaves the link waits @delay_s. Return: 0 or -errno. */
int qdisc_set_netem(struct nl *nl, const char *ifname, double delay_s);

/** qdisc_read_queue() - as qdisc_read(), for queue number @queue below a root "mq"; "noop" if there is none. */
int qdisc_read_queue(struct nl *nl, const char *ifname, int queue, struct qdisc_state *ret);

/* The messages, for the functions above and for the tests. */

/** qdisc_msg_set() - a qdisc of that handle below @parent (TC_H_ROOT), made if there is none. */
void qdisc_msg_set(struct nl_msg *m, int index, uint32_t parent, const char *kind, uint32_t handle);

/** qdisc_msg_dump() - ask for the qdiscs of all links. */
void qdisc_msg_dump(struct nl_msg *m);

/**
 * qdisc_parse() - read one message of the answer
 * Return: whether it was the qdisc below @parent of link @index; only then *@ret is set.
 */
bool qdisc_parse(const struct nlmsghdr *h, int index, uint32_t parent, struct qdisc_state *ret);

#endif
