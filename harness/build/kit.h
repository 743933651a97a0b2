/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * kit.h - the small disk with all that a host needs beside its image
 *
 *	/tapbed			this program: the agent
 *	/lib/modules/RELEASE	modules of the host's kernel
 *	/guest/kernel, /guest/initrd	what the guest boots
 */
#ifndef BUILD_KIT_H
#define BUILD_KIT_H

#include "build/cache.h"
#include "build/kernel.h"

/**
 * kit_build() - make the kit unless it is there
 * @host:         built kernel of the host
 * @guest:        built kernel of the guest
 * @guest_initrd: its initramfs
 * @ret:          the raw ext4 disk, to be freed
 * Return: 0 or -errno.
 */
int kit_build(const struct cache *c, const struct kernel *host, const struct kernel *guest,
	      const char *guest_initrd, char **ret);

#endif
