// SPDX-License-Identifier: GPL-2.0-only
/* cache.c - built things, addressed by the hash of everything that went into them */
#include "build/cache.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

#include "build/lock.h"
#include "lib/cleanup.h"
#include "lib/err.h"
#include "lib/fs.h"
#include "lib/stop.h"
#include "lib/str.h"

#define TAG "CACHEDIR.TAG"

static const char tag_text[] = "Signature: 8a477f597d28d172789f06886806bc55\n"
			       "# The cache of tapbed: always safe to delete.\n";

struct cache_holds {
	struct hold {
		char *lock;
		int fd;
	} *v;
	size_t n;
};

/* Names of one artifact. */
struct names {
	char *path;
	char *part;
	char *lock;
	char *log;
};

static void names_free(struct names *n)
{
	free(n->path);
	free(n->part);
	free(n->lock);
	free(n->log);
}

char *cache_path(const struct cache *c, const char *kind, const char *hash)
{
	return str_fmt("%s/%s/%.16s", c->dir, kind, hash);
}

static int names_make(const struct cache *c, const char *kind, const char *hash, struct names *n)
{
	_cleanup_(freep) char *parent = str_fmt("%s/%s", c->dir, kind);
	_cleanup_(freep) char *log_dir = str_fmt("%s/log", c->dir);
	int err = fs_mkdirs(parent);

	n->path = cache_path(c, kind, hash);
	n->part = str_fmt("%s.part", n->path);
	n->lock = str_fmt("%s.lock", n->path);
	n->log = str_fmt("%s/%s-%.16s.log", log_dir, kind, hash);
	return err ? err : fs_mkdirs(log_dir);
}

static void hold_add(struct cache_holds *h, const char *lock, int fd)
{
	h->v = mem_grow(h->v, h->n + 1, sizeof(*h->v));
	h->v[h->n++] = (struct hold){ str_dup(lock), fd };
}

static void hold_free(struct hold *h)
{
	close(h->fd);
	free(h->lock);
}

static void hold_drop(struct cache_holds *h, const char *lock)
{
	size_t kept = 0;

	for (size_t i = 0; i < h->n; i++) {
		if (strcmp(h->v[i].lock, lock))
			h->v[kept++] = h->v[i];
		else
			hold_free(&h->v[i]);
	}
	h->n = kept;
}

bool cache_is_tagged(const char *dir)
{
	_cleanup_(freep) char *tag = str_fmt("%s/" TAG, dir);

	return fs_exists(tag);
}

static bool is_empty(const char *dir)
{
	_cleanup_(closedirp) DIR *d = opendir(dir);
	size_t n = 0;

	while (d && readdir(d))
		n++;
	return n == 2; /* . and .. */
}

/* kbuild takes no spaces and colons in a path, apt's configuration no quotes, libguestfs no commas, glob(3) no patterns. */
static int check_name(const char *dir)
{
	const char *bad = strpbrk(dir, " \t\n\"'\\,:;%#$*?[]{}");

	if (!bad)
		return 0;
	return err_say(EINVAL, "cache \"%s\": kernel builds and images need a path without \"%c\"; "
		       "give another with --cache or TAPBED_CACHE", dir, *bad);
}

static int make_dir(const char *dir)
{
	_cleanup_(freep) char *tag = str_fmt("%s/" TAG, dir);
	int err = fs_mkdirs(dir);

	if (err || !is_empty(dir))
		return err;
	return fs_write(tag, tag_text, strlen(tag_text), 0644);
}

int cache_open(const char *dir, struct cache *c)
{
	_cleanup_(freep) char *lock = str_fmt("%s/lock", dir);
	int fd, err = check_name(dir);

	if (!err)
		err = make_dir(dir);
	*c = (struct cache){ .dir = str_dup(dir), .holds = mem_zalloc(sizeof(*c->holds)) };
	if (err)
		return err;
	fd = lock_share(lock);
	if (fd < 0)
		return fd;
	hold_add(c->holds, lock, fd);
	return 0;
}

void cache_close(struct cache *c)
{
	for (size_t i = 0; c->holds && i < c->holds->n; i++)
		hold_free(&c->holds->v[i]);
	if (c->holds)
		free(c->holds->v);
	free(c->holds);
	free(c->dir);
	*c = (struct cache){ 0 };
}

static int make_new(const struct names *n, cache_make_fn make, void *arg)
{
	int ret = fs_remove(n->part); /* of a build that was killed: its lock is ours now */

	if (ret || (ret = fs_remove(n->log)) || (ret = fs_mkdirs(n->part)))
		return ret;
	ret = make(arg, n->part, n->log);
	if (!ret && rename(n->part, n->path))
		ret = err_set(errno, "%s: rename from %s", n->path, n->part);
	if (ret) {
		_cleanup_(freep) char *why = str_dup(err_text());

		(void)fs_remove(n->part);
		return err_say(-ret, "%s", why);
	}
	return 0;
}

/*
 * Makes the artifact, unless somebody is at it: then there is nothing to do but to share its lock.
 * Waiting to own it here would mean to wait until the other's whole run is over.
 */
static int make_once(const struct names *n, cache_make_fn make, void *arg, double pause_s)
{
	_cleanup_(closep) int fd = lock_own(n->lock);
	int err;

	if (fd == -EBUSY)
		return stop_wait(-1, time_now() + pause_s);
	if (fd < 0)
		return fd;
	err = fs_exists(n->path) ? 0 : make_new(n, make, arg);
	if (err)
		(void)unlink(n->lock);
	return err;
}

/* The artifact's lock, shared, with the artifact there. Return: descriptor or -errno. */
static int get(const struct names *n, cache_make_fn make, void *arg)
{
	for (double pause_s = 0.01;; pause_s = pause_s < 1 ? pause_s * 2 : 1) {
		_cleanup_(closep) int fd = lock_share(n->lock);
		int err;

		if (fd < 0 || fs_exists(n->path))
			return take_fd(&fd);
		close(take_fd(&fd));
		err = make_once(n, make, arg, pause_s);
		if (err)
			return err;
	}
}

int cache_get(const struct cache *c, const char *kind, const char *hash, cache_make_fn make,
	      void *arg, char **ret)
{
	_cleanup_(names_free) struct names n = { 0 };
	int fd, err = names_make(c, kind, hash, &n);

	if (err)
		return err;
	/* Removed by hand after we got it: our own hold would be in the way of making it again. */
	if (!fs_exists(n.path))
		hold_drop(c->holds, n.lock);
	fd = get(&n, make, arg);
	if (fd < 0)
		return fd;
	hold_add(c->holds, n.lock, fd);
	(void)utimensat(AT_FDCWD, n.path, NULL, 0); /* last use, for gc */
	*ret = take_ptr(&n.path);
	return 0;
}
