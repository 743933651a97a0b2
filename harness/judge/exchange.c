// SPDX-License-Identifier: GPL-2.0-only
/* exchange.c - a stored run as text: out of one store, into another */
#include "judge/exchange.h"

#include <errno.h>
#include <string.h>

#include "judge/baseline.h"
#include "judge/runid.h"
#include "judge/sql.h"
#include "judge/store_priv.h"
#include "lib/cleanup.h"
#include "lib/err.h"
#include "lib/fs.h"
#include "lib/log.h"

#define HEADER "tapbed run"
#define NAME "name"
#define PLAN STORE_PLAN
#define END "end"
#define DIGITS 12
enum { VERSION = 1 };

/* In an order in which each row finds what it points at. */
static const struct table {
	const char *name;
	const char *key;   /* the column that has the run's id */
	const char *order;
	const char *stays; /* a column that means nothing elsewhere */
} tables[] = {
	{ "run",    "id",  "rowid", NULL  },
	{ "kernel", "run", "n",	    NULL  },
	{ "cell",   "run", "n",	    NULL  },
	{ "sample", "run", "rowid", "raw" },
	{ "expect", "run", "n",	    NULL  },
	{ "phase",  "run", "rowid", NULL  },
};

/* ---- out of a store ---- */

static int add_line(struct strbuf *b, const char *key, json_t *value)
{
	_cleanup_(json_decrefp) json_t *line = json_pack("{s:o}", key, value);
	_cleanup_(freep) char *text = line ? json_dumps(line, JSON_COMPACT | JSON_REAL_PRECISION(DIGITS)) : NULL;

	if (!text)
		return err_say(EINVAL, "a row of table %s cannot be written as JSON", key);
	strbuf_fmt(b, "%s\n", text);
	return 0;
}

/** value_of() - Return: a column as JSON, NULL for what JSON has no word for, infinity for instance. */
static json_t *value_of(sqlite3_stmt *st, int col)
{
	switch (sqlite3_column_type(st, col)) {
	case SQLITE_INTEGER: return json_integer(sqlite3_column_int64(st, col));
	case SQLITE_FLOAT:   return json_real(sqlite3_column_double(st, col));
	default:	     return json_string(sql_text(st, col));
	}
}

static int write_row(sqlite3_stmt *st, const struct table *t, struct strbuf *b)
{
	json_t *row = json_object();
	bool is_run = str_eq(t->name, "run");

	for (int i = 0; i < sqlite3_column_count(st); i++) {
		const char *name = sqlite3_column_name(st, i);

		if (sqlite3_column_type(st, i) == SQLITE_NULL || str_eq(name, t->stays) || (!is_run && str_eq(name, t->key)))
			continue;
		if (json_object_set_new(row, name, value_of(st, i))) {
			json_decref(row);
			return err_say(EINVAL, "column %s of table %s cannot be written as JSON", name, t->name);
		}
	}
	return add_line(b, t->name, row);
}

static int write_table(sqlite3 *db, const struct table *t, const char *id, struct strbuf *b)
{
	_cleanup_(freep) char *sql = str_fmt("SELECT * FROM %s WHERE %s = ?1 ORDER BY %s", t->name, t->key, t->order);
	_cleanup_(sql_finalizep) sqlite3_stmt *st = NULL;
	int ret = sql_prepare(db, &st, sql, "s", id);

	while (!ret && (ret = sql_step(st)) > 0)
		ret = write_row(st, t, b);
	return ret;
}

static int write_names(sqlite3 *db, const char *id, struct strbuf *b)
{
	_cleanup_(sql_finalizep) sqlite3_stmt *st = NULL;
	int ret = sql_prepare(db, &st, "SELECT name FROM baseline WHERE run = ?1 ORDER BY name", "s", id);

	while (!ret && (ret = sql_step(st)) > 0)
		ret = add_line(b, NAME, json_string(sql_text(st, 0)));
	return ret;
}

static int write_plan(struct store *s, const char *id, struct strbuf *b)
{
	_cleanup_(freep) char *dir = store_run_dir(s, id);
	_cleanup_(freep) char *path = str_fmt("%s/" PLAN, dir);
	_cleanup_(freep) char *text = NULL;
	int ret = fs_read(path, &text, NULL);

	/* A folder that somebody has removed does not make the numbers worth less. */
	if (ret == -ENOENT)
		return 0;
	return ret ? ret : add_line(b, PLAN, json_string(text));
}

/** write_run() - all but what another store may have otherwise: names, and the end. */
static int write_run(struct store *s, const char *id, struct strbuf *b)
{
	int ret = add_line(b, HEADER, json_integer(VERSION));

	for (size_t i = 0; i < ARRAY_SIZE(tables) && !ret; i++)
		ret = write_table(s->db, &tables[i], id, b);
	return ret ? ret : write_plan(s, id, b);
}

