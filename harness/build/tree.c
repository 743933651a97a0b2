// SPDX-License-Identifier: GPL-2.0-only
/* tree.c - source trees of kernels that stay in the cache, so that a small change is a small build */
#include "build/tree.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

#include "build/lock.h"
#include "build/series.h"
#include "lib/cleanup.h"
#include "lib/err.h"
#include "lib/fs.h"
#include "lib/log.h"
#include "lib/stop.h"
#include "lib/str.h"

/* Unlike a finished artifact, a tree cannot be shared: who is second waits, however long it takes. */
int tree_lock(const char *path)
{
	bool said = false;

	for (;;) {
		int fd = lock_own(path), err;

		if (fd != -EBUSY)
			return fd;
		if (!said)
			log_info("another tapbed builds in the same folder; waiting for it (%s)", path);
		said = true;
		err = stop_wait(-1, time_now() + 0.5);
		if (err)
			return err_say(EINTR, "stopped while waiting for %s", path);
	}
}

int tree_open(const struct cache *c, const char *key, const char *about, struct tree *ret)
{
	_cleanup_(freep) char *parent = str_fmt("%s/tree", c->dir);
	struct tree t = { .dir = cache_path(c, "tree", key), .lock = -1 };
	_cleanup_(freep) char *lock = str_fmt("%s.lock", t.dir);
	_cleanup_(freep) char *note = str_fmt("%s/about", t.dir);
	int err = fs_mkdirs(parent);

	t.source = str_fmt("%s/source", t.dir);
	if (!err)
		t.lock = err = tree_lock(lock);
	if (err >= 0)
		err = fs_mkdirs(t.dir);
	if (!err)
		err = fs_write(note, about, strlen(about), 0644);
	if (err < 0) {
		tree_close(&t);
		return err;
	}
	(void)utimensat(AT_FDCWD, t.dir, NULL, 0); /* last use, for gc */
	*ret = t;
	return 0;
}

void tree_close(struct tree *t)
{
	closep(&t->lock);
	free(t->dir);
	free(t->source);
	*t = (struct tree){ .lock = -1 };
}

static char *path_in(const struct tree *t, const char *folder, const char *file)
{
	return str_fmt("%s/%s/%s", t->dir, folder, file);
}

static int read_list(const struct tree *t, struct strv *ret)
{
	_cleanup_(freep) char *path = str_fmt("%s/patched", t->dir);
	_cleanup_(freep) char *text = NULL;
	char *save = NULL;
	int err = fs_exists(path) ? fs_read(path, &text, NULL) : 0;

	if (err || !text)
		return err;
	for (char *l = strtok_r(text, "\n", &save); l; l = strtok_r(NULL, "\n", &save))
		strv_add(ret, l);
	return 0;
}

static int write_list(const struct tree *t, const struct strv *files)
{
	_cleanup_(freep) char *path = str_fmt("%s/patched", t->dir);
	_cleanup_(freep) char *text = strv_join(files, "\n");

	return fs_write(path, text, strlen(text), 0644);
}

/* A file's copy, in a folder that is made for it; a missing one stays missing. */
static int copy(const char *from, const char *to)
{
	_cleanup_(freep) char *dir = str_dup(to), *data = NULL;
	struct stat st;
	size_t len;
	int err;

	if (stat(from, &st))
		return errno == ENOENT ? fs_remove(to) : err_set(errno, "%s: read", from);
	*strrchr(dir, '/') = '\0';
	err = fs_mkdirs(dir);
	if (!err)
		err = fs_read(from, &data, &len);
	return err ? err : fs_write(to, data, len, st.st_mode & 0777);
}

static bool is_same(const char *a, const char *b)
{
	_cleanup_(freep) char *one = NULL, *two = NULL;
	size_t n1 = 0, n2 = 0;

	if (!fs_exists(a) || !fs_exists(b))
		return fs_exists(a) == fs_exists(b);
	if (fs_read(a, &one, &n1) || fs_read(b, &two, &n2))
		return false;
	return n1 == n2 && !memcmp(one, two, n1);
}

/* What the series makes of the files that it changes, beside the tree: if it does not apply, nothing has happened. */
static int prepare(const struct tree *t, const char *series, const struct strv *was, const struct strv *files,
		   const char *log)
{
	_cleanup_(freep) char *dir = str_fmt("%s/next", t->dir);
	int err = fs_remove(dir);

	if (!err)
		err = fs_mkdirs(dir);
	for (size_t i = 0; i < files->n && !err; i++) {
		const char *file = files->v[i];
		_cleanup_(freep) char *from = path_in(t, strv_has(was, file) ? "pristine" : "source", file);
		_cleanup_(freep) char *to = path_in(t, "next", file);

		err = copy(from, to);
	}
	return err || !series ? err : series_patch(series, dir, log);
}

/* One file of the old series or the new one. */
static int put_file(const struct tree *t, const char *file, bool is_patched)
{
	_cleanup_(freep) char *now = path_in(t, "source", file);
	_cleanup_(freep) char *wanted = path_in(t, is_patched ? "next" : "pristine", file);

	if (is_same(now, wanted))
		return 0;
	log_debug("%s: written anew", now);
	return copy(wanted, now);
}

/*
 * A series that is interrupted here leaves a list with all files of both, and for each of them how it was:
 * the next one begins from that. A file enters the list when its pristine copy is there.
 */
static int put_all(const struct tree *t, struct strv *was, const struct strv *files)
{
	size_t n_old = was->n;
	int err = 0;

	for (size_t i = 0; i < files->n && !err; i++) {
		_cleanup_(freep) char *now = path_in(t, "source", files->v[i]);
		_cleanup_(freep) char *pristine = path_in(t, "pristine", files->v[i]);

		if (strv_has(was, files->v[i]))
			continue;
		err = copy(now, pristine);
		strv_add(was, files->v[i]);
	}
	if (!err && was->n > n_old)
		err = write_list(t, was);
	for (size_t i = 0; i < was->n && !err; i++)
		err = put_file(t, was->v[i], strv_has(files, was->v[i]));
	return err ? err : write_list(t, files);
}

int tree_patch(const struct tree *t, const char *series, const char *log)
{
	_cleanup_(strv_free) struct strv was = { 0 }, files = { 0 };
	int err = read_list(t, &was);

	if (!err && series)
		err = series_files(series, &files);
	if (!err)
		err = prepare(t, series, &was, &files, log);
	return err ? err : put_all(t, &was, &files);
}
