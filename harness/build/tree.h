/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * tree.h - source trees of kernels that stay in the cache, so that a small change is a small build
 *
 *	$CACHE/tree/KEY.lock		owned while something is done in the tree
 *	$CACHE/tree/KEY/source/		unpacked once, or a checkout; a series is applied to it
 *	$CACHE/tree/KEY/patched		files that are not as unpacked, a line each ...
 *	$CACHE/tree/KEY/pristine/	... and how they were; one that is not here was not there
 *	$CACHE/tree/KEY/out-*		objects, a folder for each configuration and compiler
 *	$CACHE/tree/KEY/about		what it is, for people
 *
 * make looks at dates. So a file is written only when its content changes: another series or another commit
 * compiles again what differs, and nothing else.
 */
#ifndef BUILD_TREE_H
#define BUILD_TREE_H

#include "build/cache.h"

/**
 * struct tree - a tree that is ours alone while it is open
 * @dir:    CACHE/tree/KEY
 * @source: its source folder; tree_open() does not fill it
 * @lock:   descriptor that holds the lock
 */
struct tree {
	char *dir;
	char *source;
	int lock;
};

/** tree_lock() - hold a lock file alone; waits for whoever has it. Return: descriptor; -EINTR when a stop was asked for; other -errno. */
int tree_lock(const char *path);

/**
 * tree_open() - have a tree alone; waits for whoever builds in it
 * @c:     cache
 * @key:   hash of where its source comes from
 * @about: what it is, for people
 * @ret:   tree_close() it
 * Return: 0; -EINTR when a stop was asked for; other -errno.
 */
int tree_open(const struct cache *c, const char *key, const char *about, struct tree *ret);

/**
 * tree_patch() - have a series applied, and no other one
 * @series: folder of its patches, NULL for none
 * @log:    takes the words of patch(1)
 * Return: 0; -EPROTO when it does not apply, and the tree is as it was; other -errno.
 */
int tree_patch(const struct tree *t, const char *series, const char *log);

void tree_close(struct tree *t);

#endif
