// SPDX-License-Identifier: GPL-2.0-only
/* store.c - runs that are kept: opening, and writing as a run goes on; store_load.c reads */
#include "judge/store.h"

#include <errno.h>
#include <string.h>
#include <time.h>

#include "judge/runid.h"
#include "judge/schema.h"
#include "judge/sql.h"
#include "judge/store_priv.h"
#include "lib/cleanup.h"
#include "lib/err.h"
#include "lib/fs.h"
#include "lib/stop.h"

/* Another process holds the lock for milliseconds only; longer than this something is wrong. */
#define BUSY_MS 10000

void store_close(struct store *s)
{
	if (!s)
		return;
	sqlite3_close(s->db);
	for (size_t i = 0; i < s->n_same; i++)
		run_result_free(&s->same[i]);
	free(s->same);
	free(s->dir);
	free(s);
}

static int connect_db(struct store *s, const char *path)
{
	if (sqlite3_open_v2(path, &s->db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, NULL) != SQLITE_OK)
		return err_say(EACCES, "%s: %s", path, sqlite3_errmsg(s->db));
	sqlite3_busy_timeout(s->db, BUSY_MS);
	/*
	 * Busy without waiting means that another process opens the same new store right now
	 * and sets the mode, which is kept in the file.
	 */
	if (sqlite3_exec(s->db, "PRAGMA journal_mode = WAL", NULL, NULL, NULL) != SQLITE_OK &&
	    sqlite3_errcode(s->db) != SQLITE_BUSY)
		return sql_error(s->db);
	return sql_exec(s->db, "PRAGMA foreign_keys = ON");
}

static int open_at(const char *path, const char *state_dir, struct store **ret)
{
	_cleanup_(store_closep) struct store *s = mem_zalloc(sizeof(*s));
	int err;

	s->dir = str_dup(state_dir);
	err = connect_db(s, path);
	if (!err)
		err = schema_prepare(s->db);
	if (!err)
		*ret = take_ptr(&s);
	return err;
}

int store_open(const char *state_dir, struct store **ret)
{
	_cleanup_(freep) char *runs = str_fmt("%s/runs", state_dir);
	_cleanup_(freep) char *path = str_fmt("%s/store.sqlite", state_dir);
	int err = fs_mkdirs(runs);

	return err ? err : open_at(path, state_dir, ret);
}

int store_open_existing(const char *state_dir, struct store **ret)
{
	_cleanup_(freep) char *path = str_fmt("%s/store.sqlite", state_dir);

	if (!fs_exists(path))
		return err_say(ENOENT, "%s: no run is stored there yet; tapbed run PLAN makes one", state_dir);
	return open_at(path, state_dir, ret);
}

char *store_path(const struct store *s)
{
	return str_fmt("%s/store.sqlite", s->dir);
}

char *store_run_dir(const struct store *s, const char *id)
{
	return str_fmt("%s/runs/%s", s->dir, id);
}

static int add_run(struct store *s, const struct plan *p, const char *id, time_t now)
{
	char started[32];
	struct tm tm;

	gmtime_r(&now, &tm);
	strftime(started, sizeof(started), "%Y-%m-%dT%H:%M:%SZ", &tm);
	return sql_run(s->db, "INSERT INTO run (id, plan, probe, about, started, samples, cap, per_boot, seed)"
		       " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
		       "sssssiiii", id, p->name, probe_def(p->probe.kind)->name, p->about ? p->about : "", started,
		       plan_boots(p), plan_cap(p), plan_per_boot(p), p->seed);
}

static int add_kernel(struct store *s, const char *id, size_t n, const struct plan_kernel *k)
{
	const char *origin = plan_kernel_origin(k);
	_cleanup_(freep) char *package = str_fmt("%s%s%s", origin ? origin : "",
						 k->version ? " " : "", k->version ? k->version : "");

	return sql_run(s->db, "INSERT INTO kernel (run, n, name, package, series) VALUES (?1, ?2, ?3, ?4, ?5)",
		       "szsss", id, n, k->name, package, k->series);
}

static int add_cell(struct store *s, const char *id, size_t n, const struct cell *c)
{
	_cleanup_(strbuf_free) struct strbuf sql = { 0 };
	_cleanup_(sql_finalizep) sqlite3_stmt *st = NULL;
	int ret;

	strbuf_fmt(&sql, "INSERT INTO cell (run, n, kernel, event, reason");
	schema_axes(&sql);
	strbuf_fmt(&sql, ") VALUES (?1, ?2, ?3, ?4, ?5");
	for (int a = 0; a < AXIS_COUNT; a++)
		strbuf_fmt(&sql, ", ?%d", 6 + a);
	strbuf_fmt(&sql, ")");
	ret = sql_prepare(s->db, &st, sql.data, "szzss", id, n, c->kernel,
			  verdict_name(c->skip ? VERDICT_SKIP : VERDICT_PASS), c->skip);
	for (int a = 0; a < AXIS_COUNT && !ret; a++)
		if (sqlite3_bind_text(st, 6 + a, c->at[a].word, -1, SQLITE_STATIC) != SQLITE_OK)
			ret = sql_error(s->db);
	return ret ? ret : sql_step(st);
}

