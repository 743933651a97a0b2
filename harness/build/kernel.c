// SPDX-License-Identifier: GPL-2.0-only
/* kernel.c - a kernel as a plan describes it, to an artifact that boots */
#include "build/kernel.h"

#include <errno.h>
#include <glob.h>
#include <string.h>

#include <jansson.h>

#include "build/module.h"
#include "build/series.h"
#include "build/vmlinux.h"
#include "lib/cleanup.h"
#include "lib/dirs.h"
#include "lib/err.h"
#include "lib/fs.h"
#include "lib/hash.h"
#include "lib/log.h"
#include "lib/str.h"

/* Raise it when this file or module.c makes something else of the same input. */
#define RECIPE "kernel 2"

/* A series is a folder of ours by name, or any folder by its path. */
static int series_find(const char *name, char **ret)
{
	_cleanup_(freep) char *base = NULL;

	if (!name)
		return 0;
	if (strchr(name, '/')) {
		if (!fs_exists(name))
			return err_say(ENOENT, "no series at %s", name);
		*ret = realpath(name, NULL);
		return 0;
	}
	base = dirs_data("kernel-config/patches");
	if (!base)
		return -ENOENT;
	*ret = str_fmt("%s/%s", base, name);
	if (fs_exists(*ret))
		return 0;
	err_say(ENOENT, "no series %s: there is no folder %s; give a name from there or a path", name, *ret);
	free(take_ptr(ret));
	return -ENOENT;
}

static int hash_kernel(struct kernel *k)
{
	struct hash *h = hash_new(RECIPE);
	int ret;

	hash_text(h, "package", k->package.name);
	hash_text(h, "version", k->package.version);
	ret = series_hash(h, k->series);
	k->hash = hash_end(h);
	return ret;
}

int kernel_resolve(const struct cache *c, const struct plan_kernel *want, struct kernel *ret)
{
	struct kernel k = { 0 };
	int err = series_find(want->series, &k.series);

	if (!err)
		err = package_find(c, want->package, want->version, want->suite, &k.package);
	if (!err)
		err = hash_kernel(&k);
	if (err) {
		kernel_free(&k);
		return err_wrap(err, "kernel %s", want->name);
	}
	*ret = k;
	return 0;
}

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

		if (!package_depend(c, &k->package, parts[i], &p))
			err = package_unpack(c, &p, dir, log);
		else
			err_clear();
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

static int write_about(const struct kernel *k, const char *release, const char *part)
{
	_cleanup_(freep) char *path = str_fmt("%s/kernel.json", part);
	json_t *o = json_pack("{s:s, s:s, s:s, s:s*}", "package", k->package.name, "version",
			      k->package.version, "release", release, "series",
			      k->series ? strrchr(k->series, '/') + 1 : NULL);
	_cleanup_(freep) char *text = json_dumps(o, JSON_INDENT(2));

	json_decref(o);
	return fs_write(path, text, strlen(text), 0644);
}

struct making {
	const struct cache *c;
	struct kernel *k;
};

static int make_kernel(void *arg, const char *part, const char *log)
{
	const struct making *m = arg;
	_cleanup_(freep) char *root = str_fmt("%s/unpacked", part);
	_cleanup_(freep) char *release = NULL;
	int err = fs_mkdirs(root);

	if (!err)
		err = unpack_parts(m->c, m->k, root, log);
	if (!err)
		err = place_boot_files(root, part);
	if (!err)
		err = module_tree(root, part, &release);
	if (!err && m->k->series)
		err = series_build(m->c, &m->k->package, release, m->k->series, part, log);
	if (!err)
		err = module_index(part, release, log);
	if (!err)
		err = write_about(m->k, release, part);
	return err ? err : fs_remove(root);
}

static int read_release(struct kernel *k)
{
	_cleanup_(freep) char *path = str_fmt("%s/kernel.json", k->dir);
	json_error_t e;
	json_t *o = json_load_file(path, 0, &e);
	const char *release = json_string_value(json_object_get(o, "release"));
	int ret = release ? 0 : err_say(EINVAL, "%s: no release (%s); remove the folder", path, e.text);

	k->release = str_dup(release);
	json_decref(o);
	return ret;
}

int kernel_build(const struct cache *c, struct kernel *k)
{
	struct making m = { .c = c, .k = k };
	int err = cache_get(c, "kernel", k->hash, make_kernel, &m, &k->dir);

	if (!err)
		err = read_release(k);
	return err ? err_wrap(err, "kernel %s %s", k->package.name, k->package.version) : 0;
}

void kernel_free(struct kernel *k)
{
	package_free(&k->package);
	free(k->series);
	free(k->hash);
	free(k->dir);
	free(k->release);
	*k = (struct kernel){ 0 };
}