/* The end says how many lines there are before it: a file that was cut is no run with fewer samples. */
static int write_end(struct strbuf *b)
{
	json_int_t lines = 0;

	for (const char *at = b->data; (at = strchr(at, '\n')); at++)
		lines++;
	return add_line(b, END, json_integer(lines));
}

static int write_all(struct store *s, const char *id, struct strbuf *b)
{
	int ret = write_run(s, id, b);

	if (!ret)
		ret = write_names(s->db, id, b);
	return ret ? ret : write_end(b);
}

int exchange_write(struct store *s, const char *run, struct strbuf *ret)
{
	_cleanup_(run_result_free) struct run_result r = { 0 };
	int err = baseline_load(s, run, &r);

	/* One transaction: a run that goes on is written as it was at one moment. */
	if (!err)
		err = sql_exec(s->db, "BEGIN");
	return err ? err : sql_end(s->db, write_all(s, r.id, ret));
}

/* ---- into a store ---- */

/**
 * struct reader - a text that is being read
 * @line:  of the text, from 1
 * @id:    of the run, once its row was read
 * @known: the store has that run
 * @plan:  text of plan.yaml, NULL for none
 * @ended: its last line was read
 */
struct reader {
	struct store *s;
	const char *what;
	size_t line;
	char *id;
	bool known;
	char *plan;
	bool ended;
};

static int refuse(const struct reader *r, const char *why)
{
	return err_say(EBADMSG, "%s:%zu: %s", r->what, r->line, why);
}

/** blame() - a failure of the store that is the text's: a constraint, a name that is none. */
static int blame(const struct reader *r, int ret)
{
	return err_wrap(ret == -EINVAL ? -EBADMSG : ret, "%s:%zu", r->what, r->line);
}

