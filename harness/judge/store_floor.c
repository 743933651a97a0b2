// SPDX-License-Identifier: GPL-2.0-only
/* store_floor.c - noise floors: from the stored runs of one kernel under two names */
#include <stdlib.h>

#include "judge/floor.h"
#include "judge/sql.h"
#include "judge/store_priv.h"
#include "lib/cleanup.h"
#include "lib/str.h"

/* Older ones tell of another machine. */
#define SAME_MAX 10

#define SAME_QUERY                                                                                        \
	"SELECT DISTINCT a.run FROM kernel a JOIN kernel b ON a.run = b.run AND a.hash = b.hash AND a.n < b.n" \
	" JOIN run ON run.id = a.run WHERE a.hash <> '' ORDER BY run.started DESC, run.rowid DESC"

int store_same(struct store *s, struct strv *ret)
{
	_cleanup_(sql_finalizep) sqlite3_stmt *st = NULL;
	int err = sql_prepare(s->db, &st, SAME_QUERY, "");

	while (!err && (err = sql_step(st)) > 0) {
		strv_add(ret, sql_text(st, 0));
		err = 0;
	}
	return err;
}

static int load_same(struct store *s)
{
	_cleanup_(strv_free) struct strv ids = { 0 };
	int ret = store_same(s, &ids);

	for (size_t i = 0; i < ids.n && i < SAME_MAX && !ret; i++) {
		s->same = mem_grow(s->same, s->n_same + 1, sizeof(*s->same));
		s->same[s->n_same] = (struct run_result){ 0 };
		ret = store_load_plain(s, ids.v[i], &s->same[s->n_same++]);
	}
	return ret;
}

int store_floors(struct store *s, struct run_result *r)
{
	int ret = s->has_same ? 0 : load_same(s);

	s->has_same = true;
	/* A run is not its own measure. */
	for (size_t i = 0; i < s->n_same && !ret; i++)
		if (!str_eq(s->same[i].id, r->id))
			floor_learn(&s->same[i], r);
	return ret;
}
