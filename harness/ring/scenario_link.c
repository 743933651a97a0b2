// SPDX-License-Identifier: GPL-2.0-only
/* scenario_link.c - the length of the ring, the link up and down, and gone */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "lib/err.h"
#include "lib/stop.h"
#include "ring/scenario_priv.h"

#define LENGTHS		{ 500, 0, 1, 100, 0, 2, 10, 500, 1, 0, 50 }
#define BETWEEN_S	0.2
#define DOWN_S		0.05
#define BEFORE_DELETE_S 0.5

/* The run itself lets the traffic flow until it is over. */
int scenario_none(struct ring *r)
{
	(void)r;
	return 0;
}

/* A length that lets something through. */
static unsigned int good_length(const struct ring *r)
{
	return r->spec.rig.txqueuelen ? r->spec.rig.txqueuelen : 100;
}

static int zero_and_back(struct ring *r)
{
	int ret = senders_pause(&r->senders, true);

	if (ret)
		return ret;
	ret = ring_set_txqueuelen(r, 0);
	if (!ret) {
		(void)senders_send(&r->senders, 0, 1);
		ret = ring_set_txqueuelen(r, good_length(r));
	}
	(void)senders_pause(&r->senders, false);
	return ret;
}

int scenario_resize_zero(struct ring *r)
{
	int ret = ring_pass(r, BETWEEN_S);

	while (!ret && !ring_has_fault(r) && !ring_is_over(r)) {
		ret = zero_and_back(r);
		if (!ret)
			ret = ring_check_flow(r, "txqueuelen 0, one packet, and back");
	}
	return ret;
}

static int resize_round(struct ring *r)
{
	static const unsigned int lengths[] = LENGTHS;
	int ret = 0;

	for (size_t i = 0; i < sizeof(lengths) / sizeof(lengths[0]) && !ret; i++)
		ret = ring_set_txqueuelen(r, lengths[i]);
	return ret ? ret : ring_set_txqueuelen(r, good_length(r));
}

static int down_and_up(struct ring *r)
{
	int ret = ring_set_up(r, false);

	return ret ? ret : ring_set_up(r, true);
}

/* A length of 0 may stall the queue for good: it is helped up, for the rounds that a crash may need. */
int scenario_resize(struct ring *r)
{
	int ret = ring_pass(r, BETWEEN_S);
	int rounds = 0;

	while (!ret && !ring_is_over(r)) {
		ret = resize_round(r);
		/* Most rounds follow each other at once, the more of them meet a packet half way. */
		if (!ret && rounds++ % 8 == 7)
			ret = ring_has_fault(r) ? down_and_up(r) : ring_check_flow(r, "txqueuelen up and down under load");
	}
	ring_note(r, "rounds", json_integer(rounds));
	return ret || ring_has_fault(r) ? ret : ring_check_flow(r, "txqueuelen up and down under load");
}

/* Below a backlog, and nothing else is done before traffic flows again: it would help the queue up. */
int scenario_resize_by_one(struct ring *r)
{
	int ret = ring_pass(r, BETWEEN_S);
	unsigned int rounds = 0;

	while (!ret && !ring_has_fault(r) && !ring_is_over(r)) {
		ret = ring_set_txqueuelen(r, good_length(r) + ++rounds % 2);
		if (!ret)
			ret = ring_check_flow(r, "txqueuelen one more or one less below a backlog");
	}
	ring_note(r, "rounds", json_integer(rounds));
	return ret;
}

int scenario_down_up(struct ring *r)
{
	int ret = ring_pass(r, BETWEEN_S);

	while (!ret && !ring_has_fault(r) && !ring_is_over(r)) {
		ret = ring_set_up(r, false);
		if (!ret)
			ret = stop_wait(-1, time_now() + DOWN_S);
		if (!ret)
			ret = ring_set_up(r, true);
		if (!ret)
			ret = ring_check_flow(r, "link down and up");
		if (!ret)
			ret = ring_pass(r, BETWEEN_S);
	}
	return ret;
}

/* What a program does that has not heard of it: it reads on, here without waiting. */
static void read_the_dead(struct ring *r)
{
	char buf[2048];
	int flags = fcntl(r->rig.fd[0], F_GETFL);

	(void)fcntl(r->rig.fd[0], F_SETFL, flags | O_NONBLOCK);
	for (int i = 0; i < 100; i++)
		if (read(r->rig.fd[0], buf, sizeof(buf)) < 0 && !i)
			ring_note(r, "read_after_delete", json_string(strerrorname_np(errno)));
	(void)fcntl(r->rig.fd[0], F_SETFL, flags);
}

int scenario_delete_macvtap(struct ring *r)
{
	int ret = ring_pass(r, BEFORE_DELETE_S);

	if (!ret)
		ret = ring_check_flow(r, "nothing");
	if (!ret)
		ret = ring_delete(r);
	if (!ret)
		ret = ring_reader_stop(r, 0);
	if (ret)
		return ret;
	read_the_dead(r);
	ring_end(r);
	return 0;
}

/*
 * The reader holds its buffers back until vhost_net has used up all of them and the ring behind it is full.
 * After the device is gone it gives them back, and vhost_net looks at the ring once more.
 */
int scenario_delete_vhost(struct ring *r)
{
	int ret = ring_pass(r, BEFORE_DELETE_S);

	if (!ret)
		ret = ring_check_flow(r, "nothing");
	if (!ret)
		ret = queue_fill(r, 0);
	if (!ret)
		ret = ring_delete(r);
	if (!ret)
		ret = stop_wait(-1, time_now() + BEFORE_DELETE_S);
	if (!ret)
		ret = ring_pause_reader(r, 0, false);
	if (!ret)
		ret = stop_wait(-1, time_now() + BEFORE_DELETE_S);
	ring_end(r);
	return ret;
}

/* Its file is still open and has no device behind it. A kernel may refuse the file, or take it and never find a packet. */
int scenario_dead_backend(struct ring *r)
{
	int ret = ring_pass(r, BEFORE_DELETE_S);

	if (!ret)
		ret = ring_check_flow(r, "nothing");
	if (!ret)
		ret = ring_reader_stop(r, 0);
	if (!ret)
		ret = ring_delete(r);
	if (!ret)
		ret = ring_reader_start(r, 0);
	if (!ret)
		ret = stop_wait(-1, time_now() + BEFORE_DELETE_S);
	ring_end(r);
	return ret;
}
