// SPDX-License-Identifier: GPL-2.0-only
/*
 * kernel_modules.c - a kernel out of a Debian package, with the modules tun, tap, vhost and vhost_net of a git tree
 *
 * Of the tree only the files of source_names count, at the commit, and where it lacks one that of the package's own
 * source does. So a commit that changes none of them is the same kernel, by its hash too, and is not built again.
 */
#include <errno.h>
#include <string.h>

#include "build/gittree.h"
#include "build/kernel_way.h"
#include "build/series.h"
#include "build/source.h"
#include "lib/cleanup.h"
#include "lib/err.h"
#include "lib/fs.h"
#include "lib/proc.h"
#include "lib/str.h"

void kernel_tree_free(struct gittree *g)
{
	if (g)
		gittree_free(g);
	free(g);
}

static bool is_meant(const struct plan_kernel *want)
{
	return want->package && want->tree;
}

static int resolve(const struct cache *c, const struct plan_kernel *want, struct kernel *k)
{
	int err = package_find(c, want->package, want->version, want->suite, &k->package);

	if (err)
		return err;
	k->tree = mem_zalloc(sizeof(*k->tree));
	return gittree_find(want->tree, want->commit, k->tree);
}

static int hash(struct hash *h, const struct kernel *k)
{
	_cleanup_(freep) char *blobs = NULL;
	int err = gittree_blobs(k->tree, source_names, &blobs);

	if (err)
		return err;
	if (!*blobs)
		return err_say(ENOENT, "commit %.12s of %s has none of the files of tun, tap and vhost (drivers/net/tun.c, ...)",
			       k->tree->commit, k->tree->path);
	hash_text(h, "package", k->package.name);
	hash_text(h, "version", k->package.version);
	hash_text(h, "files", blobs);
	hash_text(h, "series", k->series ? "patched" : NULL);
	err = series_hash_compiler(h);
	return err || !k->series ? err : series_hash_patches(h, k->series);
}

/* All of the package but its index; files are shared with its own artifact until they are replaced. */
static int place_package(const struct cache *c, const struct kernel *k, const char *part, const char *log,
			 char **ret_release)
{
	struct plan_kernel want = { .name = (char *)"stock", .package = k->package.name,
				    .version = k->package.version, .suite = k->package.suite };
	_cleanup_(kernel_free) struct kernel stock = { 0 };
	_cleanup_(freep) char *all = NULL, *about = str_fmt("%s/kernel.json", part);
	const char *argv[] = { "cp", "-r", "-l", NULL, part, NULL };
	struct proc p = { .argv = argv, .log_path = log };
	int err = kernel_resolve(c, &want, &stock);

	if (!err)
		err = kernel_build(c, &stock);
	if (err)
		return err;
	argv[3] = all = str_fmt("%s/.", stock.dir);
	err = proc_run(&p, NULL);
	if (err)
		return err_wrap(err, "files of %s", stock.dir);
	*ret_release = take_ptr(&stock.release);
	return fs_remove(about);
}

static int place_file(const struct gittree *g, const char *tree, const char *file)
{
	_cleanup_(freep) char *path = str_fmt("%s/%s", tree, file), *text = NULL;
	int err = gittree_file(g, file, &text);

	return err ? err : fs_write(path, text, strlen(text), 0644);
}

/* "100644 blob ID<tab>FILE" a line. */
static int place_files(const struct gittree *g, const char *tree)
{
	_cleanup_(freep) char *blobs = NULL;
	char *save = NULL;
	int err = gittree_blobs(g, source_names, &blobs);

	for (char *l = err ? NULL : strtok_r(blobs, "\n", &save); l && !err; l = strtok_r(NULL, "\n", &save))
		if (strchr(l, '\t'))
			err = place_file(g, tree, strchr(l, '\t') + 1);
	return err;
}

static int rebuild(const struct cache *c, const struct kernel *k, const char *release, const char *part, const char *log)
{
	_cleanup_(freep) char *source = NULL;
	_cleanup_(freep) char *tree = str_fmt("%s/series", part);
	bool built[SERIES_MODULES], changed[SERIES_MODULES];
	int err = source_files(c, &k->package, release, &source);

	for (size_t i = 0; i < SERIES_MODULES; i++)
		built[i] = true;
	if (!err)
		err = source_copy(source, tree);
	if (!err)
		err = place_files(k->tree, tree);
	if (!err && k->series)
		err = series_apply(k->series, tree, log, changed);
	if (!err)
		err = series_rebuild(c, &k->package, release, tree, built, part, log);
	return err ? err : fs_remove(tree);
}

static int make(const struct cache *c, const struct kernel *k, const char *part, const char *log, char **ret_release)
{
	int err = place_package(c, k, part, log, ret_release);

	return err ? err : rebuild(c, k, *ret_release, part, log);
}

const struct kernel_way kernel_way_modules = {
	.recipe = "kernel with modules of a tree 1", .is_meant = is_meant, .resolve = resolve, .hash = hash, .make = make,
};
