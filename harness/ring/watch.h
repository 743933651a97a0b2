/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * watch.h - the thread that sees a stall, and touches nothing
 *
 * It looks every WATCH_TICK_S. For each flow, and for each queue, a gap is the time in which
 *
 *	something is offered	its sender is inside send() or has sent; the qdisc has a backlog that can be believed
 *	nothing is received	from that queue, of any flow
 *	the reader waits	its state says so, and its thread sleeps in the kernel; one look at which
 *				it does not may be chance, two in a row are a reader without a processor
 *	the link is up		and nothing was done to the device
 *	the watch itself ran	a tick that is late by WATCH_LATE_S begins all gaps anew
 *
 * and a gap of WATCH_STALL_S is a stall. A flow belongs to the queue that it was received from
 * last; while that is not known, all readers have to wait. Rings are looked at with poll(), which
 * takes nothing from them and wakes nobody.
 */
#ifndef RING_WATCH_H
#define RING_WATCH_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

#include "net/nl.h"
#include "ring/flow.h"
#include "ring/rig.h"

#define WATCH_TICK_S  0.02
#define WATCH_LATE_S  0.25
#define WATCH_STALL_S 1.0

struct ring;

/**
 * struct gap - of one flow or queue
 * @since:    when it began, 0 while there is none
 * @received: packets at the last look
 * @offered:  attempts at the last look
 * @awake:    looks in a row at which a reader did not sleep
 * @packets:  what each reader had when it began
 * @last_offer: when something was offered last
 * @is_told:  it is a stall, and was counted
 */
struct gap {
	double since;
	uint64_t received;
	uint64_t offered;
	unsigned int awake;
	uint64_t packets[RIG_QUEUES_MAX];
	double last_offer;
	bool is_told;
};

/** struct watch - the thread and what it found; @longest_s and @stalls are read after watch_stop() */
struct watch {
	struct ring *ring;
	struct nl nl;
	int stop_fd;
	pthread_t thread;
	bool is_running;
	double looked_at;
	double backlog_at;
	unsigned int changes;
	uint32_t backlog[RIG_QUEUES_MAX];
	struct gap flow[FLOWS_MAX];
	struct gap queue[RIG_QUEUES_MAX];
	double longest_s;
	atomic_uint stalls;
};

/** watch_start() - begin to look. Return: 0 or -errno. */
int watch_start(struct watch *w, struct ring *r);

/** watch_stop() - end it; fine when it does not run. */
void watch_stop(struct watch *w);

#endif
