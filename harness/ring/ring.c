// SPDX-License-Identifier: GPL-2.0-only
/* ring.c - one run: the steps up, the traffic, the drain, the steps down */
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>

#include "lib/cleanup.h"
#include "lib/err.h"
#include "lib/log.h"
#include "lib/steps.h"
#include "lib/stop.h"
#include "lib/str.h"
#include "net/qdisc.h"
#include "ring/ring_priv.h"
#include "ring/ring_state.h"

/* The drain ends when nothing has come for so long, or at the latest after so long. */
#define DRAIN_QUIET_S 1.5
#define DRAIN_MAX_S   60
#define DRAIN_LOOK_S  0.02

static int device_up(void *arg)
{
	struct ring *r = arg;
	int ret = rig_up(&r->rig, r->nl, &r->spec.rig);

	if (ret)
		return ret;
	ret = flows_init(&r->flows, r->spec.rig.vnet_hdr, r->spec.rig.device != RIG_TUN);
	if (ret)
		rig_down(&r->rig);
	r->is_up = !ret;
	return ret;
}

static void device_down(void *arg)
{
	struct ring *r = arg;

	rig_down(&r->rig);
	flows_free(&r->flows);
}

static int drops_up(void *arg)
{
	struct ring *r = arg;

	drops_start(&r->drops);
	if (r->drops.why[0])
		ring_note(r, "no_drop_reasons", json_string(r->drops.why));
	return 0;
}

static void drops_down(void *arg)
{
	struct ring *r = arg;

	drops_stop(&r->drops);
}

static void readers_down(void *arg)
{
	struct ring *r = arg;

	for (int q = 0; q < RIG_QUEUES_MAX; q++)
		if (ring_reader_stop(r, q))
			log_warn("ring: %s", err_text());
}

static int readers_up(void *arg)
{
	struct ring *r = arg;
	int ret = 0;

	for (int q = 0; q < r->spec.rig.queues && !ret; q++)
		ret = ring_reader_start(r, q);
	if (ret)
		readers_down(r);
	return ret;
}

static int watch_up(void *arg)
{
	struct ring *r = arg;

	return watch_start(&r->watch, r);
}

static void watch_down(void *arg)
{
	struct ring *r = arg;

	watch_stop(&r->watch);
}

static int senders_up(void *arg)
{
	struct ring *r = arg;
	const struct senders_spec spec = {
		.kind = r->spec.sender,
		.bypass = r->spec.bypass,
		.ifname = rig_send_link(&r->rig),
		.has_ethernet = r->spec.rig.device != RIG_TUN,
		.n = r->spec.senders,
		.size = r->spec.size,
		.rate_pps = r->spec.rate_pps,
	};

	return senders_start(&r->senders, &spec);
}

static void senders_down(void *arg)
{
	struct ring *r = arg;

	senders_stop(&r->senders);
}

static const struct step steps[] = {
	{ "device",  device_up,  device_down  },
	{ "drops",   drops_up,   drops_down   },
	{ "readers", readers_up, readers_down },
	{ "senders", senders_up, senders_down },
	{ "watch",   watch_up,   watch_down   },
};

static int traffic(struct ring *r)
{
	double began = time_now();
	int ret;

	r->ends_at = began + r->spec.seconds;
	r->moved_at = began;
	ret = r->scenario->act(r);
	while (!ret && !r->result->skip && !ring_is_over(r))
		ret = ring_pass(r, 1);
	senders_stop(&r->senders);
	r->result->seconds = time_now() - began;
	return ret;
}

static bool is_drained(struct ring *r)
{
	struct qdisc_state s;

	for (int q = 0; q < RIG_QUEUES_MAX; q++) {
		struct pollfd p = { .fd = r->rig.fd[q], .events = POLLIN };

		if (p.fd >= 0 && poll(&p, 1, 0) > 0 && (p.revents & POLLIN))
			return false;
	}
	return r->has_phantoms || qdisc_read(r->nl, RIG_IFNAME, &s) || !s.backlog_packets;
}

/* All readers wait, nobody sends, nothing has come for long, and yet there are packets. */
static void judge_rest(struct ring *r)
{
	_cleanup_(strbuf_free) struct strbuf state = { 0 };

	for (int q = 0; q < RIG_QUEUES_MAX; q++)
		if (r->rig.txq[q] >= 0 && (r->reader[q].state != READER_WAITING || !reader_sleeps(&r->reader[q])))
			return;
	ring_state_text(r, r->nl, &state);
	ring_fault(r, "stalled: packets stay queued after the last was sent, nothing received for %.1f s; %s",
		   DRAIN_QUIET_S, strbuf_text(&state));
}

