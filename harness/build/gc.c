// SPDX-License-Identifier: GPL-2.0-only
/* gc.c - what a cache holds, and removing it */
#include "build/gc.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#include "build/cache.h"
#include "build/gc_kind.h"
#include "build/lock.h"
#include "lib/cleanup.h"
#include "lib/err.h"
#include "lib/fs.h"
#include "lib/log.h"
#include "lib/stop.h"
#include "lib/str.h"

/* As many digits of a hash as cache_path() takes. */
#define HASH_DIGITS 16

static const char *const fates[] = {
	[GC_KEPT] = "kept",
	[GC_REMOVED] = "removed",
	[GC_WOULD_GO] = "would go",
	[GC_IN_USE] = "in use",
	[GC_FAILED] = "failed",
};
_Static_assert(ARRAY_SIZE(fates) == GC_FATE_COUNT, "a name for every fate");

const char *gc_fate_name(enum gc_fate f)
{
	return fates[f];
}

const char *gc_kind_name(const struct gc_item *i)
{
	return i->kind->name;
}

static char *item_path(const char *dir, const struct gc_item *i)
{
	if (i->kind->shape == GC_ONE)
		return str_fmt("%s/%s", dir, i->kind->name);
	return str_fmt("%s/%s/%s", dir, i->kind->name, i->name);
}

static char *item_lock(const char *dir, const struct gc_item *i)
{
	if (i->kind->shape != GC_ARTIFACTS)
		return str_fmt("%s/lock", dir);
	return str_fmt("%s/%s/%s.lock", dir, i->kind->name, i->name);
}

static time_t changed(const char *path)
{
	struct stat st;

	return lstat(path, &st) ? 0 : st.st_mtime;
}

static time_t later(time_t a, time_t b)
{
	return a > b ? a : b;
}

/* Nobody notes the use of what builds share; what is right in it changes when it is used. */
static time_t changed_inside(const char *path)
{
	_cleanup_(closedirp) DIR *d = opendir(path);
	time_t t = changed(path);

	for (struct dirent *e = d ? readdir(d) : NULL; e; e = readdir(d)) {
		_cleanup_(freep) char *entry = str_fmt("%s/%s", path, e->d_name);

		if (strcmp(e->d_name, ".."))
			t = later(t, changed(entry));
	}
	return t;
}

/* What can change between a look at the item and its removal. */
static void item_refresh(const char *dir, struct gc_item *i)
{
	_cleanup_(freep) char *path = item_path(dir, i);
	_cleanup_(freep) char *part = str_fmt("%s.part", path);
	_cleanup_(freep) char *lock = item_lock(dir, i);

	i->is_left = !fs_exists(path);
	if (i->is_left)
		i->used = later(changed(part), changed(lock));
	else
		i->used = i->kind->shape == GC_ARTIFACTS ? changed(path) : changed_inside(path);
}

static long long size_of(const char *path)
{
	long long size = fs_exists(path) ? fs_size(path) : 0;

	return size > 0 ? size : 0;
}

static char *item_what(const struct gc_item *i, const char *path)
{
	char *what = NULL;

	if (i->is_left)
		return str_dup("left by a build that was killed");
	if (i->kind->describe)
		what = i->kind->describe(path);
	return what ? what : str_dup(i->kind->what);
}

static void add(struct gc_list *l, const struct gc_kind *k, const char *name)
{
	struct gc_item i = { .kind = k, .name = str_dup(name) };
	_cleanup_(freep) char *path = item_path(l->dir, &i);
	_cleanup_(freep) char *part = str_fmt("%s.part", path);

	item_refresh(l->dir, &i);
	i.size_bytes = size_of(path) + size_of(part);
	i.what = item_what(&i, path);
	l->items = mem_grow(l->items, l->n + 1, sizeof(*l->items));
	l->items[l->n++] = i;
}

/* The name of the item that a directory entry belongs to, to be freed; NULL for what is not ours. */
static char *entry_item(const struct gc_kind *k, const char *entry)
{
	size_t digits = strspn(entry, "0123456789abcdef");
	size_t len = strlen(entry);

	if (*entry == '.')
		return NULL;
	if (k->shape == GC_FOLDERS)
		return str_fmt("%.*s", (int)(str_ends(entry, ".part") ? len - 5 : len), entry);
	if (digits != HASH_DIGITS || (entry[digits] && strcmp(entry + digits, ".part") &&
				      strcmp(entry + digits, ".lock")))
		return NULL;
	return str_fmt("%.*s", HASH_DIGITS, entry);
}

static int scan_folder(struct gc_list *l, const struct gc_kind *k)
{
	_cleanup_(freep) char *path = str_fmt("%s/%s", l->dir, k->name);
	_cleanup_(closedirp) DIR *d = opendir(path);
	_cleanup_(strv_free) struct strv seen = { 0 };

	if (!d)
		return errno == ENOENT ? 0 : err_set(errno, "%s: list", path);
	for (struct dirent *e = readdir(d); e; e = readdir(d)) {
		_cleanup_(freep) char *name = entry_item(k, e->d_name);

		if (!name || strv_has(&seen, name))
			continue;
		strv_add(&seen, name);
		add(l, k, name);
	}
	return 0;
}

