// SPDX-License-Identifier: GPL-2.0-only
/* watch.c - the thread that sees a stall, and touches nothing */
#include "ring/watch.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "lib/err.h"
#include "lib/stop.h"
#include "ring/ring_priv.h"
#include "ring/ring_state.h"

/* Netlink is asked for a backlog no more often than this, and only for a queue that stands still. */
#define BACKLOG_S 0.1

/* A refused packet counts: below noqueue a stopped queue refuses. So does one that waits. */
static uint64_t attempts(const struct sender *s)
{
	return sender_attempts(s) + s->waits;
}

/* Whether the reader of a queue is there and waits for a packet. */
static bool reader_waits_on(const struct ring *r, int q)
{
	const struct reader *rd = &r->reader[q];

	return rd->is_running && r->rig.txq[q] >= 0 && rd->state == READER_WAITING && !rd->paused;
}

/* Whether the readers that a flow's packets could come from, one or all, wait and have got nothing since the gap began. */
static bool readers_idle(const struct ring *r, int queue, const struct gap *g)
{
	int n = 0;

	for (int q = 0; q < RIG_QUEUES_MAX; q++) {
		if (r->rig.txq[q] < 0 || (queue >= 0 && q != queue))
			continue;
		if (!reader_waits_on(r, q) || r->reader[q].packets != g->packets[q])
			return false;
		n++;
	}
	return n > 0;
}

static bool readers_sleep(const struct ring *r, int queue)
{
	for (int q = 0; q < RIG_QUEUES_MAX; q++)
		if (r->rig.txq[q] >= 0 && (queue < 0 || q == queue) && !reader_sleeps(&r->reader[q]))
			return false;
	return true;
}

static void tell(struct watch *w, const char *who, int which, double length)
{
	struct strbuf state = { 0 };
	uint32_t backlog[RIG_QUEUES_MAX];

	w->stalls++;
	ring_state_text(w->ring, &w->nl, &state);
	ring_fault(w->ring, "stalled: nothing received of %s %d for %.1f s with %u packets queued; %s", who, which,
		   length, ring_backlogs(w->ring, &w->nl, backlog), strbuf_text(&state));
	strbuf_free(&state);
}

static bool is_any_told(const struct watch *w)
{
	for (int i = 0; i < FLOWS_MAX; i++)
		if (w->flow[i].is_told)
			return true;
	for (int q = 0; q < RIG_QUEUES_MAX; q++)
		if (w->queue[q].is_told)
			return true;
	return false;
}

/* Ends a gap, or begins it anew: what has been received and offered so far no longer counts. */
static void restart(const struct ring *r, struct gap *g, uint64_t received, uint64_t offered)
{
	*g = (struct gap){ .received = received, .offered = offered };
	for (int q = 0; q < RIG_QUEUES_MAX; q++)
		g->packets[q] = r->reader[q].packets;
}

/* A queue that stands still takes all its flows with it: that is one stall, until all have ended. */
static void lengthen(struct watch *w, struct gap *g, const char *who, int which)
{
	double length = g->last_offer - g->since;

	if (length > w->longest_s)
		w->longest_s = length;
	if (length < WATCH_STALL_S || g->is_told)
		return;
	if (!is_any_told(w))
		tell(w, who, which, length);
	g->is_told = true;
}

/* With the gap open. Return: whether it goes on. */
static bool goes_on(const struct ring *r, struct gap *g, int queue)
{
	g->awake = readers_sleep(r, queue) ? 0 : g->awake + 1;
	return g->awake < 2;
}

static void look_at_flow(struct watch *w, int i, double now)
{
	struct ring *r = w->ring;
	const struct sender *s = &r->senders.sender[i];
	struct gap *g = &w->flow[i];
	uint64_t received = r->flows.flow[i].received, offered = attempts(s);
	int queue = r->flows.flow[i].queue;

	if (received != g->received || !readers_idle(r, queue, g) || (g->since && !goes_on(r, g, queue))) {
		restart(r, g, received, offered);
		return;
	}
	if (offered != g->offered || s->is_in_send) {
		g->offered = offered;
		g->last_offer = now;
		if (!g->since)
			g->since = now;
	}
	if (g->since && !g->awake)
		lengthen(w, g, "flow", i);
}

