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
#include "build/tree.h"
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
	all = str_fmt("%s/.", stock.dir);
	argv[3] = all;
	err = proc_run(&p, NULL);
	if (err)
		return err_wrap(err, "files of %s", stock.dir);
	*ret_release = take_ptr(&stock.release);
	return fs_remove(about);
}

/* The commit's file, or the package's where the commit has none; NULL where neither has it. */
static int read_file(const struct gittree *g, const char *blobs, const char *source, const char *file, char **ret)
{
	_cleanup_(freep) char *line = str_fmt("\t%s\n", file), *own = str_fmt("%s/%s", source, file);

	if (strstr(blobs, line))
		return gittree_file(g, file, ret);
	return fs_exists(own) ? fs_read(own, ret, NULL) : 0;
}

/* Written only when it is another one: make looks at dates. */
static int place_file(const char *tree, const char *file, const char *text)
{
	_cleanup_(freep) char *path = str_fmt("%s/%s", tree, file), *was = NULL;
	_cleanup_(freep) char *dir = str_fmt("%.*s", (int)(strrchr(path, '/') - path), path);
	int err;

	if (!text)
		return fs_remove(path);
	if (fs_exists(path) && !fs_read(path, &was, NULL) && !strcmp(was, text))
		return 0;
	err = fs_mkdirs(dir);
	return err ? err : fs_write(path, text, strlen(text), 0644);
}

static int place_files(const struct gittree *g, const char *source, const char *tree)
{
	_cleanup_(freep) char *blobs = NULL;
	int err = gittree_blobs(g, source_names, &blobs);

	for (size_t i = 0; source_names[i] && !err; i++) {
		_cleanup_(freep) char *text = NULL;

		err = read_file(g, blobs, source, source_names[i], &text);
		if (!err)
			err = place_file(tree, source_names[i], text);
	}
	return err;
}

static int rebuild_in(const struct cache *c, const struct kernel *k, const char *tree, const char *release, const char *part,
		      const char *log)
{
	_cleanup_(freep) char *source = NULL;
	bool built[SERIES_MODULES], changed[SERIES_MODULES];
	int err = source_files(c, &k->package, release, &source);

	for (size_t i = 0; i < SERIES_MODULES; i++)
		built[i] = true;
	if (!err)
		err = place_files(k->tree, source, tree);
	if (!err && k->series)
		err = series_apply(k->series, tree, log, changed);
	return err ? err : series_rebuild(c, &k->package, release, tree, built, part, log);
}

/* In a tree that stays, so that the next commit compiles what differs; its path, which WARN_ON() keeps, stays too. */
static int rebuild(const struct cache *c, const struct kernel *k, const char *release, const char *part, const char *log)
{
	_cleanup_(freep) char *about = str_fmt("modules of %s %s", k->package.name, k->package.version), *key = NULL;
	struct hash *h = hash_new("tree of modules 1");
	struct tree t;
	int err;

	hash_text(h, "package", k->package.name);
	hash_text(h, "version", k->package.version);
	key = hash_end(h);
	err = tree_open(c, key, about, &t);
	if (err)
		return err;
	err = rebuild_in(c, k, t.source, release, part, log);
	tree_close(&t);
	return err;
}

static int make(const struct cache *c, const struct kernel *k, const char *part, const char *log, char **ret_release)
{
	int err = place_package(c, k, part, log, ret_release);

	return err ? err : rebuild(c, k, *ret_release, part, log);
}

const struct kernel_way kernel_way_modules = {
	.recipe = "kernel with modules of a tree 1", .is_meant = is_meant, .resolve = resolve, .hash = hash, .make = make,
};
