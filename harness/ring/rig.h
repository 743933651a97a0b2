/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * rig.h - the device under test without a guest: a TUN, TAP or macvtap whose queues are ours
 *
 *	struct rig_spec spec = { .device = RIG_TAP, .queues = 1, .txqueuelen = 1, .qdisc = "fq_codel" };
 *	struct rig rig;
 *
 *	ret = rig_up(&rig, &nl, &spec);		device made, queues open, qdisc set, link up
 *	... read rig.fd[0] ...
 *	rig_down(&rig);
 *
 * Nothing but us sends here: IPv6 is off, ARP is off, the address is a point of our own. The
 * device is not persistent: it goes with its descriptors, and with the namespace of the agent.
 */
#ifndef RING_RIG_H
#define RING_RIG_H

#include <stdbool.h>
#include <stdint.h>

#include "net/nl.h"

#define RIG_QUEUES_MAX 4
#define RIG_IFNAME     "ring0"
#define RIG_LOWER      "ring0l"	   /* below a macvtap: one end of a veth pair */
#define RIG_LOWER_PEER "ring0p"	   /* the other end: what is sent there arrives at the macvtap */
#define RIG_ADDR       "10.78.0.1" /* ours; /24 */
#define RIG_PEER       "10.78.0.2" /* where senders send to; nobody has it */
#define RIG_PORT       9078	   /* the first port they send to */

enum rig_device { RIG_TAP, RIG_TUN, RIG_MACVTAP, RIG_DEVICE_COUNT };

/**
 * struct rig_spec - what is wanted
 * @device:       kind of device; its name is rig_device_name()
 * @queues:       open queues, 1 to RIG_QUEUES_MAX; more than one makes the device multi-queue
 * @multi_queue:  multi-queue even with one queue (scenarios that attach more later)
 * @txqueuelen:   slots of each ring, from 0
 * @qdisc:        "noqueue", "pfifo_fast", "pfifo", "fq_codel", "fq"; with several queues, one below each
 * @vnet_hdr:     IFF_VNET_HDR: each packet read begins with a struct virtio_net_hdr (vhost needs it)
 * @backpressure: ask for IFF_BACKPRESSURE (0x0080, Linux 7.3); -ENOTSUP when TUNGETFEATURES lacks it
 */
struct rig_spec {
	enum rig_device device;
	int queues;
	bool multi_queue;
	unsigned int txqueuelen;
	const char *qdisc;
	bool vnet_hdr;
	bool backpressure;
};

/**
 * struct rig - a device that is up
 * @fd:  its queues' descriptors, O_NONBLOCK is not set; -1 where closed
 * @txq: which transmit queue of the device each of them has now, -1 while closed or detached: the
 *       last one attached moves into the place of one that goes, as in the kernel
 */
struct rig {
	struct nl *nl;
	struct rig_spec spec;
	int fd[RIG_QUEUES_MAX];
	int txq[RIG_QUEUES_MAX];
};

/** rig_device_name() - Return: "tap", "tun", "macvtap"; NULL past the last. */
const char *rig_device_name(enum rig_device d);

/** rig_send_link() - Return: the link that packets have to be sent to, so that they fill the ring. */
const char *rig_send_link(const struct rig *r);

/** rig_has_mq() - Return: whether each queue has a qdisc of its own, below "mq". */
bool rig_has_mq(const struct rig *r);

/** rig_up() - make it all. Return: 0 or -errno; then nothing is left. */
int rig_up(struct rig *r, struct nl *nl, const struct rig_spec *spec);

/** rig_open() - open queue @q (again). Return: 0 or -errno. */
int rig_open(struct rig *r, int q);

/** rig_close() - close queue @q; fine when it is closed. */
void rig_close(struct rig *r, int q);

/** rig_attach() - TUNSETQUEUE: IFF_ATTACH_QUEUE or IFF_DETACH_QUEUE for queue @q. Return: 0 or -errno. */
int rig_attach(struct rig *r, int q, bool attach);

/** rig_set_txqueuelen() - resize every ring of the device. Return: 0 or -errno (a kernel may refuse). */
int rig_set_txqueuelen(struct rig *r, unsigned int n);

/** rig_set_up() - link up or down. Return: 0 or -errno. */
int rig_set_up(struct rig *r, bool up);

/** rig_delete() - delete the netdev while descriptors stay open. Return: 0 or -errno. */
int rig_delete(struct rig *r);

/** rig_down() - close every queue, remove the device if it is still there; warns and goes on. */
void rig_down(struct rig *r);

#endif
