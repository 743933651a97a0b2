// SPDX-License-Identifier: GPL-2.0-only
/* ring_account.c - where every packet went, and the result as JSON */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "lib/cleanup.h"
#include "lib/err.h"
#include "lib/log.h"
#include "lib/str.h"
#include "net/link.h"
#include "net/qdisc.h"
#include "ring/ring_priv.h"

static const char *const sender_names[] = { "udp", "packet" };
_Static_assert(ARRAY_SIZE(sender_names) == RING_SENDER_COUNT, "a sender without a name");

/* A macvtap's ring is filled by the receive path: a full one is its rx_dropped, a full CPU queue the veth's. */
static int macvtap_drops(struct ring *r, uint64_t *ret)
{
	struct link_state tap = { 0 }, peer = { 0 };
	int err = link_exists(RIG_IFNAME) ? link_read(r->nl, RIG_IFNAME, &tap) : 0;

	if (!err)
		err = link_read(r->nl, RIG_LOWER_PEER, &peer);
	*ret = tap.rx_dropped + peer.tx_dropped;
	return err;
}

int ring_count(struct ring *r, uint64_t *qdisc_drops, uint64_t *ring_drops, uint64_t *queued)
{
	struct link_state link = { 0 };
	struct qdisc_state q = { 0 };
	uint64_t drops = 0;
	int ret = 0;

	if (r->spec.rig.device == RIG_MACVTAP) {
		ret = macvtap_drops(r, &drops);
	} else if (link_exists(RIG_IFNAME)) {
		ret = link_read(r->nl, RIG_IFNAME, &link);
		if (!ret)
			ret = qdisc_read(r->nl, RIG_IFNAME, &q);
		drops = link.tx_dropped;
	}
	*qdisc_drops = r->drops_left + q.drops;
	*ring_drops = r->ring_left + drops;
	*queued = q.backlog_packets;
	return ret;
}

void ring_keep_counts(struct ring *r)
{
	uint64_t qdisc_drops, ring_drops, queued;
	struct link_state peer;

	if (ring_count(r, &qdisc_drops, &ring_drops, &queued))
		return;
	r->drops_left = qdisc_drops;
	r->ring_left = ring_drops;
	/* The peer of a macvtap stays, and goes on counting. */
	if (r->spec.rig.device == RIG_MACVTAP && !link_read(r->nl, RIG_LOWER_PEER, &peer))
		r->ring_left -= peer.tx_dropped;
}

static uint64_t sum_reasons(const struct ring_reason *reason, int n)
{
	uint64_t sum = 0;

	for (int i = 0; i < n; i++)
		sum += reason[i].packets;
	return sum;
}

/*
 * What is still in qdisc and rings is freed, and so told by the tracepoint. The qdisc's own word is not
 * taken for it: see has_phantoms.
 * Return: how many packets that were.
 */
static uint64_t purge(struct ring *r)
{
	struct ring_reason reason[RING_REASONS_MAX];
	uint64_t before = sum_reasons(r->result->reasons, r->result->n_reasons);
	int n;

	if (link_exists(RIG_IFNAME) && rig_set_up(&r->rig, false))
		log_debug("ring: %s", err_text());
	for (int q = 0; q < RIG_QUEUES_MAX; q++)
		rig_close(&r->rig, q);
	n = drops_read(&r->drops, reason);
	return n < 0 ? 0 : sum_reasons(reason, n) - before;
}

/*
 * Where the kernel tells reasons, they hold everything that it freed, the counted drops too.
 *
 * A refused packet may have been dropped and counted (ENOBUFS) or may never have existed
 * (ENETUNREACH): it can explain a drop that no sent packet explains.
 */
static int64_t unaccounted(const struct ring_result *res)
{
	uint64_t counted = res->qdisc_drops + res->ring_drops;
	uint64_t freed = res->n_reasons < 0 ? counted : sum_reasons(res->reasons, res->n_reasons);
	int64_t rest = (int64_t)(res->sent - res->received - res->queued - freed);

	if (rest >= 0)
		return rest;
	return rest + (int64_t)res->refused < 0 ? rest + (int64_t)res->refused : 0;
}

