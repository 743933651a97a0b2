// SPDX-License-Identifier: GPL-2.0-only
/* kernel_whole.c - a kernel built whole: from a Debian source package, or from a git tree at a commit */
#include <ctype.h>
#include <errno.h>
#include <string.h>

#include "build/gittree.h"
#include "build/kbuild.h"
#include "build/kernel_way.h"
#include "build/series.h"
#include "build/tree.h"
#include "lib/cleanup.h"
#include "lib/dirs.h"
#include "lib/err.h"
#include "lib/fs.h"
#include "lib/proc.h"

/* What a host under test needs, when the plan says nothing. */
static const char *const default_config[] = { "base", "host" };

/* Longest LOCALVERSION: the whole release may have 64 characters. */
#define SUFFIX_MAX 32

/**
 * struct kernel_whole - what goes into a whole build beside package and series
 * @configs:   paths of the fragments
 * @options:   theirs
 * @toolchain: what compiles it
 * @git:       tree and commit; zeroed for a source package
 */
struct kernel_whole {
	struct strv configs;
	struct fragments options;
	struct toolchain toolchain;
	struct gittree git;
};

void kernel_whole_free(struct kernel_whole *w)
{
	if (!w)
		return;
	strv_free(&w->configs);
	fragments_free(&w->options);
	toolchain_free(&w->toolchain);
	gittree_free(&w->git);
	free(w);
}

/* A fragment is one of ours by name, or any file by its path. */
static int find_fragment(const char *name, struct strv *ret)
{
	_cleanup_(freep) char *base = NULL, *path = NULL;

	if (strchr(name, '/')) {
		path = str_dup(name);
	} else {
		base = dirs_data("kernel-config");
		if (!base)
			return -ENOENT;
		path = str_fmt("%s/%s.config", base, name);
	}
	if (!fs_exists(path))
		return err_say(ENOENT, "no config %s: there is no file %s; give a name from kernel-config (base, host, guest, debug) or a path",
			       name, path);
	strv_add(ret, path);
	return 0;
}

static int read_configs(const struct plan_kernel *want, struct kernel_whole *w)
{
	size_t n = want->config.n ? want->config.n : ARRAY_SIZE(default_config);
	int err = 0;

	for (size_t i = 0; i < n && !err; i++)
		err = find_fragment(want->config.n ? want->config.v[i] : default_config[i], &w->configs);
	for (size_t i = 0; i < n && !err; i++)
		err = fragment_read(w->configs.v[i], &w->options);
	return err;
}

static int resolve_whole(const struct cache *c, const struct plan_kernel *want, struct kernel *k)
{
	int err;

	k->whole = mem_zalloc(sizeof(*k->whole));
	err = read_configs(want, k->whole);
	return err ? err : toolchain_find(c, &k->whole->toolchain);
}

static bool source_is_meant(const struct plan_kernel *want)
{
	return want->source;
}

static int source_resolve(const struct cache *c, const struct plan_kernel *want, struct kernel *k)
{
	int err = package_find(c, want->source, want->version, want->suite, &k->package);

	return err ? err : resolve_whole(c, want, k);
}

static bool tree_is_meant(const struct plan_kernel *want)
{
	return want->tree;
}

static int tree_resolve(const struct cache *c, const struct plan_kernel *want, struct kernel *k)
{
	int err = resolve_whole(c, want, k);

	if (!err)
		err = gittree_find(want->tree, want->commit, &k->whole->git);
	if (err)
		return err;
	k->package.name = str_dup(strrchr(k->whole->git.path, '/') + 1);
	k->package.version = gittree_version(&k->whole->git, want->commit);
	k->base = gittree_kernel_version(&k->whole->git);
	return 0;
}

static int hash_whole(struct hash *h, const struct kernel *k)
{
	fragment_hash(&k->whole->options, h);
	toolchain_hash(&k->whole->toolchain, h);
	for (size_t i = 0; i < k->whole->configs.n; i++)
		hash_text(h, "config", strrchr(k->whole->configs.v[i], '/') + 1);
	return series_hash_patches(h, k->series);
}

static int source_hash(struct hash *h, const struct kernel *k)
{
	hash_text(h, "source", k->package.name);
	hash_text(h, "version", k->package.version);
	return hash_whole(h, k);
}

static int tree_hash(struct hash *h, const struct kernel *k)
{
	hash_text(h, "commit", k->whole->git.commit);
	return hash_whole(h, k);
}

/* "-base.host.debug", so that uname -r tells such kernels apart; the user's own word goes first. */
static char *suffix(const struct kernel_whole *w)
{
	const char *own = getenv("LOCALVERSION");
	struct strbuf b = { 0 };

	if (own && *own)
		return str_dup(own);
	for (size_t i = 0; i < w->configs.n; i++) {
		const char *name = strrchr(w->configs.v[i], '/') + 1;

		strbuf_fmt(&b, "%s%.*s", i ? "." : "-", (int)strcspn(name, "."), name);
	}
	for (size_t i = 0; i < b.len; i++) {
		if (i == SUFFIX_MAX)
			b.data[b.len = i] = '\0';
		else if (!isalnum((unsigned char)b.data[i]) && b.data[i] != '.')
			b.data[i] = '-';
	}
	return b.data ? b.data : str_dup("");
}

