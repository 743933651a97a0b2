// SPDX-License-Identifier: GPL-2.0-only
/* cache.c - built things, addressed by the hash of everything that went into them */
#include "build/cache.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>

#include "lib/cleanup.h"
#include "lib/err.h"
#include "lib/fs.h"
#include "lib/log.h"
#include "lib/stop.h"
#include "lib/str.h"

char *cache_path(const struct cache *c, const char *kind, const char *hash)
{
	return str_fmt("%s/%s/%.16s", c->dir, kind, hash);
}

static int lock_take(const char *path)
{
	int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0644);

	if (fd < 0)
		return err_set(errno, "%s: lock", path);
	if (!flock(fd, LOCK_EX | LOCK_NB))
		return fd;
	log_info("another tapbed is building the same thing; waiting for it (%s)", path);
	while (flock(fd, LOCK_EX)) {
		if (errno == EINTR && !stop_asked())
			continue;
		close(fd);
		return err_say(EINTR, "stopped while waiting for %s", path);
	}
	return fd;
}

static int make_new(const char *path, const char *log, cache_make_fn make, void *arg)
{
	_cleanup_(freep) char *part = str_fmt("%s.part", path);
	int ret = fs_remove(part); /* of a build that was killed: its lock is ours now */

	if (ret || (ret = fs_remove(log)) || (ret = fs_mkdirs(part)))
		return ret;
	ret = make(arg, part, log);
	if (!ret && rename(part, path))
		ret = err_set(errno, "%s: rename from %s", path, part);
	if (ret) {
		_cleanup_(freep) char *why = str_dup(err_text());

		(void)fs_remove(part);
		return err_say(-ret, "%s", why);
	}
	return 0;
}

int cache_get(const struct cache *c, const char *kind, const char *hash, cache_make_fn make,
	      void *arg, char **ret)
{
	_cleanup_(freep) char *path = cache_path(c, kind, hash);
	_cleanup_(freep) char *lock = str_fmt("%s.lock", path);
	_cleanup_(freep) char *log = str_fmt("%s/log/%s-%.16s.log", c->dir, kind, hash);
	_cleanup_(freep) char *parent = str_fmt("%s/%s", c->dir, kind);
	_cleanup_(freep) char *log_dir = str_fmt("%s/log", c->dir);
	_cleanup_(closep) int fd = -1;
	int err;

	if (!fs_exists(path)) {
		if ((err = fs_mkdirs(parent)) || (err = fs_mkdirs(log_dir)))
			return err;
		fd = lock_take(lock);
		if (fd < 0)
			return fd;
		err = fs_exists(path) ? 0 : make_new(path, log, make, arg);
		if (err)
			return err;
	}
	(void)utimensat(AT_FDCWD, path, NULL, 0); /* last use, for gc */
	*ret = take_ptr(&path);
	return 0;
}
