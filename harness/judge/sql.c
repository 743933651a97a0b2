// SPDX-License-Identifier: GPL-2.0-only
/* sql.c - SQLite statements whose failures are sentences */
#include "judge/sql.h"

#include <errno.h>
#include <math.h>
#include <stdarg.h>

#include "lib/cleanup.h"
#include "lib/err.h"

static const struct {
	int sqlite;
	int err;
} errors[] = {
	{ SQLITE_FULL,	     ENOSPC },
	{ SQLITE_READONLY,   EROFS },
	{ SQLITE_BUSY,	     EBUSY },
	{ SQLITE_CANTOPEN,   EACCES },
	{ SQLITE_NOTADB,     EBADMSG },
	{ SQLITE_CORRUPT,    EBADMSG },
	{ SQLITE_CONSTRAINT, EINVAL },
};

int sql_error(sqlite3 *db)
{
	const char *path = sqlite3_db_filename(db, "main");
	int err = EIO;

	for (size_t i = 0; i < ARRAY_SIZE(errors); i++)
		if (errors[i].sqlite == sqlite3_errcode(db))
			err = errors[i].err;
	return err_say(err, "%s: %s", path ? path : "store", sqlite3_errmsg(db));
}

int sql_exec(sqlite3 *db, const char *sql)
{
	return sqlite3_exec(db, sql, NULL, NULL, NULL) == SQLITE_OK ? 0 : sql_error(db);
}

static int bind(sqlite3_stmt *st, const char *types, va_list ap)
{
	int rc = SQLITE_OK;

	for (int i = 0; types[i] && rc == SQLITE_OK; i++) {
		if (types[i] == 's') {
			rc = sqlite3_bind_text(st, i + 1, va_arg(ap, const char *), -1, SQLITE_TRANSIENT);
		} else if (types[i] == 'i') {
			rc = sqlite3_bind_int(st, i + 1, va_arg(ap, int));
		} else if (types[i] == 'z') {
			rc = sqlite3_bind_int64(st, i + 1, (sqlite3_int64)va_arg(ap, size_t));
		} else {
			rc = sqlite3_bind_double(st, i + 1, va_arg(ap, double)); /* NAN becomes NULL */
		}
	}
	return rc;
}

static int prepare(sqlite3 *db, sqlite3_stmt **ret, const char *sql, const char *types, va_list ap)
{
	sqlite3_stmt *st;

	if (sqlite3_prepare_v2(db, sql, -1, &st, NULL) != SQLITE_OK)
		return sql_error(db);
	if (bind(st, types, ap) != SQLITE_OK) {
		int err = sql_error(db);

		sqlite3_finalize(st);
		return err;
	}
	*ret = st;
	return 0;
}

int sql_prepare(sqlite3 *db, sqlite3_stmt **ret, const char *sql, const char *types, ...)
{
	va_list ap;
	int err;

	va_start(ap, types);
	err = prepare(db, ret, sql, types, ap);
	va_end(ap);
	return err;
}

int sql_step(sqlite3_stmt *st)
{
	int rc = sqlite3_step(st);

	if (rc == SQLITE_ROW)
		return 1;
	return rc == SQLITE_DONE ? 0 : sql_error(sqlite3_db_handle(st));
}

int sql_run(sqlite3 *db, const char *sql, const char *types, ...)
{
	_cleanup_(sql_finalizep) sqlite3_stmt *st = NULL;
	va_list ap;
	int ret;

	va_start(ap, types);
	ret = prepare(db, &st, sql, types, ap);
	va_end(ap);
	return ret ? ret : sql_step(st);
}

int sql_begin(sqlite3 *db)
{
	return sql_exec(db, "BEGIN IMMEDIATE");
}

int sql_end(sqlite3 *db, int ret)
{
	if (!ret)
		ret = sql_exec(db, "COMMIT");
	/* SQLite has rolled back by itself after some errors, a full disk for instance. */
	if (ret && !sqlite3_get_autocommit(db))
		(void)sqlite3_exec(db, "ROLLBACK", NULL, NULL, NULL);
	return ret;
}

const char *sql_text(sqlite3_stmt *st, int col)
{
	const unsigned char *text = sqlite3_column_text(st, col);

	return text ? (const char *)text : "";
}

double sql_real(sqlite3_stmt *st, int col)
{
	return sqlite3_column_type(st, col) == SQLITE_NULL ? NAN : sqlite3_column_double(st, col);
}
