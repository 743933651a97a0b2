// SPDX-License-Identifier: GPL-2.0-only
/* drops.c - packets that the kernel freed, by its own reason */
#include "ring/drops.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/err.h"

#define EVENT  "skb/kfree_skb"
#define IPV4   "protocol == 2048" /* ETH_P_IP, as the event has it */

void drops_start(struct drops *d)
{
	int ret = trace_open(&d->trace);

	d->why[0] = '\0';
	d->names = NULL;
	if (!ret) {
		/* Before 5.17 a packet had no reason. */
		ret = trace_count(&d->trace, EVENT, "reason", IPV4);
		if (!ret)
			ret = trace_format(&d->trace, &d->names);
		if (ret)
			trace_close(&d->trace);
	}
	if (ret)
		snprintf(d->why, sizeof(d->why), "%.190s", err_text());
}

/* The format says: ... __print_symbolic(REC->reason, { 2, "NOT_SPECIFIED" }, { 3, "NO_SOCKET" }, ...). */
void drops_name(const char *format, unsigned long reason, char *ret, size_t size)
{
	char wanted[32];
	const char *at;

	snprintf(wanted, sizeof(wanted), "{ %lu, \"", reason);
	at = strstr(format, wanted);
	if (at) {
		at += strlen(wanted);
		snprintf(ret, size, "%.*s", (int)strcspn(at, "\""), at);
	} else if (reason == TRACE_UNTOLD) {
		snprintf(ret, size, "not told apart");
	} else {
		snprintf(ret, size, "reason %lu", reason);
	}
}

struct list {
	const struct drops *drops;
	struct ring_reason *reason;
	int n;
};

static void add(void *arg, unsigned long key, uint64_t count)
{
	struct list *l = arg;

	/* Too many to tell apart: the last row has the rest. */
	if (l->n == RING_REASONS_MAX) {
		l->reason[l->n - 1].packets += count;
		return;
	}
	drops_name(l->drops->names, key, l->reason[l->n].name, sizeof(l->reason[l->n].name));
	l->reason[l->n++].packets = count;
}

int drops_read(const struct drops *d, struct ring_reason *ret)
{
	struct list l = { .drops = d, .reason = ret };

	if (d->why[0] || trace_counts(&d->trace, add, &l))
		return -1;
	return l.n;
}

void drops_stop(struct drops *d)
{
	trace_close(&d->trace);
	free(d->names);
	d->names = NULL;
}
