/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * cache.h - built things, addressed by the hash of everything that went into them
 *
 *	$CACHE/KIND/HASH/	one artifact, a folder; complete, or not there
 *	$CACHE/KIND/HASH.lock	held while it is built: two runs never build the same thing twice
 *	$CACHE/log/		what the tools said, by kind and hash
 */
#ifndef BUILD_CACHE_H
#define BUILD_CACHE_H

#include <stdbool.h>

/** struct cache - where artifacts are; @dir is absolute */
struct cache {
	char *dir;
};

/**
 * cache_make_fn - make an artifact
 * @arg:  the maker's own
 * @part: an empty folder to fill; it becomes the artifact when 0 is returned
 * @log:  file that takes the output of tools
 * Return: 0 or -errno with a sentence.
 */
typedef int (*cache_make_fn)(void *arg, const char *part, const char *log);

/**
 * cache_get() - find an artifact or make it
 * @c:    the cache
 * @kind: "kernel", "image", ...
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
