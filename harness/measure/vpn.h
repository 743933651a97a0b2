/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * vpn.h - the probe vpn: a daemon reads a TUN, and TCP goes through it
 *
 *	near namespace                                        far namespace
 *	iperf3 -c --> vpn0 (TUN, txqueuelen, qdisc)           vpn1 (TUN) --> iperf3 -s
 *	                 |                                      ^
 *	              daemon --> path0 ======= veth ======= path1 --> daemon
 *	                         netem, half of the delay   netem, half of the delay
 *
 * What the ring of vpn0 drops is what a user of that VPN loses. Nothing is taken over by the
 * kernel: wireguard-go is the one in userspace, and OpenVPN runs without its kernel module. Keys
 * are made for each sample. Both namespaces are new for each sample and go with it.
 */
#ifndef MEASURE_VPN_H
#define MEASURE_VPN_H

#include "measure/probe.h"

/** vpn_run() - the row's function; see probe_run(). Needs @a->traffic and @a->cell. */
int vpn_run(const struct probe_args *a, struct probe_result *r);

#endif
