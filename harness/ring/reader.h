/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * reader.h - what takes packets off a ring; the table of its kinds
 *
 *	read, poll, epoll, epoll-et, io_uring, vhost
 *
 * One reader is one thread on one queue. A kind is a function that loops:
 *
 *	static int run(struct reader *r)
 *	{
 *		while (!reader_stop_wanted(r)) {
 *			reader_waits(r);			about to wait for a packet
 *			... wait, in the way of this kind, also for r->stop_fd ...
 *			reader_works(r);
 *			... for each packet: reader_take(r, packet, len); ...
 *		}
 *		return 0;
 *	}
 *
 * The packet handed to reader_take() begins where the device's own begins: with a struct
 * virtio_net_hdr if the rig has vnet_hdr (10 bytes, from vhost too: it negotiates neither
 * VIRTIO_F_VERSION_1 nor VIRTIO_NET_F_MRG_RXBUF, which would make it 12), then an Ethernet header
 * for TAP, an IP header for TUN.
 *
 * A kind whose wait cannot be ended by r->stop_fd (a blocking read) says so by @needs_signal:
 * it is then interrupted by SIGUSR1 (no SA_RESTART, an empty handler) until its thread has ended.
 *
 * -EBADFD from the device (a detached queue) and -EIO (a link that is down) are no errors of
 * a reader: it calls reader_retry(), which waits until the rig changes or the reader shall stop.
 */
#ifndef RING_READER_H
#define RING_READER_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#define READER_PACKET_MAX 66000

enum reader_state {
	READER_OFF,	/* the thread does not run */
	READER_WAITING, /* it waits for a packet in the way of its kind */
	READER_WORKING, /* it has been woken and takes packets */
	READER_DELAYED, /* it waits on purpose: reader_delay_us, or paused */
	READER_STATE_COUNT
};

struct reader;

/**
 * struct reader_def - one row of the table
 * @name:         as plans call it
 * @help:         one line for people
 * @has:          is it possible on this kernel? Return: 0, or -errno with a sentence (ENOTSUP); NULL: always
 * @run:          the thread's work: until reader_stop_wanted(); 0 or -errno with a sentence
 * @needs_signal: see above
 * @needs_vnet:   the rig must have vnet_hdr
 */
struct reader_def {
	const char *name;
	const char *help;
	int (*has)(void);
	int (*run)(struct reader *r);
	bool needs_signal;
	bool needs_vnet;
};

/**
 * struct reader - one thread on one queue
 * @def:      its kind
 * @fd:       the queue's descriptor; owned by the rig
 * @queue:    number of the queue
 * @is_stopping: the reader shall stop; looked at with each packet, where poll() would cost as much as a tenth of it
 * @stop_fd:  an eventfd that becomes readable then, for a reader that waits
 * @delay_us: pause after each packet
 * @paused:   do not read at all while set (the scenario of a reader that never reads)
 * @state:    enum reader_state, for the watch on stalls
 * @packets:  taken so far
 * @take:     called for every packet by reader_take()
 */
struct reader {
	const struct reader_def *def;
	int fd;
	int queue;
	atomic_bool is_stopping;
	int stop_fd;
	unsigned int delay_us;
	atomic_bool paused;
	atomic_int state;
	_Atomic uint64_t packets;
	void (*take)(void *arg, int queue, const void *packet, size_t len);
	void *take_arg;
	pthread_t thread;
	_Atomic pid_t tid;
	atomic_bool is_running;
	int error;
	char why[256];
};

/** reader_find() - Return: the kind called @name; NULL with a sentence if there is none. */
const struct reader_def *reader_find(const char *name);

/** reader_def_at() - Return: row number @n, NULL past the last. */
const struct reader_def *reader_def_at(size_t n);

/** reader_start() - start the thread; def, fd, queue, delay_us, take are set. Return: 0 or -errno. */
int reader_start(struct reader *r);

/** reader_stop() - end the thread and wait for it; fine when it does not run. Return: what run() returned. */
int reader_stop(struct reader *r);

/**
 * reader_sleeps() - does the thread really wait in the kernel?
 *
 * One that has been woken and got no processor yet does not, whatever its state says.
 */
bool reader_sleeps(const struct reader *r);

/* For the kinds. */
bool reader_stop_wanted(const struct reader *r);
void reader_waits(struct reader *r);
void reader_works(struct reader *r);
/** reader_take() - count a packet, hand it on, wait delay_us. */
void reader_take(struct reader *r, const void *packet, size_t len);
/** reader_retry() - the queue is detached or its link is down: wait a little (or for stop_fd). Return: 0, or -ECANCELED to stop. */
int reader_retry(struct reader *r);

extern const struct reader_def reader_read;	/* reader_wait.c: blocking read() */
extern const struct reader_def reader_poll;	/* poll(), then one read() */
extern const struct reader_def reader_epoll;	/* level-triggered, read() until EAGAIN */
extern const struct reader_def reader_epoll_et; /* edge-triggered, the same */
extern const struct reader_def reader_io_uring; /* reader_uring.c: poll and read through io_uring */
extern const struct reader_def reader_vhost;	/* reader_vhost.c: /dev/vhost-net, a virtio ring of our own */

#endif
