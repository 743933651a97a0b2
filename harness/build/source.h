/* SPDX-License-Identifier: GPL-2.0-only */
/* source.h - headers and source of a packaged kernel, unpacked in the cache */
#ifndef BUILD_SOURCE_H
#define BUILD_SOURCE_H

#include "build/cache.h"
#include "build/package.h"

/** source_headers() - headers, kbuild and what they need of @image. @ret: folder, to be freed. Return: 0 or -errno. */
int source_headers(const struct cache *c, const struct package *image, const char *release, char **ret);

/**
 * source_headers_find() - the flavour's folder and the common Makefile in unpacked headers
 * @ret_flavour: folder to build in; @ret_common: Makefile to build with; both to be freed
 * Return: 0 or -ENOENT.
 */
int source_headers_find(const char *headers, char **ret_flavour, char **ret_common);

/** source_names - the files around tun, tap and vhost: what a series may touch, and what lies beside it; ends with NULL */
extern const char *const source_names[];

/** source_files() - the source files around tun, tap and vhost, Debian's patches applied. @ret: folder, to be freed. Return: 0 or -errno. */
int source_files(const struct cache *c, const struct package *image, const char *release, char **ret);

/** source_copy() - a copy to patch. Return: 0 or -errno. */
int source_copy(const char *from, const char *to);

#endif
