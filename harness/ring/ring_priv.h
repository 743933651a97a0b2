/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * ring_priv.h - one run from inside: what ring.c, the watch and the scenarios share
 *
 *	the caller's thread	steps up, the scenario or a wait, drain, steps down
 *	senders			sender.c, one thread a flow
 *	readers			reader.c, one thread a queue
 *	watch			watch.c, looks at all of them and disturbs none
 *
 * Only the caller's thread changes the rig, and only through the functions below: they hold
 * @lock, so that the watch never sees a descriptor that is closed, and say that something changed, so
 * that it begins to count anew.
 */
#ifndef RING_RING_PRIV_H
#define RING_RING_PRIV_H

#include <pthread.h>
#include <stdatomic.h>

#include "ring/drops.h"
#include "ring/flow.h"
#include "ring/reader.h"
#include "ring/ring.h"
#include "ring/scenario.h"
#include "ring/sender.h"
#include "ring/watch.h"

/* How long traffic may take to flow again after something was done to the device. */
#define RING_FLOW_S 3

/* A soak ends when nothing was received for so long. */
#define RING_STUCK_S 10

/**
 * struct ring - one run
 * @lock:     for the rig; @fault_lock: for the result's fault and notes
 * @changes:  counts what was done to the rig
 * @is_up:    the link is up and there
 * @has_phantoms: the qdisc may count packets that it no longer has: pfifo_fast drops them when it is resized
 *            and goes on counting (seen on 6.12 and 7.3: a backlog of 122, of which none was freed at the end)
 * @ends_at:  when the traffic shall end
 * @moved_at: when a packet was received last, as far as the caller's thread has looked
 * @drops_left, @ring_left: counted by qdiscs and devices that are gone
 */
struct ring {
	struct nl *nl;
	struct ring_spec spec;
	const struct scenario *scenario;
	const struct reader_def *def;
	struct ring_result *result;
	pthread_mutex_t lock;
	pthread_mutex_t fault_lock;
	struct rig rig;
	atomic_uint changes;
	atomic_bool is_up;
	atomic_bool has_phantoms;
	struct reader reader[RIG_QUEUES_MAX];
	struct flows flows;
	struct senders senders;
	struct drops drops;
	struct watch watch;
	double ends_at;
	double moved_at;
	uint64_t moved_to;
	uint64_t drops_left, ring_left;
};

/** ring_run_as() - ring_run() with a reader (NULL: the spec's) and a scenario that are in no table, for tests. */
int ring_run_as(struct nl *nl, const struct ring_spec *spec, const struct reader_def *def,
		const struct scenario *scenario, struct ring_result *ret);

/* ring_act.c: for scenarios. */

/** ring_fault() - the kernel did wrong: the first sentence is the fault, later ones are noted. */
void ring_fault(struct ring *r, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/** ring_skip() - it cannot be tried here. Return: 0, for act() to return. */
int ring_skip(struct ring *r, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/** ring_note() - something that a person would want to know. */
void ring_note(struct ring *r, const char *key, json_t *value);

/** ring_has_fault() - Return: whether ring_fault() was called. */
bool ring_has_fault(struct ring *r);

/** ring_is_over() - Return: whether the traffic has lasted as long as the spec says; a soak also ends with its first fault. */
bool ring_is_over(struct ring *r);

/** ring_end() - the scenario has nothing more to do: the traffic ends now. */
void ring_end(struct ring *r);

/** ring_pass() - let traffic flow for some time, less when the run is over. Return: 0, -EINTR. */
int ring_pass(struct ring *r, double seconds);

/** ring_received() - Return: packets received so far. */
uint64_t ring_received(const struct ring *r);

/** ring_wait_received() - until @n more packets came. Return: 1, 0 after @seconds, -EINTR. */
int ring_wait_received(struct ring *r, uint64_t n, double seconds);

/**
 * ring_check_flow() - every flow must be received from within RING_FLOW_S, else it is a fault
 * @after: what was done: "txqueuelen 0 and back"
 * Return: 0, -EINTR.
 */
int ring_check_flow(struct ring *r, const char *after);

/** ring_pause_reader() - let queue @q's reader not read, or go on. Return: 0, -EINTR. */
int ring_pause_reader(struct ring *r, int q, bool pause);

/** ring_reader_start(), ring_reader_stop() - the thread of queue @q. Return: 0 or -errno. */
int ring_reader_start(struct ring *r, int q);
int ring_reader_stop(struct ring *r, int q);

/** ring_fill_queue() - with the reader of @q paused: wait until its flows' packets no longer move. Return: 0, -EINTR. */
int ring_fill_queue(struct ring *r, int q);

/** ring_queue_flows() - Return: how many flows came from queue @q last. */
int ring_queue_flows(const struct ring *r, int q);

/* What rig.h has, with the lock and the watch in mind. */
int ring_open(struct ring *r, int q);
int ring_close(struct ring *r, int q);
int ring_attach(struct ring *r, int q, bool attach);
int ring_set_txqueuelen(struct ring *r, unsigned int n);
int ring_set_up(struct ring *r, bool up);
int ring_delete(struct ring *r);

/* ring_account.c */

/** ring_count() - counters of the device and its qdisc, now, with those of devices that are gone. Return: 0 or -errno. */
int ring_count(struct ring *r, uint64_t *qdisc_drops, uint64_t *ring_drops, uint64_t *queued);

/** ring_keep_counts() - the device goes away now: keep what it has counted. */
void ring_keep_counts(struct ring *r);

/** ring_account() - fill the result in, after the drain. Return: 0 or -errno. */
int ring_account(struct ring *r);

#endif