/* Until nothing is queued any more, or nothing moves. */
static int drain(struct ring *r)
{
	double began = time_now(), moved = began;
	int quiet = 0;

	for (int q = 0; q < RIG_QUEUES_MAX; q++)
		r->reader[q].paused = false;
	while (quiet < 2 && time_now() - moved < DRAIN_QUIET_S && time_now() - began < DRAIN_MAX_S) {
		uint64_t before = ring_received(r);
		uint64_t sent = senders_sent(&r->senders);
		int ret = flows_wait(&r->flows, before < sent ? sent : before + 1, time_now() + DRAIN_LOOK_S);

		if (ret < 0)
			return ret;
		if (ring_received(r) != before)
			moved = time_now();
		quiet = ring_received(r) == before && is_drained(r) ? quiet + 1 : 0;
	}
	if (quiet < 2 && r->is_up && !ring_has_fault(r))
		judge_rest(r);
	return 0;
}

/* A reader that ended by itself is a failure of the bed. */
static int readers_ok(struct ring *r)
{
	int ret = 0;

	for (int q = 0; q < RIG_QUEUES_MAX && !ret; q++)
		ret = ring_reader_stop(r, q);
	return ret;
}

static void judge(struct ring *r)
{
	struct ring_result *res = r->result;

	res->longest_gap_s = r->watch.longest_s;
	res->stalls = r->watch.stalls;
	if (res->duplicates)
		ring_fault(r, "%llu packets were received twice", (unsigned long long)res->duplicates);
	if (res->n_reasons >= 0 && res->unaccounted)
		ring_fault(r, "%lld of %llu packets are unaccounted for", (long long)res->unaccounted,
			   (unsigned long long)res->sent);
}

static int run_steps(struct ring *r)
{
	struct steps up = { .table = steps, .n = ARRAY_SIZE(steps), .arg = r };
	int ret = steps_up(&up, up.n);

	if (ret)
		return ret;
	ret = traffic(r);
	if (!ret)
		ret = drain(r);
	watch_stop(&r->watch);
	if (!ret)
		ret = readers_ok(r);
	if (!ret)
		ret = ring_account(r);
	steps_down(&up, 0);
	if (!ret)
		judge(r);
	return ret;
}

/* What the spec asks for, and what its scenario makes of it. */
static int prepare(struct ring *r, const struct reader_def *def)
{
	const char *why = r->scenario->fit ? r->scenario->fit(&r->spec) : NULL;

	if (why)
		return ring_skip(r, "%s", why);
	r->def = def ? def : reader_find(r->spec.reader);
	if (!r->def)
		return -EINVAL;
	if (r->def->has && r->def->has())
		return ring_skip(r, "%s", err_text());
	if (r->def->needs_vnet)
		r->spec.rig.vnet_hdr = true;
	return 0;
}

static struct ring *ring_new(struct nl *nl, const struct ring_spec *spec, struct ring_result *result)
{
	struct ring *r = mem_zalloc(sizeof(*r));

	r->nl = nl;
	r->spec = *spec;
	r->result = result;
	r->flows.wake_fd = -1;
	pthread_mutex_init(&r->lock, NULL);
	pthread_mutex_init(&r->fault_lock, NULL);
	for (int q = 0; q < RIG_QUEUES_MAX; q++)
		r->rig.fd[q] = r->rig.txq[q] = -1;
	return r;
}

int ring_run_as(struct nl *nl, const struct ring_spec *spec, const struct reader_def *def,
		const struct scenario *scenario, struct ring_result *ret)
{
	struct ring_result result = { .n_reasons = -1, .notes = json_object() };
	_cleanup_(freep) struct ring *r = ring_new(nl, spec, &result);
	int err;

	r->scenario = scenario;
	err = prepare(r, def);
	if (!err && !result.skip)
		err = run_steps(r);
	pthread_mutex_destroy(&r->lock);
	pthread_mutex_destroy(&r->fault_lock);
	if (err == -ENOTSUP)
		err = ring_skip(r, "%s", err_text());
	if (err) {
		ring_result_free(&result);
		return err_wrap(err, "ring");
	}
	*ret = result;
	return 0;
}

int ring_run(struct nl *nl, const struct ring_spec *spec, struct ring_result *ret)
{
	const struct scenario *s = scenario_find(spec->scenario ? spec->scenario : "none");

	return s ? ring_run_as(nl, spec, NULL, s, ret) : -EINVAL;
}
