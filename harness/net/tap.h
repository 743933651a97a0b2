/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * tap.h - TAP devices, made through /dev/net/tun
 *
 *	ret = tap_create("tap0", IFF_VNET_HDR);		stays; QEMU opens it by name later
 *	...
 *	ret = link_delete(&nl, "tap0");
 *
 *	ret = tap_open("tap0", 0, &fd);		lives as long as fd is open
 *
 * A persistent TAP lives in the network namespace of its maker. tapbed's is an unnamed one,
 * which dies with the processes in it; the TAP goes with it.
 */
#ifndef NET_TAP_H
#define NET_TAP_H

#include <stdint.h>

#include <linux/if_tun.h>

#ifndef IFF_BACKPRESSURE
#define IFF_BACKPRESSURE 0x0080 /* Linux 7.3 */
#endif

/**
 * tap_open() - make a TAP that is ours, or attach to one that is there
 * @ifname: its name; a new one is made if there is none
 * @flags:  IFF_VNET_HDR, IFF_MULTI_QUEUE, IFF_BACKPRESSURE; IFF_TAP and IFF_NO_PI are added
 * @ret_fd: close-on-exec and blocking; reading it is what empties the ring
 * Return: 0, or -errno with the cure.
 *
 * Flags such as IFF_BACKPRESSURE are rewritten by each attach to a single-queue TAP: they
 * hold only if this descriptor is the one that QEMU is given.
 */
int tap_open(const char *ifname, uint16_t flags, int *ret_fd);

/** tun_open() - the same for either kind: @flags are exactly those given, IFF_TUN or IFF_TAP among them. */
int tun_open(const char *ifname, uint16_t flags, int *ret_fd);

/** tun_check_backpressure() - Return: 0, -ENOTSUP with a sentence where TUNGETFEATURES lacks IFF_BACKPRESSURE, other -errno with the cure. */
int tun_check_backpressure(void);

/**
 * tap_create() - make a persistent TAP, with nobody attached
 * @ifname: its name
 * @flags:  as for tap_open()
 * Return: 0, or -errno with the cure. link_delete() removes it.
 */
int tap_create(const char *ifname, uint16_t flags);

#endif
