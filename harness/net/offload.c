// SPDX-License-Identifier: GPL-2.0-only
/* offload.c - what the host's stack may leave to a link, as ethtool -K sets it */
#include "net/offload.h"

#include <errno.h>
#include <linux/ethtool.h>
#include <linux/sockios.h>
#include <net/if.h>
#include <stdbool.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include "lib/cleanup.h"
#include "lib/err.h"
#include "lib/str.h"

/* What is set, in the order of the needs: TSO needs checksums. */
static const struct { const char *name; unsigned int cmd; } features[] = {
	{ "tx checksums", ETHTOOL_STXCSUM },
	{ "TSO",          ETHTOOL_STSO },
	{ "GSO",          ETHTOOL_SGSO },
};

enum { CSUM, TSO, GSO };
_Static_assert(ARRAY_SIZE(features) == GSO + 1, "a name for each");

static const struct offload_def table[] = {
	{ "on",       "all that the reader allows" },
	{ "gso-off",  "TCP makes packets of one segment" },
	{ "tso-off",  "packets of many segments are cut before they reach the ring" },
	{ "csum-off", "checksums are made before the ring, and segments too" },
};

/* What each row takes away. Without GSO TCP would still make large packets for TSO. */
static const bool is_off[ARRAY_SIZE(table)][ARRAY_SIZE(features)] = {
	[1] = { [GSO] = true, [TSO] = true },
	[2] = { [TSO] = true },
	[3] = { [CSUM] = true, [TSO] = true },
};

const struct offload_def *offload_table(size_t *ret_n)
{
	*ret_n = ARRAY_SIZE(table);
	return table;
}

static int set_one(int fd, const char *ifname, size_t feature, bool on)
{
	struct ethtool_value value = { .cmd = features[feature].cmd, .data = on };
	struct ifreq ifr = { .ifr_data = (void *)&value };

	snprintf(ifr.ifr_name, sizeof(ifr.ifr_name), "%s", ifname);
	if (ioctl(fd, SIOCETHTOOL, &ifr))
		return err_set(errno, "link %s: set %s %s", ifname, features[feature].name, on ? "on" : "off");
	return 0;
}

int offload_set(const char *ifname, const char *name)
{
	_cleanup_(closep) int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	size_t row = 0;
	int err = 0;

	while (row < ARRAY_SIZE(table) && !str_eq(table[row].name, name))
		row++;
	if (row == ARRAY_SIZE(table))
		return err_say(EINVAL, "link %s: no offloads are called '%s'", ifname, name);
	if (fd < 0)
		return err_set(errno, "socket for ethtool");
	for (size_t f = 0; f < ARRAY_SIZE(features) && !err; f++)
		err = set_one(fd, ifname, f, !is_off[row][f]);
	return err;
}
