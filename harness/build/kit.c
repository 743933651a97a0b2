// SPDX-License-Identifier: GPL-2.0-only
/* kit.c - the small disk with all that a host needs beside its image */
#include "build/kit.h"

#include <string.h>

#include "build/gc.h"
#include "lib/cleanup.h"
#include "lib/err.h"
#include "lib/fs.h"
#include "lib/hash.h"
#include "lib/proc.h"
#include "lib/str.h"

#define KIND "kit"
#define SELF "/proc/self/exe"

/* A rebuilt tapbed, and every kernel of a bisection, wants new ones, of some 85 MB each, made in seconds. */
#define KEEP 32

/* Room beside the files, for the file system's own tables. */
#define SPARE_MIB 16

struct making {
	const struct cache *cache;
	const struct kernel *host;
	const struct kernel *guest;
	const char *guest_initrd;
};

static int copy_tree(const char *from, const char *to)
{
	const char *const argv[] = { "cp", "-r", "--reflink=auto", from, to, NULL };
	struct proc p = { .argv = argv };

	return proc_run(&p, NULL);
}

static int stage(const struct making *m, const char *dir)
{
	_cleanup_(freep) char *self = str_fmt("%s/tapbed", dir);
	_cleanup_(freep) char *modules = str_fmt("%s/lib", m->host->dir);
	_cleanup_(freep) char *guest = str_fmt("%s/guest", dir);
	_cleanup_(freep) char *from = str_fmt("%s/kernel", m->guest->dir);
	_cleanup_(freep) char *kernel = str_fmt("%s/kernel", guest);
	_cleanup_(freep) char *initrd = str_fmt("%s/initrd", guest);
	int err = fs_mkdirs(guest);

	if (!err)
		err = fs_copy(SELF, self, 0755);
	if (!err)
		err = copy_tree(modules, dir);
	if (!err)
		err = fs_copy(from, kernel, 0644);
	return err ? err : fs_copy(m->guest_initrd, initrd, 0644);
}

static int make_kit(void *arg, const char *part, const char *log)
{
	_cleanup_(freep) char *dir = str_fmt("%s/files", part);
	_cleanup_(freep) char *disk = str_fmt("%s/kit.img", part);
	_cleanup_(freep) char *size = NULL;
	const char *argv[] = { "mke2fs", "-q", "-F", "-t", "ext4", "-O", "^has_journal", "-m", "0",
			       "-E", "root_owner=0:0", "-L", "kit", "-d", dir, disk, NULL, NULL };
	const char *const env[] = { "PATH=/usr/sbin:/usr/bin:/sbin:/bin", NULL };
	struct proc p = { .argv = argv, .env = env, .log_path = log };
	const struct making *m = arg;
	int err = fs_mkdirs(dir);

	gc_forget(m->cache->dir, KIND, KEEP);
	if (!err)
		err = stage(m, dir);
	if (err)
		return err;
	size = str_fmt("%lldM", fs_size(dir) / 1000000 + SPARE_MIB);
	argv[ARRAY_SIZE(argv) - 2] = size;
	err = proc_run(&p, NULL);
	return err ? err : fs_remove(dir);
}

int kit_build(const struct cache *c, const struct kernel *host, const struct kernel *guest,
	      const char *guest_initrd, char **ret)
{
	struct making m = { c, host, guest, guest_initrd };
	struct hash *h = hash_new("kit 1");
	_cleanup_(freep) char *hash = NULL, *dir = NULL;
	int err = hash_file(h, "tapbed", SELF);

	if (!err)
		err = hash_file(h, "initrd", guest_initrd);
	hash_text(h, "host", host->hash);
	hash_text(h, "guest", guest->hash);
	hash = hash_end(h);
	if (!err)
		err = cache_get(c, KIND, hash, make_kit, &m, &dir);
	if (err)
		return err_wrap(err, "kit of %s", host->release);
	*ret = str_fmt("%s/kit.img", dir);
	return 0;
}
