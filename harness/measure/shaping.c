// SPDX-License-Identifier: GPL-2.0-only
/* shaping.c - the probe shaping: a bulk flow, and what should go before it */
#include "measure/shaping.h"

#include <math.h>
#include <pthread.h>
#include <signal.h>

#include "lib/cleanup.h"
#include "lib/err.h"
#include "lib/str.h"
#include "measure/iperf3.h"
#include "measure/ping.h"
#include "net/shaper.h"

#define PRIO_PPS  500

/** struct prio - the datagrams, sent by a thread; @ret and @why: how that ended */
struct prio {
	struct plan_probe traffic;
	struct probe_args args;
	struct probe_result result;
	pthread_t thread;
	int ret;
	char *why;
};

static void *send_prio(void *arg)
{
	struct prio *p = arg;

	p->ret = iperf3_udp_run(&p->args, &p->result);
	p->why = p->ret ? str_dup(err_text()) : NULL;
	return NULL;
}

/* Signals are for the main thread. */
static int start_prio(struct prio *p, const struct probe_args *a)
{
	sigset_t all, old;
	int err;

	p->traffic = *a->traffic;
	if (!p->traffic.rate_pps)
		p->traffic.rate_pps = PRIO_PPS;
	p->args = (struct probe_args){
		.probe = PROBE_UDP, .server = a->server, .seconds = a->seconds, .traffic = &p->traffic,
		.port = SHAPING_PRIO_PORT, .tos = SHAPER_TOS, .netns = a->netns, .gone_fd = a->gone_fd,
	};
	probe_result_init(&p->result);
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &old);
	err = pthread_create(&p->thread, NULL, send_prio, p);
	pthread_sigmask(SIG_SETMASK, &old, NULL);
	return err ? err_set(err, "shaping: thread") : 0;
}

/* Return: 0, or -errno of the datagrams; what they measured is added to the sample. */
static int end_prio(struct prio *p, struct sample *s)
{
	const double *got = p->result.sample.value;

	pthread_join(p->thread, NULL);
	if (p->ret) {
		err_restore(p->why);
		free(p->why);
		return err_wrap(p->ret, "datagrams with priority");
	}
	s->value[METRIC_PRIO_PERCENT] = got[METRIC_PPS] / p->traffic.rate_pps * 100;
	s->value[METRIC_LOST_PERCENT] = got[METRIC_LOST_PERCENT];
	s->value[METRIC_JITTER_US] = got[METRIC_JITTER_US];
	return 0;
}

/* Both command lines; the raw output is that of the bulk flow, then that of the datagrams. */
static void add_output(struct probe_result *r, struct probe_result *prio)
{
	char *command = str_fmt("%s\n%s", prio->command ? prio->command : "", r->command ? r->command : "");
	char *raw = r->raw && prio->raw ? str_fmt("%s%s", r->raw, prio->raw) : NULL;

	free(r->command);
	r->command = command;
	if (raw) {
		free(r->raw);
		r->raw = raw;
	}
	probe_result_free(prio);
}

int shaping_run(const struct probe_args *a, struct probe_result *r)
{
	struct ping *requests = NULL;
	struct prio prio = { 0 };
	int err = ping_start_from(PING_TCP, a->server, a->netns, SHAPER_TOS, &requests), prio_err;

	if (!err)
		err = start_prio(&prio, a);
	if (err) {
		ping_end(requests, NULL);
		return err;
	}
	err = iperf3_run(a, r);
	ping_end(requests, err ? NULL : &r->sample);
	if (err) {
		_cleanup_(freep) char *why = str_dup(err_text());

		(void)end_prio(&prio, &r->sample);
		err_restore(why);
		add_output(r, &prio.result);
		return err;
	}
	prio_err = end_prio(&prio, &r->sample);
	add_output(r, &prio.result);
	return prio_err;
}
