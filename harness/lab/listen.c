// SPDX-License-Identifier: GPL-2.0-only
/* listen.c - whether somebody listens on a port, from the text of /proc/net/tcp or tcp6 */
#include "lab/listen.h"

#include <stdio.h>
#include <string.h>

#define STATE_LISTEN 0x0a

bool listen_find(const char *text, unsigned int port)
{
	for (const char *l = text; l && *l; l = strchr(l, '\n'), l = l ? l + 1 : NULL) {
		unsigned int local, state;

		if (sscanf(l, " %*d: %*[0-9A-F]:%x %*[0-9A-F]:%*x %x", &local, &state) == 2 &&
		    local == port && state == STATE_LISTEN)
			return true;
	}
	return false;
}
