// SPDX-License-Identifier: GPL-2.0-only
/* server.c - iperf3's server in the guest: is it ready for a test? */
#include "lab/server.h"

#include <errno.h>

#include "lab/listen.h"
#include "lib/cleanup.h"
#include "lib/err.h"
#include "lib/stop.h"
#include "lib/str.h"

#define WAIT_S 20

static int find_listener(struct vm *guest, unsigned int port, unsigned long *ret)
{
	static const char *const files[] = { "/proc/net/tcp6", "/proc/net/tcp" };

	*ret = 0;
	for (size_t i = 0; i < ARRAY_SIZE(files) && !*ret; i++) {
		_cleanup_(freep) char *text = NULL;
		int err = vm_agent_read_file(guest, files[i], &text);

		if (err)
			return err;
		*ret = listen_find(text, port);
	}
	return 0;
}

/* Nothing tells us of the event, so ask less and less often. */
int server_wait(struct vm *guest, unsigned int port, unsigned long *used)
{
	double deadline = time_now() + WAIT_S;
	unsigned long listener;
	int ret;

	for (double pause = 0.02;; pause = pause < 0.5 ? pause * 2 : 0.5) {
		ret = find_listener(guest, port, &listener);
		if (ret)
			return ret;
		if (listener && listener != *used) {
			*used = listener;
			return 0;
		}
		if (time_now() > deadline)
			return err_say(ETIMEDOUT, "no new iperf3 server listens on port %u of the guest", port);
		ret = stop_wait(-1, time_now() + pause);
		if (ret < 0)
			return ret;
	}
}
