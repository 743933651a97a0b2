// SPDX-License-Identifier: GPL-2.0-only
/* run_record.c - what is kept, and said, of a cell that was measured */
#include <string.h>

#include "lib/cleanup.h"
#include "lib/err.h"
#include "lib/fs.h"
#include "lib/log.h"
#include "run.h"

/* samples/NNNN.json is the probe's output as it came; NNNN.cmd the line that gave it. */
static void keep_raw(struct run *r, struct host_outcome *o)
{
	_cleanup_(freep) char *name = str_fmt("samples/%04u.json", r->nth);
	_cleanup_(freep) char *raw = str_fmt("%s/%s", r->dir, name);
	_cleanup_(freep) char *cmd = str_fmt("%s/samples/%04u.cmd", r->dir, r->nth);

	if (o->raw && fs_write(raw, o->raw, strlen(o->raw), 0644))
		log_warn("%s, ignoring", err_text());
	else if (o->raw)
		str_set(&o->sample.raw, name);
	if (o->command && fs_write(cmd, o->command, strlen(o->command), 0644))
		log_warn("%s, ignoring", err_text());
}

static void store_guest(struct run *r, json_t *facts)
{
	if (!facts)
		return;
	json_object_set_new(facts, "image", json_string(r->ground.guest_image.hash));
	json_object_set_new(facts, "kernel", json_string(r->ground.guest.release));
	if (store_facts(r->store, r->id, NULL, facts))
		log_warn("%s, ignoring", err_text());
}

/* One reason fits whole columns of a matrix; the report tells which cells. */
static bool is_said(struct run *r, const char *skip)
{
	if (str_eq(r->skip_said, skip))
		return true;
	free(r->skip_said);
	r->skip_said = str_dup(skip);
	return false;
}

static void tell_verdict(struct run *r, size_t cell, const struct host_outcome *o)
{
	if (o->verdict == VERDICT_FAIL && plan_expects_failure(r->plan, cell))
		log_info("FAIL (expected): %s", o->reason);
	else if (o->verdict == VERDICT_SKIP && is_said(r, o->reason))
		log_debug("SKIP again: %s", o->reason);
	else if (o->verdict != VERDICT_PASS)
		log_warn("%s: %s", verdict_name(o->verdict), o->reason);
}

void run_record(struct run *r, const struct visit *v, size_t cell, const struct host_outcome *given)
{
	struct host_outcome o = *given;
	int err;

	r->done++;
	o.sample.boot = v->boot;
	o.sample.nth = (int)++r->nth;
	o.sample.raw = NULL;
	keep_raw(r, &o);
	store_guest(r, o.guest);
	err = o.has_sample ? store_sample(r->store, r->id, cell, &o.sample) : 0;
	if (!err && o.verdict != VERDICT_PASS)
		err = store_event(r->store, r->id, cell, o.verdict, o.reason);
	free(o.sample.raw);
	if (err)
		log_error("%s", err_text());
	tell_verdict(r, cell, &o);
}
