// SPDX-License-Identifier: GPL-2.0-only
/* schema.c - the tables of the store; their axis and metric columns come from the tables of plan/ */
#include "judge/schema.h"

#include <errno.h>
#include <stdlib.h>

#include "judge/sql.h"
#include "lib/cleanup.h"
#include "lib/err.h"
#include "plan/axes.h"
#include "plan/metric.h"

/* Goes up when a table changes in a way that an older tapbed would misread; kept in PRAGMA user_version. */
#define SCHEMA_VERSION 2

static const char tables[] =
	"CREATE TABLE run ("
	"	id TEXT PRIMARY KEY,"
	"	plan TEXT NOT NULL,"
	"	about TEXT NOT NULL,"
	"	started TEXT NOT NULL,"
	"	wall_s REAL NOT NULL DEFAULT 0,"
	"	finished INTEGER NOT NULL DEFAULT 0,"
	"	host TEXT,"	/* facts, as in the JSON report */
	"	guest TEXT);"
	"CREATE TABLE kernel ("
	"	run TEXT NOT NULL REFERENCES run,"
	"	n INTEGER NOT NULL,"
	"	name TEXT NOT NULL,"
	"	release TEXT NOT NULL DEFAULT '',"
	"	package TEXT NOT NULL DEFAULT '',"
	"	series TEXT,"
	"	hash TEXT NOT NULL DEFAULT '',"
	"	PRIMARY KEY (run, n));"
	"CREATE TABLE cell ("
	"	run TEXT NOT NULL,"
	"	n INTEGER NOT NULL,"
	"	kernel INTEGER NOT NULL,"
	"	event TEXT NOT NULL DEFAULT 'PASS',"
	"	reason TEXT,"
	"	PRIMARY KEY (run, n),"
	"	FOREIGN KEY (run, kernel) REFERENCES kernel (run, n));"
	"CREATE TABLE sample ("
	"	run TEXT NOT NULL,"
	"	cell INTEGER NOT NULL,"
	"	nth INTEGER NOT NULL,"
	"	boot INTEGER NOT NULL,"
	"	raw TEXT,"
	"	FOREIGN KEY (run, cell) REFERENCES cell (run, n));"
	"CREATE INDEX sample_of_cell ON sample (run, cell);"
	"CREATE TABLE expect ("
	"	run TEXT NOT NULL,"
	"	n INTEGER NOT NULL,"
	"	kernel INTEGER NOT NULL,"
	"	than INTEGER NOT NULL,"
	"	metric TEXT NOT NULL,"
	"	at_least REAL,"
	"	at_most REAL,"
	"	at_most_abs REAL,"
	"	scope TEXT NOT NULL,"	/* {\"txqueuelen\": [\"1\", \"10\"]} */
	"	line INTEGER NOT NULL,"
	"	PRIMARY KEY (run, n),"
	"	FOREIGN KEY (run, kernel) REFERENCES kernel (run, n),"
	"	FOREIGN KEY (run, than) REFERENCES kernel (run, n));"
	"CREATE TABLE phase ("
	"	run TEXT NOT NULL REFERENCES run,"
	"	name TEXT NOT NULL,"
	"	seconds REAL NOT NULL,"
	"	PRIMARY KEY (run, name));";

/* Tables that came later; an older tapbed does not look at them. */
static const struct {
	const char *name;
	const char *columns;
} later_tables[] = {
	{ "baseline", "name TEXT PRIMARY KEY, run TEXT NOT NULL REFERENCES run" },
};

/* What the tables gained since version 1; a row that was stored before has the default. */
static const struct {
	const char *table;
	const char *column;
	const char *type;
} later[] = {
	{ "run",    "probe", "TEXT NOT NULL DEFAULT 'iperf3'" },
	{ "run",    "samples", "INTEGER NOT NULL DEFAULT 0" },
	{ "run",    "cap", "INTEGER NOT NULL DEFAULT 0" },
	{ "run",    "per_boot", "INTEGER NOT NULL DEFAULT 0" },
	{ "run",    "seed", "INTEGER NOT NULL DEFAULT 0" },
	{ "expect", "fails", "INTEGER NOT NULL DEFAULT 0" },
	{ "sample", "invalid", "TEXT" },  /* why; NULL for one that counts */
	{ "sample", "hygiene", "TEXT" },  /* {\"steal\": 0.01, ...} */
};

static int version_get(sqlite3 *db)
{
	_cleanup_(sql_finalizep) sqlite3_stmt *st = NULL;
	int ret = sql_prepare(db, &st, "PRAGMA user_version", "");

	if (!ret)
		ret = sql_step(st);
	return ret > 0 ? sqlite3_column_int(st, 0) : ret;
}

