/* SPDX-License-Identifier: GPL-2.0-only */
/* namespaces.h - a test in namespaces of its own, where it is root and nothing of the machine is changed */
#ifndef TESTS_NAMESPACES_H
#define TESTS_NAMESPACES_H

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <string.h>
#include <unistd.h>

#include "lib/cleanup.h"
#include "lib/err.h"
#include "lib/str.h"

static inline int namespaces_write(const char *path, const char *text)
{
	_cleanup_(closep) int fd = open(path, O_WRONLY | O_CLOEXEC);

	return fd < 0 || write(fd, text, strlen(text)) < 0 ? err_set(errno, "%s", path) : 0;
}

/*
 * Programs that we start keep their rights only if our user is root in the namespace. @more:
 * CLONE_NEWNS, for a sysfs that shows the devices of the network namespace, or mounts of our own.
 */
static inline int namespaces_enter(int more)
{
	_cleanup_(freep) char *map = str_fmt("0 %u 1", geteuid());

	if (unshare(CLONE_NEWUSER | CLONE_NEWNET | more))
		return err_set(errno, "no namespaces of our own");
	return namespaces_write("/proc/self/uid_map", map);
}

#endif
