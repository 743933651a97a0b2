/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * kernel.h - a kernel as a plan describes it, to an artifact that boots
 *
 * The artifact's folder:
 *
 *	kernel		ELF vmlinux where the kernel has PVH, else the package's bzImage
 *	vmlinuz		a package's bzImage
 *	config		its configuration
 *	lib/modules/RELEASE/	modules, decompressed, with the series' ones in their places
 *	kernel.json	package, version, release, series
 *
 * There are four ways to get one: a package (kernel_package.c), a package with the modules tun, tap, vhost and
 * vhost_net of a git tree (kernel_modules.c), and whole builds of a source package or of a git tree (kernel_whole.c).
 */
#ifndef BUILD_KERNEL_H
#define BUILD_KERNEL_H

#include "build/cache.h"
#include "build/package.h"
#include "plan/plan.h"

struct kernel_way;
struct kernel_whole;
struct gittree;

/**
 * struct kernel - a kernel that is wanted, then one that is built
 * @way:     how it is got
 * @package: its image or source package; a git tree's name, with the commit as its version
 * @base:    its version as the kernel counts ("6.12"), which says which patches of a series fit; NULL: as @package's
 * @whole:   what a whole build needs to know, NULL for a package
 * @tree:    whose modules go into a package, NULL for none
 * @series:  folder of its patches, NULL for none
 * @hash:    of everything that goes into it
 * @dir:     the artifact's folder, NULL before kernel_build()
 * @release: what uname -r will say, NULL before kernel_build()
 */
struct kernel {
	const struct kernel_way *way;
	struct package package;
	char *base;
	struct kernel_whole *whole;
	struct gittree *tree;
	char *series;
	char *hash;
	char *dir;
	char *release;
};

/**
 * kernel_resolve() - which package and patches a plan's kernel means today; builds nothing
 * Return: 0; -ENOENT for a package, version or series that does not exist; other -errno.
 */
int kernel_resolve(const struct cache *c, const struct plan_kernel *want, struct kernel *ret);

/**
 * kernel_build() - make the artifact unless it is there
 * Return: 0; -ENOEXEC with the compiler's lines when the source does not compile: nothing can be said of such a
 * kernel; other -errno.
 */
int kernel_build(const struct cache *c, struct kernel *k);

/** kernel_words() - Return: what it is made of, a line for people; to be freed. */
char *kernel_words(const struct kernel *k);

/** kernel_is_debug() - Return: whether a built kernel looks for mistakes (KASAN, lockdep): it is many times slower. */
bool kernel_is_debug(const struct kernel *k);

void kernel_free(struct kernel *k);

#endif
