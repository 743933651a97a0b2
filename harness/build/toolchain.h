/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * toolchain.h - what a whole kernel is compiled with, as the kernel's own build variables say it
 *
 * ARCH, CROSS_COMPILE, LLVM, CC and their like mean what Documentation/kbuild/kbuild.rst says: make
 * finds them in our environment. What is done here is to know which compiler they choose, to put ccache before it
 * where that is installed, and to count all of them as input of the kernel.
 */
#ifndef BUILD_TOOLCHAIN_H
#define BUILD_TOOLCHAIN_H

#include "build/cache.h"
#include "lib/hash.h"
#include "lib/str.h"

/**
 * struct toolchain - found
 * @cc:      compiler as the kernel's build would call it
 * @version: first line of its --version
 * @output:  KBUILD_OUTPUT, absolute; NULL when it is not set
 * @env:     put over our environment for make
 * @args:    words for make's command line
 */
struct toolchain {
	char *cc;
	char *version;
	char *output;
	struct strv env;
	struct strv args;
};

/**
 * toolchain_find() - which one it is, and whether all programs and headers of a kernel build are there
 * @c:   ccache keeps its objects there
 * @ret: toolchain_free() it in any case
 * Return: 0; -ENOTSUP for an ARCH that no host under test has; -ENOENT with the package that is missing; other -errno.
 */
int toolchain_find(const struct cache *c, struct toolchain *ret);

/** toolchain_compiler() - Return: the compiler that the variables choose, to be freed; NULL values are as if not set. */
char *toolchain_compiler(const char *cc, const char *llvm, const char *cross);

/** toolchain_hash() - add compiler and variables to @h. */
void toolchain_hash(const struct toolchain *t, struct hash *h);

void toolchain_free(struct toolchain *t);

#endif
