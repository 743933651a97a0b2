/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * netem.h - a path that is long: the qdisc netem, which keeps each packet for a time
 *
 *	ret = netem_set(&nl, "path0", 30 * 1000000);	and the same at the other end: 60 ms of round trip
 */
#ifndef NET_NETEM_H
#define NET_NETEM_H

#include "net/nl.h"

/** NETEM_LIMIT - packets that may be under way: more than any window, so that the path drops none */
#define NETEM_LIMIT 100000

/**
 * netem_set() - make netem the root qdisc of a link, and see that it is
 * @delay_ns: what is added to each packet that leaves there
 * Return: 0; -ENOENT with the missing option; -EPROTO when the link has another one; other -errno.
 */
int netem_set(struct nl *nl, const char *ifname, int64_t delay_ns);

/** netem_msg_set() - the message, for the function above and for the tests. */
void netem_msg_set(struct nl_msg *m, int index, uint32_t handle, int64_t delay_ns);

#endif
