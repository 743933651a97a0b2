// SPDX-License-Identifier: GPL-2.0-only
/* raw.c - the probe raw: the ring itself, without a guest */
#include "measure/raw.h"

#include <errno.h>
#include <string.h>

#include "lib/cleanup.h"
#include "lib/err.h"
#include "lib/str.h"
#include "measure/counters.h"

static enum rig_device device_of(const char *backend)
{
	enum rig_device d = 0;

	while (d < RIG_DEVICE_COUNT && strcmp(rig_device_name(d), backend))
		d++;
	return d;
}

int raw_spec(const struct plan_probe *p, const struct cell *c, struct ring_spec *ret)
{
	const struct axis_value *at = c->at;
	struct ring_spec spec = {
		.rig = {
			.device = device_of(at[AXIS_BACKEND].word),
			.queues = (int)at[AXIS_QUEUES].num,
			.txqueuelen = (unsigned int)at[AXIS_TXQUEUELEN].num,
			.qdisc = at[AXIS_QDISC].word,
			.backpressure = !strcmp(at[AXIS_BACKPRESSURE].word, "on"),
		},
		.reader = at[AXIS_READER].word,
		.sender = !strcmp(at[AXIS_SENDER].word, "packet") ? RING_PACKET : RING_UDP,
		.senders = (int)at[AXIS_SENDERS].num,
		.size = (size_t)p->size,
		.rate_pps = (unsigned int)p->rate_pps,
		.reader_delay_us = (unsigned int)at[AXIS_READER_DELAY_US].num,
		.seconds = p->seconds,
		.packets = (uint64_t)p->packets,
		.seed = (unsigned int)p->seed,
		.scenario = at[AXIS_SCENARIO].word,
	};

	if (spec.rig.device == RIG_DEVICE_COUNT)
		return err_say(EINVAL, "backend %s is no device of the ring", at[AXIS_BACKEND].word);
	*ret = spec;
	return 0;
}

void raw_metrics(const struct ring_result *r, struct sample *s)
{
	if (r->seconds > 0) {
		s->value[METRIC_PPS] = (double)r->received / r->seconds;
		s->value[METRIC_LOST_PPS] = (double)r->ring_drops / r->seconds;
		s->value[METRIC_SENT_PPS] = (double)r->sent / r->seconds;
	}
	s->value[METRIC_REFUSED] = (double)r->refused;
	s->value[METRIC_OUT_OF_ORDER] = (double)r->out_of_order;
	s->value[METRIC_UNACCOUNTED] = (double)r->unaccounted;
	s->value[METRIC_STALLS] = r->stalls;
	s->value[METRIC_STALL_S] = r->longest_gap_s;
	s->value[METRIC_TX_DROPPED] = (double)r->ring_drops;
	s->value[METRIC_QDISC_DROPS] = (double)r->qdisc_drops;
}

char *raw_command(const struct plan_probe *p, const struct cell *c)
{
	struct strbuf b = { 0 };

	strbuf_fmt(&b, "tapbed run plan.yaml --set probe.name=%s --set probe.seconds=%g --set probe.size=%d "
		   "--set probe.rate=%d --set probe.packets=%.0f --set probe.seed=%d", probe_def(p->kind)->name,
		   p->seconds, p->size, p->rate_pps, p->packets, p->seed);
	for (enum axis a = 0; a < AXIS_COUNT; a++)
		if (probe_def(p->kind)->uses[a])
			strbuf_fmt(&b, " --set %s=%s", axis_def(a)->name, c->at[a].word);
	return b.data;
}

/* A scenario that the kernel lacks the means for has measured nothing. */
static void find(const struct ring_result *r, struct finding *ret)
{
	const char *reason = r->fault ? r->fault : r->skip;

	ret->verdict = r->fault ? VERDICT_FAIL : r->skip ? VERDICT_SKIP : VERDICT_PASS;
	ret->reason = str_dup(reason);
}

static char *raw_text(const struct ring_spec *spec, const struct ring_result *r)
{
	json_t *obj = ring_result_json(spec, r);
	char *text = json_dumps(obj, JSON_INDENT(1) | JSON_REAL_PRECISION(12));

	json_decref(obj);
	return text;
}

int raw_run(const struct probe_args *a, struct probe_result *r)
{
	struct ring_result got = { 0 };
	struct counters before, after;
	const struct counters_from from = { .nl = a->nl };
	struct ring_spec spec;
	int ret = raw_spec(a->traffic, a->cell, &spec);

	if (ret)
		return ret;
	r->command = raw_command(a->traffic, a->cell);
	ret = counters_read(&from, &before);
	if (!ret)
		ret = ring_run(a->nl, &spec, &got);
	if (ret)
		return ret;
	r->raw = raw_text(&spec, &got);
	raw_metrics(&got, &r->sample);
	find(&got, &r->finding);
	ring_result_free(&got);
	ret = counters_read(&from, &after);
	return ret ? ret : counters_diff(&before, &after, &r->sample);
}
