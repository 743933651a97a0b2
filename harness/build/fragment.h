/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * fragment.h - what of a kernel's configuration is wanted, and what became of it
 *
 *	CONFIG_TUN=m			# who needs it
 *	CONFIG_NET_SCH_FIFO=y		# always there in this kernel; optional
 *	# CONFIG_KASAN_VMALLOC is not set
 *
 * Kconfig drops without a word what it does not know and what depends on something that is off.
 * So each option that was asked for is looked up in what came out. A comment with the word
 * "optional" lets one be missing.
 */
#ifndef BUILD_FRAGMENT_H
#define BUILD_FRAGMENT_H

#include <stdbool.h>

#include "lib/hash.h"
#include "lib/str.h"

/**
 * struct fragment_option - one option that is wanted
 * @name:     with CONFIG_
 * @value:    "y", "m", a number, a quoted text; "n" for one that is not to be set
 * @where:    "host.config:12"
 * @optional: whether it may be missing
 */
struct fragment_option {
	char *name;
	char *value;
	char *where;
	bool optional;
};

/** struct fragments - options of one fragment or more; a later one wins. Start with = {0}. */
struct fragments {
	struct fragment_option *v;
	size_t n;
};

/** fragment_parse() - add the options of a fragment's @text. @file: its name, for messages. Return: 0, or -EINVAL with file:line. */
int fragment_parse(const char *file, const char *text, struct fragments *f);

/** fragment_read() - add the options of the file at @path. Return: 0 or -errno. */
int fragment_read(const char *path, struct fragments *f);

/** fragment_text() - Return: all options as Kconfig reads them, to be freed. */
char *fragment_text(const struct fragments *f);

/** fragment_hash() - add all options to @h. */
void fragment_hash(const struct fragments *f, struct hash *h);

/**
 * fragment_lost() - what is otherwise in a configuration than it was asked for
 * @f:        what was asked for
 * @config:   text of a .config
 * @required: takes a description of each option that had to be there
 * @optional: takes one of each that did not have to
 */
void fragment_lost(const struct fragments *f, const char *config, struct strv *required, struct strv *optional);

void fragments_free(struct fragments *f);

#endif
