/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * flow.h - every packet has a number: what was received, late, twice
 *
 *	flow_mark(&mark, sender, seq)			before it is sent
 *	flows_take(&flows, queue, packet, len)		for each packet read, from any thread
 *	flows_sum(&flows, &sum)
 *
 *	| virtio_net_hdr | Ethernet | IPv4 | UDP | struct flow_mark | filling |
 *	  if vnet_hdr      not TUN
 *
 * A flow is what one sender sends. The last FLOW_WINDOW numbers of each are remembered: a packet that
 * comes later than so many others is out of order, and whether it came twice is not known.
 */
#ifndef RING_FLOW_H
#define RING_FLOW_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define FLOWS_MAX   8
#define FLOW_WINDOW 65536
#define FLOW_MAGIC  0x74617062u /* "tapb" */

/* Delays in 8 steps for each power of two nanoseconds. */
#define FLOW_DELAYS 512

/** struct flow_mark - the beginning of each payload, in the byte order of the machine */
struct flow_mark {
	uint32_t magic;
	uint32_t sender;
	uint64_t seq;
	uint64_t sent_ns;
};

/**
 * struct flow - what came of one sender
 * @next:     one more than the highest number so far
 * @received: recognised packets
 * @queue:    the queue that the last one came from, -1 before there was one
 * @trusted:  packets from this number on were sent after the device changed, and tell where the flow goes now
 */
struct flow {
	pthread_mutex_t lock;
	uint64_t next;
	_Atomic uint64_t received;
	_Atomic uint64_t out_of_order;
	_Atomic uint64_t duplicates;
	atomic_int queue;
	_Atomic uint64_t trusted;
	uint64_t seen[FLOW_WINDOW / 64];
	uint32_t delays[FLOW_DELAYS];
	uint64_t longest_delay_ns;
};

/**
 * struct flows - all of them
 * @has_vnet_hdr, @has_ethernet: what a packet begins with
 * @strangers: packets that are none of ours
 * @wake_at:   @wake_fd becomes readable when so many packets were received
 */
struct flows {
	bool has_vnet_hdr;
	bool has_ethernet;
	_Atomic uint64_t received;
	_Atomic uint64_t strangers;
	_Atomic uint64_t wake_at;
	int wake_fd;
	struct flow flow[FLOWS_MAX];
};

/** struct flow_sum - all flows together; delays from send() to the reader, in seconds, 0 without a packet */
struct flow_sum {
	uint64_t received, out_of_order, duplicates;
	double delay_p50_s, delay_p99_s, delay_max_s;
};

/** flows_init() - begin. Return: 0 or -errno. */
int flows_init(struct flows *f, bool has_vnet_hdr, bool has_ethernet);

/** flows_free() - end; fine when it never began and is zeroed. */
void flows_free(struct flows *f);

/** flow_mark() - number a packet that is sent now. */
void flow_mark(struct flow_mark *m, uint32_t sender, uint64_t seq);

/** flow_moved() - the device has changed: where a flow goes is known again once number @from has come. */
void flow_moved(struct flow *f, uint64_t from);

/** flows_take() - account for a packet of a queue. */
void flows_take(struct flows *f, int queue, const void *packet, size_t len);

/** flows_wait() - until @received packets came or a deadline passes. Return: 1, 0 at the deadline, -EINTR, -errno. */
int flows_wait(struct flows *f, uint64_t received, double deadline);

/** flows_sum() - add them up; the readers may go on. */
void flows_sum(struct flows *f, struct flow_sum *ret);

#endif
