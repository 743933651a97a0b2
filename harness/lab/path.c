// SPDX-License-Identifier: GPL-2.0-only
/* path.c - the way from who makes the traffic to the device */
#include "lab/path.h"

#include <stdlib.h>
#include <unistd.h>

#include "lib/cleanup.h"
#include "lib/err.h"
#include "lib/log.h"
#include "lib/str.h"
#include "net/link.h"
#include "net/netns.h"
#include "net/qdisc.h"

#define CIDR   PATH_ADDR "/24"
#define NEAR   "way0"
#define FAR    "way1"
#define BRIDGE "br0"

void path_init(struct path *p)
{
	*p = (struct path){ .ns = -1 };
}

static int set_far(struct path *p, struct nl *nl)
{
	int ret = link_set_mtu(nl, FAR, p->mtu);

	if (!ret)
		ret = link_add_addr(nl, FAR, CIDR);
	return ret ? ret : link_set_up(nl, FAR);
}

static int delay_far(struct path *p, struct nl *nl)
{
	return qdisc_set_netem(nl, FAR, p->delay.delay_s / 2);
}

/* What is done in the sender's namespace, through a socket of it. */
static int at_far(struct path *p, int (*what)(struct path *p, struct nl *nl))
{
	struct nl nl = { 0 };
	int back = -1;
	int ret = netns_enter(p->ns, &back);

	if (ret)
		return ret;
	ret = nl_open(&nl);
	if (!ret)
		ret = what(p, &nl);
	nl_close(&nl);
	netns_leave(&back);
	return ret;
}

static int set_netems(struct path *p)
{
	int ret = qdisc_set_netem(p->nl, NEAR, p->delay.delay_s / 2);

	return ret ? ret : at_far(p, delay_far);
}

static int make_bridge(struct path *p)
{
	const char *const ports[] = { NEAR, p->link };
	int ret = link_add_bridge(p->nl, BRIDGE);

	if (!ret)
		ret = link_set_quiet(p->nl, BRIDGE);
	if (!ret)
		ret = link_set_mtu(p->nl, NEAR, p->mtu);
	if (!ret)
		ret = link_set_up(p->nl, BRIDGE);
	for (size_t i = 0; i < ARRAY_SIZE(ports) && !ret; i++) {
		ret = link_set_master(p->nl, ports[i], BRIDGE);
		if (!ret)
			ret = link_set_up(p->nl, ports[i]);
	}
	return ret;
}

static int make_way(struct path *p)
{
	int ret = netns_new(&p->ns);

	if (ret)
		return ret;
	p->ns_path = str_fmt("/proc/%d/fd/%d", (int)getpid(), p->ns);
	ret = link_add_veth(p->nl, NEAR, FAR);
	if (!ret)
		ret = link_set_netns(p->nl, FAR, p->ns);
	if (!ret)
		ret = make_bridge(p);
	if (!ret)
		ret = at_far(p, set_far);
	return ret ? ret : set_netems(p);
}

int path_up(struct path *p, struct nl *nl, const char *link, double label_s, unsigned int mtu)
{
	int ret;

	path_init(p);
	p->nl = nl;
	p->link = link;
	p->mtu = mtu;
	p->delay = delay_of(label_s);
	ret = label_s > 0 ? make_way(p) : link_add_addr(nl, link, CIDR);
	if (ret) {
		_cleanup_(freep) char *why = str_dup(err_text());

		path_down(p);
		err_restore(why);
	}
	return ret ? err_wrap(ret, "path") : 0;
}

static void remove_link(struct path *p, const char *ifname)
{
	if (link_exists(ifname) && link_delete(p->nl, ifname))
		log_warn("%s, ignoring", err_text());
}

/* The device may have gone with the guest, and the address with it. */
void path_down(struct path *p)
{
	if (!p->nl)
		return;
	if (p->delay.label_s > 0) {
		remove_link(p, NEAR);
		remove_link(p, BRIDGE);
	} else if (link_exists(p->link)) {
		(void)link_remove_addr(p->nl, p->link, CIDR);
	}
	closep(&p->ns);
	free(p->ns_path);
	path_init(p);
}

int path_enter(const struct path *p, int *ret_back)
{
	*ret_back = -1;
	return p->ns < 0 ? 0 : netns_enter(p->ns, ret_back);
}

int path_tune(struct path *p, double rtt_s)
{
	int ret = delay_correct(&p->delay, rtt_s);

	if (ret <= 0)
		return ret;
	ret = set_netems(p);
	return ret ? ret : 1;
}
