/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * nl.h - one rtnetlink socket: a request, its answers, the kernel's own sentence
 *
 *	struct nl nl;
 *	struct nl_msg m;
 *
 *	ret = nl_open(&nl);
 *	...
 *	link_msg_set(&m, index, IFLA_TXQLEN, 10);
 *	ret = nl_ask(&nl, &m, NULL, NULL);
 *	...
 *	nl_close(&nl);
 *
 * Messages are built by functions that touch nothing but the struct nl_msg (link_msg_*(),
 * qdisc_msg_*()), so that a test can compare their bytes. Every request is acknowledged: a
 * refusal is an errno and, where the kernel gives one, its sentence ("extack").
 */
#ifndef NET_NL_H
#define NET_NL_H

#include <stdint.h>

#include <libmnl/libmnl.h>
#include <linux/rtnetlink.h>

/**
 * struct nl - a socket to the rtnetlink of the network namespace that it was opened in
 * @sock: libmnl's socket, NULL while closed
 * @seq:  sequence number of the last request
 */
struct nl {
	struct mnl_socket *sock;
	uint32_t seq;
};

/** struct nl_msg - a message while it is built; @room is ample for any request of this room */
struct nl_msg {
	struct nlmsghdr h;
	char room[512];
};

/** nl_open() - open the socket. Return: 0 or -errno. */
int nl_open(struct nl *nl);

/** nl_close() - close it; a socket that was never opened is fine if it is zeroed. */
void nl_close(struct nl *nl);

/**
 * nl_msg_init() - begin a message
 * @m:     the message, cleared whole
 * @type:  RTM_*
 * @flags: NLM_F_* beside NLM_F_REQUEST and NLM_F_ACK, which every message has
 * @size:  size of the family's header
 * Return: the family's header (struct ifinfomsg, ...), zeroed.
 */
void *nl_msg_init(struct nl_msg *m, uint16_t type, uint16_t flags, size_t size);

/** nl_reply_fn - takes one message of an answer */
typedef void nl_reply_fn(const struct nlmsghdr *h, void *arg);

/**
 * nl_ask() - send a request or a dump, take its answers, wait until the kernel says that it is done
 * @nl:       the socket
 * @m:        the request; its sequence number is filled in here
 * @on_reply: called for each answer; NULL for requests without
 * @arg:      for @on_reply
 * Return: 0; -errno of the kernel, its sentence in err_text(); -ETIMEDOUT after 5 s.
 */
int nl_ask(struct nl *nl, struct nl_msg *m, nl_reply_fn *on_reply, void *arg);

/**
 * nl_ack_read() - read an NLMSG_ERROR message
 * Return: 0 for an acknowledgement; otherwise the kernel's -errno, described by the kernel's
 * sentence if there is one.
 */
int nl_ack_read(const struct nlmsghdr *h);

#endif
