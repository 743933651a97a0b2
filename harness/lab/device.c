// SPDX-License-Identifier: GPL-2.0-only
/* device.c - what the guest's NIC hangs on */
#include "lab/device.h"

#include <errno.h>

#include "lib/cleanup.h"
#include "lib/err.h"
#include "lib/log.h"
#include "lib/str.h"
#include "net/link.h"
#include "net/macvtap.h"
#include "net/offload.h"
#include "net/qdisc.h"
#include "net/shaper.h"
#include "net/tap.h"

#define LOWER DEVICE_IFNAME "l"
#define PEER  DEVICE_IFNAME "p"

/* What a backend means to QEMU and the device; a new one is a row. */
static const struct backend {
	const char *name;
	bool vhost;
	bool macvtap;
} backends[] = {
	{ "tap",	   false, false },
	{ "vhost",	   true,  false },
	{ "macvtap",	   false, true	},
	{ "macvtap-vhost", true,  true	},
};

static const struct backend *backend_of(const struct cell *c)
{
	for (size_t i = 0; i < ARRAY_SIZE(backends); i++)
		if (str_eq(backends[i].name, c->at[AXIS_BACKEND].word))
			return &backends[i];
	return NULL;
}

bool device_is_known(const struct cell *c)
{
	return backend_of(c) != NULL;
}

bool device_has_vhost(const struct cell *c)
{
	return backend_of(c)->vhost;
}

const char *device_sends_at(const struct cell *c)
{
	return backend_of(c)->macvtap ? PEER : DEVICE_IFNAME;
}

static bool has_backpressure(const struct cell *c)
{
	return str_eq(c->at[AXIS_BACKPRESSURE].word, "on");
}

char *device_lacks(const struct cell *c)
{
	return has_backpressure(c) && tun_check_backpressure() ? str_dup(err_text()) : NULL;
}

void device_init(struct device *d)
{
	d->queues = 0;
	for (int i = 0; i < VM_QUEUES; i++)
		d->fds[i] = -1;
}

static uint16_t flags_of(const struct cell *c)
{
	unsigned int flags = IFF_TAP | IFF_NO_PI | IFF_VNET_HDR;

	if (c->at[AXIS_QUEUES].num > 1)
		flags |= IFF_MULTI_QUEUE;
	if (has_backpressure(c))
		flags |= IFF_BACKPRESSURE;
	return (uint16_t)flags;
}

static int open_queues(struct device *d, const struct cell *c)
{
	bool macvtap = backend_of(c)->macvtap;
	int ret = 0;

	for (d->queues = 0; d->queues < c->at[AXIS_QUEUES].num && !ret; ) {
		int *fd = &d->fds[d->queues];

		ret = macvtap ? macvtap_open(DEVICE_IFNAME, flags_of(c), fd)
			      : tun_open(DEVICE_IFNAME, flags_of(c), fd);
		if (!ret)
			d->queues++;
	}
	return ret;
}

/* A macvtap cannot have a larger mtu than what it stands on. */
static int set_up(struct nl *nl, const struct cell *c)
{
	const char *const links[] = { LOWER, PEER, DEVICE_IFNAME };
	int ret = 0;

	for (size_t i = 0; i < ARRAY_SIZE(links) && !ret; i++) {
		if (!link_exists(links[i]))
			continue;
		ret = link_set_mtu(nl, links[i], (uint32_t)c->at[AXIS_MTU].num);
		if (!ret)
			ret = link_set_up(nl, links[i]);
	}
	return ret;
}

int device_up(struct device *d, struct nl *nl, const struct cell *c)
{
	int ret = 0;

	device_init(d);
	if (backend_of(c)->macvtap)
		ret = macvtap_make(nl, DEVICE_IFNAME, LOWER, PEER);
	if (!ret)
		ret = open_queues(d, c);
	if (!ret)
		ret = set_up(nl, c);
	if (ret) {
		_cleanup_(freep) char *why = str_dup(err_text());

		device_down(d, nl);
		err_restore(why);
	}
	return ret;
}

/* txqueuelen first: limits of the qdisc are taken from it. */
int device_set(struct nl *nl, const struct cell *c)
{
	const char *link = device_sends_at(c);
	int ret = link_set_txqueuelen(nl, DEVICE_IFNAME, (uint32_t)c->at[AXIS_TXQUEUELEN].num);

	if (!ret)
		ret = offload_set(link, c->at[AXIS_OFFLOADS].word);
	if (!ret)
		ret = qdisc_set_queues(nl, link, (int)c->at[AXIS_QUEUES].num, c->at[AXIS_QDISC].word);
	if (!ret && !str_eq(c->at[AXIS_SHAPER].word, "none"))
		ret = shaper_set(link, c->at[AXIS_SHAPER].word, c->at[AXIS_SHAPER_MBIT].num);
	return ret;
}

void device_let_go(struct device *d)
{
	for (int i = 0; i < VM_QUEUES; i++) {
		closep(&d->fds[i]);
		d->fds[i] = -1;
	}
}

void device_down(struct device *d, struct nl *nl)
{
	const char *first = link_exists(LOWER) ? LOWER : DEVICE_IFNAME;

	device_let_go(d);
	if (link_exists(first) && link_delete(nl, first) && link_exists(first))
		log_warn("%s, ignoring", err_text());
}
