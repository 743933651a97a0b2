/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * redirect.h - frames that XDP redirects into the device's ring, past its queue and qdisc
 *
 *	ret = redirect_start(&d, &nl, "ring0");
 *	... the ring is kept as full as its reader lets it be ...
 *	redirect_stop(&d);
 *
 * A veth pair of its own: a thread sends frames into one end, and a program of four instructions
 * at the other end redirects each of them to the device, whose ndo_xdp_xmit() puts it into the ring.
 * The frames are of an Ethernet type for experiments (IEEE 802), which no flow of ours is mistaken for.
 */
#ifndef RING_REDIRECT_H
#define RING_REDIRECT_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "net/nl.h"

#define REDIRECT_IFNAME "ring0x" /* where the frames are sent */
#define REDIRECT_PEER	"ring0y" /* where the program has them */

/**
 * struct redirect - frames under way; all zero is none
 * @sent: frames that the veth took
 */
struct redirect {
	struct nl *nl;
	int stop_fd;
	int link_fd;
	int fd;
	bool is_running;
	pthread_t thread;
	_Atomic uint64_t sent;
};

/**
 * redirect_start() - begin
 * @to: the TUN or TAP
 * Return: 0; -EPERM, -ENOSYS, -EOPNOTSUPP and others where the kernel has no XDP for it. Then nothing is left.
 */
int redirect_start(struct redirect *d, struct nl *nl, const char *to);

/** redirect_stop() - no frame comes any more, the veth pair is gone; warns and goes on. Fine when it does not run. */
void redirect_stop(struct redirect *d);

#endif
