/* SPDX-License-Identifier: GPL-2.0-only */
/* offload.h - what the host's stack may leave to a link, as ethtool -K sets it */
#ifndef NET_OFFLOAD_H
#define NET_OFFLOAD_H

#include <stddef.h>

/**
 * struct offload_def - one row
 * @name: as offload_set() takes it
 * @help: one line for people
 */
struct offload_def {
	const char *name;
	const char *help;
};

/** offload_table() - Return: the rows; *@ret_n how many. */
const struct offload_def *offload_table(size_t *ret_n);

/**
 * offload_set() - let a link have all offloads that its owner allows, but some
 * @name: "on" all of them; "tso-off" packets of many segments are cut before the driver;
 *        "gso-off" TCP makes none; "csum-off" checksums are the host's, which excludes TSO
 * Return: 0 or -errno.
 */
int offload_set(const char *ifname, const char *name);

#endif
