// SPDX-License-Identifier: GPL-2.0-only
/* backlog.c - the largest backlog of a qdisc while a probe runs */
#include "measure/backlog.h"

#include <math.h>

#include "lib/err.h"
#include "lib/log.h"
#include "net/qdisc.h"

void backlog_poll(void *arg)
{
	struct backlog *b = arg;
	struct qdisc_state q;

	if (qdisc_read(b->nl, b->ifname, &q)) {
		log_debug("backlog: %s, ignoring", err_text());
		return;
	}
	b->polls++;
	if (q.backlog_packets > b->max_packets)
		b->max_packets = q.backlog_packets;
}

void backlog_end(const struct backlog *b, struct sample *s)
{
	s->value[METRIC_QDISC_BACKLOG] = b->polls ? (double)b->max_packets : NAN;
}
