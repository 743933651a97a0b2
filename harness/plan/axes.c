// SPDX-License-Identifier: GPL-2.0-only
/* axes.c - THE table of what a matrix can vary */
#include "plan/axes.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/cleanup.h"
#include "lib/err.h"
#include "lib/str.h"
#include "plan/words.h"

static const char *const backends[] = { "tap", "vhost", "tun", "macvtap", "macvtap-vhost", NULL };
static const char *const nics[] = { "virtio", "e1000", NULL };
static const char *const qdiscs[] = { "noqueue", "pfifo_fast", "pfifo", "fq_codel", "fq", "cake", NULL };
static const struct axis_phrase qdisc_phrases[] = {
	{ "pfifo", "limit", quantity_count, 1,	 1000000, "pfifo limit PACKETS" },
	{ "tbf",   "rate",  quantity_rate,  1e4, 100e9,	  "tbf rate 100mbit" },
	{ "htb",   "rate",  quantity_rate,  1e4, 100e9,	  "htb rate 100mbit" },
	{ 0 }
};
static const char *const directions[] = { "to-guest", "from-guest", NULL };
static const char *const offloads[] = { "on", "gso-off", "tso-off", "csum-off", NULL }; /* as net/offload.c */
static const char *const congestions[] = { "cubic", "reno", "bbr", NULL };

/* The names of ring/'s tables, which plan/ may not include; test_raw holds them together. */
static const char *const readers[] = { "read", "poll", "epoll", "epoll-et", "io_uring", "vhost", NULL };
static const char *const senders[] = { "udp", "packet", NULL };
static const char *const switches[] = { "off", "on", NULL };
static const char *const scenarios[] = {
	"none", "resize-zero", "resize", "resize-by-one", "down-up", "reopen", "detach", "delete-macvtap", "macvtap-queue",
	"macvtap", "noqueue", "poll-one", "produce-fail", "never-reads", "unread", "delete-vhost", "dead-backend",
	"vhost-detach", "xdp-redirect", "open-close", "everything", NULL
};

static const char *const shapers[] = { "none", "tbf", "htb", NULL };
static const char *const vpns[] = { "wireguard-go", "openvpn", NULL };

static const struct axis_def axes[] = {
	[AXIS_BACKEND] = {
		.name = "backend", .fallback = "tap", .words = backends, .scope = AXIS_NEW_GUEST,
		.help = "what the guest's NIC hangs on, or what probe raw reads",
	},
	[AXIS_NIC] = {
		.name = "nic", .fallback = "virtio", .words = nics, .scope = AXIS_NEW_GUEST,
		.help = "model of the guest's NIC",
	},
	[AXIS_TXQUEUELEN] = {
		.name = "txqueuelen", .fallback = "1000", .min = 0, .max = 10000, .scope = AXIS_NEW_LINK,
		.help = "packets that the ring of the TAP holds",
	},
	[AXIS_QDISC] = {
		.name = "qdisc", .fallback = "fq_codel", .words = qdiscs, .phrases = qdisc_phrases,
		.scope = AXIS_NEW_LINK,
		.help = "queueing discipline of the TAP",
	},
	[AXIS_DELAY_MS] = {
		.name = "delay_ms", .fallback = "0", .min = 0, .max = 2000, .units = quantity_ms,
		.scope = AXIS_NEW_LINK,
		.help = "round trip between sender and receiver, milliseconds; 0: as it is",
	},
	[AXIS_STREAMS] = {
		.name = "streams", .fallback = "1", .min = 1, .max = 16, .scope = AXIS_NEW_LINK,
		.help = "TCP connections at the same time",
	},
	[AXIS_QUEUES] = {
		.name = "queues", .fallback = "1", .min = 1, .max = 4, .scope = AXIS_NEW_GUEST,
		.help = "queues of the TAP",
	},
	[AXIS_READER] = {
		.name = "reader", .fallback = "read", .words = readers, .scope = AXIS_NEW_LINK,
		.help = "raw, pktgen: how packets are taken off the ring",
	},
	[AXIS_SENDER] = {
		.name = "sender", .fallback = "udp", .words = senders, .scope = AXIS_NEW_LINK,
		.help = "raw: UDP through the stack, or frames by AF_PACKET",
	},
	[AXIS_SENDERS] = {
		.name = "senders", .fallback = "1", .min = 1, .max = 8, .scope = AXIS_NEW_LINK,
		.help = "raw, pktgen: senders at the same time, each with a flow of its own",
	},
	[AXIS_READER_DELAY_US] = {
		.name = "reader_delay_us", .fallback = "0", .min = 0, .max = 1000000,
		.units = quantity_us, .scope = AXIS_NEW_LINK,
		.help = "raw: pause of the reader after each packet, microseconds",
	},
	[AXIS_BACKPRESSURE] = {
		.name = "backpressure", .fallback = "off", .words = switches, .scope = AXIS_NEW_GUEST,
		.help = "whether the device is made with IFF_BACKPRESSURE (Linux 7.3)",
	},
	[AXIS_SCENARIO] = {
		.name = "scenario", .fallback = "none", .words = scenarios, .scope = AXIS_NEW_LINK,
		.help = "raw: what is done to the device while packets flow",
	},
	[AXIS_DIRECTION] = {
		.name = "direction", .fallback = "to-guest", .words = directions, .scope = AXIS_NEW_LINK,
		.help = "who sends the bulk: the host's side, or the guest",
	},
	[AXIS_MTU] = {
		.name = "mtu", .fallback = "1500", .min = 576, .max = 9000, .scope = AXIS_NEW_GUEST,
		.help = "of every link on the way, and of the guest's NIC, bytes",
	},
	[AXIS_OFFLOADS] = {
		.name = "offloads", .fallback = "on", .words = offloads, .scope = AXIS_NEW_LINK,
		.help = "what the stack may leave to the link that it sends to",
	},
	[AXIS_IOMMU_PLATFORM] = {
		.name = "iommu_platform", .fallback = "off", .words = switches, .scope = AXIS_NEW_GUEST,
		.help = "virtio: addresses go through the platform's DMA interface (VIRTIO_F_ACCESS_PLATFORM)",
	},
	[AXIS_CONGESTION] = {
		.name = "congestion", .fallback = "cubic", .words = congestions, .scope = AXIS_NEW_LINK,
		.help = "congestion control of the sender",
	},
	[AXIS_TCP_RMEM] = {
		.name = "tcp_rmem", .fallback = "0", .min = 0, .max = 1073741824, .units = quantity_bytes,
		.scope = AXIS_NEW_LINK,
		.help = "largest receive buffer of a TCP socket on both sides, bytes; 0: as each kernel has it",
	},
	[AXIS_TCP_WMEM] = {
		.name = "tcp_wmem", .fallback = "0", .min = 0, .max = 1073741824, .units = quantity_bytes,
		.scope = AXIS_NEW_LINK,
		.help = "largest send buffer of a TCP socket on both sides, bytes; 0: as each kernel has it",
	},
	[AXIS_VPN] = {
		.name = "vpn", .fallback = "wireguard-go", .words = vpns, .scope = AXIS_NEW_LINK,
		.help = "vpn: which daemon reads the TUN",
	},
	[AXIS_SHAPER] = {
		.name = "shaper", .fallback = "none", .words = shapers, .scope = AXIS_NEW_LINK,
		.help = "shaping: what gives the TAP a rate, in place of its qdisc",
	},
	[AXIS_SHAPER_MBIT] = {
		.name = "shaper_mbit", .fallback = "100", .min = 1, .max = 100000, .scope = AXIS_NEW_LINK,
		.help = "shaping: that rate, Mbit/s",
	},
};
_Static_assert(ARRAY_SIZE(axes) == AXIS_COUNT, "a row for every axis");

