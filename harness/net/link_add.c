// SPDX-License-Identifier: GPL-2.0-only
/* link_add.c - links that are made by rtnetlink, and made quiet */
#include <errno.h>
#include <linux/if_link.h>
#include <linux/veth.h>
#include <net/if.h>

#include "lib/err.h"
#include "net/link.h"

void link_msg_quiet(struct nl_msg *m, int index, bool no_ipv6)
{
	struct ifinfomsg *ifi = nl_msg_init(m, RTM_NEWLINK, 0, sizeof(*ifi));
	struct nlattr *spec, *inet6;

	ifi->ifi_index = index;
	ifi->ifi_change = IFF_NOARP;
	ifi->ifi_flags = IFF_NOARP;
	if (!no_ipv6)
		return;
	spec = mnl_attr_nest_start(&m->h, IFLA_AF_SPEC);
	inet6 = mnl_attr_nest_start(&m->h, AF_INET6);
	mnl_attr_put_u8(&m->h, IFLA_INET6_ADDR_GEN_MODE, IN6_ADDR_GEN_MODE_NONE);
	mnl_attr_nest_end(&m->h, inet6);
	mnl_attr_nest_end(&m->h, spec);
}

static struct nlattr *begin_new(struct nl_msg *m, const char *ifname, int lower, const char *kind,
				struct nlattr **ret_info)
{
	nl_msg_init(m, RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL, sizeof(struct ifinfomsg));
	mnl_attr_put_strz(&m->h, IFLA_IFNAME, ifname);
	if (lower)
		mnl_attr_put_u32(&m->h, IFLA_LINK, (uint32_t)lower);
	*ret_info = mnl_attr_nest_start(&m->h, IFLA_LINKINFO);
	mnl_attr_put_str(&m->h, IFLA_INFO_KIND, kind);
	return mnl_attr_nest_start(&m->h, IFLA_INFO_DATA);
}

static void end_new(struct nl_msg *m, struct nlattr *info, struct nlattr *data)
{
	mnl_attr_nest_end(&m->h, data);
	mnl_attr_nest_end(&m->h, info);
}

void link_msg_veth(struct nl_msg *m, const char *ifname, const char *peer)
{
	struct nlattr *info, *other;
	struct nlattr *data = begin_new(m, ifname, 0, "veth", &info);

	other = mnl_attr_nest_start(&m->h, VETH_INFO_PEER);
	mnl_nlmsg_put_extra_header(&m->h, sizeof(struct ifinfomsg));
	mnl_attr_put_strz(&m->h, IFLA_IFNAME, peer);
	mnl_attr_nest_end(&m->h, other);
	end_new(m, info, data);
}

void link_msg_macvtap(struct nl_msg *m, const char *ifname, int lower)
{
	struct nlattr *info;
	struct nlattr *data = begin_new(m, ifname, lower, "macvtap", &info);

	mnl_attr_put_u32(&m->h, IFLA_MACVLAN_MODE, MACVLAN_MODE_PASSTHRU);
	end_new(m, info, data);
}

int link_set_quiet(struct nl *nl, const char *ifname)
{
	int index = link_index(ifname);
	struct nl_msg m;
	int ret;

	if (index < 0)
		return index;
	link_msg_quiet(&m, index, true);
	ret = nl_ask(nl, &m, NULL, NULL);
	if (ret == -EAFNOSUPPORT) {
		link_msg_quiet(&m, index, false);
		ret = nl_ask(nl, &m, NULL, NULL);
	}
	return ret ? err_wrap(ret, "link %s: set noarp and no IPv6", ifname) : 0;
}

int link_add_veth(struct nl *nl, const char *ifname, const char *peer)
{
	struct nl_msg m;
	int ret;

	link_msg_veth(&m, ifname, peer);
	ret = nl_ask(nl, &m, NULL, NULL);
	return ret ? err_wrap(ret, "link %s: make veth with peer %s", ifname, peer) : 0;
}

int link_add_macvtap(struct nl *nl, const char *ifname, const char *lower)
{
	int index = link_index(lower);
	struct nl_msg m;
	int ret;

	if (index < 0)
		return index;
	link_msg_macvtap(&m, ifname, index);
	ret = nl_ask(nl, &m, NULL, NULL);
	return ret ? err_wrap(ret, "link %s: make macvtap on %s", ifname, lower) : 0;
}

void link_msg_bridge(struct nl_msg *m, const char *ifname)
{
	struct nlattr *info;
	struct nlattr *data = begin_new(m, ifname, 0, "bridge", &info);

	end_new(m, info, data);
}

int link_add_bridge(struct nl *nl, const char *ifname)
{
	struct nl_msg m;
	int ret;

	link_msg_bridge(&m, ifname);
	ret = nl_ask(nl, &m, NULL, NULL);
	return ret ? err_wrap(ret, "link %s: make bridge (modprobe bridge)", ifname) : 0;
}

int link_set_master(struct nl *nl, const char *ifname, const char *bridge)
{
	int index = link_index(ifname), master = link_index(bridge);
	struct nl_msg m;
	int ret;

	if (index < 0 || master < 0)
		return index < 0 ? index : master;
	link_msg_set(&m, index, IFLA_MASTER, (uint32_t)master);
	ret = nl_ask(nl, &m, NULL, NULL);
	return ret ? err_wrap(ret, "link %s: make it a port of %s", ifname, bridge) : 0;
}

int link_set_netns(struct nl *nl, const char *ifname, int fd)
{
	int index = link_index(ifname);
	struct nl_msg m;
	int ret;

	if (index < 0)
		return index;
	link_msg_set(&m, index, IFLA_NET_NS_FD, (uint32_t)fd);
	ret = nl_ask(nl, &m, NULL, NULL);
	return ret ? err_wrap(ret, "link %s: move to another network namespace", ifname) : 0;
}
