/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * image.h - Debian disk images, made as an ordinary user
 *
 * mmdebstrap unpacks the packages into a tar file (in a user namespace), libguestfs writes it
 * into an ext4 disk with its owners and modes and adds the recipe's users and files.
 */
#ifndef BUILD_IMAGE_H
#define BUILD_IMAGE_H

#include "build/cache.h"
#include "build/kernel.h"

/** struct image - a disk image in the cache; @path is the raw file, never written to by a run */
struct image {
	char *path;
	char *hash;
};

/**
 * image_build() - make an image unless it is there
 * @c:       cache
 * @name:    "host" or "guest": vm-images/NAME.yaml
 * @profile: "lean" or "full"
 * @k:       a built kernel that libguestfs' appliance boots
 * @use_kvm: whether QEMU works with kvm here, as accel found
 * @ret:     the image
 * Return: 0 or -errno.
 */
int image_build(const struct cache *c, const char *name, const char *profile, const struct kernel *k,
		bool use_kvm, struct image *ret);

/** image_is_built() - Return: whether image_build() would find it in the cache. */
bool image_is_built(const struct cache *c, const char *name, const char *profile);

void image_free(struct image *i);

#endif
