/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * ping.h - latency while a probe makes its traffic: a small echo every 20 ms, by a thread
 *
 *	ret = ping_start(PING_ICMP, "10.77.0.2", &ping);
 *	ret = probe_run(&a, &sample, &raw, &command);
 *	ping_end(ping, ret ? NULL : &sample);
 *
 *	ping --> qdisc --> TAP's ring --> guest, between the probe's own packets
 *	     <------------------------- answer of the guest's kernel
 *
 * A round trip is taken where a user would feel it, from before sendto() until our thread has
 * the answer: on a machine that is busy its own scheduling is part of it, for every kernel alike.
 * The first and last few are sent while the probe connects and ends. Where the probe's traffic
 * stands still the median is short, for there is no queue: it says little without the throughput.
 *
 * PING_TCP asks over one connection to the guest's port 7 (RFC 862), and does not wait for an
 * answer before it asks again: a request that is late makes those behind it late, as it would for
 * a user, and each of them counts.
 */
#ifndef MEASURE_PING_H
#define MEASURE_PING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "plan/sample.h"

/** PING_S - seconds between two pings */
#define PING_S 0.02

/** PING_LATE_S - a ping that is not answered so long after the end is lost */
#define PING_LATE_S 2.0

/** PING_IDLE_N, PING_IDLE_LATE_S - how many ping_idle() sends, after one that wakes neighbours; seconds for the last one to be answered */
#define PING_IDLE_N	 15
#define PING_IDLE_LATE_S 5.0

/** PING_BYTES - of ICMP, as ping(8) sends them; and of a request */
#define PING_BYTES 64

/** PING_PORT - where the guest gives back what it is sent */
#define PING_PORT 7

/** enum ping_kind - what is sent: PING_ICMP fills the metrics ping_*, PING_TCP rr_* */
enum ping_kind { PING_ICMP, PING_TCP, PING_KIND_COUNT };

struct ping;

/**
 * ping_start() - begin to ping
 * @kind:    what is sent
 * @address: IPv4 address of the guest
 * @ret:     to be given to ping_end()
 * Return: 0, or -errno: raw sockets need CAP_NET_RAW; -ECONNREFUSED when no server has come up at
 * the port within PING_CONNECT_S; -EINTR.
 */
int ping_start(enum ping_kind kind, const char *address, struct ping **ret);

/**
 * ping_start_from() - the same from another place
 * @netns: file of the network namespace to send from, NULL: ours; its socket stays there
 * @tos:   in each packet, for who puts packets in order; 0: none
 */
int ping_start_from(enum ping_kind kind, const char *address, const char *netns, int tos, struct ping **ret);

/** PING_CONNECT_S - how long a server that has just been started may take to listen */
#define PING_CONNECT_S 10.0

/**
 * ping_end() - stop, and wait up to PING_LATE_S for answers that are under way
 * @p: NULL is fine
 * @s: gets the metrics of ping_sum(); NULL: nothing is waited for, nothing is told
 */
void ping_end(struct ping *p, struct sample *s);

/**
 * ping_idle() - round trips with nothing else on the way: one after the other, on a long way every PING_S
 * @address: IPv4 address of the guest
 * @ret_us:  their median
 * Return: 0; -ETIMEDOUT when one in PING_IDLE_LATE_S was not answered; -EINTR; other -errno.
 */
int ping_idle(const char *address, double *ret_us);

/** ping_wait() - ping until there is an answer. Return: 0; -ETIMEDOUT after @deadline; -EINTR; other -errno. */
int ping_wait(const char *address, double deadline);

/* The rest is pure. */

/** ping_request() - write echo request number @n, PING_BYTES long; the sequence number is its lower half. */
void ping_request(void *packet, uint16_t id, uint32_t n);

/**
 * ping_is_reply() - whether an IPv4 packet answers one of ours
 * @packet: from its IP header on, as a raw socket gives it
 * @ret:    number of the request
 */
bool ping_is_reply(const void *packet, size_t len, uint16_t id, uint32_t *ret);

/**
 * ping_percentile() - the nearest rank: the smallest value that at least @percent of all do not exceed
 * @sorted:  ascending
 * @n:       how many
 * @percent: 1 to 100
 * Return: one of the values; NAN of none. (Hyndman and Fan 1996, definition 1.)
 */
double ping_percentile(const double *sorted, size_t n, unsigned int percent);

/**
 * ping_sum() - put the metrics into a sample
 * @kind:   whose metrics
 * @rtt_us: round trips, NAN of those without an answer; sorted afterwards, these last
 * @n:      how many were sent
 * @s:      the percentiles of those that were answered, NAN if none was; how many were not
 */
void ping_sum(enum ping_kind kind, double *rtt_us, size_t n, struct sample *s);

#endif
