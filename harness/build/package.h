/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * package.h - Debian packages of the machine's own mirror, by a private apt configuration
 *
 * Lists and downloads live in the cache; nothing is installed on the machine and its own apt
 * state is not touched. apt checks the archive's signatures with the machine's keyring.
 */
#ifndef BUILD_PACKAGE_H
#define BUILD_PACKAGE_H

#include "build/cache.h"
#include "lib/str.h"

/**
 * struct package - one binary package, found
 * @name:    exact name
 * @version: exact version
 * @suite:   as asked for, NULL for the machine's own suites
 */
struct package {
	char *name;
	char *version;
	char *suite;
};

void package_free(struct package *p);

/**
 * package_find() - name and version to an existing package
 * @c:       cache
 * @name:    package name; a meta package of a kernel image stands for the image it depends on
 * @version: exact version, NULL for the newest
 * @suite:   suite such as trixie-backports, NULL for the machine's own
 * @ret:     what was found
 * Return: 0; -ENOENT with a sentence that shows what there is; other -errno.
 */
int package_find(const struct cache *c, const char *name, const char *version, const char *suite,
		 struct package *ret);

/** package_ask() - the same by asking apt, whatever is known already; package_find() does it once a process. */
int package_ask(const struct cache *c, const char *name, const char *version, const char *suite, struct package *ret);

/**
 * package_depend() - the package among the dependencies of @p whose name begins with @prefix
 * Return: 0 and its exact name and version; -ENOENT if it depends on none; -ENOEXEC if the suite has not what it depends on.
 */
int package_depend(const struct cache *c, const struct package *p, const char *prefix,
		   struct package *ret);

/**
 * package_images() - every kernel image of a flavour
 * @flavour: "cloud-amd64"
 * @suite:   as for package_find()
 * @ret:     gets name and version of each, in turn, in no order
 * Return: 0 or -errno.
 */
int package_images(const struct cache *c, const char *flavour, const char *suite, struct strv *ret);

/** package_unpack() - download (into the cache) and unpack a package into @dir. Return: 0 or -errno. */
int package_unpack(const struct cache *c, const struct package *p, const char *dir, const char *log);

/** package_file() - download a package. @ret: path of the .deb, to be freed. Return: 0 or -errno. */
int package_file(const struct cache *c, const struct package *p, const char *log, char **ret);

/** package_release() - Return: 0 and the code name of this machine's Debian ("bookworm"), to be freed; -ENOENT. */
int package_release(char **ret);

/** package_sources() - apt source lines of this machine for @suite and its updates. @ret: to be freed. Return: 0 or -errno. */
int package_sources(const char *suite, char **ret);

#endif
