/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * drops.h - packets that the kernel freed, by its own reason
 *
 *	struct drops d;
 *
 *	drops_start(&d);		never fails: where they cannot be counted, d.why says so
 *	...
 *	n = drops_read(&d, reason);	-1 when they cannot be read
 *	drops_stop(&d);
 *
 * From the tracepoint skb:kfree_skb, IPv4 packets only; of the whole machine, for the kernel does not
 * say there which device it was. A host under test has no other traffic.
 */
#ifndef RING_DROPS_H
#define RING_DROPS_H

#include "ring/ring.h"
#include "ring/trace.h"

/**
 * struct drops - a counter for each reason
 * @why:   why they cannot be read, "" when they can
 * @names: the event's description, with the reasons' names; owned
 */
struct drops {
	struct trace trace;
	char why[200];
	char *names;
};

void drops_start(struct drops *d);

/** drops_read() - @ret has room for RING_REASONS_MAX. Return: how many reasons, -1 when they cannot be read. */
int drops_read(const struct drops *d, struct ring_reason *ret);

void drops_stop(struct drops *d);

/** drops_name() - the name of a reason in the event's description: "FULL_RING", "reason 77" if it has none. */
void drops_name(const char *format, unsigned long reason, char *ret, size_t size);

#endif
