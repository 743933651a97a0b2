/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * macvtap.h - a macvtap above one end of a veth pair, and its queues
 *
 *	sender --> peer ==veth== lower --> macvtap's ring --> who reads its descriptor
 *
 *	ret = macvtap_make(&nl, "tap0", "tap0l", "tap0p");
 *	ret = macvtap_open("tap0", IFF_TAP | IFF_NO_PI | IFF_VNET_HDR, &fd);
 *	...
 *	ret = link_delete(&nl, "tap0l");	and with it all three
 */
#ifndef NET_MACVTAP_H
#define NET_MACVTAP_H

#include <stdint.h>

#include "net/nl.h"

/** macvtap_make() - a veth pair and a macvtap on one end of it, all down. Return: 0 or -errno; then nothing is left. */
int macvtap_make(struct nl *nl, const char *ifname, const char *lower, const char *peer);

/** macvtap_open() - open the macvtap's character device, one more queue. @flags as TUNSETIFF's. Return: 0 or -errno. */
int macvtap_open(const char *ifname, uint16_t flags, int *ret_fd);

#endif
