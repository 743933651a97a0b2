/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * device.h - what the guest's NIC hangs on: a TAP, or a macvtap above a veth pair; ours, handed to QEMU
 *
 *	backend tap, vhost:		sender --> tap0: qdisc, ring --> QEMU or vhost_net
 *	backend macvtap, macvtap-vhost:	sender --> tap0p: qdisc --> tap0l --> tap0: ring --> the same
 *
 * It lives as long as a descriptor of its queues is open: ours until QEMU has them, then QEMU's.
 */
#ifndef LAB_DEVICE_H
#define LAB_DEVICE_H

#include <stdbool.h>

#include "net/nl.h"
#include "plan/cell.h"
#include "vm/nic.h"

#define DEVICE_IFNAME "tap0"

/** struct device - start with device_init() */
struct device {
	int queues;
	int fds[VM_QUEUES];
};

/** device_is_known() - Return: whether there is such a backend for guests. */
bool device_is_known(const struct cell *c);

/** device_has_vhost() - Return: whether vhost_net serves it. */
bool device_has_vhost(const struct cell *c);

/** device_sends_at() - Return: the link that the host's stack sends to, whose qdisc is the cell's. */
const char *device_sends_at(const struct cell *c);

/** device_lacks() - Return: what the cell needs of the running kernel and it does not have, NULL if all is there; to be freed. */
char *device_lacks(const struct cell *c);

void device_init(struct device *d);

/** device_up() - make it for a cell, up, without address. Return: 0 or -errno; then nothing is left. */
int device_up(struct device *d, struct nl *nl, const struct cell *c);

/** device_set() - txqueuelen, offloads, qdisc and shaper of a cell, while the guest runs or not. Return: 0 or -errno. */
int device_set(struct nl *nl, const struct cell *c);

/** device_let_go() - close our descriptors: QEMU has its own. */
void device_let_go(struct device *d);

/** device_down() - remove what is left of it; it may have gone with QEMU. */
void device_down(struct device *d, struct nl *nl);

#endif
