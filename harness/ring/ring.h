/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * ring.h - the ring itself, without a guest: senders, a device, readers, every packet accounted for
 *
 *	senders --> socket --> IP --> qdisc --> tun_net_xmit() --> tx_ring --> reader
 *	  sent	    refused	      dropped   dropped (by reason)	       received, out of order
 *
 *	struct ring_spec spec = { .rig = {...}, .reader = "poll", .senders = 1, .seconds = 3 };
 *	struct ring_result result;
 *
 *	ret = ring_run(&nl, &spec, &result);
 *	... result.fault is NULL, or what the kernel did wrong ...
 *	ring_result_free(&result);
 *
 * Each packet carries a magic number, its sender and a sequence number. After the traffic the
 * senders stop, the readers drain what is queued, and
 *
 *	sent = received + dropped by the qdisc + dropped by the ring + freed (purged) + unaccounted
 *
 * A stall: for a second packets were offered or queued, a reader waited, and nothing was
 * received, with the link up. It is a fault, and its text has the state of txq, ring and reader.
 */
#ifndef RING_RING_H
#define RING_RING_H

#include <jansson.h>

#include "ring/rig.h"

enum ring_sender { RING_UDP, RING_PACKET, RING_SENDER_COUNT };

#define RING_SENDERS_MAX 8
#define RING_REASONS_MAX 24

/**
 * struct ring_spec - one run
 * @rig:             the device
 * @reader:          row of the table of readers
 * @sender:          UDP through the stack, or frames by AF_PACKET
 * @bypass:          frames go past the qdisc and into the driver, by all senders at once, as pktgen's do
 * @senders:         threads, 1 to RING_SENDERS_MAX, each with a flow (port) of its own
 * @size:            bytes of UDP payload, at least 32
 * @rate_pps:        packets a second and sender, 0: as fast as it goes
 * @reader_delay_us: pause of the reader after each packet
 * @seconds:         length of the traffic
 * @packets:         go on until so many are received, however long it takes (the soak); 0: @seconds count
 * @seed:            of a scenario that is random; 0: another one each time, told in the notes
 * @scenario:        row of the table of scenarios; NULL or "none": steady traffic
 */
struct ring_spec {
	struct rig_spec rig;
	const char *reader;
	enum ring_sender sender;
	bool bypass;
	int senders;
	size_t size;
	unsigned int rate_pps;
	unsigned int reader_delay_us;
	double seconds;
	uint64_t packets;
	unsigned int seed;
	const char *scenario;
};

/** struct ring_reason - packets that the kernel freed, by its own drop reason ("FULL_RING") */
struct ring_reason {
	char name[48];
	uint64_t packets;
};

/**
 * struct ring_result - every packet accounted for
 * @seconds:       length of the traffic, measured
 * @sent:          send() said yes
 * @refused:       send() said no: ENOBUFS, ENETDOWN, ...; by errno in @refused_text
 * @received:      read and recognised
 * @out_of_order:  received after a later one of the same flow
 * @duplicates:    received twice
 * @qdisc_drops:   by the qdisc's own counter
 * @ring_drops:    tx_dropped of the device
 * @reasons:       from the tracepoint skb:kfree_skb, only ours; n_reasons is -1 when it cannot be read
 * @queued:        still in qdisc and rings at the end
 * @unaccounted:   sent - received - qdisc_drops - ring_drops - other freed ones - queued
 * @longest_gap_s: longest time without a received packet while some were offered and a reader waited
 * @stalls:        how often that was a second or more
 * @fault:         NULL; or what the kernel did wrong, one line, owned
 * @skip:          NULL; or why this cannot be tried on this kernel, one line, owned
 * @notes:         anything else a person would want, as JSON; owned
 */
struct ring_result {
	double seconds;
	uint64_t sent, refused, received, out_of_order, duplicates;
	uint64_t qdisc_drops, ring_drops, queued;
	int64_t unaccounted;
	struct ring_reason reasons[RING_REASONS_MAX];
	int n_reasons;
	char refused_text[128];
	double longest_gap_s;
	unsigned int stalls;
	char *fault;
	char *skip;
	json_t *notes;
};

/**
 * ring_run() - make the device, the traffic and the scenario; take everything down
 * @nl:   rtnetlink of the present network namespace, which must be ours
 * @spec: what
 * @ret:  filled on success; ring_result_free() it
 * Return: 0, with @fault or @skip where the kernel is wrong or lacks it; -errno when the bed
 * failed; -EINTR when a stop was asked for (lib/stop.h).
 */
int ring_run(struct nl *nl, const struct ring_spec *spec, struct ring_result *ret);

/** ring_result_json() - Return: everything, as kept beside the sample; a new reference. */
json_t *ring_result_json(const struct ring_spec *spec, const struct ring_result *r);

void ring_result_free(struct ring_result *r);

#endif
