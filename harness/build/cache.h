/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * cache.h - built things, addressed by the hash of everything that went into them
 *
 *	$CACHE/KIND/HASH/	one artifact, a folder; complete, or not there
 *	$CACHE/KIND/HASH.part/	while it is built
 *	$CACHE/KIND/HASH.lock	owned while it is built, shared while it is used: two runs never
 *				build the same thing twice, and gc removes nothing that a run needs
 *	$CACHE/log/		what the tools said, by kind and hash
 *	$CACHE/lock		shared by all who have the cache open
 *	$CACHE/CACHEDIR.TAG	all that is in here is ours; backups pass over it (bford.info/cachedir)
 */
#ifndef BUILD_CACHE_H
#define BUILD_CACHE_H

#include <stdbool.h>

struct cache_holds;

/**
 * struct cache - where artifacts are
 * @dir:   absolute
 * @holds: locks of the artifacts that were got, kept until cache_close()
 */
struct cache {
	char *dir;
	struct cache_holds *holds;
};

/**
 * cache_open() - use a cache
 * @dir: its folder, made if it is missing; tagged unless there is something in it already
 * @c:   filled; cache_close() it in any case
 * Return: 0 or -errno.
 */
int cache_open(const char *dir, struct cache *c);

/** cache_is_tagged() - Return: whether @dir was empty when it became a cache, so that all in it may be removed. */
bool cache_is_tagged(const char *dir);

/** cache_close() - gc may remove what was got; zeroed is fine. */
void cache_close(struct cache *c);

/**
 * cache_make_fn - make an artifact
 * @arg:  the maker's own
 * @part: an empty folder to fill; it becomes the artifact when 0 is returned
 * @log:  file that takes the output of tools
 * Return: 0 or -errno with a sentence.
 */
typedef int (*cache_make_fn)(void *arg, const char *part, const char *log);

/**
 * cache_get() - find an artifact or make it, and hold it until cache_close()
 * @c:    an open cache
 * @kind: "kernel", "image", ...; gc.c has the table of them
 * @hash: of everything that goes into it
 * @make: called when it is not there, under the artifact's lock
 * @arg:  for @make
 * @ret:  the artifact's folder, to be freed
 * Return: 0, or what @make returned; nothing is left of a failed one but its log.
 */
int cache_get(const struct cache *c, const char *kind, const char *hash, cache_make_fn make,
	      void *arg, char **ret);

/** cache_path() - Return: where an artifact would be, to be freed. */
char *cache_path(const struct cache *c, const char *kind, const char *hash);

#endif
