// SPDX-License-Identifier: GPL-2.0-only
/* kernel.c - a kernel as a plan describes it, to an artifact that boots */
#include "build/kernel.h"

#include <errno.h>
#include <string.h>

#include <jansson.h>

#include "build/gittree.h"
#include "build/kernel_way.h"
#include "build/module.h"
#include "build/series.h"
#include "lib/cleanup.h"
#include "lib/err.h"
#include "lib/fs.h"
#include "lib/hash.h"
#include "lib/str.h"

/* The first that is meant: what has a package and a tree is a package with modules of the tree. */
static const struct kernel_way *const ways[] = {
	&kernel_way_modules, &kernel_way_package, &kernel_way_source, &kernel_way_tree,
};

static const struct kernel_way *find_way(const struct plan_kernel *want)
{
	for (size_t i = 0; i < ARRAY_SIZE(ways); i++)
		if (ways[i]->is_meant(want))
			return ways[i];
	return NULL;
}

static int resolve(const struct cache *c, const struct plan_kernel *want, struct kernel *k)
{
	struct hash *h;
	int err;

	k->way = find_way(want);
	if (!k->way)
		return err_say(EINVAL, "it has no package, source or tree");
	err = k->way->resolve(c, want, k);
	if (!err && want->series)
		err = series_find(want->series, k->base ? k->base : k->package.version, &k->series);
	if (err)
		return err;
	h = hash_new(k->way->recipe);
	err = k->way->hash(h, k);
	k->hash = hash_end(h);
	return err;
}

int kernel_resolve(const struct cache *c, const struct plan_kernel *want, struct kernel *ret)
{
	struct kernel k = { 0 };
	int err = resolve(c, want, &k);

	if (err) {
		kernel_free(&k);
		return err_wrap(err, "kernel %s", want->name);
	}
	*ret = k;
	return 0;
}

static int write_about(const struct kernel *k, const char *release, const char *part)
{
	_cleanup_(freep) char *path = str_fmt("%s/kernel.json", part);
	json_t *o = json_pack("{s:s, s:s, s:s, s:s*}", "package", k->package.name, "version",
			      k->package.version, "release", release, "series",
			      k->series ? series_name(k->series) : NULL);
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
	_cleanup_(freep) char *release = NULL;
	int err = m->k->way->make(m->c, m->k, part, log, &release);

	if (!err)
		err = module_index(part, release, log);
	return err ? err : write_about(m->k, release, part);
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

char *kernel_words(const struct kernel *k)
{
	if (!k->tree)
		return str_fmt("%s %s", k->package.name, k->package.version);
	return str_fmt("%s %s with modules of %s %.12s", k->package.name, k->package.version,
		       strrchr(k->tree->path, '/') + 1, k->tree->commit);
}

bool kernel_is_debug(const struct kernel *k)
{
	static const char *const options[] = { "\nCONFIG_KASAN=y\n", "\nCONFIG_PROVE_LOCKING=y\n" };
	_cleanup_(freep) char *path = str_fmt("%s/config", k->dir), *text = NULL;

	if (fs_read(path, &text, NULL))
		return false;
	for (size_t i = 0; i < ARRAY_SIZE(options); i++)
		if (strstr(text, options[i]))
			return true;
	return false;
}

void kernel_free(struct kernel *k)
{
	package_free(&k->package);
	kernel_whole_free(k->whole);
	kernel_tree_free(k->tree);
	free(k->base);
	free(k->series);
	free(k->hash);
	free(k->dir);
	free(k->release);
	*k = (struct kernel){ 0 };
}
