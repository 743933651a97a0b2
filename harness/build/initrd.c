// SPDX-License-Identifier: GPL-2.0-only
/* initrd.c - the initramfs: our init, and the modules without which no disk is seen */
#include "build/initrd.h"

#include <fts.h>
#include <string.h>

#include "build/archive.h"
#include "lib/cleanup.h"
#include "lib/err.h"
#include "lib/hash.h"
#include "lib/str.h"

/* vm-images/init, linked into this program: see the Makefile. */
extern const char vm_init_start[], vm_init_end[];

/* In step with the early modules of vm-images/init.c. */
static const char *const modules[] = { "virtio_blk", "failover", "net_failover", "virtio_net" };

static char *find_module(const char *dir, const char *name)
{
	_cleanup_(freep) char *tree = str_fmt("%s/lib/modules", dir);
	_cleanup_(freep) char *file = str_fmt("%s.ko", name);
	char *const roots[] = { tree, NULL };
	FTS *f = fts_open(roots, FTS_PHYSICAL | FTS_NOCHDIR, NULL);
	char *path = NULL;

	for (FTSENT *e = f ? fts_read(f) : NULL; e && !path; e = fts_read(f))
		if (e->fts_info == FTS_F && !strcmp(e->fts_name, file))
			path = str_dup(e->fts_path);
	if (f)
		fts_close(f);
	return path;
}

static int make_initrd(void *arg, const char *part, const char *log)
{
	const struct kernel *k = arg;
	struct archive_member m[6 + ARRAY_SIZE(modules)] = {
		{ .name = "dev" }, { .name = "proc" }, { .name = "sys" }, { .name = "root" },
		{ .name = "modules" },
		{ .name = "init", .data = vm_init_start, .size = (size_t)(vm_init_end - vm_init_start) },
	};
	struct strv names = { 0 }, paths = { 0 };
	_cleanup_(freep) char *out = str_fmt("%s/initrd", part);
	size_t n = 6;
	int err;

	(void)log;
	for (size_t i = 0; i < ARRAY_SIZE(modules); i++) {
		_cleanup_(freep) char *path = find_module(k->dir, modules[i]);

		if (!path)
			continue; /* built in */
		strv_fmt(&names, "modules/%s.ko", modules[i]);
		strv_add(&paths, path);
		m[n].name = names.v[names.n - 1];
		m[n++].path = paths.v[paths.n - 1];
	}
	err = archive_cpio(out, m, n);
	strv_free(&names);
	strv_free(&paths);
	return err;
}

int initrd_build(const struct cache *c, const struct kernel *k, char **ret)
{
	struct hash *h = hash_new("initrd 1");
	_cleanup_(freep) char *hash = NULL, *dir = NULL;
	int err;

	hash_text(h, "kernel", k->hash);
	hash_bytes(h, "init", vm_init_start, (size_t)(vm_init_end - vm_init_start));
	hash = hash_end(h);
	err = cache_get(c, "initrd", hash, make_initrd, (void *)k, &dir);
	if (err)
		return err_wrap(err, "initramfs of %s", k->package.name);
	*ret = str_fmt("%s/initrd", dir);
	return 0;
}
