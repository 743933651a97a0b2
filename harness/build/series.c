// SPDX-License-Identifier: GPL-2.0-only
/* series.c - a patch series as rebuilt modules of a package's kernel */
#include "build/series.h"

#include <errno.h>
#include <glob.h>
#include <stdint.h>
#include <string.h>

#include "build/kbuild.h"
#include "build/source.h"
#include "lib/cleanup.h"
#include "lib/err.h"
#include "lib/fs.h"
#include "lib/log.h"
#include "lib/proc.h"
#include "lib/str.h"

/* The package's own compiler, as its headers ask for it. */
#define COMPILER "x86_64-linux-gnu-gcc-12"

/* What can be rebuilt alone: a module, its folder, its objects, the files that change it. */
static const struct {
	const char *name;
	const char *dir;
	const char *objs;
	const char *files[5];
} modules[] = {
	{ "tun",       "drivers/net",   NULL,
	  { "drivers/net/tun.c", "include/linux/if_tun.h" } },
	{ "tap",       "drivers/net",   NULL,
	  { "drivers/net/tap.c", "include/linux/if_tap.h" } },
	{ "vhost",     "drivers/vhost", NULL,
	  { "drivers/vhost/vhost.c", "drivers/vhost/vhost.h" } },
	{ "vhost_net", "drivers/vhost", "net.o",
	  { "drivers/vhost/net.c", "drivers/vhost/vhost.h", "include/linux/if_tun.h",
	    "include/linux/if_tap.h" } },
};

_Static_assert(ARRAY_SIZE(modules) == SERIES_MODULES, "one flag a module");

/* Files of the patches in their order; of "DIR:2" the first two. */
static int patches(const char *dir, struct strv *ret)
{
	size_t len, most = series_first(dir, &len);
	_cleanup_(freep) char *pattern = str_fmt("%.*s/*.patch", (int)len, dir);
	glob_t g = { 0 };

	(void)glob(pattern, 0, NULL, &g);
	for (size_t i = 0; i < g.gl_pathc && i < most; i++)
		strv_add(ret, g.gl_pathv[i]);
	globfree(&g);
	if (!ret->n)
		return err_say(ENOENT, "series %.*s has no *.patch file", (int)len, dir);
	if (ret->n < most && most != SIZE_MAX)
		return err_say(ENOENT, "series %.*s has %zu patches, not %zu", (int)len, dir, ret->n, most);
	return 0;
}

int series_count(const char *dir, size_t *ret)
{
	_cleanup_(strv_free) struct strv files = { 0 };
	int err = patches(dir, &files);

	*ret = files.n;
	return err;
}

static int hash_patches(struct hash *h, const char *dir)
{
	_cleanup_(strv_free) struct strv files = { 0 };
	int err = patches(dir, &files);

	for (size_t i = 0; i < files.n && !err; i++)
		err = hash_file(h, "patch", files.v[i]);
	return err;
}

int series_hash_patches(struct hash *h, const char *dir)
{
	hash_text(h, "series", dir ? "patched" : NULL);
	return dir ? hash_patches(h, dir) : 0;
}

int series_hash_compiler(struct hash *h)
{
	const char *const argv[] = { COMPILER, "--version", NULL };
	struct proc p = { .argv = argv };
	_cleanup_(freep) char *version = NULL;
	int err = proc_run(&p, &version);

	if (err)
		return err_wrap(err, "the package's modules need its compiler; apt-get install gcc-12");
	hash_text(h, "compiler", version);
	return 0;
}

int series_hash(struct hash *h, const char *dir)
{
	int err;

	hash_text(h, "series", dir ? "patched" : NULL);
	if (!dir)
		return 0;
	err = series_hash_compiler(h);
	return err ? err : hash_patches(h, dir);
}

static bool module_has(size_t m, const char *file)
{
	for (size_t i = 0; i < ARRAY_SIZE(modules[m].files) && modules[m].files[i]; i++)
		if (!strcmp(modules[m].files[i], file))
			return true;
	return false;
}

