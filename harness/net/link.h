/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * link.h - devices of this network namespace, through rtnetlink
 *
 *	struct link_state s;
 *
 *	ret = link_set_txqueuelen(&nl, "tap0", 10);
 *	ret = link_add_addr(&nl, "tap0", "10.1.0.1/24");
 *	ret = link_set_up(&nl, "tap0");
 *	ret = link_read(&nl, "tap0", &s);
 *
 * All name the link and what was asked in err_text(): "link tap9: No such device",
 * "link tap0: set mtu 1: mtu less than device minimum: Invalid argument".
 */
#ifndef NET_LINK_H
#define NET_LINK_H

#include <stdbool.h>
#include <stdint.h>

#include "net/nl.h"

/**
 * struct link_state - what the kernel says of a link
 * @index:       its number
 * @is_up:       it was set up (IFF_UP); says nothing of a reader or a cable
 * @txqueuelen:  packets; for a TAP, the size of the ring that its owner reads
 * @mtu:         bytes
 * @tx_packets:  taken by the driver
 * @tx_dropped:  for a TAP, packets that the ring refused and frames without a reader
 * @rx_packets:  for a TAP, packets that its owner wrote
 * @rx_dropped:  of those, what the host's stack did not take
 */
struct link_state {
	int index;
	bool is_up;
	uint32_t txqueuelen;
	uint32_t mtu;
	uint64_t tx_packets;
	uint64_t tx_dropped;
	uint64_t rx_packets;
	uint64_t rx_dropped;
};

/** link_index() - Return: the number of a link, or -errno (-ENODEV if there is no such one). */
int link_index(const char *ifname);

/** link_exists() - Return: whether there is a link of that name. */
bool link_exists(const char *ifname);

/** link_read() - state and counters, in one request. Return: 0 and *@ret, or -errno. */
int link_read(struct nl *nl, const char *ifname, struct link_state *ret);

/**
 * link_set_txqueuelen() - length of the transmit queue
 *
 * A TAP's ring is resized at once, also while a guest runs. The limits of some qdiscs are
 * taken from it when *they* are made: set the length first, the qdisc afterwards.
 * Return: 0 or -errno.
 */
int link_set_txqueuelen(struct nl *nl, const char *ifname, uint32_t packets);

/** link_set_mtu() - Return: 0 or -errno. */
int link_set_mtu(struct nl *nl, const char *ifname, uint32_t bytes);

/** link_set_up() - Return: 0 or -errno. */
int link_set_up(struct nl *nl, const char *ifname);

/** link_set_down() - Return: 0 or -errno. */
int link_set_down(struct nl *nl, const char *ifname);

/**
 * link_add_addr() - give a link an IPv4 address
 * @cidr: address and prefix length, "10.1.0.1/24"; one that it already has is fine
 * Return: 0, -EINVAL for another form of @cidr, other -errno.
 */
int link_add_addr(struct nl *nl, const char *ifname, const char *cidr);

/**
 * link_set_quiet() - let the kernel send nothing of its own there: no ARP, no IPv6 addresses
 *
 * Before the link is set up. A kernel without IPv6 is fine.
 * Return: 0 or -errno.
 */
int link_set_quiet(struct nl *nl, const char *ifname);

/** link_add_veth() - a pair of links, what goes into one comes out of the other. Return: 0 or -errno. */
int link_add_veth(struct nl *nl, const char *ifname, const char *peer);

/**
 * link_add_macvtap() - a macvtap that takes all that arrives at the link below it (mode passthru)
 * Return: 0 or -errno. It goes with the link below.
 */
int link_add_macvtap(struct nl *nl, const char *ifname, const char *lower);

/** link_set_netns() - move a link into the network namespace of @fd, see netns.h. Return: 0 or -errno. */
int link_set_netns(struct nl *nl, const char *ifname, int fd);

/** link_delete() - remove a link; of a TAP, a persistent one too. Return: 0 or -errno. */
int link_delete(struct nl *nl, const char *ifname);

/* The messages, for the functions above and for the tests. */

/** link_msg_get() - ask for state and counters. */
void link_msg_get(struct nl_msg *m, int index);

/** link_msg_set() - change one 32-bit attribute (IFLA_TXQLEN, IFLA_MTU). */
void link_msg_set(struct nl_msg *m, int index, uint16_t attr, uint32_t value);

/** link_msg_up() - set up or down. */
void link_msg_up(struct nl_msg *m, int index, bool is_up);

/** link_msg_quiet() - no ARP; @no_ipv6: no IPv6 addresses either. */
void link_msg_quiet(struct nl_msg *m, int index, bool no_ipv6);

/** link_msg_veth() - make a pair. */
void link_msg_veth(struct nl_msg *m, const char *ifname, const char *peer);

/** link_msg_macvtap() - make a macvtap on link @lower. */
void link_msg_macvtap(struct nl_msg *m, const char *ifname, int lower);

/** link_msg_delete() - remove. */
void link_msg_delete(struct nl_msg *m, int index);

/** link_msg_addr() - add an address. Return: 0, or -EINVAL for a @cidr that is none. */
int link_msg_addr(struct nl_msg *m, int index, const char *cidr);

#endif
