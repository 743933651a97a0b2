// SPDX-License-Identifier: GPL-2.0-only
/* shaper.c - a link with a rate, through tc */
#include "net/shaper.h"

#include <errno.h>
#include <string.h>

#include "lib/cleanup.h"
#include "lib/err.h"
#include "lib/proc.h"
#include "lib/str.h"

/* A bucket holds what goes in 10 ms, and two packets of GSO at least. */
#define BURST_MIN 131072L
#define BURST(mbit) ((mbit) * 1250 > BURST_MIN ? (mbit) * 1250 : BURST_MIN)

/* prio knows packets by their priority: the kernel makes 6 of SHAPER_TOS. */
static void add_tbf(struct strbuf *b, const char *dev, long mbit)
{
	strbuf_fmt(b, "qdisc replace dev %s root handle 7d00: tbf rate %ldmbit burst %ld latency 100ms\n", dev, mbit,
		   BURST(mbit));
	strbuf_fmt(b, "qdisc add dev %s parent 7d00:1 handle 7d10: prio bands 2 priomap 1 1 1 1 1 1 0 1 1 1 1 1 1 1 1 1\n",
		   dev);
	strbuf_fmt(b, "qdisc add dev %s parent 7d10:1 fq_codel\n", dev);
	strbuf_fmt(b, "qdisc add dev %s parent 7d10:2 fq_codel\n", dev);
}

static void add_htb_class(struct strbuf *b, const char *dev, long mbit, int minor, int prio)
{
	strbuf_fmt(b, "class add dev %s parent 7d00:1 classid 7d00:%d htb rate %ldkbit ceil %ldmbit burst %ld cburst %ld prio %d quantum 60000\n",
		   dev, minor, mbit * 500, mbit, BURST(mbit), BURST(mbit), prio);
	strbuf_fmt(b, "qdisc add dev %s parent 7d00:%d fq_codel\n", dev, minor);
}

static void add_htb(struct strbuf *b, const char *dev, long mbit)
{
	strbuf_fmt(b, "qdisc replace dev %s root handle 7d00: htb default 20\n", dev);
	strbuf_fmt(b, "class add dev %s parent 7d00: classid 7d00:1 htb rate %ldmbit burst %ld cburst %ld quantum 60000\n",
		   dev, mbit, BURST(mbit), BURST(mbit));
	add_htb_class(b, dev, mbit, 10, 0);
	add_htb_class(b, dev, mbit, 20, 1);
	strbuf_fmt(b, "filter add dev %s parent 7d00: protocol ip prio 1 u32 match ip tos 0x%x 0xff flowid 7d00:10\n", dev,
		   SHAPER_TOS);
}

static const struct {
	const char *kind;
	void (*add)(struct strbuf *b, const char *dev, long mbit);
} shapers[] = {
	{ "tbf", add_tbf },
	{ "htb", add_htb },
};

char *shaper_batch(const char *ifname, const char *kind, long mbit)
{
	struct strbuf b = { 0 };

	for (size_t i = 0; i < ARRAY_SIZE(shapers); i++)
		if (!strcmp(shapers[i].kind, kind))
			shapers[i].add(&b, ifname, mbit);
	return b.data;
}

int shaper_set(const char *ifname, const char *kind, long mbit)
{
	_cleanup_(freep) char *batch = shaper_batch(ifname, kind, mbit);
	const struct proc tc = {
		.argv = (const char *const[]){ "tc", "-batch", "-", NULL }, .input = batch, .deadline_s = 30,
	};
	int err;

	if (!batch)
		return err_say(EINVAL, "link %s: %s is no shaper", ifname, kind);
	err = proc_run(&tc, NULL);
	return err ? err_wrap(err, "link %s: shape to %ld Mbit/s by %s", ifname, mbit, kind) : 0;
}
