// SPDX-License-Identifier: GPL-2.0-only
/* ring_act.c - what a scenario may do to a run, and what it may ask */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>

#include "lib/cleanup.h"
#include "lib/err.h"
#include "lib/stop.h"
#include "lib/str.h"
#include "ring/ring_priv.h"
#include "ring/ring_state.h"

/* How long a reader may take to see that it is paused: one that waits in poll() sees the next packet first, if one comes. */
#define PAUSE_S 0.3

/* How long it may take to fill a ring. */
#define FILL_S 1

/* So many packets more than a ring holds leave no doubt that it is full, whatever was on its way. */
#define OVERFILL 64

/* What vhost_net takes off a ring beyond what its reader has seen: a ring full of buffers, and a batch. */
#define VHOST_AHEAD 320

void ring_fault(struct ring *r, const char *fmt, ...)
{
	_cleanup_(freep) char *text = NULL;
	va_list ap;

	va_start(ap, fmt);
	text = str_vfmt(fmt, ap);
	va_end(ap);
	pthread_mutex_lock(&r->fault_lock);
	if (!r->result->fault) {
		r->result->fault = take_ptr(&text);
	} else {
		json_t *more = json_object_get(r->result->notes, "more_faults");

		if (!more) {
			more = json_array();
			json_object_set_new(r->result->notes, "more_faults", more);
		}
		if (json_array_size(more) < 16)
			json_array_append_new(more, json_string(text));
	}
	pthread_mutex_unlock(&r->fault_lock);
}

int ring_skip(struct ring *r, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	free(r->result->skip);
	r->result->skip = str_vfmt(fmt, ap);
	va_end(ap);
	return 0;
}

bool ring_has_fault(struct ring *r)
{
	bool has;

	pthread_mutex_lock(&r->fault_lock);
	has = r->result->fault;
	pthread_mutex_unlock(&r->fault_lock);
	return has;
}

void ring_note(struct ring *r, const char *key, json_t *value)
{
	pthread_mutex_lock(&r->fault_lock);
	json_object_set_new(r->result->notes, key, value);
	pthread_mutex_unlock(&r->fault_lock);
}

uint64_t ring_received(const struct ring *r)
{
	return r->flows.received;
}

bool ring_is_over(struct ring *r)
{
	double now = time_now();

	if (!r->spec.packets)
		return now >= r->ends_at;
	return ring_received(r) >= r->spec.packets || now - r->moved_at >= RING_STUCK_S || ring_has_fault(r);
}

void ring_end(struct ring *r)
{
	r->spec.packets = 0;
	r->ends_at = 0;
}

/* A soak has no end in time, but one in standing still. */
static void note_movement(struct ring *r)
{
	if (ring_received(r) == r->moved_to && r->moved_at > 0)
		return;
	r->moved_to = ring_received(r);
	r->moved_at = time_now();
}

int ring_pass(struct ring *r, double seconds)
{
	double until = time_now() + seconds;
	uint64_t target = r->spec.packets ? r->spec.packets : UINT64_MAX;
	int ret;

	if (!r->spec.packets && until > r->ends_at)
		until = r->ends_at;
	ret = flows_wait(&r->flows, target, until);
	note_movement(r);
	return ret < 0 ? ret : 0;
}

int ring_wait_received(struct ring *r, uint64_t n, double seconds)
{
	int ret = flows_wait(&r->flows, ring_received(r) + n, time_now() + seconds);

	note_movement(r);
	return ret;
}

/* Whether nobody can be blamed when this flow is not received. */
static bool is_excused(const struct ring *r, int flow)
{
	int queue = r->flows.flow[flow].queue;

	for (int q = 0; q < RIG_QUEUES_MAX; q++)
		if (r->reader[q].is_running && r->reader[q].paused && (queue < 0 || queue == q))
			return true;
	return false;
}

/* Return: the first flow that is where it was, -1 if there is none. */
static int find_still(const struct ring *r, const uint64_t *before)
{
	for (int i = 0; i < r->senders.spec.n; i++)
		if (r->flows.flow[i].received == before[i] && !is_excused(r, i))
			return i;
	return -1;
}

int ring_check_flow(struct ring *r, const char *after)
{
	double deadline = time_now() + RING_FLOW_S;
	struct strbuf state = { 0 };
	uint64_t before[FLOWS_MAX];
	int flow, ret = 0;

	for (int i = 0; i < FLOWS_MAX; i++)
		before[i] = r->flows.flow[i].received;
	while ((flow = find_still(r, before)) >= 0 && time_now() < deadline && ret >= 0)
		ret = ring_wait_received(r, 1, 0.05);
	if (flow < 0 || ret < 0)
		return ret < 0 ? ret : 0;
	ring_state_text(r, r->nl, &state);
	ring_fault(r, "stalled after %s: nothing received of flow %d for %d s; %s", after, flow, RING_FLOW_S,
		   strbuf_text(&state));
	strbuf_free(&state);
	return 0;
}