/** column_missing() - Return: 1 when @table lacks @column, 0 when it has it, -errno. */
static int column_missing(sqlite3 *db, const char *table, const char *column)
{
	_cleanup_(sql_finalizep) sqlite3_stmt *st = NULL;
	int ret = sql_prepare(db, &st, "SELECT 1 FROM pragma_table_info(?1) WHERE name = ?2", "ss",
			      table, column);

	if (!ret)
		ret = sql_step(st);
	return ret < 0 ? ret : !ret;
}

/** struct column - one that a store must have; @type as SQL wants it, to be freed */
struct column {
	const char *table;
	const char *name;
	char *type;
};

/** axis_column() - a cell stored before an axis was known was measured at its default. */
static struct column axis_column(enum axis a)
{
	const struct axis_def *d = axis_def(a);

	return (struct column){ "cell", d->name, str_fmt("%s NOT NULL DEFAULT '%s'", d->words ? "TEXT" : "INTEGER",
							 d->fallback) };
}

/** column_at() - the axes, then the metrics, then what came later. Return: column number @i; its table is NULL past the last. */
static struct column column_at(size_t i)
{
	if (i < AXIS_COUNT)
		return axis_column((enum axis)i);
	i -= AXIS_COUNT;
	if (i < METRIC_COUNT)
		return (struct column){ "sample", metric_def((enum metric)i)->name, str_dup("REAL") };
	i -= METRIC_COUNT;
	if (i < ARRAY_SIZE(later))
		return (struct column){ later[i].table, later[i].column, str_dup(later[i].type) };
	return (struct column){ 0 };
}

static int column_add(sqlite3 *db, const struct column *c)
{
	_cleanup_(freep) char *sql = str_fmt("ALTER TABLE %s ADD COLUMN \"%s\" %s", c->table, c->name, c->type);

	return sql_exec(db, sql);
}

/** columns_each() - visit what is missing. @add: add it. Return: how many were missing, or -errno. */
static int columns_each(sqlite3 *db, bool add)
{
	struct column c;
	int ret = 0, n = 0;

	for (size_t i = 0; ret >= 0 && (c = column_at(i)).table; i++) {
		ret = column_missing(db, c.table, c.name);
		n += ret > 0;
		if (ret > 0 && add)
			ret = column_add(db, &c);
		free(c.type);
	}
	return ret < 0 ? ret : n;
}

/** tables_missing() - Return: how many of those that came later are not there, or -errno. */
static int tables_missing(sqlite3 *db)
{
	int n = 0, ret = 0;

	for (size_t i = 0; i < ARRAY_SIZE(later_tables) && ret >= 0; i++) {
		ret = column_missing(db, later_tables[i].name, "name");
		n += ret > 0;
	}
	return ret < 0 ? ret : n;
}

static int tables_add(sqlite3 *db)
{
	int ret = 0;

	for (size_t i = 0; i < ARRAY_SIZE(later_tables) && !ret; i++) {
		_cleanup_(freep) char *sql = str_fmt("CREATE TABLE IF NOT EXISTS %s (%s)", later_tables[i].name,
						     later_tables[i].columns);

		ret = sql_exec(db, sql);
	}
	return ret;
}

static int upgrade(sqlite3 *db)
{
	_cleanup_(freep) char *sql = str_fmt("PRAGMA user_version = %d", SCHEMA_VERSION);
	int version = version_get(db);
	int ret;

	if (version < 0)
		return version;
	ret = version ? 0 : sql_exec(db, tables);
	if (!ret)
		ret = tables_add(db);
	if (!ret)
		ret = columns_each(db, true);
	return ret < 0 ? ret : sql_exec(db, sql);
}

int schema_prepare(sqlite3 *db)
{
	int version = version_get(db);
	int ret;

	if (version < 0)
		return version;
	if (version > SCHEMA_VERSION)
		return err_say(EPROTO, "%s: the store has version %d, this tapbed knows up to %d; use a newer tapbed, or another --state",
			       sqlite3_db_filename(db, "main"), version, SCHEMA_VERSION);
	ret = version ? tables_missing(db) : 1;
	if (!ret)
		ret = columns_each(db, false);
	if (ret <= 0)
		return ret;
	/* The version is read again inside: another process may have been faster. */
	ret = sql_begin(db);
	return ret ? ret : sql_end(db, upgrade(db));
}

static void add_column(struct strbuf *b, const char *name)
{
	strbuf_fmt(b, ", \"%s\"", name);
}

void schema_axes(struct strbuf *b)
{
	for (int a = 0; a < AXIS_COUNT; a++)
		add_column(b, axis_def(a)->name);
}

void schema_metrics(struct strbuf *b)
{
	for (int m = 0; m < METRIC_COUNT; m++)
		add_column(b, metric_def(m)->name);
}
