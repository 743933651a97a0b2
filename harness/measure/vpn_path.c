// SPDX-License-Identifier: GPL-2.0-only
/* vpn_path.c - the path below a tunnel: a veth, and a delay that makes the round trip through the tunnel its label */
#include <errno.h>

#include "lib/cleanup.h"
#include "lib/err.h"
#include "measure/ping.h"
#include "measure/vpn_priv.h"
#include "net/link.h"
#include "net/qdisc.h"

static int set_netem(struct vpn *v, enum vpn_side s)
{
	struct vpn_end *e = &v->end[s];

	return v->delay.delay_s > 0 ? qdisc_set_netem(&e->nl, e->path, v->delay.delay_s / 2) : 0;
}

static int path_end(struct vpn *v, enum vpn_side s)
{
	_cleanup_(freep) char *cidr = str_fmt("%s/24", v->end[s].outer);
	struct vpn_end *e = &v->end[s];
	int err = link_add_addr(&e->nl, e->path, cidr);

	if (!err)
		err = link_set_up(&e->nl, e->path);
	return err ? err : set_netem(v, s);
}

static int make_pair(struct vpn *v, enum vpn_side s)
{
	struct vpn_end *near = &v->end[s], *far = &v->end[!s];
	int err = link_add_veth(&near->nl, near->path, far->path);

	return err ? err : link_set_netns(&near->nl, far->path, far->ns);
}

/* It goes with its namespaces. */
int vpn_path_up(void *arg)
{
	struct vpn *v = arg;
	int err = vpn_at_end(v, VPN_NEAR, make_pair);

	v->delay = delay_of((double)vpn_axis(v, AXIS_DELAY_MS) / 1e3);
	for (enum vpn_side s = 0; s < VPN_SIDES && !err; s++)
		err = vpn_at_end(v, s, path_end);
	return err;
}

static int idle_once(struct vpn *v, enum vpn_side s)
{
	return ping_idle(v->end[!s].inner, &v->idle_us);
}

static int set_netems(struct vpn *v)
{
	int err = 0;

	for (enum vpn_side s = 0; s < VPN_SIDES && !err; s++)
		err = vpn_at_end(v, s, set_netem);
	return err;
}

/** correct_once() - Return: 0: the round trip is the label; 1: not yet; -ERANGE: it takes longer without any delay; other -errno. */
static int correct_once(struct vpn *v)
{
	int ret = vpn_at_end(v, VPN_NEAR, idle_once);

	if (!ret)
		ret = delay_correct(&v->delay, v->idle_us / 1e6);
	if (ret <= 0)
		return ret;
	ret = set_netems(v);
	return ret ? ret : 1;
}

/*
 * The label is the round trip that a connection through the tunnel sees: what the daemons take is
 * subtracted. They are two processes and share the machine: that once it took too long proves nothing.
 */
int vpn_path_idle(void *arg)
{
	struct vpn *v = arg;
	int ret = 1;

	for (int i = 0; i < DELAY_TRIES && (ret > 0 || ret == -ERANGE); i++)
		ret = correct_once(v);
	if (ret <= 0)
		return ret;
	return err_say(ERANGE, "delay_ms %.0f: the round trip through the tunnel is %.1f ms, and netem does not bring it nearer",
		       v->delay.label_s * 1e3, v->idle_us / 1e3);
}
