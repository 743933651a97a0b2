// SPDX-License-Identifier: GPL-2.0-only
/* store_resume.c - going on with a run that did not get to its end */
#include <errno.h>

#include "judge/sql.h"
#include "judge/store.h"
#include "judge/store_priv.h"
#include "lib/cleanup.h"
#include "lib/err.h"
#include "lib/str.h"

static int same_cells(const struct run_result *r, const struct plan *p)
{
	if (run_result_fits(r, p))
		return 0;
	return err_say(EINVAL, "run %s is of other cells than %s, or on another accelerator; resume it with the plan and the --set that it began with",
		       r->id, p->path);
}

static int forget_events(struct store *s, const char *id)
{
	int ret = sql_run(s->db,
			  "UPDATE cell SET event = ?2, reason = NULL WHERE run = ?1 AND event IN (?3, ?4)",
			  "ssss", id, verdict_name(VERDICT_PASS), verdict_name(VERDICT_BROKEN),
			  verdict_name(VERDICT_TIMEOUT));

	return ret ? ret : sql_run(s->db, "UPDATE run SET finished = 0 WHERE id = ?1", "s", id);
}

int store_resume(struct store *s, const char *id, const struct plan *p, char **ret_id, char **ret_dir,
		 unsigned int **ret_have, unsigned int **ret_invalid, double *ret_wall_s)
{
	_cleanup_(run_result_free) struct run_result r = { 0 };
	int ret = store_load(s, id, &r);

	if (!ret)
		ret = same_cells(&r, p);
	if (!ret)
		ret = sql_begin(s->db);
	if (!ret)
		ret = sql_end(s->db, forget_events(s, r.id));
	if (ret)
		return ret;
	*ret_have = mem_zalloc(p->n_cells * sizeof(**ret_have));
	*ret_invalid = mem_zalloc(p->n_cells * sizeof(**ret_invalid));
	for (size_t i = 0; i < p->n_cells; i++) {
		(*ret_have)[i] = (unsigned int)r.cells[i].n_samples;
		(*ret_invalid)[i] = (unsigned int)r.cells[i].n_invalid;
	}
	*ret_id = str_dup(r.id);
	*ret_dir = store_run_dir(s, r.id);
	*ret_wall_s = r.wall_s;
	return 0;
}