static void look_at_queue(struct watch *w, int q, double now)
{
	struct ring *r = w->ring;
	struct gap *g = &w->queue[q];

	if (!w->backlog[q] || !readers_idle(r, q, g) || (g->since && !goes_on(r, g, q))) {
		restart(r, g, 0, 0);
		return;
	}
	if (!g->since)
		g->since = now;
	g->last_offer = now;
	if (!g->awake)
		lengthen(w, g, "queue", q);
}

static bool is_any_idle(const struct watch *w)
{
	for (int q = 0; q < RIG_QUEUES_MAX; q++)
		if (reader_waits_on(w->ring, q) && w->ring->reader[q].packets == w->queue[q].packets[q])
			return true;
	return false;
}

static void look_at_backlogs(struct watch *w, double now)
{
	if (!is_any_idle(w) || w->ring->has_phantoms) {
		memset(w->backlog, 0, sizeof(w->backlog));
	} else if (now - w->backlog_at >= BACKLOG_S) {
		ring_backlogs(w->ring, &w->nl, w->backlog);
		w->backlog_at = now;
	}
}

static void forget(struct watch *w)
{
	struct ring *r = w->ring;

	for (int i = 0; i < FLOWS_MAX; i++)
		restart(r, &w->flow[i], r->flows.flow[i].received, attempts(&r->senders.sender[i]));
	for (int q = 0; q < RIG_QUEUES_MAX; q++)
		restart(r, &w->queue[q], 0, 0);
	memset(w->backlog, 0, sizeof(w->backlog));
}

/* With the ring's lock held. */
static void look(struct watch *w, double now)
{
	struct ring *r = w->ring;

	if (!r->is_up || r->changes != w->changes || now - w->looked_at > WATCH_TICK_S + WATCH_LATE_S) {
		w->changes = r->changes;
		forget(w);
		return;
	}
	look_at_backlogs(w, now);
	for (int i = 0; i < r->senders.spec.n; i++)
		look_at_flow(w, i, now);
	for (int q = 0; q < RIG_QUEUES_MAX; q++)
		look_at_queue(w, q, now);
}

static void *thread(void *arg)
{
	struct watch *w = arg;
	struct pollfd p = { .fd = w->stop_fd, .events = POLLIN };

	w->looked_at = time_now();
	forget(w);
	while (poll(&p, 1, (int)(WATCH_TICK_S * 1000)) == 0) {
		double now = time_now();

		/* Something is being done to the rig: it will have changed. */
		if (pthread_mutex_trylock(&w->ring->lock))
			continue;
		look(w, now);
		pthread_mutex_unlock(&w->ring->lock);
		w->looked_at = now;
	}
	return NULL;
}

int watch_start(struct watch *w, struct ring *r)
{
	int ret = nl_open(&w->nl);

	w->ring = r;
	if (ret)
		return ret;
	w->stop_fd = eventfd(0, EFD_CLOEXEC);
	ret = w->stop_fd < 0 ? errno : pthread_create(&w->thread, NULL, thread, w);
	if (ret) {
		if (w->stop_fd >= 0)
			close(w->stop_fd);
		nl_close(&w->nl);
		return err_set(ret, "watch: thread");
	}
	w->is_running = true;
	return 0;
}

void watch_stop(struct watch *w)
{
	if (!w->is_running)
		return;
	(void)!write(w->stop_fd, &(uint64_t){ 1 }, sizeof(uint64_t));
	pthread_join(w->thread, NULL);
	close(w->stop_fd);
	nl_close(&w->nl);
	w->is_running = false;
}
