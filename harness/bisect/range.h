/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * range.h - what lies between good and bad: commits, patches, package versions, options
 *
 * A state is named by the change that leads to it: v[0] is the good end, v[i] what is there with
 * changes 1 to i, v[n] the bad end.
 */
#ifndef BISECT_RANGE_H
#define BISECT_RANGE_H

#include <stdbool.h>
#include <stddef.h>

#include "lib/str.h"

/** enum range_kind - what the changes are */
enum range_kind { RANGE_COMMITS, RANGE_PATCHES, RANGE_PACKAGES, RANGE_OPTIONS, RANGE_KINDS };

/**
 * struct range_state - one state and the change that leads to it
 * @id:      commit, file name of a patch, package name and version, option
 * @about:   subject of a commit, "" where there is none
 * @suite:   of a package, NULL for the machine's own
 * @parents: of a commit; more than one: a merge
 * @weight:  prior of the change
 */
struct range_state {
	char *id;
	char *about;
	char *suite;
	unsigned int parents;
	double weight;
};

/** struct range - n + 1 states */
struct range {
	enum range_kind kind;
	struct range_state *v;
	size_t n;
};

/** range_add() - append a state, the good end first. Return: it. */
struct range_state *range_add(struct range *r, const char *id, const char *about);

void range_free(struct range *r);

/** range_kind_name() - Return: "commits", "patches", ... */
const char *range_kind_name(enum range_kind k);

/** range_kind_find() - Return: the kind of that name, RANGE_KINDS if there is none. */
enum range_kind range_kind_find(const char *name);

/** range_find() - Return: the state called @id, n + 1 if there is none. */
size_t range_find(const struct range *r, const char *id);

/* How much likelier a commit is that touches what the user suspects. */
#define RANGE_SUSPECT 10

/* What git log is asked for, oldest first. */
#define RANGE_LOG_FORMAT "--format=%x01%H %P%x09%s"

/**
 * range_commits() - the answer of "git log --reverse -m --first-parent --name-only" in RANGE_LOG_FORMAT
 * @log:   its text, which is cut up
 * @paths: files or folders that are suspected: a commit that touches one counts RANGE_SUSPECT times as much, no
 *         commit is left out for that
 * @r:     has its good end already
 * Return: 0 or -EPROTO.
 */
int range_commits(char *log, const struct strv *paths, struct range *r);

/** range_debian_compare() - Return: below, at or above 0: Debian's order of versions ("1.0~rc1" is before "1.0"). */
int range_debian_compare(const char *a, const char *b);

/** struct range_package - one of an archive */
struct range_package {
	char *name;
	char *version;
	char *suite;
};

/**
 * range_packages() - those between two versions, both of them too, in Debian's order
 * @list: sorted by it afterwards; the same version twice is one state
 * Return: 0; -EINVAL when one end is not in the list, or good is not before bad.
 */
int range_packages(struct range_package *list, size_t n, const char *good, const char *bad, struct range *r);

/**
 * range_tags() - what a git tree may call the source of a package
 * @version: of the package
 * @ret:     names of tags: Debian's own first (DEP-14: debian/6.12.117-1_bpo12+1), then the upstream version's (v6.12.117)
 */
void range_tags(const char *version, struct strv *ret);

/** range_options() - options that differ, from one fragment's text to another's; r->v[i].id is the line to be set. Return: 0 or -EINVAL if none does. */
int range_options(const char *good, const char *bad, struct range *r);

/** range_config() - Return: the text of @good with the first @at options changed; to be freed. */
char *range_config(const struct range *r, const char *good, size_t at);

/** range_is_comment() - Return: whether two texts of C are the same but for comments and white space. */
bool range_is_comment(const char *a, const char *b);

#endif
