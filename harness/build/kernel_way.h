/* SPDX-License-Identifier: GPL-2.0-only */
/* kernel_way.h - the ways to get a kernel; only kernel*.c need to know them apart */
#ifndef BUILD_KERNEL_WAY_H
#define BUILD_KERNEL_WAY_H

#include "build/kernel.h"
#include "lib/hash.h"

/**
 * struct kernel_way - one row
 * @recipe:  name and number of the recipe; raise it when something else is made of the same input
 * @is_meant: whether a plan's kernel is to be got this way
 * @resolve: finds out what the words mean today, into @k: its package or what stands for one, with a version
 * @hash:    adds all that goes into the artifact to @h
 * @make:    fills the artifact @part but for kernel.json and the index of modules; @ret_release: to be freed
 */
struct kernel_way {
	const char *recipe;
	bool (*is_meant)(const struct plan_kernel *want);
	int (*resolve)(const struct cache *c, const struct plan_kernel *want, struct kernel *k);
	int (*hash)(struct hash *h, const struct kernel *k);
	int (*make)(const struct cache *c, const struct kernel *k, const char *part, const char *log,
		    char **ret_release);
};

extern const struct kernel_way kernel_way_package;
extern const struct kernel_way kernel_way_modules;
extern const struct kernel_way kernel_way_source;
extern const struct kernel_way kernel_way_tree;

/** kernel_whole_free() - NULL is fine. */
void kernel_whole_free(struct kernel_whole *w);

/** kernel_tree_free() - NULL is fine. */
void kernel_tree_free(struct gittree *g);

#endif
