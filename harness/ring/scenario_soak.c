// SPDX-License-Identifier: GPL-2.0-only
/* scenario_soak.c - all that can be done to a device, in an order that a seed decides */
#include <math.h>
#include <stdlib.h>

#include "lib/cleanup.h"
#include "lib/err.h"
#include "lib/stop.h"
#include "lib/str.h"
#include "ring/scenario_priv.h"

/*
 * Between two acts so much time passes. Where packets are what is counted, so many are received too
 * (or a second passes): on a slow debug kernel the acts would take all the time otherwise.
 */
#define PASS_S	     0.05
#define PASS_PACKETS 200

/*
 * An act that takes longer is followed by as much more time for traffic: with lockdep each of a device's
 * 256 qdiscs waits for RCU when it goes, and making the device anew takes seconds.
 */
#define ACT_S 1

/* How many of the last acts are told. */
#define LAST 12

struct soak {
	struct ring *ring;
	unsigned int seed;
	unsigned int acts;
	json_t *last;
	json_t *spent; /* seconds, by what they went to */
};

static int one_of(struct soak *s, int n)
{
	return rand_r(&s->seed) % n;
}

static int resize(struct soak *s)
{
	static const unsigned int lengths[] = { 0, 1, 2, 10, 100, 500, 1000 };
	int ret = ring_set_txqueuelen(s->ring, lengths[one_of(s, 7)]);

	if (!ret && one_of(s, 2))
		ret = stop_wait(-1, time_now() + 0.01);
	/* Nothing passes a ring of 0. */
	return ret ? ret : ring_set_txqueuelen(s->ring, lengths[1 + one_of(s, 6)]);
}

static int down_up(struct soak *s)
{
	int ret = ring_set_up(s->ring, false);

	if (!ret && one_of(s, 2))
		ret = stop_wait(-1, time_now() + 0.01);
	return ret ? ret : ring_set_up(s->ring, true);
}

static int stand_still(struct soak *s)
{
	int q = one_of(s, s->ring->spec.rig.queues), ret = queue_fill(s->ring, q);

	return ret ? ret : ring_pause_reader(s->ring, q, false);
}

static int reattach(struct soak *s)
{
	int q = one_of(s, s->ring->spec.rig.queues), ret = one_of(s, 2) ? queue_fill(s->ring, q) : 0;

	return ret ? ret : queue_reattach(s->ring, q);
}

static int reopen(struct soak *s)
{
	int q = one_of(s, s->ring->spec.rig.queues), ret = one_of(s, 2) ? queue_fill(s->ring, q) : 0;

	return ret ? ret : queue_reopen(s->ring, q);
}

static int reopen_all(struct soak *s)
{
	int ret = 0;

	for (int q = 0; q < s->ring->spec.rig.queues && !ret; q++)
		ret = ring_close(s->ring, q);
	for (int q = 0; q < s->ring->spec.rig.queues && !ret; q++)
		ret = ring_open(s->ring, q);
	return ret;
}

/* @often: beside the others. The one that makes the device anew takes as long as thirty others on a debug kernel. */
static const struct {
	const char *name;
	int (*act)(struct soak *s);
	int often;
} acts[] = {
	{ "resize",     resize,      3 },
	{ "down-up",    down_up,     3 },
	{ "pause",      stand_still, 3 },
	{ "reattach",   reattach,    3 },
	{ "reopen",     reopen,      3 },
	{ "reopen-all", reopen_all,  1 },
};

static size_t choose(struct soak *s)
{
	size_t which = 0;
	int all = 0;

	for (size_t i = 0; i < ARRAY_SIZE(acts); i++)
		all += acts[i].often;
	for (int n = one_of(s, all); n >= acts[which].often; which++)
		n -= acts[which].often;
	return which;
}

static int pass(struct ring *r, double act_s)
{
	int ret = ring_pass(r, fmax(PASS_S, act_s - ACT_S));

	if (!ret && r->spec.packets)
		ret = ring_wait_received(r, PASS_PACKETS, 1);
	return ret < 0 ? ret : 0;
}

/* Return: the seconds since @since, which went to @what. */
static double spend(struct soak *s, const char *what, double since)
{
	double before = json_number_value(json_object_get(s->spent, what)), seconds = time_now() - since;

	json_object_set_new(s->spent, what, json_real(before + seconds));
	return seconds;
}

static int act(struct soak *s)
{
	size_t which = choose(s);
	int ret;
	double at = time_now(), took;

	s->acts++;
	json_array_append_new(s->last, json_string(acts[which].name));
	if (json_array_size(s->last) > LAST)
		json_array_remove(s->last, 0);
	ret = acts[which].act(s);
	if (!ret)
		ret = ring_check_flow(s->ring, acts[which].name);
	took = spend(s, acts[which].name, at);
	if (!ret)
		ret = pass(s->ring, took);
	spend(s, "between acts", at + took);
	return ret;
}

int scenario_everything(struct ring *r)
{
	struct soak s = { .ring = r, .last = json_array(), .spent = json_object() };
	int ret = ring_pass(r, PASS_S);

	s.seed = r->spec.seed ? r->spec.seed : (unsigned int)(time_now() * 1000);
	ring_note(r, "seed", json_integer(s.seed));
	while (!ret && !ring_has_fault(r) && !ring_is_over(r))
		ret = act(&s);
	ring_note(r, "acts", json_integer(s.acts));
	ring_note(r, "last_acts", s.last);
	ring_note(r, "spent_s", s.spent);
	return ret;
}
