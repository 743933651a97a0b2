// SPDX-License-Identifier: GPL-2.0-only
/* scenario_wake.c - queues that are woken for nothing or never, refused senders, floods */
#include <errno.h>
#include <fcntl.h>
#include <linux/if_tun.h>
#include <unistd.h>

#include "lib/cleanup.h"
#include "lib/err.h"
#include "net/macvtap.h"
#include "ring/redirect.h"
#include "ring/scenario_priv.h"
#include "ring/trace.h"

/* The most queues that a macvtap may have. */
#define MACVTAP_QUEUES 256

#define WAKE	  "netif_tx_wake_queue"
#define LOOK_S	  0.5
#define BETWEEN_S 0.2

struct wakes {
	const struct ring *ring;
	uint64_t n;
};

static void add_wakes(void *arg, unsigned long tid, uint64_t count)
{
	struct wakes *w = arg;

	for (int q = 0; q < RIG_QUEUES_MAX; q++)
		if (w->ring->reader[q].is_running && (unsigned long)w->ring->reader[q].tid == tid)
			w->n += count;
}

static int judge_wakes(struct ring *r, const struct trace *t)
{
	struct wakes w = { .ring = r };
	int ret = trace_counts(t, add_wakes, &w);

	if (ret)
		return ret;
	ring_note(r, "wakes_by_readers", json_integer((json_int_t)w.n));
	/* Another device's interrupt may strike while the reader runs: a few are not its own. */
	if (w.n > ring_received(r) / 20 + 5)
		ring_fault(r, "reading the macvtap woke its transmit queue %llu times for %llu packets, and nobody stops it",
			   (unsigned long long)w.n, (unsigned long long)ring_received(r));
	return 0;
}

int scenario_macvtap(struct ring *r)
{
	struct trace t;
	int ret = trace_open(&t);

	if (!ret)
		ret = trace_kprobe(&t, WAKE);
	if (!ret)
		ret = trace_count(&t, NULL, "common_pid", NULL);
	if (ret) {
		trace_close(&t);
		return ring_skip(r, "calls of " WAKE "() cannot be counted: %s", err_text());
	}
	while (!ret && !ring_is_over(r))
		ret = ring_pass(r, LOOK_S);
	if (!ret)
		ret = judge_wakes(r, &t);
	trace_close(&t);
	return ret;
}

/* Each of them is read once: the higher its number, the farther from the device's only transmit queue. */
static int read_many_queues(struct ring *r)
{
	const uint16_t flags = IFF_TAP | IFF_NO_PI | IFF_MULTI_QUEUE;
	int fd[MACVTAP_QUEUES], n = 0, ret = 0;
	char buf[2048];

	/* Until the device says that it has enough (EBUSY). */
	while (n < MACVTAP_QUEUES) {
		ret = macvtap_open(RIG_IFNAME, flags, &fd[n]);
		if (ret)
			break;
		(void)fcntl(fd[n], F_SETFL, O_RDWR | O_NONBLOCK);
		(void)!read(fd[n], buf, sizeof(buf));
		n++;
	}
	ring_note(r, "queues", json_integer(n + r->spec.rig.queues));
	while (n)
		close(fd[--n]);
	return ret == -EBUSY || ret == -EMFILE ? 0 : ret;
}

int scenario_macvtap_queue(struct ring *r)
{
	int ret = ring_pass(r, BETWEEN_S);

	while (!ret && !ring_has_fault(r) && !ring_is_over(r)) {
		ret = senders_pause(&r->senders, true);
		if (!ret)
			ret = read_many_queues(r);
		(void)senders_pause(&r->senders, false);
		if (!ret)
			ret = ring_check_flow(r, "reads from many queues of a macvtap");
		if (!ret)
			ret = ring_pass(r, BETWEEN_S);
	}
	ring_note(r, "hint", json_string("a write beyond the transmit queues is silent: a kernel with KASAN tells it"));
	return ret;
}

static uint64_t refused_by(const struct ring *r, int err)
{
	uint64_t n = 0;

	for (int i = 0; i < r->senders.spec.n; i++)
		n += r->senders.sender[i].error[err];
	return n;
}

int scenario_noqueue(struct ring *r)
{
	uint64_t down;
	int ret = 0;

	while (!ret && !ring_is_over(r))
		ret = ring_pass(r, LOOK_S);
	down = refused_by(r, ENETDOWN);
	if (!ret && down)
		ring_fault(r, "send() failed %llu times with ENETDOWN on a link that is up: its queue was stopped below noqueue",
			   (unsigned long long)down);
	return ret;
}

/* A queue that has stalled stays so; the link down and up lets it flow again, for the next one. */
int scenario_flood(struct ring *r)
{
	unsigned int stalls = 0;
	int ret = 0;

	while (!ret && !ring_is_over(r)) {
		ret = ring_pass(r, LOOK_S);
		if (ret || r->watch.stalls == stalls)
			continue;
		stalls = r->watch.stalls;
		ret = ring_set_up(r, false);
		if (!ret)
			ret = ring_set_up(r, true);
	}
	return ret;
}

static int beside_redirected(struct ring *r)
{
	uint64_t before = r->flows.strangers;
	int ret = 0;

	while (!ret && !ring_has_fault(r) && !ring_is_over(r)) {
		ret = ring_pass(r, BETWEEN_S);
		if (!ret)
			ret = ring_check_flow(r, "XDP began to redirect frames into the ring");
	}
	ring_note(r, "redirected_received", json_integer((json_int_t)(r->flows.strangers - before)));
	if (!ret && r->flows.strangers == before)
		return err_say(EIO, "none of the frames that XDP redirected was received: they did not get into the ring");
	return ret;
}

int scenario_redirect(struct ring *r)
{
	struct redirect d;
	int ret = ring_pass(r, BETWEEN_S);

	if (!ret)
		ret = ring_check_flow(r, "nothing");
	if (ret)
		return ret;
	if (redirect_start(&d, r->nl, RIG_IFNAME))
		return ring_skip(r, "XDP cannot redirect into the device: %s", err_text());
	ret = beside_redirected(r);
	redirect_stop(&d);
	ring_note(r, "redirected_sent", json_integer((json_int_t)d.sent));
	return ret;
}