int ring_account(struct ring *r)
{
	struct ring_result *res = r->result;
	struct flow_sum sum;
	int ret = ring_count(r, &res->qdisc_drops, &res->ring_drops, &res->queued);

	if (ret)
		return ret;
	flows_sum(&r->flows, &sum);
	res->sent = senders_sent(&r->senders);
	res->refused = senders_refused(&r->senders, res->refused_text, sizeof(res->refused_text));
	res->received = sum.received;
	res->out_of_order = sum.out_of_order;
	res->duplicates = sum.duplicates;
	res->n_reasons = drops_read(&r->drops, res->reasons);
	if (res->n_reasons >= 0)
		res->queued = purge(r);
	res->unaccounted = unaccounted(res);
	ring_note(r, "delay_s", json_pack("{s:f,s:f,s:f}", "p50", sum.delay_p50_s, "p99", sum.delay_p99_s, "max",
					  sum.delay_max_s));
	if (r->flows.strangers)
		ring_note(r, "strangers", json_integer((json_int_t)r->flows.strangers));
	return 0;
}

static json_t *spec_json(const struct ring_spec *s)
{
	return json_pack("{s:s,s:i,s:b,s:I,s:s?,s:b,s:b,s:s?,s:s,s:b,s:i,s:I,s:I,s:I,s:f,s:I,s:I,s:s}", "device",
			 rig_device_name(s->rig.device), "queues", s->rig.queues, "multi_queue",
			 s->rig.multi_queue || s->rig.queues > 1, "txqueuelen", (json_int_t)s->rig.txqueuelen, "qdisc",
			 s->rig.qdisc, "vnet_hdr", s->rig.vnet_hdr, "backpressure", s->rig.backpressure, "reader",
			 s->reader, "sender", sender_names[s->sender], "bypass", s->bypass, "senders", s->senders, "size",
			 (json_int_t)s->size, "rate_pps", (json_int_t)s->rate_pps, "reader_delay_us",
			 (json_int_t)s->reader_delay_us, "seconds", s->seconds, "packets", (json_int_t)s->packets,
			 "seed", (json_int_t)s->seed, "scenario", s->scenario ? s->scenario : "none");
}

static json_t *reasons_json(const struct ring_result *r)
{
	json_t *o = json_object();

	if (r->n_reasons < 0) {
		json_decref(o);
		return json_null();
	}
	for (int i = 0; i < r->n_reasons; i++)
		json_object_set_new(o, r->reasons[i].name, json_integer((json_int_t)r->reasons[i].packets));
	return o;
}

json_t *ring_result_json(const struct ring_spec *spec, const struct ring_result *r)
{
	return json_pack("{s:o,s:f,s:I,s:I,s:s,s:I,s:I,s:I,s:I,s:I,s:I,s:o,s:I,s:f,s:i,s:s?,s:s?,s:O?}", "spec",
			 spec_json(spec), "seconds", r->seconds, "sent", (json_int_t)r->sent, "refused",
			 (json_int_t)r->refused, "refused_by", r->refused_text, "received", (json_int_t)r->received,
			 "out_of_order", (json_int_t)r->out_of_order, "duplicates", (json_int_t)r->duplicates,
			 "qdisc_drops", (json_int_t)r->qdisc_drops, "ring_drops", (json_int_t)r->ring_drops, "queued",
			 (json_int_t)r->queued, "reasons", reasons_json(r), "unaccounted", (json_int_t)r->unaccounted,
			 "longest_gap_s", r->longest_gap_s, "stalls", (int)r->stalls, "fault", r->fault, "skip",
			 r->skip, "notes", r->notes);
}

void ring_result_free(struct ring_result *r)
{
	free(r->fault);
	free(r->skip);
	json_decref(r->notes);
	*r = (struct ring_result){ 0 };
}
