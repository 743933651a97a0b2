// SPDX-License-Identifier: GPL-2.0-only
/* backlog.c - the backlog of a qdisc while a probe runs: its largest, and where packets stand if it hangs */
#include "measure/backlog.h"

#include <math.h>

#include "lib/cleanup.h"
#include "lib/err.h"
#include "lib/log.h"
#include "lib/stop.h"
#include "lib/str.h"
#include "net/link.h"
#include "net/qdisc.h"

static void note(uint64_t *seen, double *at, uint64_t now_seen, double now)
{
	if (!*at || now_seen != *seen)
		*at = now;
	*seen = now_seen;
}

void backlog_poll(void *arg)
{
	struct backlog *b = arg;
	double now = time_now();
	struct qdisc_state q;
	struct link_state l;

	if (qdisc_read(b->nl, b->ifname, &q) || link_read(b->nl, b->ifname, &l)) {
		log_debug("backlog: %s, ignoring", err_text());
		return;
	}
	b->polls++;
	b->packets = q.backlog_packets;
	note(&b->read, &b->read_at, l.tx_packets, now);
	note(&b->written, &b->written_at, l.rx_packets, now);
	if (q.backlog_packets > b->max_packets)
		b->max_packets = q.backlog_packets;
}

void backlog_end(const struct backlog *b, struct sample *s)
{
	s->value[METRIC_QDISC_BACKLOG] = b->polls ? (double)b->max_packets : NAN;
}

static char *since(const char *what, double at, double now)
{
	return now - at < 2 * BACKLOG_S ? str_fmt("packets are %s", what) : str_fmt("none was %s for %.1f s", what, now - at);
}

char *backlog_tell(const struct backlog *b, double now)
{
	_cleanup_(freep) char *read = since("read", b->read_at, now), *written = since("written", b->written_at, now);

	if (!b->polls)
		return str_fmt("the qdisc was not read");
	return str_fmt("%u packets wait in the qdisc; %s, %s", b->packets, read, written);
}
