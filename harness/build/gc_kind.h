/* SPDX-License-Identifier: GPL-2.0-only */
/* gc_kind.h - the table of what can be in a cache */
#ifndef BUILD_GC_KIND_H
#define BUILD_GC_KIND_H

/*
 * GC_ARTIFACTS: a folder of artifacts, each with a lock of its own. What all builds share is under
 * the cache's lock: GC_FOLDERS is a folder of named folders, GC_ONE a single file or folder.
 */
enum gc_shape { GC_ARTIFACTS, GC_FOLDERS, GC_ONE };

/**
 * struct gc_kind - one row
 * @name:     file or folder of the cache
 * @what:     what it is, for people
 * @describe: or a function that looks into one of them; text to be freed, NULL to take @what
 */
struct gc_kind {
	const char *name;
	enum gc_shape shape;
	const char *what;
	char *(*describe)(const char *path);
};

/* Ends with a row without a name. */
extern const struct gc_kind gc_kinds[];

#endif
