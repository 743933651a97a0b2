// SPDX-License-Identifier: GPL-2.0-only
/* scenario_unread.c - a reader that hangs, and what is remembered of that when its queue is a new one */
#include "lib/stop.h"
#include "ring/scenario_priv.h"

/* How long a full ring is watched: does its queue hold back what comes, or is it dropped? */
#define HOLD_S 1.0

/* Then a kernel may have given the reader up, so that nobody waits for it. The series backpressure does so after 5 to 10 s. */
#define UNREAD_S 12.0

/* Not ring_pass(): this takes longer than the traffic of other scenarios, and a sample of one second shows it too. */
static int drops_within(struct ring *r, double seconds, uint64_t *ret)
{
	uint64_t qdisc, queued, before, after;
	int err = ring_count(r, &qdisc, &before, &queued);

	if (!err)
		err = stop_wait(-1, time_now() + seconds);
	if (err >= 0)
		err = ring_count(r, &qdisc, &after, &queued);
	*ret = err ? 0 : after - before;
	return err;
}

/* Its ring is purged, its place may be another one, and nobody has read yet: it is as new, and has to hold back. */
static int attached_anew(struct ring *r, int q)
{
	uint64_t dropped;
	int ret = ring_attach(r, q, false);

	if (!ret)
		ret = ring_attach(r, q, true);
	if (!ret)
		ret = drops_within(r, HOLD_S, &dropped);
	if (!ret && dropped)
		ring_fault(r, "a queue whose reader had hung was detached and attached again, and dropped %llu packets within %.0f s: "
			   "before its reader hung it held all of them back", (unsigned long long)dropped, HOLD_S);
	return ret;
}

static int hang(struct ring *r, int q)
{
	uint64_t dropped;
	int ret = queue_fill(r, q);

	if (!ret)
		ret = drops_within(r, HOLD_S, &dropped);
	if (ret)
		return ret;
	ring_note(r, "holds_back", json_boolean(!dropped));
	if (dropped)
		return 0;
	ret = drops_within(r, UNREAD_S, &dropped);
	ring_note(r, "dropped_unread", json_integer((json_int_t)dropped));
	return ret ? ret : attached_anew(r, q);
}

int scenario_unread(struct ring *r)
{
	int q = -1, ret = queue_await(r, true, &q);

	if (ret || q < 0)
		return ret;
	ret = hang(r, q);
	if (!ret)
		ret = ring_pause_reader(r, q, false);
	if (!ret)
		ret = ring_check_flow(r, "a reader that had hung");
	ring_end(r);
	return ret;
}
