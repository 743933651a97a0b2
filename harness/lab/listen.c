// SPDX-License-Identifier: GPL-2.0-only
/* listen.c - whether somebody listens on a port, from the text of /proc/net/tcp or tcp6 */
#include "lab/listen.h"

#include <stdio.h>
#include <string.h>

#define STATE_LISTEN 0x0a

unsigned long listen_find(const char *text, unsigned int port)
{
	for (const char *l = text; l && *l; l = strchr(l, '\n'), l = l ? l + 1 : NULL) {
		unsigned int local, state;
		unsigned long inode;

		/* sl local_address rem_address st tx:rx tr:tm->when retrnsmt uid timeout inode */
		if (sscanf(l, " %*d: %*[0-9A-F]:%x %*[0-9A-F]:%*x %x %*x:%*x %*x:%*x %*x %*u %*d %lu",
			   &local, &state, &inode) == 3 && local == port && state == STATE_LISTEN)
			return inode;
	}
	return 0;
}
