// SPDX-License-Identifier: GPL-2.0-only
/* netns.c - network namespaces without a name, and this thread in one of them for a while */
#include "net/netns.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <string.h>
#include <unistd.h>

#include "lib/cleanup.h"
#include "lib/err.h"
#include "lib/log.h"

static int open_ours(void)
{
	int fd = open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC);

	return fd < 0 ? err_set(errno, "/proc/thread-self/ns/net: open") : fd;
}

int netns_new(int *ret_fd)
{
	int back = open_ours(), fd;

	if (back < 0)
		return back;
	if (unshare(CLONE_NEWNET)) {
		fd = err_set(errno, "a new network namespace (needs CAP_SYS_ADMIN)");
		close(back);
		return fd;
	}
	fd = open_ours();
	netns_leave(&back);
	if (fd < 0)
		return fd;
	*ret_fd = fd;
	return 0;
}

int netns_enter(int fd, int *ret_back)
{
	_cleanup_(closep) int back = open_ours();

	if (back < 0)
		return back;
	if (setns(fd, CLONE_NEWNET))
		return err_set(errno, "enter a network namespace");
	*ret_back = take_fd(&back);
	return 0;
}

int netns_enter_file(const char *file, int *ret_back)
{
	_cleanup_(closep) int fd = -1;

	if (!file)
		return 0;
	fd = open(file, O_RDONLY | O_CLOEXEC);
	return fd < 0 ? err_set(errno, "%s: open", file) : netns_enter(fd, ret_back);
}

/* Who is in the wrong namespace would measure something else and believe it. */
void netns_leave(int *back)
{
	if (*back < 0)
		return;
	if (setns(*back, CLONE_NEWNET)) {
		log_warn("cannot go back to our network namespace: %s", strerror(errno));
		_exit(1);
	}
	close(*back);
	*back = -1;
}
