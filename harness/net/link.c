// SPDX-License-Identifier: GPL-2.0-only
/* link.c - devices of this network namespace, through rtnetlink */
#include "net/link.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/if_addr.h>
#include <linux/if_link.h>
#include <net/if.h>
#include <stdio.h>
#include <string.h>

#include "lib/err.h"

int link_index(const char *ifname)
{
	unsigned int index = if_nametoindex(ifname);

	return index ? (int)index : err_set(errno, "link %s", ifname);
}

bool link_exists(const char *ifname)
{
	return if_nametoindex(ifname) != 0;
}

static struct ifinfomsg *msg_link(struct nl_msg *m, uint16_t type, int index)
{
	struct ifinfomsg *ifi = nl_msg_init(m, type, 0, sizeof(*ifi));

	ifi->ifi_family = AF_UNSPEC;
	ifi->ifi_index = index;
	return ifi;
}

void link_msg_get(struct nl_msg *m, int index)
{
	msg_link(m, RTM_GETLINK, index);
}

void link_msg_set(struct nl_msg *m, int index, uint16_t attr, uint32_t value)
{
	msg_link(m, RTM_NEWLINK, index);
	mnl_attr_put_u32(&m->h, attr, value);
}

void link_msg_up(struct nl_msg *m, int index, bool is_up)
{
	struct ifinfomsg *ifi = msg_link(m, RTM_NEWLINK, index);

	ifi->ifi_change = IFF_UP;
	ifi->ifi_flags = is_up ? IFF_UP : 0;
}

void link_msg_delete(struct nl_msg *m, int index)
{
	msg_link(m, RTM_DELLINK, index);
}

int link_msg_addr(struct nl_msg *m, int index, const char *cidr)
{
	char dotted[INET_ADDRSTRLEN], extra;
	struct ifaddrmsg *ifa;
	struct in_addr addr;
	unsigned int len;

	if (sscanf(cidr, "%15[0-9.]/%2u%c", dotted, &len, &extra) != 2 || len > 32 ||
	    inet_pton(AF_INET, dotted, &addr) != 1)
		return err_say(EINVAL, "'%s' is no IPv4 address with a prefix length such as 10.1.0.1/24", cidr);
	ifa = nl_msg_init(m, RTM_NEWADDR, NLM_F_CREATE | NLM_F_REPLACE, sizeof(*ifa));
	ifa->ifa_family = AF_INET;
	ifa->ifa_prefixlen = (uint8_t)len;
	ifa->ifa_index = (uint32_t)index;
	mnl_attr_put_u32(&m->h, IFA_LOCAL, addr.s_addr);
	mnl_attr_put_u32(&m->h, IFA_ADDRESS, addr.s_addr);
	return 0;
}

static int ask(struct nl *nl, struct nl_msg *m, const char *ifname, const char *what)
{
	int ret = nl_ask(nl, m, NULL, NULL);

	return ret < 0 ? err_wrap(ret, "link %s: %s", ifname, what) : 0;
}

static int set_u32(struct nl *nl, const char *ifname, uint16_t attr, const char *name,
		   uint32_t value)
{
	int index = link_index(ifname);
	struct nl_msg m;
	int ret;

	if (index < 0)
		return index;
	link_msg_set(&m, index, attr, value);
	ret = nl_ask(nl, &m, NULL, NULL);
	return ret < 0 ? err_wrap(ret, "link %s: set %s %u", ifname, name, value) : 0;
}

int link_set_txqueuelen(struct nl *nl, const char *ifname, uint32_t packets)
{
	return set_u32(nl, ifname, IFLA_TXQLEN, "txqueuelen", packets);
}

int link_set_mtu(struct nl *nl, const char *ifname, uint32_t bytes)
{
	return set_u32(nl, ifname, IFLA_MTU, "mtu", bytes);
}

int link_set_netns(struct nl *nl, const char *ifname, int fd)
{
	return set_u32(nl, ifname, IFLA_NET_NS_FD, "namespace of descriptor", (uint32_t)fd);
}

static int set_up(struct nl *nl, const char *ifname, bool is_up)
{
	int index = link_index(ifname);
	struct nl_msg m;

	if (index < 0)
		return index;
	link_msg_up(&m, index, is_up);
	return ask(nl, &m, ifname, is_up ? "set up" : "set down");
}

int link_set_up(struct nl *nl, const char *ifname)
{
	return set_up(nl, ifname, true);
}

int link_set_down(struct nl *nl, const char *ifname)
{
	return set_up(nl, ifname, false);
}

int link_add_addr(struct nl *nl, const char *ifname, const char *cidr)
{
	int index = link_index(ifname);
	struct nl_msg m;
	int ret;

	if (index < 0)
		return index;
	ret = link_msg_addr(&m, index, cidr);
	if (!ret)
		ret = nl_ask(nl, &m, NULL, NULL);
	return ret < 0 ? err_wrap(ret, "link %s: add address %s", ifname, cidr) : 0;
}

int link_delete(struct nl *nl, const char *ifname)
{
	int index = link_index(ifname);
	struct nl_msg m;

	if (index < 0)
		return index;
	link_msg_delete(&m, index);
	return ask(nl, &m, ifname, "delete");
}

static void read_stats(const struct nlattr *a, struct link_state *s)
{
	struct rtnl_link_stats64 st = { 0 };
	size_t len = mnl_attr_get_payload_len(a);

	/* The kernel's struct has grown at its end over the years. */
	memcpy(&st, mnl_attr_get_payload(a), len < sizeof(st) ? len : sizeof(st));
	s->tx_packets = st.tx_packets;
	s->tx_dropped = st.tx_dropped;
	s->rx_packets = st.rx_packets;
	s->rx_dropped = st.rx_dropped;
}

static void read_link(const struct nlmsghdr *h, void *arg)
{
	const struct ifinfomsg *ifi = mnl_nlmsg_get_payload(h);
	struct link_state *s = arg;
	const struct nlattr *a;

	s->index = ifi->ifi_index;
	s->is_up = ifi->ifi_flags & IFF_UP;
	mnl_attr_for_each(a, h, sizeof(*ifi)) {
		if (mnl_attr_get_type(a) == IFLA_TXQLEN)
			s->txqueuelen = mnl_attr_get_u32(a);
		else if (mnl_attr_get_type(a) == IFLA_MTU)
			s->mtu = mnl_attr_get_u32(a);
		else if (mnl_attr_get_type(a) == IFLA_STATS64)
			read_stats(a, s);
	}
}

int link_read(struct nl *nl, const char *ifname, struct link_state *ret)
{
	struct link_state s = { 0 };
	int index = link_index(ifname);
	struct nl_msg m;
	int err;

	if (index < 0)
		return index;
	link_msg_get(&m, index);
	err = nl_ask(nl, &m, read_link, &s);
	if (err)
		return err_wrap(err, "link %s: read", ifname);
	*ret = s;
	return 0;
}
