// SPDX-License-Identifier: GPL-2.0-only
/* kernel_package.c - a kernel out of a Debian package, its series as rebuilt modules */
#include <errno.h>
#include <glob.h>
#include <string.h>

#include "build/kernel_way.h"
#include "build/module.h"
#include "build/series.h"
#include "build/vmlinux.h"
#include "lib/cleanup.h"
#include "lib/err.h"
#include "lib/fs.h"
#include "lib/log.h"
#include "lib/str.h"

static char *glob_one(const char *fmt, const char *dir)
{
	glob_t g = { 0 };
	_cleanup_(freep) char *pattern = str_fmt("%s/%s", dir, fmt);
	char *path = !glob(pattern, 0, NULL, &g) && g.gl_pathc ? str_dup(g.gl_pathv[0]) : NULL;

	globfree(&g);
	return path;
}

/* From 7.x on the image package is split; what it lacks is in the packages it depends on. */
static int unpack_parts(const struct cache *c, const struct kernel *k, const char *dir, const char *log)
{
	static const char *const parts[] = { "linux-binary-", "linux-modules-" };
	int err = package_unpack(c, &k->package, dir, log);

	for (size_t i = 0; i < ARRAY_SIZE(parts) && !err; i++) {
		struct package p = { 0 };
		int part = package_depend(c, &k->package, parts[i], &p);

		if (!part)
			err = package_unpack(c, &p, dir, log);
		else if (part == -ENOENT)
			err_clear();
		else
			err = part;
		package_free(&p);
	}
	return err;
}

static char *find_first(const char *dir, const char *const *patterns, size_t n)
{
	char *path = NULL;

	for (size_t i = 0; i < n && !path; i++)
		path = glob_one(patterns[i], dir);
	return path;
}

static int place_boot_files(const char *root, const char *part)
{
	static const char *const images[] = { "boot/vmlinuz-*", "usr/lib/modules/*/vmlinuz", "lib/modules/*/vmlinuz" };
	static const char *const configs[] = { "boot/config-*", "usr/lib/modules/*/config", "lib/modules/*/config" };
	_cleanup_(freep) char *image = find_first(root, images, ARRAY_SIZE(images));
	_cleanup_(freep) char *config = find_first(root, configs, ARRAY_SIZE(configs));
	_cleanup_(freep) char *vmlinuz = str_fmt("%s/vmlinuz", part);
	_cleanup_(freep) char *kept = str_fmt("%s/config", part);
	_cleanup_(freep) char *kernel = str_fmt("%s/kernel", part);
	int err;

	if (!image)
		return err_say(ENOENT, "the package has no vmlinuz");
	err = fs_copy(image, vmlinuz, 0644);
	if (!err && config)
		err = fs_copy(config, kept, 0644);
	if (err)
		return err;
	if (!vmlinux_extract(vmlinuz, kernel) && vmlinux_has_pvh(kernel))
		return 0;
	log_debug("no PVH kernel (%s): the bzImage is booted", err_text());
	err_clear();
	return fs_copy(vmlinuz, kernel, 0644);
}

static bool is_meant(const struct plan_kernel *want)
{
	return want->package;
}

static int resolve(const struct cache *c, const struct plan_kernel *want, struct kernel *k)
{
	return package_find(c, want->package, want->version, want->suite, &k->package);
}

static int hash(struct hash *h, const struct kernel *k)
{
	hash_text(h, "package", k->package.name);
	hash_text(h, "version", k->package.version);
	return series_hash(h, k->series);
}

static int make(const struct cache *c, const struct kernel *k, const char *part, const char *log, char **ret_release)
{
	_cleanup_(freep) char *root = str_fmt("%s/unpacked", part);
	int err = fs_mkdirs(root);

	if (!err)
		err = unpack_parts(c, k, root, log);
	if (!err)
		err = place_boot_files(root, part);
	if (!err)
		err = module_tree(root, part, ret_release);
	if (!err && k->series)
		err = series_build(c, &k->package, *ret_release, k->series, part, log);
	return err ? err : fs_remove(root);
}

const struct kernel_way kernel_way_package = {
	.recipe = "kernel 2", .is_meant = is_meant, .resolve = resolve, .hash = hash, .make = make,
};
