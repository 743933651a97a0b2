// SPDX-License-Identifier: GPL-2.0-only
/* store_resume.c - going on with a run that did not get to its end */
#include <errno.h>

#include "judge/sql.h"
#include "judge/store.h"
#include "judge/store_priv.h"
#include "lib/cleanup.h"
#include "lib/err.h"
#include "lib/stop.h"
#include "lib/str.h"

static int same_cells(const struct run_result *r, const struct plan *p)
{
	if (run_result_fits(r, p))
		return 0;
	return err_say(EINVAL, "run %s is of other cells than %s, of another probe, or on another accelerator; resume it with the plan and the --set that it began with",
		       r->id, p->path);
}

static int forget_events(struct store *s, const char *id)
{
	int ret = sql_run(s->db,
			  "UPDATE cell SET event = ?2, reason = NULL WHERE run = ?1 AND (event IN (?3, ?4)"
			  " OR event = ?5 AND (reason LIKE '" VERDICT_NOT_MEASURED "%' OR reason LIKE '" VERDICT_NOT_TRIED "%'))",
			  "sssss", id, verdict_name(VERDICT_PASS), verdict_name(VERDICT_BROKEN),
			  verdict_name(VERDICT_TIMEOUT), verdict_name(VERDICT_SKIP));

	return ret ? ret : sql_run(s->db, "UPDATE run SET finished = 0 WHERE id = ?1", "s", id);
}

int store_resume(struct store *s, const char *id, const struct plan *p, char **ret_dir, struct run_result *before)
{
	int ret = store_load(s, id, before);

	if (!ret)
		ret = same_cells(before, p);
	if (!ret)
		ret = sql_begin(s->db);
	if (!ret)
		ret = sql_end(s->db, forget_events(s, before->id));
	s->began = time_now() - before->wall_s;
	if (!ret)
		*ret_dir = store_run_dir(s, before->id);
	return ret;
}
