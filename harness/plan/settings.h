/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * settings.h - the table of what a plan can say
 *
 * A new setting is one row in settings.c. From it come the YAML key, --set, the default, the
 * check, the words of the message when it is wrong, and the help of `tapbed plan --help`.
 *
 * The axes of a matrix have a table of their own, axes.h; a row of shape SETTING_AXES stands
 * for all of them.
 */
#ifndef PLAN_SETTINGS_H
#define PLAN_SETTINGS_H

#include <stdbool.h>
#include <stddef.h>

#include "lib/str.h"
#include "plan/plan.h"

/** enum setting_shape - what stands behind the key */
enum setting_shape {
	SETTING_ONE,  /* one value */
	SETTING_MANY, /* a list of values, or one; each is parsed into the same member */
	SETTING_MAP,  /* the keys of another group; one value too if the row has a type ("host: local") */
	SETTING_LIST, /* a list of such maps */
	SETTING_AXES, /* axes, each with one value or a list of them */
};

struct setting_type;
struct setting_group;

/**
 * struct setting - one row
 * @name:     key in its map; "probe.seconds" in --set is @name of a map's row and of a row in its group
 * @help:     one line for people
 * @shape:    what stands behind the key
 * @type:     how the text of one value is read; NULL where there is none
 * @offset:   where the value goes, in the plan or in the element of a list
 * @fallback: value of a plan that does not have the key, NULL for none
 * @min:      smallest number
 * @max:      largest number
 * @words:    NULL-terminated accepted words
 * @required: a map without the key is wrong
 * @group:    rows of the map, or of each element of the list
 */
struct setting {
	const char *name;
	const char *help;
	enum setting_shape shape;
	const struct setting_type *type;
	size_t offset;
	const char *fallback;
	double min;
	double max;
	const char *const *words;
	bool required;
	const struct setting_group *group;
};

/**
 * struct setting_group - the keys of one map
 * @rows:  they end with an empty one; read in this order, whatever the order in the file
 * @add:   lists: appends an empty element to the plan, to be filled. @line: where it begins
 * @check: what no single value can tell, NULL if there is nothing; of a map the element is at
 *         @offset of its row. Return: 0 or -EINVAL with a sentence
 */
struct setting_group {
	const struct setting *rows;
	void *(*add)(struct plan *p, int line);
	int (*check)(const struct plan *p, const void *element);
};

/** setting_top - the keys of a plan */
extern const struct setting_group setting_top;

/** setting_find() - Return: the row called @name, NULL if there is none. */
const struct setting *setting_find(const struct setting_group *g, const char *name);

/** setting_find_path() - Return: the row that --set calls @path ("samples", "probe.seconds"), NULL if there is none. */
const struct setting *setting_find_path(const char *path);

/** setting_paths() - add every name that --set knows to @ret, the axes first. */
void setting_paths(struct strv *ret);

/**
 * setting_parse() - read one value
 * @s:    a row with a type
 * @text: the value
 * @base: the plan or the element that @s->offset counts from
 * @p:    the plan read so far, for names that it must know
 * Return: 0, or -EINVAL with a sentence that shows what is accepted.
 */
int setting_parse(const struct setting *s, const char *text, void *base, const struct plan *p);

/** setting_accepts() - add what may stand behind the key, words or keys, to @ret. */
void setting_accepts(const struct setting *s, const struct plan *p, struct strv *ret);

/** setting_keys() - add the keys of a group to @ret. */
void setting_keys(const struct setting_group *g, struct strv *ret);

/** setting_axis_add() - add one value to those of an axis. Return: 0, or -EINVAL (wrong, or there already). */
int setting_axis_add(struct plan_axis *l, enum axis a, const char *text);

/** setting_defaults() - give an empty plan what it has when its file says nothing. */
void setting_defaults(struct plan *p);

/** setting_help() - Return: every key with what it takes, its default and its help, a line each; to be freed. */
char *setting_help(void);

#endif
