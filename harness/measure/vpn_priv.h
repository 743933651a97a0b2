/* SPDX-License-Identifier: GPL-2.0-only */
/* vpn_priv.h - what vpn.c shares with the daemons */
#ifndef MEASURE_VPN_PRIV_H
#define MEASURE_VPN_PRIV_H

#include <sys/types.h>

#include "lib/str.h"
#include "measure/delay.h"
#include "measure/vpn.h"

enum vpn_side { VPN_NEAR, VPN_FAR, VPN_SIDES };

/**
 * struct vpn_end - one end
 * @link:   its TUN
 * @path:   its end of the veth pair
 * @outer:  its address there
 * @inner:  its address in the tunnel
 * @ns:     its namespace, or -1
 * @nl:     rtnetlink there
 * @daemon: pid, 0 while there is none
 */
struct vpn_end {
	const char *link, *path, *outer, *inner;
	int ns;
	struct nl nl;
	pid_t daemon;
};

struct vpn_daemon;

/**
 * struct vpn - a tunnel
 * @delay:    of the path below
 * @idle_us:  round trip through it before there is traffic
 * @dir:      folder for keys and logs, removed with it
 * @far_snmp: /proc/net/snmp of the far end as it was read last, or NULL
 * @commands: what was run, a line each, to be done again by hand
 */
struct vpn {
	const struct probe_args *a;
	const struct vpn_daemon *daemon;
	struct vpn_end end[VPN_SIDES];
	struct delay delay;
	double idle_us;
	char *dir;
	char *far_snmp;
	struct strbuf commands;
};

/**
 * struct vpn_daemon - a row: a daemon that can be run
 * @name:     as axis vpn has it
 * @programs: what has to be in PATH, NULL-terminated
 * @mtu:      of the TUN
 * @keys:     write what both ends need into the folder; NULL: nothing
 * @command:  the command line that runs in the foreground and makes the TUN
 * @begin:    called once the TUN is there; NULL: nothing to do
 * Both return 0 or -errno; all run in the namespace of the end.
 */
struct vpn_daemon {
	const char *name;
	const char *programs[5];
	unsigned int mtu;
	int (*keys)(struct vpn *v);
	void (*command)(const struct vpn *v, enum vpn_side s, struct strv *argv);
	int (*begin)(struct vpn *v, enum vpn_side s);
};

extern const struct vpn_daemon vpn_wireguard, vpn_openvpn;

/** vpn_axis() - Return: the cell's value. */
long vpn_axis(const struct vpn *v, enum axis a);

/** vpn_at_end() - do something in the namespace of an end, and come back. Return: what it returns, or -errno. */
int vpn_at_end(struct vpn *v, enum vpn_side s, int (*fn)(struct vpn *v, enum vpn_side s));

/** vpn_path_up() - a step: the path, which goes with its namespaces. */
int vpn_path_up(void *arg);

/** vpn_path_idle() - a step: measure the round trip through the tunnel, and make it the label. */
int vpn_path_idle(void *arg);

/** vpn_exec() - run a short command to its end. @input, @ret_out: may be NULL. Return: 0 or -errno. */
int vpn_exec(const struct strv *argv, const char *input, char **ret_out);

/** vpn_write() - write a file into the tunnel's folder, readable by us alone. Return: 0 or -errno. */
int vpn_write(const struct vpn *v, const char *name, const char *text);

/**
 * vpn_wait_for() - wait until the daemon of an end has made something; nothing tells of it
 * @name:  a link or a file
 * @holds: whether it is there
 * Return: 0; -ECONNABORTED when the daemon has ended; -ETIMEDOUT; -EINTR.
 */
int vpn_wait_for(const struct vpn *v, enum vpn_side s, const char *name, bool (*holds)(const char *name));

#endif
