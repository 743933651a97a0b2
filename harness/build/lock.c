// SPDX-License-Identifier: GPL-2.0-only
/* lock.c - lock files that may be unlinked */
#include "build/lock.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <sys/file.h>
#include <sys/stat.h>

#include "lib/cleanup.h"
#include "lib/err.h"
#include "lib/log.h"
#include "lib/stop.h"

static bool is_still(int fd, const char *path)
{
	struct stat ours, named;

	return !fstat(fd, &ours) && !stat(path, &named) &&
	       ours.st_ino == named.st_ino && ours.st_dev == named.st_dev;
}

static int wait_share(int fd, const char *path)
{
	if (!flock(fd, LOCK_SH | LOCK_NB))
		return 0;
	log_info("another tapbed makes or removes the same thing; waiting for it (%s)", path);
	while (flock(fd, LOCK_SH)) {
		if (errno != EINTR)
			return err_set(errno, "%s: lock", path);
		if (stop_asked())
			return err_say(EINTR, "stopped while waiting for %s", path);
	}
	return 0;
}

static int try_own(int fd, const char *path)
{
	if (!flock(fd, LOCK_EX | LOCK_NB))
		return 0;
	if (errno == EWOULDBLOCK)
		return err_say(EBUSY, "%s: another tapbed holds it", path);
	return err_set(errno, "%s: lock", path);
}

static int take(const char *path, int (*hold)(int fd, const char *path))
{
	for (;;) {
		_cleanup_(closep) int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0644);
		int err = fd < 0 ? err_set(errno, "%s: lock", path) : hold(fd, path);

		if (err)
			return err;
		if (is_still(fd, path))
			return take_fd(&fd);
	}
}

int lock_share(const char *path)
{
	return take(path, wait_share);
}

int lock_own(const char *path)
{
	return take(path, try_own);
}