static int mark_file(const char *file, bool *built)
{
	bool known = false;

	for (size_t m = 0; m < ARRAY_SIZE(modules); m++) {
		if (module_has(m, file))
			built[m] = known = true;
	}
	if (known)
		return 0;
	return err_say(ENOTSUP, "it changes %s, which is in none of the modules tun, tap, vhost and "
		       "vhost_net that a series can rebuild", file);
}

/* What stands before a name of a file in a patch; "---" has it for removed ones. */
static const char *file_in(const char *line)
{
	static const char *const before[] = { "+++ b/", "--- a/", "rename from ", "rename to ", "copy to ", };

	for (size_t i = 0; i < ARRAY_SIZE(before); i++)
		if (str_starts(line, before[i]))
			return line + strlen(before[i]);
	return NULL;
}

static int patch_files(const char *path, struct strv *ret)
{
	_cleanup_(freep) char *text = NULL;
	char *save = NULL;
	int err = fs_read(path, &text, NULL);

	if (err)
		return err;
	for (char *l = strtok_r(text, "\n", &save); l; l = strtok_r(NULL, "\n", &save)) {
		const char *file;

		l[strcspn(l, "\t\r")] = '\0';
		file = file_in(l);
		if (file && (*file == '/' || str_starts(file, "../") || strstr(file, "/../")))
			return err_say(EINVAL, "%s changes %s, which is outside of the source", strrchr(path, '/') + 1, file);
		if (file && !strv_has(ret, file))
			strv_add(ret, file);
	}
	return 0;
}

int series_files(const char *dir, struct strv *ret)
{
	_cleanup_(strv_free) struct strv files = { 0 };
	int err = patches(dir, &files);

	for (size_t i = 0; i < files.n && !err; i++)
		err = patch_files(files.v[i], ret);
	return err;
}

static int mark_patch(const char *path, bool *built)
{
	_cleanup_(strv_free) struct strv files = { 0 };
	int err = patch_files(path, &files);

	for (size_t i = 0; i < files.n && !err; i++)
		err = mark_file(files.v[i], built);
	return err ? err_wrap(err, "%s", strrchr(path, '/') + 1) : 0;
}

static int apply(const char *path, const char *tree, const char *log)
{
	/* No fuzz: a patch that fits only nearly is a patch for another kernel. */
	const char *const argv[] = { "patch", "-p1", "-F0", "-N", "--no-backup-if-mismatch", "-r", "-",
				     "-d", tree, "-i", path, NULL };
	struct proc p = { .argv = argv, .log_path = log };
	int err = proc_run(&p, NULL);

	return err ? err_wrap(err, "%s does not apply", strrchr(path, '/') + 1) : 0;
}

int series_patch(const char *dir, const char *tree, const char *log)
{
	_cleanup_(strv_free) struct strv files = { 0 };
	int err = patches(dir, &files);

	for (size_t i = 0; i < files.n && !err; i++)
		err = apply(files.v[i], tree, log);
	return err;
}

int series_apply(const char *dir, const char *tree, const char *log, bool built[SERIES_MODULES])
{
	_cleanup_(strv_free) struct strv files = { 0 };
	int err = patches(dir, &files);

	for (size_t i = 0; i < files.n && !err; i++)
		err = mark_patch(files.v[i], built);
	return err ? err : series_patch(dir, tree, log);
}

/* Patched headers are seen before the package's own. */
static int write_kbuild(const char *tree, const char *dir, const bool *built)
{
	_cleanup_(freep) char *path = str_fmt("%s/%s/Kbuild", tree, dir);
	struct strbuf b = { 0 };
	int err;

	strbuf_fmt(&b, "LINUXINCLUDE := -I$(src)/../../include $(LINUXINCLUDE)\nobj-m :=\n");
	for (size_t m = 0; m < ARRAY_SIZE(modules); m++) {
		if (!built[m] || strcmp(modules[m].dir, dir))
			continue;
		strbuf_fmt(&b, "obj-m += %s.o\n", modules[m].name);
		if (modules[m].objs)
			strbuf_fmt(&b, "%s-y := %s\n", modules[m].name, modules[m].objs);
	}
	err = fs_write(path, b.data, b.len, 0644);
	strbuf_free(&b);
	return err;
}

