// SPDX-License-Identifier: GPL-2.0-only
/* source.c - headers and source of a packaged kernel, unpacked in the cache */
#include "build/source.h"

#include <errno.h>
#include <glob.h>
#include <string.h>

#include "build/archive.h"
#include "lib/cleanup.h"
#include "lib/err.h"
#include "lib/fs.h"
#include "lib/hash.h"
#include "lib/proc.h"
#include "lib/str.h"

struct wanted {
	const struct cache *c;
	const struct package *image;
	const char *release;
};

static char *hash_wanted(const char *what, const struct wanted *w)
{
	struct hash *h = hash_new(what);

	hash_text(h, "release", w->release);
	hash_text(h, "version", w->image->version);
	return hash_end(h);
}

static int make_headers(void *arg, const char *part, const char *log)
{
	static const char *const needs[] = { "linux-headers-", "linux-kbuild-" };
	const struct wanted *w = arg;
	_cleanup_(freep) char *name = str_fmt("linux-headers-%s", w->release);
	struct package headers = { 0 };
	int err = package_find(w->c, name, w->image->version, w->image->suite, &headers);

	if (!err)
		err = package_unpack(w->c, &headers, part, log);
	for (size_t i = 0; i < ARRAY_SIZE(needs) && !err; i++) {
		struct package p = { 0 };

		err = package_depend(w->c, &headers, needs[i], &p);
		if (!err)
			err = package_unpack(w->c, &p, part, log);
		package_free(&p);
	}
	package_free(&headers);
	return err;
}

int source_headers(const struct cache *c, const struct package *image, const char *release, char **ret)
{
	struct wanted w = { c, image, release };
	_cleanup_(freep) char *hash = hash_wanted("headers 1", &w);
	int err = cache_get(c, "headers", hash, make_headers, &w, ret);

	return err ? err_wrap(err, "headers of %s", release) : 0;
}

int source_headers_find(const char *headers, char **ret_flavour, char **ret_common)
{
	_cleanup_(freep) char *pattern = str_fmt("%s/usr/src/linux-headers-*", headers);
	glob_t g = { 0 };

	*ret_flavour = *ret_common = NULL;
	(void)glob(pattern, 0, NULL, &g);
	for (size_t i = 0; i < g.gl_pathc; i++) {
		if (str_ends(g.gl_pathv[i], "-common"))
			*ret_common = str_fmt("%s/Makefile", g.gl_pathv[i]);
		else
			str_set(ret_flavour, g.gl_pathv[i]);
	}
	globfree(&g);
	if (*ret_flavour && *ret_common)
		return 0;
	free(take_ptr(ret_flavour));
	free(take_ptr(ret_common));
	return err_say(ENOENT, "%s has no headers of a flavour with its common part", headers);
}

const char *const source_names[] = {
	"drivers/net/tap.c", "drivers/net/tun.c", "drivers/net/tun_vnet.h",
	"drivers/vhost/net.c", "drivers/vhost/vhost.c", "drivers/vhost/vhost.h",
	"include/linux/if_tap.h", "include/linux/if_tun.h", NULL,
};

static int want_file(void *arg, const char *name)
{
	(void)arg;
	for (size_t i = 0; source_names[i]; i++)
		if (!strcmp(source_names[i], name))
			return 1;
	/* Tar members are in the order of their names: include/linux is the last folder wanted. */
	return strncmp(name, "include/linux/if_u", 18) > 0 ? -1 : 0;
}

/* "6.12.117+deb12-cloud-amd64" is in linux-source-6.12. */
static char *source_name(const char *release)
{
	size_t len = strcspn(release, ".");

	if (release[len])
		len += 1 + strcspn(release + len + 1, ".-+~");
	return str_fmt("linux-source-%.*s", (int)len, release);
}

static int make_files(void *arg, const char *part, const char *log)
{
	const struct wanted *w = arg;
	_cleanup_(freep) char *name = source_name(w->release);
	_cleanup_(freep) char *unpacked = str_fmt("%s/unpacked", part);
	_cleanup_(freep) char *tar = str_fmt("%s/usr/src/%s.tar.xz", unpacked, name);
	struct package p = { 0 };
	int err = package_find(w->c, name, w->image->version, w->image->suite, &p);
	int n;

	if (!err)
		err = fs_mkdirs(unpacked);
	if (!err)
		err = package_unpack(w->c, &p, unpacked, log);
	package_free(&p);
	if (err)
		return err;
	n = archive_extract(tar, part, want_file, NULL);
	if (n < 0)
		return n;
	if (n < 5)
		return err_say(ENOENT, "%s has only %d of the files of tun, tap and vhost", tar, n);
	return fs_remove(unpacked);
}

int source_files(const struct cache *c, const struct package *image, const char *release, char **ret)
{
	struct wanted w = { c, image, release };
	_cleanup_(freep) char *hash = hash_wanted("source 1", &w);
	int err = cache_get(c, "source", hash, make_files, &w, ret);

	return err ? err_wrap(err, "source of %s", release) : 0;
}

int source_copy(const char *from, const char *to)
{
	const char *const argv[] = { "cp", "-r", from, to, NULL };
	struct proc p = { .argv = argv };

	return proc_run(&p, NULL);
}