/** scope_text() - Return: the axes that a promise is limited to, as JSON, to be freed. */
static char *scope_text(const struct plan_expect *e)
{
	_cleanup_(json_decrefp) json_t *scope = json_object();

	for (int a = 0; a < AXIS_COUNT; a++) {
		json_t *words = json_array();

		for (size_t i = 0; i < e->where[a].n; i++)
			json_array_append_new(words, json_string(e->where[a].v[i].word));
		if (json_array_size(words))
			json_object_set(scope, axis_def(a)->name, words);
		json_decref(words);
	}
	return json_dumps(scope, JSON_COMPACT);
}

static int add_expect(struct store *s, const char *id, size_t n, const struct plan_expect *e)
{
	_cleanup_(freep) char *scope = scope_text(e);

	return sql_run(s->db,
		       "INSERT INTO expect (run, n, kernel, than, metric, at_least, at_most, at_most_abs, scope, line, fails)"
		       " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)", "szzzsdddsii",
		       id, n, e->kernel, e->fails ? e->kernel : e->than,
		       e->fails ? "" : metric_def(e->metric)->name,
		       e->at_least, e->at_most, e->at_most_abs, scope, e->line, (int)e->fails);
}

static int add_plan(struct store *s, const struct plan *p, const char *id, time_t now)
{
	int ret = add_run(s, p, id, now);

	for (size_t i = 0; i < p->n_kernels && !ret; i++)
		ret = add_kernel(s, id, i, &p->kernels[i]);
	for (size_t i = 0; i < p->n_cells && !ret; i++)
		ret = add_cell(s, id, i, &p->cells[i]);
	for (size_t i = 0; i < p->n_expects && !ret; i++)
		ret = add_expect(s, id, i, &p->expects[i]);
	return ret;
}

int store_fill_dir(const char *dir, const char *plan)
{
	_cleanup_(freep) char *samples = str_fmt("%s/samples", dir);
	_cleanup_(freep) char *path = str_fmt("%s/" STORE_PLAN, dir);
	int ret = fs_mkdirs(samples);

	return ret || !plan ? ret : fs_write(path, plan, strlen(plan), 0644);
}

int store_begin(struct store *s, const struct plan *p, char **ret_id, char **ret_dir)
{
	_cleanup_(freep) char *runs = str_fmt("%s/runs", s->dir);
	_cleanup_(freep) char *dir = NULL;
	_cleanup_(freep) char *id = NULL;
	time_t now = time(NULL);
	int ret = runid_claim(runs, now, runid_draw, &id);

	if (ret)
		return ret;
	dir = store_run_dir(s, id);
	ret = store_fill_dir(dir, p->text ? p->text : "");
	if (!ret)
		ret = sql_begin(s->db);
	if (!ret)
		ret = sql_end(s->db, add_plan(s, p, id, now));
	if (ret) {
		_cleanup_(freep) char *why = str_dup(err_text());

		(void)fs_remove(dir);
		return err_say(-ret, "%s", why);
	}
	s->began = time_now();
	*ret_id = take_ptr(&id);
	*ret_dir = take_ptr(&dir);
	return 0;
}

/** written() - a statement that had to change one row. Return: 0, or -ENOENT when there was none. */
static int written(struct store *s, const char *id, int ret)
{
	if (!ret && sqlite3_changes(s->db) != 1)
		return err_say(ENOENT, "%s: run %s has no such row", s->dir, id);
	return ret;
}

int store_kernel(struct store *s, const char *id, size_t k, const struct run_kernel *facts)
{
	return written(s, id, sql_run(s->db,
		       "UPDATE kernel SET name = coalesce(?3, name), release = coalesce(?4, release),"
		       " package = coalesce(?5, package), series = coalesce(?6, series), hash = coalesce(?7, hash)"
		       " WHERE run = ?1 AND n = ?2", "szsssss",
		       id, k, facts->name, facts->release, facts->package, facts->series, facts->hash));
}

int store_facts(struct store *s, const char *id, const json_t *host, const json_t *guest)
{
	_cleanup_(freep) char *h = host ? json_dumps(host, JSON_COMPACT) : NULL;
	_cleanup_(freep) char *g = guest ? json_dumps(guest, JSON_COMPACT) : NULL;

	return written(s, id, sql_run(s->db,
		       "UPDATE run SET host = coalesce(?2, host), guest = coalesce(?3, guest) WHERE id = ?1",
		       "sss", id, h, g));
}

