/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * shaper.h - a link with a rate, and a class of packets that goes first
 *
 *	ret = shaper_set("tap0", "htb", 20);
 *
 *	tbf	one bucket, below it prio: what has SHAPER_TOS goes before the rest
 *	htb	two classes, each with half of the rate for sure and all of it at most; SHAPER_TOS goes first
 *
 * Below each class is fq_codel, whatever the length of the link's queue. It replaces the root
 * qdisc; qdisc_set() replaces it again.
 */
#ifndef NET_SHAPER_H
#define NET_SHAPER_H

/** SHAPER_TOS - what goes first: low delay (RFC 1349) */
#define SHAPER_TOS 0x10

/** shaper_set() - shape a link to @mbit Mbit/s. Return: 0; -EINVAL for a @kind that is none; -EPROTO with what tc said. */
int shaper_set(const char *ifname, const char *kind, long mbit);

/** shaper_batch() - the commands, a line each, as tc -batch takes them; pure. Return: to be freed; NULL for a @kind that is none. */
char *shaper_batch(const char *ifname, const char *kind, long mbit);

#endif