static void scan_one(struct gc_list *l, const struct gc_kind *k)
{
	_cleanup_(freep) char *path = str_fmt("%s/%s", l->dir, k->name);
	_cleanup_(freep) char *part = str_fmt("%s.part", path);

	if (fs_exists(path) || fs_exists(part))
		add(l, k, "-");
}

/* By kind in the table's order, what was used last before the rest. */
static int compare(const void *a, const void *b)
{
	const struct gc_item *x = a, *y = b;

	if (x->kind != y->kind)
		return x->kind < y->kind ? -1 : 1;
	if (x->used != y->used)
		return x->used > y->used ? -1 : 1;
	return strcmp(x->name, y->name);
}

/* @only: one kind, or NULL */
static int scan(const char *dir, const char *only, struct gc_list *ret)
{
	int err = 0;

	*ret = (struct gc_list){ .dir = str_dup(dir) };
	for (const struct gc_kind *k = gc_kinds; k->name && !err; k++) {
		if (only && strcmp(k->name, only))
			continue;
		if (k->shape == GC_ONE)
			scan_one(ret, k);
		else
			err = scan_folder(ret, k);
	}
	if (ret->n)
		qsort(ret->items, ret->n, sizeof(*ret->items), compare);
	return err;
}

int gc_scan(const char *dir, struct gc_list *ret)
{
	return scan(dir, NULL, ret);
}

static bool is_wished(const struct gc_item *i, const struct gc_wish *wish)
{
	return wish->all || i->is_left || i->used < wish->before;
}

/* It is out of sight at once, even if the removal of all that is in it is interrupted. */
static int remove_item(const char *dir, const struct gc_item *i)
{
	_cleanup_(freep) char *path = item_path(dir, i);
	_cleanup_(freep) char *part = str_fmt("%s.part", path);
	_cleanup_(freep) char *log = str_fmt("%s/log/%s-%s.log", dir, i->kind->name, i->name);
	_cleanup_(freep) char *lock = item_lock(dir, i);
	int err = fs_remove(part);

	if (!err && !i->is_left && rename(path, part))
		err = err_set(errno, "%s: rename", path);
	if (!err)
		err = fs_remove(part);
	if (err || i->kind->shape != GC_ARTIFACTS)
		return err;
	(void)fs_remove(log);
	return unlink(lock) ? err_set(errno, "%s: remove", lock) : 0;
}

static int sweep_one(const char *dir, struct gc_item *i, const struct gc_wish *wish)
{
	_cleanup_(freep) char *lock = item_lock(dir, i);
	_cleanup_(closep) int fd = -1;
	int err = 0;

	i->fate = GC_KEPT;
	if (!is_wished(i, wish))
		return 0;
	fd = lock_own(lock);
	if (fd == -EBUSY)
		i->fate = GC_IN_USE;
	if (fd < 0)
		return fd == -EBUSY ? 0 : fd;
	item_refresh(dir, i);
	if (!is_wished(i, wish))
		return 0;
	if (!wish->is_dry)
		err = remove_item(dir, i);
	i->fate = wish->is_dry ? GC_WOULD_GO : GC_REMOVED;
	return err;
}

int gc_sweep(struct gc_list *l, const struct gc_wish *wish)
{
	const char *why = NULL;
	int first = 0;

	if (!wish->is_dry && l->n && !cache_is_tagged(l->dir))
		return err_say(EPERM, "%s was not empty when it became a cache: other people's \"log\" or \"apt\" may be in it; "
			       "if all of it is tapbed's, touch %s/CACHEDIR.TAG", l->dir, l->dir);
	for (size_t n = 0; n < l->n; n++) {
		int err = stop_asked() ? err_say(EINTR, "stopped") : sweep_one(l->dir, &l->items[n], wish);

		if (!err)
			continue;
		l->items[n].fate = GC_FAILED;
		str_set(&l->items[n].why, err_text());
		first = first ? first : err;
		why = why ? why : l->items[n].why;
	}
	return first ? err_say(-first, "%s", why) : 0;
}

void gc_forget(const char *dir, const char *kind, size_t keep)
{
	_cleanup_(gc_free) struct gc_list l = { 0 };
	int err = scan(dir, kind, &l);

	if (!err && keep && l.n > keep)
		err = gc_sweep(&l, &(struct gc_wish){ .before = l.items[keep - 1].used });
	if (err)
		log_debug("gc: %s", err_text());
}

void gc_free(struct gc_list *l)
{
	for (size_t n = 0; n < l->n; n++) {
		free(l->items[n].name);
		free(l->items[n].what);
		free(l->items[n].why);
	}
	free(l->items);
	free(l->dir);
	*l = (struct gc_list){ 0 };
}
