// SPDX-License-Identifier: GPL-2.0-only
/* store_load.c - runs that are kept: reading them back */
#include "judge/store.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "judge/schema.h"
#include "judge/sql.h"
#include "judge/store_priv.h"
#include "lib/cleanup.h"
#include "lib/err.h"

static char *text_dup(sqlite3_stmt *st, int col)
{
	return str_dup(sql_text(st, col));
}

static char *text_dup_or_null(sqlite3_stmt *st, int col)
{
	return sqlite3_column_type(st, col) == SQLITE_NULL ? NULL : text_dup(st, col);
}

/** object_of() - facts that are not there yet, or were spoilt by hand, are no facts; they do not hide the samples. */
static json_t *object_of(sqlite3_stmt *st, int col)
{
	json_t *obj = json_loads(sql_text(st, col), 0, NULL);

	if (json_is_object(obj))
		return obj;
	json_decref(obj);
	return json_object();
}

static int spoilt(const char *what, sqlite3_stmt *st)
{
	return err_say(EBADMSG, "%s: a row of table %s does not fit the rest",
		       sqlite3_db_filename(sqlite3_db_handle(st), "main"), what);
}

/** point_of() - what was measured is taken as it is, even if this tapbed would refuse the value in a plan. */
static struct axis_value point_of(const char *word)
{
	struct axis_value v = { .num = strtol(word, NULL, 10) };

	snprintf(v.word, sizeof(v.word), "%s", word);
	return v;
}

static int read_run(sqlite3_stmt *st, struct run_result *r)
{
	r->id = text_dup(st, 0);
	r->plan = text_dup(st, 1);
	r->about = text_dup(st, 2);
	r->started = text_dup(st, 3);
	r->wall_s = sql_real(st, 4);
	r->finished = sqlite3_column_int(st, 5);
	r->host = object_of(st, 6);
	r->guest = object_of(st, 7);
	r->phases = json_object();
	r->probe = probe_find(sql_text(st, 8));
	r->sequence.first = (unsigned int)sqlite3_column_int(st, 9);
	r->sequence.cap = (unsigned int)sqlite3_column_int(st, 10);
	r->per_boot = (unsigned int)sqlite3_column_int(st, 11);
	r->seed = sqlite3_column_int(st, 12);
	return r->probe == PROBE_COUNT ? spoilt("run", st) : 0;
}

static int read_kernel(sqlite3_stmt *st, struct run_result *r)
{
	r->kernels = mem_grow(r->kernels, r->n_kernels + 1, sizeof(*r->kernels));
	r->kernels[r->n_kernels++] = (struct run_kernel){
		.name = text_dup(st, 0),
		.release = text_dup(st, 1),
		.package = text_dup(st, 2),
		.series = text_dup_or_null(st, 3),
		.hash = text_dup(st, 4),
	};
	return 0;
}

static int read_cell(sqlite3_stmt *st, struct run_result *r)
{
	struct run_cell c = { .cell.kernel = (size_t)sqlite3_column_int64(st, 1), .cell.probe = r->probe };

	c.event = verdict_find(sql_text(st, 2));
	if (c.cell.kernel >= r->n_kernels || c.event == VERDICT_COUNT ||
	    (size_t)sqlite3_column_int64(st, 0) != r->n_cells)
		return spoilt("cell", st);
	c.event_reason = text_dup_or_null(st, 3);
	for (int a = 0; a < AXIS_COUNT; a++)
		c.cell.at[a] = point_of(sql_text(st, 4 + a));
	r->cells = mem_grow(r->cells, r->n_cells + 1, sizeof(*r->cells));
	r->cells[r->n_cells++] = c;
	return 0;
}

static int read_sample(sqlite3_stmt *st, struct run_result *r)
{
	size_t n = (size_t)sqlite3_column_int64(st, 0);
	_cleanup_(json_decrefp) json_t *hygiene = NULL;
	struct sample *smp;

	if (n >= r->n_cells)
		return spoilt("sample", st);
	smp = sqlite3_column_type(st, 4) == SQLITE_NULL ? run_cell_add(&r->cells[n].samples, &r->cells[n].n_samples) :
							  run_cell_add(&r->cells[n].invalid, &r->cells[n].n_invalid);
	hygiene = json_loads(sql_text(st, 5), 0, NULL);
	hygiene_from_json(hygiene, smp->hygiene);
	smp->invalid = text_dup_or_null(st, 4);
	smp->nth = sqlite3_column_int(st, 1);
	smp->boot = sqlite3_column_int(st, 2);
	smp->raw = text_dup_or_null(st, 3);
	for (int m = 0; m < METRIC_COUNT; m++)
		smp->value[m] = sql_real(st, 6 + m);
	return 0;
}

