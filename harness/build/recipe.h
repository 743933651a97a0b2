/* SPDX-License-Identifier: GPL-2.0-only */
/* recipe.h - an image described: a YAML file of vm-images to struct */
#ifndef BUILD_RECIPE_H
#define BUILD_RECIPE_H

#include <stddef.h>

#include "lib/str.h"

/** struct recipe_file - a file of the image: @content, or, with @link, a symbolic link to it */
struct recipe_file {
	char *path;
	char *content;
	char *link;
};

/**
 * struct recipe - one image in one profile
 * @name:     "host" or "guest"
 * @profile:  "lean" or "full"
 * @text:     the YAML file's text, for the hash
 * @size_mib: size of the disk
 * @packages: Debian packages
 * @users:    system users without a home
 */
struct recipe {
	char *name;
	char *profile;
	char *text;
	int size_mib;
	struct strv packages;
	struct strv users;
	struct recipe_file *files;
	size_t n_files;
};

/** recipe_read() - read vm-images/@name.yaml for @profile. Return: 0, -EINVAL with "file:line: ...", other -errno. */
int recipe_read(const char *path, const char *profile, struct recipe *ret);

void recipe_free(struct recipe *r);

#endif
