/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * appliance.h - libguestfs, opened when an image is made
 *
 * The same program runs as the agent in the host image, where libguestfs and the two hundred
 * packages that it needs are not wanted. So it is opened with dlopen(); the types are those of
 * <guestfs.h>.
 */
#ifndef BUILD_APPLIANCE_H
#define BUILD_APPLIANCE_H

#include <stdbool.h>

#include "build/cache.h"
#include "build/kernel.h"
#include "build/recipe.h"

/**
 * struct appliance_job - a disk to make
 * @cache:   where the appliance is kept
 * @kernel:  what the appliance boots
 * @use_kvm: false: libguestfs is told to use TCG; it would take a /dev/kvm that does not work
 * @recipe:  users and files
 * @tar:     the Debian tree
 * @disk:    raw file to make
 */
struct appliance_job {
	const struct cache *cache;
	const struct kernel *kernel;
	bool use_kvm;
	const struct recipe *recipe;
	const char *tar;
	const char *disk;
};

/**
 * appliance_fill() - write a tar file and a recipe's users and files into a new ext4 disk
 * Return: 0; -ETIMEDOUT; -EINTR when a stop was asked for; -EIO with libguestfs' own sentence.
 */
int appliance_fill(const struct appliance_job *j);

/** appliance_version() - Return: version of libguestfs, to be freed; NULL with a sentence when it is not there. */
char *appliance_version(void);

#endif
