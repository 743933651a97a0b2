/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * identity.h - what of a built kernel can make a difference: two with the same identity behave the same
 *
 * That is its image and its modules, without what every build gives them anew: build ids, dates and build numbers, and
 * the numbers of lines that WARN_ON() and dynamic debug keep. So a commit that changes comments, or a file that is
 * not compiled, has the identity of the commit before it.
 */
#ifndef BUILD_IDENTITY_H
#define BUILD_IDENTITY_H

#include <stddef.h>

#include "lib/hash.h"

/** identity_of_kernel() - @dir: a kernel's artifact. @ret: 64 digits, to be freed. Return: 0 or -errno. */
int identity_of_kernel(const char *dir, char **ret);

/** identity_of_elf() - add what counts of an object file to @h; what is no 64-bit ELF counts as it is. @data is changed. */
void identity_of_elf(struct hash *h, char *data, size_t len);

#endif