const struct axis_def *axis_def(enum axis a)
{
	return &axes[a];
}

enum axis axis_find(const char *name)
{
	enum axis a = 0;

	while (a < AXIS_COUNT && strcmp(axes[a].name, name))
		a++;
	return a;
}

static void accepted(const struct axis_def *d, struct strv *ret)
{
	for (const char *const *w = d->words; w && *w; w++)
		strv_add(ret, *w);
	for (const struct axis_phrase *f = d->phrases; f && f->word; f++)
		strv_add(ret, f->shown);
	if (!d->words && d->min == d->max)
		strv_fmt(ret, "%ld", d->min);
	else if (!d->words)
		strv_fmt(ret, "%ld to %ld", d->min, d->max);
}

char *axis_accepts(enum axis a)
{
	_cleanup_(strv_free) struct strv l = { 0 };

	accepted(&axes[a], &l);
	return strv_join(&l, ", ");
}

static bool parse_word(const struct axis_def *d, const char *text, struct axis_value *ret)
{
	for (const char *const *w = d->words; *w; w++) {
		if (strcmp(*w, text))
			continue;
		ret->num = 0;
		snprintf(ret->word, sizeof(ret->word), "%s", text);
		return true;
	}
	return false;
}

static bool parse_phrase(const struct axis_def *d, const char *text, struct axis_value *ret)
{
	char word[16], param[16], number[16], more;
	double v;

	if (!d->phrases || sscanf(text, "%15s %15s %15s %c", word, param, number, &more) != 3)
		return false;
	for (const struct axis_phrase *f = d->phrases; f->word; f++) {
		if (strcmp(f->word, word) || strcmp(f->param, param) || !quantity_parse(number, f->units, &v) ||
		    v < f->min || v > f->max)
			continue;
		ret->num = 0;
		snprintf(ret->word, sizeof(ret->word), "%s %s %s", word, param, number);
		return true;
	}
	return false;
}

/* One value has one name: "0.06s" is 60 milliseconds. */
static bool parse_number(const struct axis_def *d, const char *text, struct axis_value *ret)
{
	double v;

	if (!quantity_parse(text, d->units ? d->units : quantity_count, &v))
		return false;
	if (v < (double)d->min || v > (double)d->max || v != (double)(long)v)
		return false;
	ret->num = (long)v;
	snprintf(ret->word, sizeof(ret->word), "%ld", ret->num);
	return true;
}

static bool parse(const struct axis_def *d, const char *text, struct axis_value *ret)
{
	return d->words ? parse_word(d, text, ret) || parse_phrase(d, text, ret) : parse_number(d, text, ret);
}

int axis_parse(enum axis a, const char *text, struct axis_value *ret)
{
	_cleanup_(strv_free) struct strv right = { 0 };
	_cleanup_(freep) char *what = NULL;
	const struct axis_def *d = &axes[a];
	struct axis_value v = { 0 };

	if (parse(d, text, &v)) {
		*ret = v;
		return 0;
	}
	what = str_fmt("%s: wrong value", d->name);
	accepted(d, &right);
	return words_refuse(what, text, &right);
}

json_t *axis_to_json(enum axis a, const struct axis_value *v)
{
	return axes[a].words ? json_string(v->word) : json_integer(v->num);
}
