// SPDX-License-Identifier: GPL-2.0-only
/* series_find.c - which folder of patches a plan means */
#include <ctype.h>
#include <errno.h>
#include <glob.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "build/series.h"
#include "lib/cleanup.h"
#include "lib/dirs.h"
#include "lib/err.h"
#include "lib/fs.h"

/* A series is a folder of ours by name, or any folder by its path. */
static int find_folder(const char *name, char **ret)
{
	_cleanup_(freep) char *base = NULL, *dir = NULL;

	if (strchr(name, '/')) {
		*ret = realpath(name, NULL);
		return *ret ? 0 : err_say(ENOENT, "no series at %s", name);
	}
	base = dirs_data("kernel-config/patches");
	if (!base)
		return -ENOENT;
	dir = str_fmt("%s/%s", base, name);
	if (!fs_exists(dir))
		return err_say(ENOENT, "no series %s: there is no folder %s; give a name from there or a path", name, dir);
	*ret = take_ptr(&dir);
	return 0;
}

static bool has_patches(const char *dir)
{
	_cleanup_(freep) char *pattern = str_fmt("%s/*.patch", dir);
	glob_t g = { 0 };
	bool has = !glob(pattern, 0, NULL, &g);

	globfree(&g);
	return has;
}

/* "6.12" of "6.12.117-1~deb12u1" or "v6.12-rc1". */
static char *base_of(const char *version)
{
	size_t major, minor;

	version += strcspn(version, "0123456789");
	major = strspn(version, "0123456789");
	if (!major || version[major] != '.')
		return str_dup("");
	minor = strspn(version + major + 1, "0123456789");
	return str_fmt("%.*s", (int)(major + 1 + minor), version);
}

/* Folders of a series, in the order of their names. */
static char *bases(const char *dir)
{
	_cleanup_(freep) char *pattern = str_fmt("%s/[0-9]*", dir);
	struct strbuf b = { 0 };
	glob_t g = { 0 };

	(void)glob(pattern, GLOB_ONLYDIR, NULL, &g);
	for (size_t i = 0; i < g.gl_pathc; i++)
		strbuf_fmt(&b, "%s%s", i ? ", " : "", strrchr(g.gl_pathv[i], '/') + 1);
	globfree(&g);
	return b.data;
}

size_t series_first(const char *name, size_t *ret_len)
{
	const char *colon = strrchr(name, ':');
	size_t digits = colon ? strspn(colon + 1, "0123456789") : 0;

	*ret_len = strlen(name);
	if (!digits || colon[1 + digits])
		return SIZE_MAX;
	*ret_len = (size_t)(colon - name);
	return strtoul(colon + 1, NULL, 10);
}

/** find_base() - the folder of @name, or the one in it that fits @version. */
static int find_base(const char *name, const char *version, char **ret)
{
	_cleanup_(freep) char *dir = NULL, *base = base_of(version), *there = NULL, *known = NULL;
	int err = find_folder(name, &dir);

	if (err)
		return err;
	known = has_patches(dir) ? NULL : bases(dir);
	if (!known) {
		*ret = take_ptr(&dir);
		return 0;
	}
	there = str_fmt("%s/%s", dir, base);
	if (!*base || !has_patches(there))
		return err_say(ENOENT, "series %s has no patches for %s; there are some for %s", name, version, known);
	*ret = take_ptr(&there);
	return 0;
}

int series_find(const char *name, const char *version, char **ret)
{
	size_t len, first = series_first(name, &len), n;
	_cleanup_(freep) char *whole = str_fmt("%.*s", (int)len, name), *dir = NULL, *part = NULL;
	int err = find_base(whole, version, &dir);

	if (err || first == SIZE_MAX) {
		*ret = take_ptr(&dir);
		return err;
	}
	part = str_fmt("%s:%zu", dir, first);
	err = series_count(part, &n);
	if (!err)
		*ret = take_ptr(&part);
	return err;
}

const char *series_name(const char *dir)
{
	const char *last = strrchr(dir, '/');
	const char *before = last;

	if (!last)
		return dir;
	if (!isdigit((unsigned char)last[1]))
		return last + 1;
	while (before > dir && before[-1] != '/')
		before--;
	return before;
}
