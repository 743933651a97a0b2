// SPDX-License-Identifier: GPL-2.0-only
/* rig.c - the device under test without a guest: a TUN, TAP or macvtap whose queues are ours */
#include "ring/rig.h"

#include <errno.h>
#include <linux/if_tun.h>
#include <net/if.h>
#include <sys/ioctl.h>

#include "lib/cleanup.h"
#include "lib/err.h"
#include "lib/log.h"
#include "lib/str.h"
#include "net/link.h"
#include "net/macvtap.h"
#include "net/qdisc.h"
#include "net/tap.h"

static const char *const device_names[] = { "tap", "tun", "macvtap" };
_Static_assert(ARRAY_SIZE(device_names) == RIG_DEVICE_COUNT, "a device without a name");

const char *rig_device_name(enum rig_device d)
{
	return d < RIG_DEVICE_COUNT ? device_names[d] : NULL;
}

const char *rig_send_link(const struct rig *r)
{
	return r->spec.device == RIG_MACVTAP ? RIG_LOWER_PEER : RIG_IFNAME;
}

static bool is_multi_queue(const struct rig *r)
{
	return r->spec.multi_queue || r->spec.queues > 1;
}

/* A macvtap is filled from below: its own qdisc sees what its reader writes. */
bool rig_has_mq(const struct rig *r)
{
	return is_multi_queue(r) && r->spec.device != RIG_MACVTAP && !str_eq(r->spec.qdisc, "noqueue");
}

static uint16_t flags_of(const struct rig *r)
{
	unsigned int flags = IFF_NO_PI | (r->spec.device == RIG_TUN ? IFF_TUN : IFF_TAP);

	if (is_multi_queue(r))
		flags |= IFF_MULTI_QUEUE;
	if (r->spec.vnet_hdr)
		flags |= IFF_VNET_HDR;
	if (r->spec.backpressure)
		flags |= IFF_BACKPRESSURE;
	return (uint16_t)flags;
}

static int attached(const struct rig *r)
{
	int n = 0;

	for (int q = 0; q < RIG_QUEUES_MAX; q++)
		n += r->txq[q] >= 0;
	return n;
}

/* The kernel moves the last queue into the place of the one that goes. */
static void leave_txq(struct rig *r, int q)
{
	int last = attached(r) - 1;

	for (int i = 0; i < RIG_QUEUES_MAX && r->txq[q] >= 0; i++)
		if (i != q && r->txq[i] == last)
			r->txq[i] = r->txq[q];
	r->txq[q] = -1;
}

static int open_queue(struct rig *r, int q)
{
	int ret = r->spec.device == RIG_MACVTAP ? macvtap_open(RIG_IFNAME, flags_of(r), &r->fd[q])
						: tun_open(RIG_IFNAME, flags_of(r), &r->fd[q]);

	if (!ret)
		r->txq[q] = attached(r);
	return ret;
}

/* Transmit queues that have come up since have the kernel's default qdisc. */
static int set_queue_qdiscs(struct rig *r)
{
	struct qdisc_state s;
	int ret = 0;

	for (int q = 0; q < attached(r) && !ret; q++) {
		ret = qdisc_read_queue(r->nl, RIG_IFNAME, q, &s);
		if (!ret && !str_eq(s.kind, r->spec.qdisc))
			ret = qdisc_set_queue(r->nl, RIG_IFNAME, q, r->spec.qdisc);
	}
	return ret;
}

static int set_qdisc(struct rig *r)
{
	int ret;

	if (r->spec.device == RIG_MACVTAP)
		return 0;
	ret = qdisc_set(r->nl, RIG_IFNAME, rig_has_mq(r) ? "mq" : r->spec.qdisc);
	return !ret && rig_has_mq(r) ? set_queue_qdiscs(r) : ret;
}

/* A device that has just been made gets all that it needs but its other queues. */
static int configure(struct rig *r)
{
	int ret = link_set_txqueuelen(r->nl, RIG_IFNAME, r->spec.txqueuelen);

	if (!ret)
		ret = link_set_quiet(r->nl, RIG_IFNAME);
	if (!ret)
		ret = link_add_addr(r->nl, rig_send_link(r), RIG_ADDR "/24");
	/* A multi-queue TAP that is up has a default qdisc on each of 256 queues, which would be replaced by as many. */
	if (!ret)
		ret = set_qdisc(r);
	return ret ? ret : link_set_up(r->nl, RIG_IFNAME);
}