static void read_scope(const char *text, struct plan_expect *e)
{
	_cleanup_(json_decrefp) json_t *scope = json_loads(text, 0, NULL);

	for (int a = 0; a < AXIS_COUNT; a++) {
		json_t *words = json_object_get(scope, axis_def(a)->name);

		e->where[a].n = json_array_size(words);
		e->where[a].v = mem_zalloc(e->where[a].n * sizeof(*e->where[a].v));
		for (size_t i = 0; i < e->where[a].n; i++) {
			const char *word = json_string_value(json_array_get(words, i));

			e->where[a].v[i] = point_of(word ? word : "");
		}
	}
}

static int read_expect(sqlite3_stmt *st, struct run_result *r)
{
	struct plan_expect e = {
		.kernel = (size_t)sqlite3_column_int64(st, 0),
		.than = (size_t)sqlite3_column_int64(st, 1),
		.metric = metric_find(sql_text(st, 2)),
		.at_least = sql_real(st, 3),
		.at_most = sql_real(st, 4),
		.at_most_abs = sql_real(st, 5),
		.line = sqlite3_column_int(st, 7),
		.fails = (enum plan_fails)sqlite3_column_int(st, 8),
	};

	if (e.fails >= PLAN_FAILS_COUNT)
		return spoilt("expect", st);
	if (e.kernel >= r->n_kernels || e.than >= r->n_kernels || (e.metric == METRIC_COUNT && !e.fails))
		return spoilt("expect", st);
	read_scope(sql_text(st, 6), &e);
	r->expects = mem_grow(r->expects, r->n_expects + 1, sizeof(*r->expects));
	r->expects[r->n_expects++] = e;
	return 0;
}

static int read_phase(sqlite3_stmt *st, struct run_result *r)
{
	json_object_set_new(r->phases, sql_text(st, 0), json_real(sql_real(st, 1)));
	return 0;
}

/* In an order in which each part finds what it points at. */
static const struct part {
	const char *columns;
	void (*more_columns)(struct strbuf *b);
	const char *from;
	int (*read)(sqlite3_stmt *st, struct run_result *r);
} parts[] = {
	{ "id, plan, about, started, wall_s, finished, host, guest, probe, samples, cap, per_boot, seed", NULL, "run WHERE id = ?1", read_run },
	{ "name, release, package, series, hash", NULL, "kernel WHERE run = ?1 ORDER BY n", read_kernel },
	{ "n, kernel, event, reason", schema_axes, "cell WHERE run = ?1 ORDER BY n", read_cell },
	{ "cell, nth, boot, raw, invalid, hygiene", schema_metrics, "sample WHERE run = ?1 ORDER BY rowid", read_sample },
	{ "kernel, than, metric, at_least, at_most, at_most_abs, scope, line, fails", NULL,
	  "expect WHERE run = ?1 ORDER BY n", read_expect },
	{ "name, seconds", NULL, "phase WHERE run = ?1 ORDER BY rowid", read_phase },
};

static int load_part(sqlite3 *db, const struct part *p, const char *id, struct run_result *r)
{
	_cleanup_(strbuf_free) struct strbuf sql = { 0 };
	_cleanup_(sql_finalizep) sqlite3_stmt *st = NULL;
	int ret;

	strbuf_fmt(&sql, "SELECT %s", p->columns);
	if (p->more_columns)
		p->more_columns(&sql);
	strbuf_fmt(&sql, " FROM %s", p->from);
	ret = sql_prepare(db, &st, sql.data, "s", id);
	while (!ret && (ret = sql_step(st)) > 0)
		ret = p->read(st, r);
	return ret;
}

