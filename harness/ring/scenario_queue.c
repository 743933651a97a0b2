// SPDX-License-Identifier: GPL-2.0-only
/* scenario_queue.c - queues that are closed, opened, detached, attached, and never read */
#include <errno.h>
#include <stdlib.h>

#include "lib/err.h"
#include "lib/stop.h"
#include "ring/scenario_priv.h"

/* What is done to a link takes milliseconds; so long only if it waits for a reader that never reads. */
#define HANG_S 5

#define BETWEEN_S 0.1

/* How long the next packet of a flow may take that sends a thousand a second, on a slow machine. */
#define LEARN_S 0.01

int queue_pick(const struct ring *r, bool last)
{
	int best = -1;

	for (int q = 0; q < RIG_QUEUES_MAX; q++) {
		if (r->rig.txq[q] < 0 || !ring_queue_flows(r, q))
			continue;
		if (best < 0 || (r->rig.txq[q] > r->rig.txq[best]) == last)
			best = q;
	}
	return best;
}

int queue_fill(struct ring *r, int q)
{
	int ret = ring_pause_reader(r, q, true);

	return ret ? ret : ring_fill_queue(r, q);
}

int queue_reopen(struct ring *r, int q)
{
	int ret = ring_close(r, q);

	/* Another queue has its place now, or its flows have gone to the others. */
	if (!ret)
		ret = ring_check_flow(r, "a full queue was closed");
	if (!ret)
		ret = ring_open(r, q);
	return ret ? ret : ring_check_flow(r, "a full queue was closed and opened again");
}

int queue_reattach(struct ring *r, int q)
{
	int ret = ring_attach(r, q, false);

	if (!ret)
		ret = ring_attach(r, q, true);
	if (!ret)
		ret = ring_pause_reader(r, q, false);
	return ret ? ret : ring_check_flow(r, "a full queue was detached and attached again");
}

/* Where flows go is not known after a change: their next packets tell. */
int queue_await(struct ring *r, bool last, int *ret)
{
	int err = ring_check_flow(r, "nothing");

	while (!err && (*ret = queue_pick(r, last)) < 0 && !ring_is_over(r))
		err = ring_pass(r, LEARN_S);
	return err;
}

/* The first and the last queue in turn: one has a successor that takes its place, the other has none. */
static int with_full_queues(struct ring *r, int (*act)(struct ring *r, int q))
{
	int ret = ring_pass(r, BETWEEN_S), rounds = 0;

	while (!ret && !ring_has_fault(r) && !ring_is_over(r)) {
		int q = -1;

		ret = queue_await(r, rounds % 2, &q);
		if (ret || q < 0)
			break;
		ret = queue_fill(r, q);
		if (!ret)
			ret = act(r, q);
		rounds++;
	}
	ring_note(r, "rounds", json_integer(rounds));
	return ret;
}

int scenario_reopen(struct ring *r)
{
	return with_full_queues(r, queue_reopen);
}

int scenario_detach(struct ring *r)
{
	return with_full_queues(r, queue_reattach);
}

/* The reader whose queue has the number @txq; -1 if none has it, or no flow goes there. */
static int queue_numbered(const struct ring *r, int txq)
{
	for (int q = 0; q < RIG_QUEUES_MAX; q++)
		if (r->rig.txq[q] == txq && ring_queue_flows(r, q))
			return q;
	return -1;
}

/* It has got the number of a queue that left. Filled and read again it is woken, if the wakeup goes by that number. */
static int fill_moved(struct ring *r, int q)
{
	int ret = q < 0 ? 0 : queue_fill(r, q);

	if (ret || q < 0)
		return ret;
	ret = ring_pause_reader(r, q, false);
	return ret ? ret : ring_check_flow(r, "a queue of vhost_net that got another number was full");
}

/* The queue that is detached is none that has to be full: the others' numbers change under vhost_net. */
static int move_queues(struct ring *r, int q)
{
	int txq = r->rig.txq[q];
	int ret = ring_pause_reader(r, q, false);

	if (!ret)
		ret = ring_attach(r, q, false);
	if (!ret)
		ret = ring_check_flow(r, "a queue of vhost_net was detached");
	if (!ret)
		ret = fill_moved(r, queue_numbered(r, txq));
	if (!ret)
		ret = ring_attach(r, q, true);
	return ret ? ret : ring_check_flow(r, "a queue of vhost_net was attached again");
}

int scenario_vhost_detach(struct ring *r)
{
	return with_full_queues(r, move_queues);
}

static int all_closed_and_opened(struct ring *r)
{
	int ret = 0;

	for (int q = 0; q < r->spec.rig.queues && !ret; q++)
		ret = ring_close(r, q);
	for (int q = 0; q < r->spec.rig.queues && !ret; q++)
		ret = ring_open(r, q);
	return ret;
}

int scenario_open_close(struct ring *r)
{
	int ret = ring_pass(r, BETWEEN_S);

	while (!ret && !ring_has_fault(r) && !ring_is_over(r)) {
		ret = all_closed_and_opened(r);
		if (!ret)
			ret = ring_check_flow(r, "all queues were closed and opened again");
		if (!ret)
			ret = ring_pass(r, BETWEEN_S);
	}
	return ret;
}

static int shorter(struct ring *r, int q)
{
	int ret = ring_set_txqueuelen(r, 1);

	(void)q;
	return ret ? ret : ring_set_txqueuelen(r, r->spec.rig.txqueuelen);
}

static int down_up(struct ring *r, int q)
{
	int ret = ring_set_up(r, false);

	(void)q;
	return ret ? ret : ring_set_up(r, true);
}

/* What must end though queue @q is full and never read. */
static int act_on_unread(struct ring *r, int q, const char *name, int (*act)(struct ring *r, int q))
{
	double began = time_now(), took;
	int ret = act(r, q);

	took = time_now() - began;
	if (!ret && took > HANG_S)
		ring_fault(r, "%s took %.1f s while queue %d is never read", name, took, q);
	return ret;
}

static int never_read_round(struct ring *r, int q)
{
	int ret = ring_check_flow(r, "a reader that never reads");

	if (!ret)
		ret = act_on_unread(r, q, "a shorter ring", shorter);
	if (!ret)
		ret = ring_check_flow(r, "a shorter ring beside a reader that never reads");
	if (!ret)
		ret = act_on_unread(r, q, "link down and up", down_up);
	if (!ret)
		ret = ring_check_flow(r, "link down and up beside a reader that never reads");
	if (!ret)
		ret = ring_pause_reader(r, q, false);
	return ret ? ret : ring_check_flow(r, "the reader that never read has begun");
}

int scenario_never_reads(struct ring *r)
{
	int ret = ring_pass(r, BETWEEN_S), q = -1;

	while (!ret && !ring_has_fault(r) && !ring_is_over(r)) {
		ret = queue_await(r, true, &q);
		if (ret || q < 0)
			break;
		ret = queue_fill(r, q);
		if (!ret)
			ret = never_read_round(r, q);
	}
	if (ret || q < 0)
		return ret;
	ret = queue_fill(r, q);
	return ret ? ret : act_on_unread(r, q, "closing it", ring_close);
}
