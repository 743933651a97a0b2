/* SPDX-License-Identifier: GPL-2.0-only */
/* module.h - the modules of a kernel package: kept, decompressed, indexed */
#ifndef BUILD_MODULE_H
#define BUILD_MODULE_H

/**
 * module_tree() - copy the modules that a host or guest can need, decompressed
 * @root:        unpacked packages
 * @part:        artifact; gets lib/modules/RELEASE/
 * @ret_release: the release that the package is of, to be freed
 * Return: 0; -ENOENT when there are none; other -errno.
 */
int module_tree(const char *root, const char *part, char **ret_release);

/** module_index() - depmod for lib/modules/@release under @part. Return: 0 or -errno. */
int module_index(const char *part, const char *release, const char *log);

#endif
