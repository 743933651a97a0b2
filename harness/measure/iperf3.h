/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * iperf3.h - the probe iperf3: TCP between the host and the guest
 *
 *	guest:	iperf3 -s -J
 *	host:	iperf3 -c SERVER -J --get-server-output ...
 *
 * The server should run with -J: only then does it send its own intervals along (as JSON),
 * and only they tell when bytes *arrived*. The client's intervals tell when they were written
 * to the socket, which is earlier by a socket buffer.
 *
 * Not every version writes one JSON object and nothing else; the decoder accepts
 *	- warnings before and between the objects;
 *	- the object twice (3.16 and 3.17: esnet/iperf#1688, #1716);
 *	- "error" instead of results, with exit status 0 (3.12) or 1.
 * iperf3 3.17.1 with later patches broke --get-server-output with several streams
 * (esnet/iperf#1776); Debian 12 has 3.12, which is not concerned.
 */
#ifndef MEASURE_IPERF3_H
#define MEASURE_IPERF3_H

#include <stdbool.h>

#include "measure/probe.h"

/** iperf3_run() - the row's function; see probe_run(). A server that sent no intervals is logged. */
int iperf3_run(const struct probe_args *a, struct probe_result *r);

/** iperf3_udp_run() - the same for the probe udp: size and rate of @a->traffic. */
int iperf3_udp_run(const struct probe_args *a, struct probe_result *r);

/**
 * iperf3_decode_udp() - metrics out of what iperf3 -u -J wrote; touches nothing else
 * @s: set on success, untouched otherwise:
 *   throughput_bps          end.sum_received.bits_per_second
 *   pps, lost_pps           end.sum_received: packets that arrived, and lost_packets, a second; of the
 *                           datagrams behind the last one that arrived iperf3 knows nothing
 *   sent_pps                end.sum_sent.packets a second
 *   lost_percent, jitter_us end.sum
 *   stall_s                 intervals of a second in which not a byte arrived
 * Return: as for iperf3_decode().
 */
int iperf3_decode_udp(const char *text, struct sample *s);

/**
 * iperf3_decode() - metrics out of what iperf3 -J wrote; touches nothing else
 * @text:             its standard output, whole
 * @s:                set on success, untouched otherwise:
 *   throughput_bps   end.sum_received.bits_per_second, what the receiver got
 *   retransmits      end.sum_sent.retransmits; NAN where the sender's system has no such count
 *   retrans_per_mb   those per 10^6 bytes received. Where less than one segment arrived, one
 *                    segment (start.tcp_mss_default) is taken as received: the true ratio has
 *                    no end, and this is the least that could have arrived. 0 retransmits are
 *                    always 0.
 *   rtt_us           mean over the streams of end.streams[].sender.mean_rtt
 *   stall_s          intervals of a second in which not a byte arrived
 *   missing (hygiene) how much of start.test_start.duration end.sum_received.seconds lacks, of 1
 * @ret_is_receivers: whether stall_s was counted by the receiver; otherwise by the sender: it
 *                    is then the number of seconds in which not a byte was *written*. May be NULL
 * Return: 0; for iperf3's own "error" -ECONNREFUSED, -EHOSTUNREACH, -ETIMEDOUT, -EBUSY,
 * -ECONNRESET or -EPROTO, with a sentence; -EBADMSG with the first bytes of what is no result.
 */
int iperf3_decode(const char *text, struct sample *s, bool *ret_is_receivers);

#endif
