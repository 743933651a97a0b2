/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * sql.h - SQLite statements whose failures are sentences
 *
 *	_cleanup_(sql_finalizep) sqlite3_stmt *st = NULL;
 *	int ret = sql_prepare(db, &st, "SELECT name FROM kernel WHERE run = ?1", "s", id);
 *
 *	while (!ret && (ret = sql_step(st)) > 0)
 *		ret = use(sql_text(st, 0));
 *
 * Parameters are described by one letter each: s text (NULL is NULL), i int, z size_t,
 * d double (NAN is NULL).
 */
#ifndef JUDGE_SQL_H
#define JUDGE_SQL_H

#include <sqlite3.h>

/** sql_error() - describe the last failure of @db, with the file's name. Return: -errno that fits. */
int sql_error(sqlite3 *db);

/** sql_exec() - run statements without parameters. Return: 0 or -errno. */
int sql_exec(sqlite3 *db, const char *sql);

/** sql_prepare() - prepare and bind; @types has one letter a parameter. Return: 0 or -errno. */
int sql_prepare(sqlite3 *db, sqlite3_stmt **ret, const char *sql, const char *types, ...);

/** sql_step() - Return: 1 a row is there, 0 no more rows, -errno. */
int sql_step(sqlite3_stmt *st);

/** sql_run() - prepare, bind and run a statement that gives no rows. Return: 0 or -errno. */
int sql_run(sqlite3 *db, const char *sql, const char *types, ...);

/** sql_begin() - begin a transaction that writes, so that it cannot fail half-way for a lock. Return: 0 or -errno. */
int sql_begin(sqlite3 *db);

/** sql_end() - commit when @ret is 0, else roll back. Return: @ret, or -errno when the commit failed. */
int sql_end(sqlite3 *db, int ret);

/** sql_text() - Return: the text of a column, "" for NULL; valid until the next step. */
const char *sql_text(sqlite3_stmt *st, int col);

/** sql_real() - Return: the number of a column, NAN for NULL. */
double sql_real(sqlite3_stmt *st, int col);

static inline void sql_finalizep(sqlite3_stmt **st)
{
	sqlite3_finalize(*st);
}

#endif