int ring_pause_reader(struct ring *r, int q, bool pause)
{
	double deadline = time_now() + PAUSE_S;

	r->reader[q].paused = pause;
	while (pause && r->reader[q].state != READER_DELAYED && time_now() < deadline) {
		int ret = stop_wait(-1, time_now() + 0.002);

		if (ret < 0)
			return ret;
		if (r->def->needs_signal)
			(void)pthread_kill(r->reader[q].thread, SIGUSR1);
	}
	return 0;
}

static void take(void *arg, int queue, const void *packet, size_t len)
{
	struct ring *r = arg;

	flows_take(&r->flows, queue, packet, len);
}

int ring_reader_start(struct ring *r, int q)
{
	struct reader *rd = &r->reader[q];

	rd->def = r->def;
	rd->fd = r->rig.fd[q];
	rd->queue = q;
	rd->delay_us = r->spec.reader_delay_us;
	rd->take = take;
	rd->take_arg = r;
	rd->paused = false;
	return reader_start(rd);
}

int ring_reader_stop(struct ring *r, int q)
{
	return r->reader[q].def ? reader_stop(&r->reader[q]) : 0;
}

int ring_queue_flows(const struct ring *r, int q)
{
	int n = 0;

	for (int i = 0; i < r->senders.spec.n; i++)
		n += r->flows.flow[i].queue == q;
	return n;
}

/* What the flows of @q have tried to send. */
static uint64_t queue_attempts(const struct ring *r, int q)
{
	uint64_t n = 0;

	for (int i = 0; i < r->senders.spec.n; i++)
		if (r->flows.flow[i].queue == q)
			n += sender_attempts(&r->senders.sender[i]);
	return n;
}

int ring_fill_queue(struct ring *r, int q)
{
	unsigned int slots = (r->spec.rig.txqueuelen ? r->spec.rig.txqueuelen : 1) + (r->def->needs_vnet ? VHOST_AHEAD : 0);
	double deadline = time_now() + FILL_S;
	struct pollfd p = { .fd = r->rig.fd[q], .events = POLLIN };
	uint64_t full = queue_attempts(r, q) + slots + OVERFILL;
	int ret = 0;

	/* Full when its own flows have sent more than it holds: then it dropped, or stopped its queue. */
	while (ret >= 0 && time_now() < deadline && (poll(&p, 1, 0) < 1 || queue_attempts(r, q) < full))
		ret = stop_wait(-1, time_now() + 0.005);
	return ret < 0 ? ret : 0;
}

/* Where a flow goes now is learned anew; the packet that is being sent may still go the old way. */
static void changed(struct ring *r)
{
	for (int i = 0; i < r->senders.spec.n; i++)
		flow_moved(&r->flows.flow[i], sender_attempts(&r->senders.sender[i]) + 1);
	r->changes++;
	pthread_mutex_unlock(&r->lock);
}

static int open_queues(const struct ring *r)
{
	int n = 0;

	for (int q = 0; q < RIG_QUEUES_MAX; q++)
		n += r->rig.fd[q] >= 0;
	return n;
}

int ring_open(struct ring *r, int q)
{
	int ret;

	pthread_mutex_lock(&r->lock);
	ret = rig_open(&r->rig, q);
	r->is_up = r->is_up || !ret;
	changed(r);
	return ret ? ret : ring_reader_start(r, q);
}

int ring_close(struct ring *r, int q)
{
	int ret = ring_reader_stop(r, q);

	pthread_mutex_lock(&r->lock);
	if (open_queues(r) == 1 && r->spec.rig.device != RIG_MACVTAP) {
		r->is_up = false;
		ring_keep_counts(r);
	}
	rig_close(&r->rig, q);
	changed(r);
	return ret;
}

int ring_attach(struct ring *r, int q, bool attach)
{
	int ret;

	pthread_mutex_lock(&r->lock);
	ret = rig_attach(&r->rig, q, attach);
	changed(r);
	return ret;
}

int ring_set_txqueuelen(struct ring *r, unsigned int n)
{
	int ret;

	pthread_mutex_lock(&r->lock);
	ret = rig_set_txqueuelen(&r->rig, n);
	r->has_phantoms = r->has_phantoms || str_eq(r->spec.rig.qdisc, "pfifo_fast");
	changed(r);
	return ret;
}

int ring_set_up(struct ring *r, bool up)
{
	int ret;

	pthread_mutex_lock(&r->lock);
	r->is_up = false;
	ret = rig_set_up(&r->rig, up);
	r->is_up = up && !ret;
	changed(r);
	return ret;
}

int ring_delete(struct ring *r)
{
	int ret;

	pthread_mutex_lock(&r->lock);
	r->is_up = false;
	ring_keep_counts(r);
	ret = rig_delete(&r->rig);
	changed(r);
	return ret;
}
