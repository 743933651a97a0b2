/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * sender.h - threads that fill a ring through the host's stack, each a flow of its own
 *
 *	struct senders_spec spec = { .kind = RING_UDP, .n = 2, .size = 100, ... };
 *
 *	ret = senders_start(&s, &spec);		ports RIG_PORT, RIG_PORT + 1
 *	ret = senders_pause(&s, true);		none is inside send() any more
 *	ret = senders_send(&s, 0, 1);		one packet of flow 0, by the caller
 *	ret = senders_pause(&s, false);
 *	senders_stop(&s);
 *
 * A sender that the kernel lets wait (its socket's buffer is in a stopped qdisc) waits up to
 * SENDER_PATIENCE_S at a time and tries the same packet again: that is counted in @waits, it
 * is not refused. What send() refuses is counted by errno, and the number of the packet is used up.
 */
#ifndef RING_SENDER_H
#define RING_SENDER_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <linux/if_ether.h>
#include <linux/if_packet.h>

#include "ring/ring.h"

#define SENDER_PATIENCE_S 0.1
#define SENDER_ERRNO_MAX  134
#define SENDER_SIZE_MIN	  32
#define SENDER_SIZE_MAX	  1472

/**
 * struct senders_spec - what is sent
 * @ifname:       link to send to, for RING_PACKET
 * @bypass:       past the qdisc, for RING_PACKET
 * @has_ethernet: frames need an Ethernet header, for RING_PACKET
 * @size:         bytes of UDP payload, SENDER_SIZE_MIN to SENDER_SIZE_MAX
 * @rate_pps:     packets a second and sender, 0: as fast as it goes
 */
struct senders_spec {
	enum ring_sender kind;
	const char *ifname;
	bool bypass;
	bool has_ethernet;
	int n;
	size_t size;
	unsigned int rate_pps;
};

/**
 * struct sender - one thread
 * @sent:     send() said yes
 * @refused:  send() said no
 * @waits:    times that it waited for SENDER_PATIENCE_S in vain
 * @is_in_send: it is inside send(), perhaps waiting
 * @is_parked:  it does nothing until it is let go
 * @error:    by errno, how often
 */
struct sender {
	struct senders *all;
	int id;
	int fd;
	pthread_t thread;
	bool is_running;
	uint64_t seq;
	_Atomic uint64_t sent, refused, waits;
	atomic_bool is_in_send, is_parked;
	_Atomic uint32_t error[SENDER_ERRNO_MAX];
	struct sockaddr_ll to;
	uint8_t buf[2048];
	size_t len;
	size_t mark_at;
};

/**
 * struct senders - all of them
 * @is_stopping: they shall stop
 * @is_paused:   they shall wait; both are looked at with each packet, where poll() would cost as much as a tenth of it
 * @stop_fd:     readable when they shall stop, for those that wait
 * @go_fd:       readable while they may send, for the same
 */
struct senders {
	struct senders_spec spec;
	atomic_bool is_stopping, is_paused;
	int stop_fd;
	int go_fd;
	struct sender sender[RING_SENDERS_MAX];
};

/** senders_start() - open the sockets, start the threads. Return: 0 or -errno; then none runs. */
int senders_start(struct senders *s, const struct senders_spec *spec);

/** senders_stop() - end the threads; fine when they do not run. */
void senders_stop(struct senders *s);

/** senders_pause() - let all of them wait, or go on. Return: 0, -ETIMEDOUT when one hangs in send(). */
int senders_pause(struct senders *s, bool pause);

/** senders_send() - send @n packets of flow @id by hand, while paused. Return: how many the kernel took. */
int senders_send(struct senders *s, int id, int n);

/** sender_attempts() - Return: packets that have been numbered. */
uint64_t sender_attempts(const struct sender *s);

/** senders_sent() - Return: what send() took, of all. */
uint64_t senders_sent(const struct senders *s);

/** senders_refused() - Return: what send() refused, of all; by errno in @text, "ENOBUFS 12, ENETDOWN 1". */
uint64_t senders_refused(const struct senders *s, char *text, size_t size);

#endif
