// SPDX-License-Identifier: GPL-2.0-only
/* counters.c - what is read before and after a sample */
#include "measure/counters.h"

#include <errno.h>
#include <inttypes.h>
#include <math.h>

#include "lib/cleanup.h"
#include "lib/err.h"
#include "lib/fs.h"
#include "lib/str.h"
#include "measure/snmp.h"
#include "net/link.h"
#include "net/qdisc.h"

static int read_host_retrans(const struct counters_from *from, uint64_t *ret)
{
	_cleanup_(freep) char *text = NULL;
	int err = from->host_snmp ? 0 : fs_read("/proc/net/snmp", &text, NULL);

	return err ? err : snmp_find(from->host_snmp ? from->host_snmp : text, "Tcp", "RetransSegs", ret);
}

static int read_guest_retrans(const struct counters_from *from, uint64_t *ret)
{
	if (!from->guest_snmp)
		return -ENODATA;
	return snmp_find(from->guest_snmp, "Tcp", "RetransSegs", ret);
}

static int read_tx_dropped(const struct counters_from *from, uint64_t *ret)
{
	struct link_state l;
	int err = link_read(from->nl, from->ifname, &l);

	/* What a macvtap's ring refuses was received by the link, not sent. */
	if (!err)
		*ret = str_eq(from->ifname, from->sends_at) ? l.tx_dropped : l.rx_dropped;
	return err;
}

static int read_qdisc_drops(const struct counters_from *from, uint64_t *ret)
{
	struct qdisc_state q;
	int err = qdisc_read(from->nl, from->sends_at, &q);

	if (!err)
		*ret = q.drops;
	return err;
}

/**
 * struct counter_def - one row
 * @read:   returns 0; -ENODATA when there is nothing to read it from; other -errno
 * @metric: what the difference of two readings is, in a sample
 */
struct counter_def {
	int (*read)(const struct counters_from *from, uint64_t *ret);
	enum metric metric;
};

static const struct counter_def table[] = {
	[COUNTER_HOST_RETRANS_SEGS]  = { read_host_retrans,  METRIC_HOST_RETRANS_SEGS },
	[COUNTER_GUEST_RETRANS_SEGS] = { read_guest_retrans, METRIC_GUEST_RETRANS_SEGS },
	[COUNTER_TX_DROPPED]         = { read_tx_dropped,    METRIC_TX_DROPPED },
	[COUNTER_QDISC_DROPS]        = { read_qdisc_drops,   METRIC_QDISC_DROPS },
};
_Static_assert(ARRAY_SIZE(table) == COUNTER_COUNT, "a row for every counter");

int counters_read(const struct counters_from *from, struct counters *ret)
{
	struct counters c = { 0 };

	for (enum counter i = 0; i < COUNTER_COUNT; i++) {
		int err = table[i].read(from, &c.value[i]);

		if (err && err != -ENODATA)
			return err_wrap(err, "counter %s", metric_def(table[i].metric)->name);
		c.is_known[i] = !err;
	}
	*ret = c;
	return 0;
}

int counters_diff(const struct counters *before, const struct counters *after, struct sample *s)
{
	for (enum counter i = 0; i < COUNTER_COUNT; i++)
		if (before->is_known[i] && after->is_known[i] && after->value[i] < before->value[i])
			return err_say(ERANGE, "counter %s went back from %" PRIu64 " to %" PRIu64
				       " within a sample", metric_def(table[i].metric)->name,
				       before->value[i], after->value[i]);
	for (enum counter i = 0; i < COUNTER_COUNT; i++)
		s->value[table[i].metric] = before->is_known[i] && after->is_known[i] ?
			(double)(after->value[i] - before->value[i]) : NAN;
	return 0;
}