/* Nothing but our own packets shall reach it. */
static int make_macvtap(struct nl *nl)
{
	static const char *const ends[] = { RIG_LOWER, RIG_LOWER_PEER };
	int ret = macvtap_make(nl, RIG_IFNAME, RIG_LOWER, RIG_LOWER_PEER);

	if (ret)
		return ret;
	for (size_t i = 0; i < ARRAY_SIZE(ends) && !ret; i++) {
		ret = link_set_quiet(nl, ends[i]);
		if (!ret)
			ret = link_set_up(nl, ends[i]);
	}
	if (ret) {
		_cleanup_(freep) char *why = str_dup(err_text());

		(void)link_delete(nl, RIG_LOWER);
		err_restore(why);
	}
	return ret;
}

int rig_open(struct rig *r, int q)
{
	bool is_new = !link_exists(RIG_IFNAME);
	int ret;

	if (is_new && r->spec.device == RIG_MACVTAP) {
		ret = make_macvtap(r->nl);
		if (ret)
			return ret;
	}
	ret = open_queue(r, q);
	if (ret)
		return err_wrap(ret, "queue %d", q);
	if (is_new)
		return configure(r);
	return rig_has_mq(r) ? set_queue_qdiscs(r) : 0;
}

void rig_close(struct rig *r, int q)
{
	if (r->fd[q] < 0)
		return;
	close(r->fd[q]);
	r->fd[q] = -1;
	leave_txq(r, q);
}

int rig_attach(struct rig *r, int q, bool attach)
{
	struct ifreq ifr = { .ifr_flags = (short)(attach ? IFF_ATTACH_QUEUE : IFF_DETACH_QUEUE) };

	if (ioctl(r->fd[q], TUNSETQUEUE, &ifr))
		return err_set(errno, "queue %d: ioctl TUNSETQUEUE %s", q, attach ? "attach" : "detach");
	if (!attach) {
		leave_txq(r, q);
		return 0;
	}
	r->txq[q] = attached(r);
	return rig_has_mq(r) ? set_queue_qdiscs(r) : 0;
}

int rig_set_txqueuelen(struct rig *r, unsigned int n)
{
	return link_set_txqueuelen(r->nl, RIG_IFNAME, n);
}

int rig_set_up(struct rig *r, bool up)
{
	return up ? link_set_up(r->nl, RIG_IFNAME) : link_set_down(r->nl, RIG_IFNAME);
}

int rig_delete(struct rig *r)
{
	return link_delete(r->nl, RIG_IFNAME);
}

void rig_down(struct rig *r)
{
	const char *left = r->spec.device == RIG_MACVTAP ? RIG_LOWER : RIG_IFNAME;

	for (int q = 0; q < RIG_QUEUES_MAX; q++)
		rig_close(r, q);
	if (r->nl && link_exists(left) && link_delete(r->nl, left))
		log_warn("ring: %s stays: %s", left, err_text());
	r->nl = NULL;
}

static int check(const struct rig_spec *spec)
{
	if (spec->queues < 1 || spec->queues > RIG_QUEUES_MAX)
		return err_say(EINVAL, "%d queues: 1 to %d are possible", spec->queues, RIG_QUEUES_MAX);
	if (!spec->backpressure)
		return 0;
	if (spec->device == RIG_MACVTAP)
		return err_say(ENOTSUP, "a macvtap has no IFF_BACKPRESSURE");
	return tun_check_backpressure();
}

int rig_up(struct rig *r, struct nl *nl, const struct rig_spec *spec)
{
	int ret = check(spec);

	if (ret)
		return ret;
	*r = (struct rig){ .nl = nl, .spec = *spec };
	for (int q = 0; q < RIG_QUEUES_MAX; q++)
		r->fd[q] = r->txq[q] = -1;
	for (int q = 0; q < spec->queues && !ret; q++)
		ret = rig_open(r, q);
	if (ret) {
		_cleanup_(freep) char *why = str_dup(err_text());

		rig_down(r);
		err_restore(why);
	}
	return ret;
}
