// SPDX-License-Identifier: GPL-2.0-only
/* scenario_fit.c - what a scenario needs of the spec, and what it makes of it */
#include "lib/str.h"
#include "ring/scenario_priv.h"

/* So many flows that each of a few queues is very likely to get one. */
#define FLOWS_FOR_QUEUES 8

/* So slow a reader cannot keep up with what XDP redirects (redirect.c), nor with one sender. */
#define SLOW_US 200

/* Full queues are made by readers that pause: a flood would only take the processor from what is done to the device. */
#define CALM_PPS 1000

const char *fit_any(struct ring_spec *s)
{
	(void)s;
	return NULL;
}

const char *fit_stoppable(struct ring_spec *s)
{
	if (s->rig.device == RIG_MACVTAP)
		return "a macvtap has no transmit queue that its ring could stop";
	if (str_eq(s->rig.qdisc, "noqueue"))
		return "below noqueue nothing can wait for a queue";
	return NULL;
}

const char *fit_many_queues(struct ring_spec *s)
{
	if (s->rig.queues < 2)
		s->rig.queues = 2;
	if (s->senders < FLOWS_FOR_QUEUES)
		s->senders = FLOWS_FOR_QUEUES;
	return NULL;
}

const char *fit_queues(struct ring_spec *s)
{
	const char *why = fit_stoppable(s);

	if (!s->rate_pps)
		s->rate_pps = CALM_PPS;
	return why ? why : fit_many_queues(s);
}

const char *fit_macvtap(struct ring_spec *s)
{
	s->rig.device = RIG_MACVTAP;
	s->rig.backpressure = false;
	return str_eq(s->reader, "vhost") ? "vhost_net does not read by read()" : NULL;
}

const char *fit_macvtap_queues(struct ring_spec *s)
{
	s->rig.queues = RIG_QUEUES_MAX;
	s->senders = FLOWS_FOR_QUEUES;
	return fit_macvtap(s);
}

const char *fit_macvtap_vhost(struct ring_spec *s)
{
	s->reader = "vhost";
	s->rig.device = RIG_MACVTAP;
	s->rig.backpressure = false;
	return NULL;
}

const char *fit_noqueue(struct ring_spec *s)
{
	if (s->rig.device == RIG_MACVTAP)
		return "a macvtap is not filled through its qdisc";
	s->rig.qdisc = "noqueue";
	s->rig.txqueuelen = 1;
	s->rate_pps = 0;
	return NULL;
}

const char *fit_poll_one(struct ring_spec *s)
{
	s->reader = "poll";
	s->reader_delay_us = 0;
	s->rig.txqueuelen = 1;
	s->rate_pps = 0;
	return fit_stoppable(s);
}

const char *fit_produce_fail(struct ring_spec *s)
{
	/* A qdisc lets one packet into the driver at a time; without it they meet in there. */
	s->reader = "read";
	s->sender = RING_PACKET;
	s->bypass = true;
	s->reader_delay_us = 0;
	s->rig.txqueuelen = 1;
	s->rate_pps = 0;
	if (s->senders < 4)
		s->senders = 4;
	return fit_stoppable(s);
}

const char *fit_vhost(struct ring_spec *s)
{
	if (s->rig.device != RIG_TAP)
		return "vhost_net is given a TAP";
	s->reader = "vhost";
	s->rate_pps = 0;
	return NULL;
}

const char *fit_vhost_queues(struct ring_spec *s)
{
	const char *why = fit_vhost(s);

	if (s->rig.queues < 3)
		s->rig.queues = 3;
	return why ? why : fit_queues(s);
}

const char *fit_backlog(struct ring_spec *s)
{
	const char *why = fit_stoppable(s);

	s->reader_delay_us = SLOW_US;
	s->rate_pps = 0;
	/* A short ring is empty before a change of its length is over. fq_codel would drop what waits. */
	s->rig.txqueuelen = 1;
	s->rig.qdisc = "pfifo limit 1000";
	/* Its send buffer is all that waits: no other sender's packet runs the qdisc. */
	s->sender = RING_UDP;
	s->senders = 1;
	return why;
}

const char *fit_redirect(struct ring_spec *s)
{
	s->reader = "read";
	s->reader_delay_us = SLOW_US;
	s->rate_pps = CALM_PPS;
	/* The longer the ring, the steadier it is full. */
	s->rig.txqueuelen = 500;
	return fit_stoppable(s);
}