/** touch() - so that a run that is cut off also says how long it took; a pause before it was resumed is no time of it. */
static int touch(struct store *s, const char *id)
{
	return written(s, id, sql_run(s->db, "UPDATE run SET wall_s = max(wall_s, round(?2, 1)) WHERE id = ?1", "sd", id,
				      s->began ? time_now() - s->began : 0));
}

/** hygiene_text() - Return: to be freed, NULL when nothing is known. */
static char *hygiene_text(const struct sample *smp)
{
	_cleanup_(json_decrefp) json_t *obj = hygiene_to_json(smp->hygiene);

	return obj ? json_dumps(obj, JSON_COMPACT | JSON_REAL_PRECISION(6)) : NULL;
}

static int add_sample(struct store *s, const char *id, size_t cell, const struct sample *smp)
{
	_cleanup_(strbuf_free) struct strbuf sql = { 0 };
	_cleanup_(sql_finalizep) sqlite3_stmt *st = NULL;
	_cleanup_(freep) char *hygiene = hygiene_text(smp);
	int ret;

	strbuf_fmt(&sql, "INSERT INTO sample (run, cell, nth, boot, raw, invalid, hygiene");
	schema_metrics(&sql);
	strbuf_fmt(&sql, ") VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7");
	for (int m = 0; m < METRIC_COUNT; m++)
		strbuf_fmt(&sql, ", ?%d", 8 + m);
	strbuf_fmt(&sql, ")");
	ret = sql_prepare(s->db, &st, sql.data, "sziisss", id, cell, smp->nth, smp->boot, smp->raw,
			  smp->invalid, hygiene);
	/* SQLite stores NAN as NULL by itself. */
	for (int m = 0; m < METRIC_COUNT && !ret; m++)
		if (sqlite3_bind_double(st, 8 + m, smp->value[m]) != SQLITE_OK)
			ret = sql_error(s->db);
	return ret ? ret : sql_step(st);
}

int store_sample(struct store *s, const char *id, size_t cell, const struct sample *smp)
{
	int ret = sql_begin(s->db);

	if (ret)
		return ret;
	ret = add_sample(s, id, cell, smp);
	ret = sql_end(s->db, ret ? ret : touch(s, id));
	return ret ? err_wrap(ret, "run %s, sample of cell %zu", id, cell) : 0;
}

static int event_get(struct store *s, const char *id, size_t cell, enum verdict *ret)
{
	_cleanup_(sql_finalizep) sqlite3_stmt *st = NULL;
	int err = sql_prepare(s->db, &st, "SELECT event FROM cell WHERE run = ?1 AND n = ?2", "sz", id, cell);

	if (!err)
		err = sql_step(st);
	if (err == 0)
		return err_say(ENOENT, "%s: run %s has no cell %zu", s->dir, id, cell);
	if (err > 0)
		*ret = verdict_find(sql_text(st, 0));
	return err < 0 ? err : 0;
}

/** event_raise() - the verdicts are ordered by how bad they are; of equals the first is nearer to the cause. */
static int event_raise(struct store *s, const char *id, size_t cell, enum verdict event, const char *reason)
{
	enum verdict had = VERDICT_PASS;
	int ret = event_get(s, id, cell, &had);

	if (ret || had >= event)
		return ret;
	return sql_run(s->db, "UPDATE cell SET event = ?3, reason = ?4 WHERE run = ?1 AND n = ?2", "szss",
		       id, cell, verdict_name(event), reason);
}

int store_event(struct store *s, const char *id, size_t cell, enum verdict event, const char *reason)
{
	int ret = sql_begin(s->db);

	if (ret)
		return ret;
	ret = event_raise(s, id, cell, event, reason);
	return sql_end(s->db, ret ? ret : touch(s, id));
}

int store_phase(struct store *s, const char *id, const char *name, double seconds)
{
	int ret = sql_begin(s->db);

	if (ret)
		return ret;
	ret = sql_run(s->db,
		      "INSERT INTO phase (run, name, seconds) VALUES (?1, ?2, ?3)"
		      " ON CONFLICT (run, name) DO UPDATE SET seconds = seconds + excluded.seconds", "ssd",
		      id, name, seconds);
	return sql_end(s->db, ret ? ret : touch(s, id));
}

int store_end(struct store *s, const char *id, double wall_s)
{
	return written(s, id, sql_run(s->db, "UPDATE run SET finished = 1, wall_s = ?2 WHERE id = ?1", "sd",
				      id, wall_s));
}
