/* SPDX-License-Identifier: GPL-2.0-only */
/* scenario_priv.h - what the table of scenarios is made of, a file for each kind of mischief */
#ifndef RING_SCENARIO_PRIV_H
#define RING_SCENARIO_PRIV_H

#include "ring/ring_priv.h"
#include "ring/scenario.h"

/* scenario_fit.c: what a scenario needs of the spec */
const char *fit_any(struct ring_spec *s);
const char *fit_stoppable(struct ring_spec *s);	   /* TUN or TAP below a qdisc */
const char *fit_queues(struct ring_spec *s);	   /* the same with several queues, and flows for all of them */
const char *fit_many_queues(struct ring_spec *s);  /* any device with several queues */
const char *fit_macvtap(struct ring_spec *s);	   /* whatever device was asked for */
const char *fit_macvtap_queues(struct ring_spec *s);
const char *fit_macvtap_vhost(struct ring_spec *s);
const char *fit_noqueue(struct ring_spec *s);
const char *fit_poll_one(struct ring_spec *s);
const char *fit_produce_fail(struct ring_spec *s);
const char *fit_vhost(struct ring_spec *s);
const char *fit_vhost_queues(struct ring_spec *s);
const char *fit_redirect(struct ring_spec *s);
const char *fit_backlog(struct ring_spec *s);     /* TUN or TAP below a qdisc, and a sender that waits for its reader */

/* scenario_link.c: the link and its length */
int scenario_none(struct ring *r);
int scenario_resize_zero(struct ring *r);
int scenario_resize(struct ring *r);
int scenario_resize_by_one(struct ring *r);
int scenario_down_up(struct ring *r);
int scenario_delete_macvtap(struct ring *r);
int scenario_delete_vhost(struct ring *r);
int scenario_dead_backend(struct ring *r);

/* scenario_queue.c: queues that come and go */
int scenario_reopen(struct ring *r);
int scenario_detach(struct ring *r);
int scenario_vhost_detach(struct ring *r);
int scenario_open_close(struct ring *r);
int scenario_never_reads(struct ring *r);

/* scenario_wake.c: what stops and wakes a queue */
int scenario_macvtap(struct ring *r);
int scenario_macvtap_queue(struct ring *r);
int scenario_noqueue(struct ring *r);
int scenario_flood(struct ring *r);
int scenario_redirect(struct ring *r);

/* scenario_unread.c: a reader that hangs */
int scenario_unread(struct ring *r);

/* scenario_soak.c: all of it, by chance */
int scenario_everything(struct ring *r);

/* scenario_queue.c: choosing and doing, for the soak too. */

/** queue_pick() - Return: a queue that flows came from; the one with the last transmit queue if @last; -1 if there is none. */
int queue_pick(const struct ring *r, bool last);

/** queue_await() - the same, waiting for flows to be seen again; *@ret is -1 when the traffic is over before. Return: 0, -EINTR. */
int queue_await(struct ring *r, bool last, int *ret);

/** queue_fill() - let queue @q's reader not read, and its ring run full. Return: 0 or -errno. */
int queue_fill(struct ring *r, int q);

int queue_reopen(struct ring *r, int q);
int queue_reattach(struct ring *r, int q);

#endif