/** runs_known() - Return: the newest run ids as words, to be freed. */
static char *runs_known(sqlite3 *db)
{
	_cleanup_(sql_finalizep) sqlite3_stmt *st = NULL;
	_cleanup_(strv_free) struct strv ids = { 0 };
	_cleanup_(freep) char *list = NULL;

	if (!sql_prepare(db, &st, "SELECT id FROM run ORDER BY started DESC, rowid DESC LIMIT 6", ""))
		while (sql_step(st) > 0)
			strv_add(&ids, sql_text(st, 0));
	list = strv_join(&ids, ", ");
	return ids.n ? str_fmt("the newest are %s", list) : str_dup("none is stored yet");
}

static int find_newest(sqlite3 *db, char **ret)
{
	_cleanup_(sql_finalizep) sqlite3_stmt *st = NULL;
	int err = sql_prepare(db, &st, "SELECT id FROM run ORDER BY started DESC, rowid DESC LIMIT 1", "");

	if (!err)
		err = sql_step(st);
	if (err == 0)
		return err_say(ENOENT, "no run is stored yet; tapbed run PLAN makes one");
	if (err > 0)
		*ret = text_dup(st, 0);
	return err < 0 ? err : 0;
}

/** find_by_prefix() - a whole id is also its own prefix, and no id is the prefix of another. */
static int find_by_prefix(sqlite3 *db, const char *prefix, char **ret)
{
	_cleanup_(sql_finalizep) sqlite3_stmt *st = NULL;
	_cleanup_(freep) char *known = runs_known(db);
	_cleanup_(freep) char *id = NULL;
	int n = 0;
	int err = sql_prepare(db, &st, "SELECT id FROM run WHERE substr(id, 1, length(?1)) = ?1 LIMIT 2", "s",
			      prefix);

	while (!err && (err = sql_step(st)) > 0) {
		str_set(&id, sql_text(st, 0));
		n++;
		err = 0;
	}
	if (err)
		return err;
	if (n != 1)
		return err_say(ENOENT, "%s run \"%s\"; %s", n ? "more than one" : "no", prefix, known);
	*ret = take_ptr(&id);
	return 0;
}

int store_load_plain(struct store *s, const char *id, struct run_result *ret)
{
	int err = 0;

	for (size_t i = 0; i < ARRAY_SIZE(parts) && !err; i++)
		err = load_part(s->db, &parts[i], id, ret);
	return err;
}

static int load(struct store *s, const char *id, struct run_result *r)
{
	_cleanup_(freep) char *found = NULL;
	int ret = !id || str_eq(id, "latest") ? find_newest(s->db, &found) : find_by_prefix(s->db, id, &found);

	if (!ret)
		ret = store_load_plain(s, found, r);
	return ret ? ret : store_floors(s, r);
}

int store_load(struct store *s, const char *id, struct run_result *ret)
{
	struct run_result r = { 0 };
	/* One transaction: a run that goes on is read as it was at one moment. */
	int err = sql_exec(s->db, "BEGIN");

	if (err)
		return err;
	err = sql_end(s->db, load(s, id, &r));
	if (err)
		run_result_free(&r);
	else
		*ret = r;
	return err;
}

int store_list(struct store *s, struct run_result **ret)
{
	_cleanup_(sql_finalizep) sqlite3_stmt *st = NULL;
	struct run_result *list = NULL;
	int n = 0;
	int err = sql_prepare(s->db, &st,
			      "SELECT id, plan, about, started, wall_s, finished, host, guest, probe, samples, cap, per_boot, seed,"
			      " (SELECT count(*) FROM cell WHERE run = id) FROM run"
			      " ORDER BY started DESC, rowid DESC", "");

	while (!err && (err = sql_step(st)) > 0) {
		list = mem_grow(list, (size_t)n + 1, sizeof(*list));
		list[n] = (struct run_result){ 0 };
		err = read_run(st, &list[n]);
		list[n++].n_cells = (size_t)sqlite3_column_int64(st, 13);
	}
	if (err) {
		store_list_free(list, n);
		return err;
	}
	*ret = list;
	return n;
}

void store_list_free(struct run_result *list, int n)
{
	for (int i = 0; i < n; i++)
		run_result_free(&list[i]);
	free(list);
}
