/* SPDX-License-Identifier: GPL-2.0-only */
/* baseline.h - runs that others are compared with, under a name that stays */
#ifndef JUDGE_BASELINE_H
#define JUDGE_BASELINE_H

#include "judge/store.h"

/** struct baseline - both texts are owned */
struct baseline {
	char *name;
	char *run;
};

/** baseline_check() - Return: 0; -EINVAL with a sentence for what can be no name. */
int baseline_check(const char *name);

/**
 * baseline_set() - give a stored run a name; what had the name before loses it
 * @name: letters, digits and . _ -, beginning with a letter, so that it is no run id
 * @run:  as store_load() takes it
 * @ret_id: the run's whole id, to be freed
 * Return: 0; -EINVAL for a name; -ENOENT for a run; other -errno.
 */
int baseline_set(struct store *s, const char *name, const char *run, char **ret_id);

/** baseline_find() - @ret: id of the run called @name, to be freed; NULL when there is none. Return: 0 or -errno. */
int baseline_find(struct store *s, const char *name, char **ret);

/** baseline_load() - store_load() of a run by its name, or by what store_load() takes. Return: 0, -ENOENT, other -errno. */
int baseline_load(struct store *s, const char *run, struct run_result *ret);

/** baseline_remove() - the run stays. Return: 0, -ENOENT, other -errno. */
int baseline_remove(struct store *s, const char *name);

/** baseline_list() - by name; @ret is to be freed with baseline_list_free(). Return: how many, or -errno. */
int baseline_list(struct store *s, struct baseline **ret);
void baseline_list_free(struct baseline *list, int n);

#endif
