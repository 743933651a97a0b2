// SPDX-License-Identifier: GPL-2.0-only
/* scenario_unread.c - a reader that hangs, and what is remembered of that when its ring is another one */
#include "lib/cleanup.h"
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

/* Its ring is purged, and its place may be another one. */
static int attach_anew(struct ring *r, int q)
{
	int ret = ring_attach(r, q, false);

	return ret ? ret : ring_attach(r, q, true);
}

/* A ring of no slots throws away what it has. */
static int resize_to_zero(struct ring *r, int q)
{
	int ret = ring_set_txqueuelen(r, 0);

	(void)q;
	return ret ? ret : ring_set_txqueuelen(r, r->spec.rig.txqueuelen);
}

/* What makes a ring another one, empty, that nobody has left unread yet: it is as new, and has to hold back. */
static const struct {
	const char *what;
	int (*renew)(struct ring *r, int q);
} renewals[] = {
	{ "was detached and attached again", attach_anew },
	{ "had its txqueuelen set to 0 and back", resize_to_zero },
};

static int holds_back(struct ring *r, const char *what)
{
	uint64_t dropped;
	int ret = drops_within(r, HOLD_S, &dropped);

	if (!ret && dropped)
		ring_fault(r, "a queue whose reader had hung %s, and dropped %llu packets within %.0f s: "
			   "before its reader hung it held all of them back", what, (unsigned long long)dropped, HOLD_S);
	return ret;
}

/* Each renewal is of a reader that was given up. */
static int renew(struct ring *r, int q)
{
	uint64_t dropped, sum = 0;
	int ret = 0;

	for (size_t i = 0; !ret && !ring_has_fault(r) && i < ARRAY_SIZE(renewals); i++) {
		ret = drops_within(r, UNREAD_S, &dropped);
		sum += dropped;
		ring_note(r, "dropped_unread", json_integer((json_int_t)sum));
		if (!ret)
			ret = renewals[i].renew(r, q);
		if (!ret)
			ret = holds_back(r, renewals[i].what);
	}
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
	return dropped ? 0 : renew(r, q);
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
