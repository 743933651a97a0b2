/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * path.h - the way from who makes the traffic to the device: none, or from another namespace, a delay away
 *
 *	delay 0:  iperf3 --> device's qdisc, ring --> guest
 *
 *	else:	  .- a namespace without a name -.
 *		  | iperf3 --> way1: netem, half |--> way0 -- br0 --> device's qdisc, ring --> guest
 *		  |        <-- way1 <------------|--- way0: netem, half <-- br0 <------------- guest
 *		  '------------------------------'
 *
 * The delay stands before the qdisc that is measured, never between it and the ring, and that qdisc
 * is what it would be without: a netem in its place would have been another one. What comes through a
 * bridge belongs to no socket of this namespace, so TCP's own limit on what waits in a qdisc (TSQ)
 * does not hold there, as on every router.
 */
#ifndef LAB_PATH_H
#define LAB_PATH_H

#include <stddef.h>

#include "measure/delay.h"
#include "net/nl.h"

#define PATH_ADDR "10.77.0.1"

/** struct path - start with path_init() */
struct path {
	struct nl *nl;
	const char *link; /* what the host's stack sends to */
	unsigned int mtu;
	struct delay delay;
	int ns;		  /* the sender's namespace, -1: this one */
	char *ns_path;	  /* for nsenter(1) */
};

void path_init(struct path *p);

/** path_up() - @link gets the address, or is reached through a delay. Return: 0 or -errno; then nothing is left. */
int path_up(struct path *p, struct nl *nl, const char *link, double label_s, unsigned int mtu);

void path_down(struct path *p);

/** path_enter() - go where the sender is. @ret_back: for netns_leave(). Return: 0 or -errno. */
int path_enter(const struct path *p, int *ret_back);

/**
 * path_tune() - make the round trip what its label says, from one that was measured
 * @rtt_s: measured, with the netems as they are
 * Return: 0: it is the label, or there is none; 1: the netems were set anew, measure again;
 * -ERANGE it cannot be, the device and the guest alone take longer; other -errno.
 */
int path_tune(struct path *p, double rtt_s);

/**
 * path_idle() - measure the round trip from the sender to @address, and tune the path until it is its label
 * Return: 0 and *@ret_us; -ERANGE when the label cannot be kept, -ETIMEDOUT without an answer; other -errno.
 */
int path_idle(struct path *p, const char *address, double *ret_us);

/** path_snmp() - what the sender's namespace has counted. @ret: texts of its /proc/net/snmp and netstat, to be freed. Return: 0 or -errno. */
int path_snmp(const struct path *p, char **ret);

#endif
