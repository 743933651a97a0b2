/* SPDX-License-Identifier: GPL-2.0-only */
/* store_priv.h - what store.c (writing) and store_load.c (reading) share */
#ifndef JUDGE_STORE_PRIV_H
#define JUDGE_STORE_PRIV_H

#include <sqlite3.h>

#include "judge/store.h"

/**
 * struct store - an open store
 * @dir:      the state folder, absolute or as it was given
 * @same:     runs of one kernel under two names, from which cells have their noise floor
 * @has_same: they are loaded
 * @began:    time_now() when the present run was begun or resumed, less what its earlier parts took; 0 for none
 */
struct store {
	sqlite3 *db;
	char *dir;
	struct run_result *same;
	size_t n_same;
	bool has_same;
	double began;
};

/** STORE_PLAN - in the folder of a run: the text of its plan */
#define STORE_PLAN "plan.yaml"

/** store_fill_dir() - make the folder of a run. @plan: text of its plan; NULL leaves that as it is. Return: 0 or -errno. */
int store_fill_dir(const char *dir, const char *plan);

/** store_load_plain() - the run of exactly this id, without noise floors. Return: 0 or -errno. */
int store_load_plain(struct store *s, const char *id, struct run_result *ret);

/** store_floors() - give the cells of @r their noise floors. Return: 0 or -errno. */
int store_floors(struct store *s, struct run_result *r);

#endif
