// SPDX-License-Identifier: GPL-2.0-only
/* path_begin.c - what is measured where a path begins; sockets stay in the namespace that they were opened in */
#include <errno.h>

#include "lab/path.h"
#include "lib/cleanup.h"
#include "lib/err.h"
#include "lib/fs.h"
#include "lib/str.h"
#include "measure/ping.h"
#include "net/netns.h"

static int idle_once(const struct path *p, const char *address, double *ret_us)
{
	int back = -1;
	int err = path_enter(p, &back);

	if (!err)
		err = ping_idle(address, ret_us);
	netns_leave(&back);
	return err;
}

/* The label is the round trip that is measured, so what the guest itself takes is subtracted. */
int path_idle(struct path *p, const char *address, double *ret_us)
{
	for (int i = 0; i < DELAY_TRIES; i++) {
		int err = idle_once(p, address, ret_us);

		if (!err)
			err = path_tune(p, *ret_us / 1e6);
		if (err <= 0)
			return err;
	}
	return err_say(ERANGE, "delay_ms %.0f: the round trip is %.1f ms, and netem does not bring it nearer",
		       p->delay.label_s * 1e3, *ret_us / 1e3);
}

int path_snmp(const struct path *p, char **ret)
{
	_cleanup_(freep) char *snmp = NULL, *netstat = NULL;
	int back = -1;
	int err = path_enter(p, &back);

	if (!err)
		err = fs_read("/proc/thread-self/net/snmp", &snmp, NULL);
	if (!err)
		err = fs_read("/proc/thread-self/net/netstat", &netstat, NULL);
	netns_leave(&back);
	if (!err)
		*ret = str_fmt("%s%s", snmp, netstat);
	return err;
}
