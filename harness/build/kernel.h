/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * kernel.h - a kernel as a plan describes it, to an artifact that boots
 *
 * The artifact's folder:
 *
 *	kernel		ELF vmlinux where the kernel has PVH, else the package's bzImage
 *	vmlinuz		the package's bzImage
 *	config		its configuration
 *	lib/modules/RELEASE/	modules, decompressed, with the series' ones in their places
 *	kernel.json	package, version, release, series
 */
#ifndef BUILD_KERNEL_H
#define BUILD_KERNEL_H

#include "build/cache.h"
#include "build/package.h"
#include "plan/plan.h"

/**
 * struct kernel - a kernel that is wanted, then one that is built
 * @package: its image package
 * @series:  folder of its patches, NULL for none
 * @hash:    of everything that goes into it
 * @dir:     the artifact's folder, NULL before kernel_build()
 * @release: what uname -r will say, NULL before kernel_build()
 */
struct kernel {
	struct package package;
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

/** kernel_build() - make the artifact unless it is there. Return: 0 or -errno. */
int kernel_build(const struct cache *c, struct kernel *k);

void kernel_free(struct kernel *k);

#endif
