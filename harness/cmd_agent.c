// SPDX-License-Identifier: GPL-2.0-only
/* cmd_agent.c - tapbed agent: on the host under test */
#include <stdio.h>
#include <string.h>

#include "cmd.h"
#include "lab/agent.h"
#include "lib/cleanup.h"
#include "lib/err.h"
#include "lib/log.h"
#include "plan/verdict.h"

/* Where the runner has put things; see build/kit.h and vm-images/init.c. */
static const struct agent_config places = {
	.kernel = "/kit/guest/kernel",
	.initrd = "/kit/guest/initrd",
	.image = "/dev/vdc",
	.root = "/run/tapbed",
	.console = "/run/tapbed/guest-console.log",
};

int cmd_agent(int argc, char **argv)
{
	_cleanup_(closep) int fd = -1;

	if (argc != 3 || strcmp(argv[1], "--port")) {
		fputs("usage: tapbed agent --port NAME\n"
		      "The part of tapbed on the host under test: serves the virtio-serial port NAME.\n",
		      argc == 2 ? stdout : stderr);
		return argc == 2 && !strcmp(argv[1], "--help") ? EXIT_PASS : EXIT_USAGE;
	}
	fd = agent_port(argv[2]);
	if (fd < 0 || agent_serve(fd, &places)) {
		log_error("agent: %s", err_text());
		return EXIT_BROKEN;
	}
	return EXIT_PASS;
}
