/* SPDX-License-Identifier: GPL-2.0-only */
/* setting_types.h - how the text of one value becomes a member of a struct */
#ifndef PLAN_SETTING_TYPES_H
#define PLAN_SETTING_TYPES_H

#include "plan/settings.h"

/**
 * struct setting_type - one kind of value
 * @parse:   @at is the member; untouched when the text is not accepted. Return: whether it is
 * @accepts: adds what is accepted to @ret
 */
struct setting_type {
	bool (*parse)(const struct setting *s, const char *text, void *at, const struct plan *p);
	void (*accepts)(const struct setting *s, const struct plan *p, struct strv *ret);
};

extern const struct setting_type setting_line;	  /* char *: any text of one line */
extern const struct setting_type setting_name;	  /* char *: a name, safe as a file name and in a command line */
extern const struct setting_type setting_version; /* char *: version of a Debian package */
extern const struct setting_type setting_commit;  /* char *: what git calls a commit */
extern const struct setting_type setting_lines;	  /* struct strv: one more text of one line */
extern const struct setting_type setting_word;	  /* char *: one of @words */
extern const struct setting_type setting_second;  /* bool: one of two @words; true for the second */
extern const struct setting_type setting_choice;  /* enum of int's size: index of one of @words */
extern const struct setting_type setting_int;	  /* int: @min to @max */
extern const struct setting_type setting_real;	  /* double: @min to @max */
extern const struct setting_type setting_than;    /* the same, or PLAN_BEFORE */
extern const struct setting_type setting_kernel;  /* size_t: name of one of the plan's kernels, as its index */
extern const struct setting_type setting_metric;  /* enum metric: name of one */
extern const struct setting_type setting_probe;	  /* enum probe: name of one */

#endif
