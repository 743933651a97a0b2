/* SPDX-License-Identifier: GPL-2.0-only */
/* ping_priv.h - what the thread of ping.c shares with the kinds of echo */
#ifndef MEASURE_PING_PRIV_H
#define MEASURE_PING_PRIV_H

#include <netinet/in.h>
#include <pthread.h>
#include <stdatomic.h>

#include "measure/ping.h"

/**
 * struct ping - a thread and what it has seen; only the thread touches the second half
 * @fd:        socket, connected to the guest
 * @end_fd:    eventfd, readable once @is_ended
 * @is_ended:  send no more
 * @late_s:    how long to wait for answers then
 * @sent_s:    when each was sent
 * @rtt_us:    round trips, NAN without an answer
 * @n:         pings sent
 * @answered:  how many of them
 * @bytes_out: TCP: what the socket has taken
 * @bytes_in:  TCP: what has come back
 * @is_closed: nothing can come any more
 */
struct ping {
	const struct ping_way *way;
	int fd, end_fd;
	uint16_t id;
	pthread_t thread;
	atomic_bool is_ended;
	double late_s;
	double *sent_s, *rtt_us;
	size_t n, answered;
	size_t bytes_out, bytes_in;
	bool is_closed;
};

/**
 * struct ping_way - a row a kind
 * @open:    Return: a socket connected to @address, or -errno
 * @send:    ping number @p->n - 1; one that cannot be sent is one that gets no answer
 * @receive: take all answers that are there
 */
struct ping_way {
	enum ping_kind kind;
	int (*open)(const char *address);
	void (*send)(struct ping *p);
	void (*receive)(struct ping *p);
};

extern const struct ping_way ping_way_icmp, ping_way_tcp;

/** ping_answer() - ping number @i has come back now. */
void ping_answer(struct ping *p, size_t i);

/** ping_address() - Return: 0 and the address as a socket wants it, or -EINVAL. */
int ping_address(const char *address, uint16_t port, struct sockaddr_in *ret);

#endif
