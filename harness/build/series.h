/* SPDX-License-Identifier: GPL-2.0-only */
/* series.h - a patch series as rebuilt modules of a package's kernel */
#ifndef BUILD_SERIES_H
#define BUILD_SERIES_H

#include <stdbool.h>
#include <stddef.h>

#include "build/cache.h"
#include "build/package.h"
#include "lib/hash.h"
#include "lib/str.h"

/*
 * A series is a folder of patches, or "FOLDER:N" for the first N of them, wherever one is named:
 * "nodrop-v3:2" in a plan, and what series_find() makes of it.
 */

/** series_first() - Return: N of "NAME:N", SIZE_MAX for a whole series. @ret_len: length of what stands before it. */
size_t series_first(const char *name, size_t *ret_len);

/** series_count() - how many patches are in @dir. Return: 0; -ENOENT for none, or fewer than it asks for. */
int series_count(const char *dir, size_t *ret);

/** series_hash_patches() - add the patches of folder @dir (NULL: none) to @h. Return: 0 or -errno. */
int series_hash_patches(struct hash *h, const char *dir);

/** series_files() - add each file that the patches of @dir change, make, rename or remove to @ret, once. Return: 0 or -errno. */
int series_files(const char *dir, struct strv *ret);

/** series_patch() - apply a series to @tree, whatever files it changes, without fuzz. Return: 0; -ENOENT without a patch; -EPROTO. */
int series_patch(const char *dir, const char *tree, const char *log);

/**
 * series_find() - the folder with the patches that a plan means
 * @name:    a folder of kernel-config/patches, or a path (it has a slash); with ":N" the first N
 * @version: of the kernel that it is for ("6.12.117-1", "v6.12"): a series for several bases has no
 *           patch of its own but a folder for each, such as 6.12
 * @ret:     to be freed
 * Return: 0; -ENOENT when there is no such series, or none for this kernel, with what there is.
 */
int series_find(const char *name, const char *version, char **ret);

/** series_name() - Return: the end of the path @dir that people know it by: "nodrop-v3", "backpressure/6.12", "nodrop-v3:2". */
const char *series_name(const char *dir);

/** series_hash() - add the patches of folder @dir (NULL: none) and the compiler to @h. Return: 0 or -errno. */
int series_hash(struct hash *h, const char *dir);

/** series_hash_compiler() - add the compiler of a package's modules to @h. Return: 0 or -errno. */
int series_hash_compiler(struct hash *h);

/* How many modules a series can rebuild: tun, tap, vhost, vhost_net, in this order. */
#define SERIES_MODULES 4

/**
 * series_apply() - apply a series to a source tree, without fuzz
 * @dir:   folder of the series
 * @tree:  the tree; only files of the modules may be changed
 * @log:   takes the words of patch(1), or NULL
 * @built: set for each module that is changed by it; the others are left as they are
 * Return: 0; -ENOENT without a patch; -ENOTSUP for a patch that changes another file;
 * -EPROTO for one that does not apply.
 */
int series_apply(const char *dir, const char *tree, const char *log, bool built[SERIES_MODULES]);

/**
 * series_build() - apply a series to the package's source and rebuild the modules that it touches
 * @c:       cache
 * @image:   the kernel's image package; headers and source of the same version are fetched
 * @release: its release
 * @dir:     folder of the series
 * @part:    kernel artifact: modules under lib/modules/@release are replaced
 * @log:     takes the compiler's words
 * Return: 0; -EPROTO when a patch does not apply, with the tool's last lines; -ENOEXEC with the compiler's when the
 * source does not compile.
 */
int series_build(const struct cache *c, const struct package *image, const char *release,
		 const char *dir, const char *part, const char *log);

/**
 * series_rebuild() - compile modules of a source tree against a package's headers and put them in place
 * @tree:  the source files of the modules; Kbuild files are written there
 * @built: which modules
 * Return: as series_build().
 */
int series_rebuild(const struct cache *c, const struct package *image, const char *release, const char *tree,
		   const bool *built, const char *part, const char *log);

#endif
