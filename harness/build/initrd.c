// SPDX-License-Identifier: GPL-2.0-only
/* initrd.c - the initramfs: our init, and the modules without which no disk is seen */
#include "build/initrd.h"

#include <string.h>

#include "build/archive.h"
#include "lib/cleanup.h"
#include "lib/err.h"
#include "lib/fs.h"
#include "lib/hash.h"
#include "lib/str.h"

/* vm-images/init, linked into this program: see the Makefile. */
extern const char vm_init_start[], vm_init_end[];

/*
 * Without these no disk, console port or NIC is seen. What a kernel has built in is missing in its
 * index; what one of them needs comes before it, but for crc32c, which ext4 asks for by its name.
 */
static const char *const wanted[] = {
	"virtio_pci", "virtio_blk", "crc32c_generic", "ext4", "virtio_console", "virtio_net", "e1000",
};

/* The line of a module in modules.dep: "kernel/drivers/net/tap.ko: kernel/..." */
static const char *dep_line(const char *index, const char *name)
{
	_cleanup_(freep) char *file = str_fmt("/%s.ko:", name);
	const char *at = strstr(index, file);

	while (at && at > index && at[-1] != '\n')
		at--;
	return at;
}

/* Adds a module after all that it needs; modules.dep names those in the reverse of their order. */
static void add_with_needs(const char *index, const char *name, struct strv *paths)
{
	const char *line = dep_line(index, name);
	_cleanup_(freep) char *words = NULL;
	struct strv all = { 0 };
	char *save = NULL;

	if (!line)
		return;
	words = str_fmt("%.*s", (int)strcspn(line, "\n"), line);
	for (char *w = strtok_r(words, ": ", &save); w; w = strtok_r(NULL, ": ", &save))
		strv_add(&all, w);
	for (size_t i = all.n; i > 0; i--)
		if (!strv_has(paths, all.v[i - 1]))
			strv_add(paths, all.v[i - 1]);
	strv_free(&all);
}

static int find_modules(const struct kernel *k, struct strv *paths)
{
	_cleanup_(freep) char *file = str_fmt("%s/lib/modules/%s/modules.dep", k->dir, k->release);
	_cleanup_(freep) char *index = NULL;
	int err = fs_read(file, &index, NULL);

	for (size_t i = 0; i < ARRAY_SIZE(wanted) && !err; i++)
		add_with_needs(index, wanted[i], paths);
	return err;
}

static int write_initrd(const struct kernel *k, const struct strv *paths, const char *out)
{
	_cleanup_(freep) struct archive_member *m = mem_zalloc((7 + paths->n) * sizeof(*m));
	struct strv names = { 0 }, files = { 0 };
	struct strbuf order = { 0 };
	size_t n = 0;
	int err;

	for (size_t i = 0; i < paths->n; i++) {
		strv_fmt(&names, "modules/%s", strrchr(paths->v[i], '/') + 1);
		strv_fmt(&files, "%s/lib/modules/%s/%s", k->dir, k->release, paths->v[i]);
		strbuf_fmt(&order, "/%s\n", names.v[i]);
	}
	for (const char *const *d = (const char *const[]){ "dev", "proc", "sys", "root", "modules", NULL }; *d; d++)
		m[n++].name = *d;
	m[n++] = (struct archive_member){ .name = "init", .data = vm_init_start,
					  .size = (size_t)(vm_init_end - vm_init_start) };
	m[n++] = (struct archive_member){ .name = "modules/order", .data = strbuf_text(&order), .size = order.len };
	for (size_t i = 0; i < paths->n; i++)
		m[n++] = (struct archive_member){ .name = names.v[i], .path = files.v[i] };
	err = archive_cpio(out, m, n);
	strv_free(&names);
	strv_free(&files);
	strbuf_free(&order);
	return err;
}

static int make_initrd(void *arg, const char *part, const char *log)
{
	const struct kernel *k = arg;
	_cleanup_(freep) char *out = str_fmt("%s/initrd", part);
	struct strv paths = { 0 };
	int err = find_modules(k, &paths);

	(void)log;
	if (!err)
		err = write_initrd(k, &paths, out);
	strv_free(&paths);
	return err;
}

int initrd_build(const struct cache *c, const struct kernel *k, char **ret)
{
	struct hash *h = hash_new("initrd 4");
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
