/* SPDX-License-Identifier: GPL-2.0-only */
/* initrd.h - the initramfs: our init, and the modules without which no disk is seen */
#ifndef BUILD_INITRD_H
#define BUILD_INITRD_H

#include "build/cache.h"
#include "build/kernel.h"

/** initrd_build() - make the initramfs of a built kernel unless it is there. @ret: the file, to be freed. Return: 0 or -errno. */
int initrd_build(const struct cache *c, const struct kernel *k, char **ret);

#endif