/* Names of columns go into SQL as they are. */
static bool is_word(const char *name)
{
	return *name && !name[strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_")];
}

static int bind_value(sqlite3_stmt *st, int at, const json_t *v)
{
	if (json_is_string(v))
		return sqlite3_bind_text(st, at, json_string_value(v), -1, SQLITE_TRANSIENT);
	if (json_is_real(v))
		return sqlite3_bind_double(st, at, json_real_value(v));
	return json_is_integer(v) ? sqlite3_bind_int64(st, at, json_integer_value(v)) : SQLITE_MISMATCH;
}

static int insert_text(const struct reader *r, const struct table *t, const json_t *row, struct strbuf *sql)
{
	size_t n = json_object_size(row);
	const char *name;
	json_t *value;

	strbuf_fmt(sql, "INSERT INTO %s (\"%s\"", t->name, t->key);
	json_object_foreach((json_t *)row, name, value) {
		if (!is_word(name) || str_eq(name, t->key) || str_eq(name, t->stays))
			return refuse(r, "a column that is none");
		strbuf_fmt(sql, ", \"%s\"", name);
	}
	strbuf_fmt(sql, ") VALUES (?1");
	for (size_t i = 0; i < n; i++)
		strbuf_fmt(sql, ", ?%zu", i + 2);
	strbuf_fmt(sql, ")");
	return 0;
}

static int insert(const struct reader *r, const struct table *t, const json_t *row)
{
	_cleanup_(sql_finalizep) sqlite3_stmt *st = NULL;
	_cleanup_(strbuf_free) struct strbuf sql = { 0 };
	int at = 2, ret = insert_text(r, t, row, &sql);
	const char *name;
	json_t *value;

	if (ret)
		return ret;
	/* A column that the store has not is an error of no name in SQLite. */
	if (sql_prepare(r->s->db, &st, sql.data, "s", r->id))
		return blame(r, -EINVAL);
	json_object_foreach((json_t *)row, name, value)
		if (bind_value(st, at++, value) != SQLITE_OK)
			return refuse(r, "a value that is neither text nor number");
	ret = sql_step(st);
	return ret ? blame(r, ret) : 0;
}

static int is_stored(const struct reader *r)
{
	_cleanup_(sql_finalizep) sqlite3_stmt *st = NULL;
	int ret = sql_prepare(r->s->db, &st, "SELECT 1 FROM run WHERE id = ?1", "s", r->id);

	return ret ? ret : sql_step(st);
}

static int read_run(struct reader *r, json_t *row)
{
	const char *id = json_string_value(json_object_get(row, "id"));
	int ret;

	if (r->id || !id || !runid_is(id))
		return refuse(r, "one run with an id was expected");
	r->id = str_dup(id);
	json_object_del(row, "id");
	ret = is_stored(r);
	r->known = ret > 0;
	if (ret < 0)
		return ret;
	return r->known ? 0 : insert(r, &tables[0], row);
}

static int read_name(const struct reader *r, const char *name)
{
	_cleanup_(freep) char *has = NULL;
	int ret;

	if (!name)
		return refuse(r, "a name that is no text");
	ret = baseline_check(name);
	if (ret)
		return blame(r, ret);
	ret = baseline_find(r->s, name, &has);
	if (ret || str_eq(has, r->id))
		return ret;
	if (!has)
		return sql_run(r->s->db, "INSERT INTO baseline (name, run) VALUES (?1, ?2)", "ss", name, r->id);
	log_warn("%s: %s is run %s here, and stays so; tapbed baseline set %s %s changes that", r->what, name, has, name, r->id);
	return 0;
}

static int read_row(struct reader *r, const char *key, json_t *value)
{
	if (str_eq(key, tables[0].name) && json_is_object(value))
		return read_run(r, value);
	if (!r->id)
		return refuse(r, "the run itself has to come first");
	if (str_eq(key, NAME))
		return read_name(r, json_string_value(value));
	if (str_eq(key, PLAN)) {
		str_set(&r->plan, json_string_value(value));
		return 0;
	}
	if (str_eq(key, END)) {
		r->ended = json_integer_value(value) == (json_int_t)r->line - 1;
		return r->ended ? 0 : refuse(r, "lines are missing before this one");
	}
	for (size_t i = 1; i < ARRAY_SIZE(tables); i++)
		if (str_eq(key, tables[i].name) && json_is_object(value))
			return insert(r, &tables[i], value);
	return refuse(r, "a row of no table that this tapbed knows");
}

static int read_header(const struct reader *r, const char *key, const json_t *value)
{
	if (!str_eq(key, HEADER) || !json_is_integer(value))
		return refuse(r, "no run that tapbed export wrote");
	return json_integer_value(value) > VERSION ? refuse(r, "written by a newer tapbed") : 0;
}

static int read_line(struct reader *r, const char *line, size_t len)
{
	_cleanup_(json_decrefp) json_t *obj = json_loadb(line, len, 0, NULL);
	void *it = json_object_iter(obj);
	const char *key = it ? json_object_iter_key(it) : "";

	if (json_object_size(obj) != 1)
		return refuse(r, "not a JSON object of one member");
	return r->line == 1 ? read_header(r, key, json_object_iter_value(it)) :
			      read_row(r, key, json_object_iter_value(it));
}

/** read_known() - is what is stored the same? */
static int read_known(const struct reader *r, const char *text)
{
	_cleanup_(strbuf_free) struct strbuf own = { 0 };
	int ret = write_run(r->s, r->id, &own);

	if (ret || str_starts(text, own.data))
		return ret;
	return err_say(EEXIST, "%s: run %s is stored already, with other numbers, and stays as it is; --state DIR takes this one elsewhere",
		       r->what, r->id);
}

/** read_lines() - up to the end, or to a run that is there already. */
static int read_lines(struct reader *r, const char *text)
{
	_cleanup_(run_result_free) struct run_result check = { 0 };
	const char *at = text;
	int ret = 0;

	for (const char *end; !ret && !r->known && !r->ended && *at; at = end + (*end == '\n')) {
		end = strchrnul(at, '\n');
		r->line++;
		ret = read_line(r, at, (size_t)(end - at));
	}
	if (ret)
		return ret;
	if (r->known)
		return read_known(r, text);
	if (!r->ended || *at)
		return refuse(r, r->ended ? "more lines behind its end" : "the end is missing");
	ret = store_load_plain(r->s, r->id, &check);
	return ret ? err_wrap(ret, "%s", r->what) : 0;
}

/** store_new() - the folder first, so that no run is stored without one; then all of it at once. */
static int store_new(const struct reader *r)
{
	_cleanup_(freep) char *dir = store_run_dir(r->s, r->id);
	bool was_there = fs_exists(dir);
	int ret = sql_end(r->s->db, store_fill_dir(dir, r->plan));

	if (ret && !was_there) {
		_cleanup_(freep) char *why = str_dup(err_text());

		(void)fs_remove(dir);
		return err_say(-ret, "%s", why);
	}
	return ret;
}

int exchange_read(struct store *s, const char *text, const char *what, char **ret_id, enum exchange_news *ret_news)
{
	struct reader r = { .s = s, .what = what };
	int ret = sql_begin(s->db);

	if (ret)
		return ret;
	ret = read_lines(&r, text);
	ret = ret || r.known ? sql_end(s->db, ret) : store_new(&r);
	if (!ret) {
		*ret_news = r.known ? EXCHANGE_KNOWN : EXCHANGE_NEW;
		*ret_id = take_ptr(&r.id);
	}
	free(r.id);
	free(r.plan);
	return ret;
}