static int write_kbuilds(const char *tree, const bool *built)
{
	static const char top[] = "obj-m := drivers/net/ drivers/vhost/\n";
	_cleanup_(freep) char *path = str_fmt("%s/Kbuild", tree);
	int err = fs_write(path, top, strlen(top), 0644);

	if (!err)
		err = write_kbuild(tree, "drivers/net", built);
	if (!err)
		err = write_kbuild(tree, "drivers/vhost", built);
	return err;
}

/* What the compiler had against it, and whose fault that is; the last lines are make's, about folders. */
static int describe_compile(int err, const char *out, const char *tree, const char *log)
{
	const char *at = NULL;
	size_t length = 0;
	int blame = err == -EPROTO ? kbuild_blame(out, &at, &length) : 0;

	if (!at)
		return err_wrap(err, "the modules do not build");
	if (str_starts(at, tree) && length > strlen(tree)) {
		at += strlen(tree) + 1;
		length -= strlen(tree) + 1;
	}
	return err_say(blame, "the modules do not build: %.*s\nlog: %s", (int)length, at, log);
}

/*
 * The header package's Makefile includes an absolute path. Started as COMMON/Makefile from the
 * flavour's folder, kbuild finds both trees relative to them. The package's vmlinux for BTF
 * would call pahole; modules without BTF load just as well.
 */
static int compile(const char *headers, const char *tree, const char *log)
{
	_cleanup_(freep) char *flavour = NULL, *common = NULL;
	_cleanup_(freep) char *m = str_fmt("M=%s", tree), *out = NULL;
	int err = source_headers_find(headers, &flavour, &common);
	_cleanup_(freep) char *jobs = str_fmt("-j%d", proc_cpus());
	const char *argv[] = { "make", "-C", NULL, "-f", NULL, m, "CONFIG_DEBUG_INFO_BTF_MODULES=",
			       jobs, "modules", NULL };
	struct proc p = { .argv = argv, .log_path = log, .deadline_s = 600, .want_stderr = true };

	if (err)
		return err;
	argv[2] = flavour;
	argv[4] = common;
	err = proc_run(&p, &out);
	return err ? describe_compile(err, out, tree, log) : 0;
}

static int strip(const char *ko, const char *log)
{
	const char *const argv[] = { "strip", "--strip-debug", ko, NULL };
	struct proc p = { .argv = argv, .log_path = log };

	return proc_run(&p, NULL);
}

static int install(const char *tree, const char *part, const char *release, const bool *built,
		   const char *log)
{
	int err = 0;

	for (size_t m = 0; m < ARRAY_SIZE(modules) && !err; m++) {
		_cleanup_(freep) char *from = str_fmt("%s/%s/%s.ko", tree, modules[m].dir, modules[m].name);
		_cleanup_(freep) char *to = str_fmt("%s/lib/modules/%s/kernel/%s/%s.ko", part, release,
						    modules[m].dir, modules[m].name);

		if (!built[m])
			continue;
		err = strip(from, log);
		/* It may be a hard link to the package's own one. */
		if (!err)
			err = fs_remove(to);
		if (!err)
			err = fs_copy(from, to, 0644);
	}
	return err;
}

int series_rebuild(const struct cache *c, const struct package *image, const char *release, const char *tree,
		   const bool *built, const char *part, const char *log)
{
	_cleanup_(freep) char *headers = NULL;
	int err = source_headers(c, image, release, &headers);

	if (!err)
		err = write_kbuilds(tree, built);
	if (!err)
		err = compile(headers, tree, log);
	return err ? err : install(tree, part, release, built, log);
}

int series_build(const struct cache *c, const struct package *image, const char *release,
		 const char *dir, const char *part, const char *log)
{
	_cleanup_(freep) char *source = NULL;
	_cleanup_(freep) char *tree = str_fmt("%s/series", part);
	bool built[ARRAY_SIZE(modules)] = { false };
	int err = source_files(c, image, release, &source);

	if (!err)
		err = source_copy(source, tree);
	if (!err)
		err = series_apply(dir, tree, log, built);
	if (!err)
		err = series_rebuild(c, image, release, tree, built, part, log);
	if (err)
		return err_wrap(err, "series %s on %s", series_name(dir), release);
	return fs_remove(tree);
}
