// SPDX-License-Identifier: GPL-2.0-only
/* baseline.c - runs that others are compared with, under a name that stays */
#include "judge/baseline.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "judge/sql.h"
#include "judge/store_priv.h"
#include "lib/cleanup.h"
#include "lib/err.h"
#include "lib/str.h"

#define LETTERS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"

int baseline_check(const char *name)
{
	if (*name && strchr(LETTERS, *name) && !name[strspn(name, LETTERS "0123456789._-")] && !str_eq(name, "latest"))
		return 0;
	return err_say(EINVAL, "baseline \"%s\": a name begins with a letter and has letters, digits and . _ -; it is not \"latest\"",
		       name);
}

int baseline_set(struct store *s, const char *name, const char *run, char **ret_id)
{
	_cleanup_(run_result_free) struct run_result r = { 0 };
	int ret = baseline_check(name);

	if (!ret)
		ret = store_load(s, run, &r);
	if (!ret)
		ret = sql_run(s->db, "INSERT OR REPLACE INTO baseline (name, run) VALUES (?1, ?2)", "ss", name, r.id);
	if (!ret)
		*ret_id = str_dup(r.id);
	return ret;
}

int baseline_find(struct store *s, const char *name, char **ret)
{
	_cleanup_(sql_finalizep) sqlite3_stmt *st = NULL;
	int err = sql_prepare(s->db, &st, "SELECT run FROM baseline WHERE name = ?1", "s", name);

	*ret = NULL;
	if (!err)
		err = sql_step(st);
	if (err > 0)
		*ret = str_dup(sql_text(st, 0));
	return err < 0 ? err : 0;
}

int baseline_load(struct store *s, const char *run, struct run_result *ret)
{
	_cleanup_(freep) char *id = NULL;
	int err = baseline_find(s, run, &id);

	return err ? err : store_load(s, id ? id : run, ret);
}

int baseline_remove(struct store *s, const char *name)
{
	int ret = sql_run(s->db, "DELETE FROM baseline WHERE name = ?1", "s", name);

	if (!ret && sqlite3_changes(s->db) != 1)
		return err_say(ENOENT, "no baseline \"%s\"; tapbed baseline list tells which there are", name);
	return ret;
}

int baseline_list(struct store *s, struct baseline **ret)
{
	_cleanup_(sql_finalizep) sqlite3_stmt *st = NULL;
	struct baseline *list = NULL;
	int n = 0, err = sql_prepare(s->db, &st, "SELECT name, run FROM baseline ORDER BY name", "");

	while (!err && (err = sql_step(st)) > 0) {
		list = mem_grow(list, (size_t)n + 1, sizeof(*list));
		list[n++] = (struct baseline){ str_dup(sql_text(st, 0)), str_dup(sql_text(st, 1)) };
		err = 0;
	}
	if (err) {
		baseline_list_free(list, n);
		return err;
	}
	*ret = list;
	return n;
}

void baseline_list_free(struct baseline *list, int n)
{
	for (int i = 0; i < n; i++) {
		free(list[i].name);
		free(list[i].run);
	}
	free(list);
}