/*
 * A folder of objects for each set of fragments and each compiler, unless the user has one. By the names of the
 * fragments: one that is edited, or another copy of it, is an incremental build.
 */
static char *output_folder(const struct tree *t, const struct kernel_whole *w)
{
	_cleanup_(freep) char *digits = NULL;
	struct hash *h;

	if (w->toolchain.output)
		return str_dup(w->toolchain.output);
	h = hash_new("output 1");
	for (size_t i = 0; i < w->configs.n; i++)
		hash_text(h, "config", strrchr(w->configs.v[i], '/') + 1);
	toolchain_hash(&w->toolchain, h);
	digits = hash_end(h);
	return str_fmt("%s/out-%.16s", t->dir, digits);
}

/* The user's own KBUILD_OUTPUT may be that of two trees. @ret: descriptor, -1 for a folder of the tree's. Return: 0 or -errno. */
static int lock_output(const struct kernel_whole *w, int *ret)
{
	_cleanup_(freep) char *path = w->toolchain.output ? str_fmt("%s/.tapbed.lock", w->toolchain.output) : NULL;
	int fd = path ? tree_lock(path) : -1;

	*ret = fd;
	return path && fd < 0 ? fd : 0;
}

/* Builds whatever is in the tree now. */
static int build_tree(const struct tree *t, const struct kernel *k, const char *part, const char *log,
		      char **ret_release)
{
	const struct kernel_whole *w = k->whole;
	_cleanup_(freep) char *out = output_folder(t, w), *added = suffix(w);
	struct kbuild b = { .source = t->source, .out = out, .suffix = added, .toolchain = &w->toolchain, .log = log };
	_cleanup_(closep) int lock = -1;
	int err = tree_patch(t, k->series, log);

	if (err)
		return k->series ? err_wrap(err, "series %s", series_name(k->series)) : err;
	err = lock_output(w, &lock);
	if (!err)
		err = kbuild_configure(&b, &w->options);
	if (!err)
		err = kbuild_compile(&b);
	return err ? err : kbuild_install(&b, part, ret_release);
}

/* Unpacked once, in a folder that gets its name when all is there. */
static int unpack(const struct cache *c, const struct package *p, const struct tree *t, const char *log)
{
	_cleanup_(freep) char *deb = str_fmt("%s/deb", t->dir), *fresh = str_fmt("%s.part", t->source);
	_cleanup_(freep) char *tar = str_fmt("%s/usr/src/%s.tar.xz", deb, p->name);
	const char *const argv[] = { "tar", "-x", "--strip-components=1", "-C", fresh, "-f", tar, NULL };
	int err;

	if (fs_exists(t->source))
		return 0;
	if ((err = fs_remove(deb)) || (err = fs_remove(fresh)) || (err = fs_mkdirs(deb)) || (err = fs_mkdirs(fresh)))
		return err;
	err = package_unpack(c, p, deb, log);
	if (!err)
		err = proc_run(&(struct proc){ .argv = argv, .log_path = log, .deadline_s = 900 }, NULL);
	if (!err && rename(fresh, t->source))
		err = err_set(errno, "%s: rename", fresh);
	(void)fs_remove(deb);
	return err;
}

static int source_make(const struct cache *c, const struct kernel *k, const char *part, const char *log,
		       char **ret_release)
{
	_cleanup_(freep) char *about = str_fmt("%s %s", k->package.name, k->package.version), *key = NULL;
	struct hash *h = hash_new("tree of a package 1");
	struct tree t;
	int err;

	hash_text(h, "source", k->package.name);
	hash_text(h, "version", k->package.version);
	key = hash_end(h);
	err = tree_open(c, key, about, &t);
	if (err)
		return err;
	err = unpack(c, &k->package, &t, log);
	if (!err)
		err = build_tree(&t, k, part, log, ret_release);
	tree_close(&t);
	return err;
}

/* Without a series first: git knows nothing of ours. */
static int tree_make(const struct cache *c, const struct kernel *k, const char *part, const char *log,
		     char **ret_release)
{
	const struct gittree *g = &k->whole->git;
	struct hash *h = hash_new("tree of git 1");
	_cleanup_(freep) char *key = NULL;
	struct tree t;
	int err;

	hash_text(h, "path", g->path);
	key = hash_end(h);
	err = tree_open(c, key, g->path, &t);
	if (err)
		return err;
	err = tree_patch(&t, NULL, log);
	if (!err)
		err = gittree_checkout(g, t.source, log);
	if (!err)
		err = build_tree(&t, k, part, log, ret_release);
	tree_close(&t);
	return err;
}

const struct kernel_way kernel_way_source = {
	.recipe = "kernel of a source 1", .is_meant = source_is_meant, .resolve = source_resolve,
	.hash = source_hash, .make = source_make,
};

const struct kernel_way kernel_way_tree = {
	.recipe = "kernel of a tree 1", .is_meant = tree_is_meant, .resolve = tree_resolve,
	.hash = tree_hash, .make = tree_make,
};
