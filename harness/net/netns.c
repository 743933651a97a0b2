// SPDX-License-Identifier: GPL-2.0-only
/* netns.c - network namespaces without a name */
#include "net/netns.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>

#include "lib/cleanup.h"
#include "lib/err.h"

static int open_own(void)
{
	int fd = open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC);

	return fd < 0 ? err_set(errno, "network namespace: /proc/thread-self/ns/net") : fd;
}

int netns_new(int *ret_fd)
{
	_cleanup_(closep) int home = open_own();
	_cleanup_(closep) int fd = -1;

	if (home < 0)
		return home;
	if (unshare(CLONE_NEWNET))
		return err_set(errno, "network namespace: make (needs CAP_SYS_ADMIN)");
	fd = open_own();
	if (setns(home, CLONE_NEWNET))
		return err_set(errno, "network namespace: go back");
	if (fd < 0)
		return fd;
	*ret_fd = take_fd(&fd);
	return 0;
}

int netns_enter(int fd, struct netns_place *ret_home)
{
	_cleanup_(closep) int home = open_own();

	ret_home->fd = -1;
	if (home < 0)
		return home;
	if (setns(fd, CLONE_NEWNET))
		return err_set(errno, "network namespace: enter (needs CAP_SYS_ADMIN)");
	ret_home->fd = take_fd(&home);
	return 0;
}

int netns_leave(struct netns_place *home)
{
	_cleanup_(closep) int fd = take_fd(&home->fd);

	return fd >= 0 && setns(fd, CLONE_NEWNET) ? err_set(errno, "network namespace: go back") : 0;
}
