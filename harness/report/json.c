// SPDX-License-Identifier: GPL-2.0-only
/* json.c - the report for programs; its members are a contract */
#include <jansson.h>

#include "lib/cleanup.h"
#include "lib/version.h"
#include "report/report.h"

/** text() - Return: a JSON string; jansson refuses what is not UTF-8. */
static json_t *text(const char *s)
{
	_cleanup_(freep) char *clean = s ? report_line(s) : NULL;

	return clean ? json_string(clean) : json_null();
}

static json_t *run_to_json(const struct run_result *r)
{
	json_t *obj = json_object();

	json_object_set_new(obj, "id", text(r->id));
	json_object_set_new(obj, "plan", text(r->plan));
	json_object_set_new(obj, "probe", text(probe_def(r->probe)->name));
	json_object_set_new(obj, "about", text(r->about));
	json_object_set_new(obj, "started", text(r->started));
	if (r->seed)
		json_object_set_new(obj, "seed", json_integer(r->seed));
	json_object_set_new(obj, "wall_s", json_real(r->wall_s));
	json_object_set(obj, "host", r->host);
	json_object_set(obj, "guest", r->guest);
	json_object_set(obj, "phases", r->phases);
	return obj;
}

static json_t *samples_to_json(const struct sample *samples, size_t n)
{
	json_t *list = json_array();

	for (size_t i = 0; i < n; i++)
		json_array_append_new(list, sample_to_json(&samples[i]));
	return list;
}

static json_t *run_cell_to_json(const struct run_result *r, const struct run_cell *c)
{
	const struct run_kernel *k = &r->kernels[c->cell.kernel];
	_cleanup_(json_decrefp) json_t *point = cell_to_json(&c->cell);
	json_t *obj = json_object();

	json_object_set_new(obj, "kernel", text(k->name));
	json_object_set_new(obj, "kernel_release", text(k->release));
	json_object_set_new(obj, "package", text(k->package));
	json_object_set_new(obj, "series", text(k->series));
	json_object_set_new(obj, "kernel_hash", text(k->hash));
	json_object_update(obj, point);
	json_object_set_new(obj, "samples", samples_to_json(c->samples, c->n_samples));
	if (c->n_invalid)
		json_object_set_new(obj, "invalid_samples", samples_to_json(c->invalid, c->n_invalid));
	json_object_set_new(obj, "verdict", json_string(verdict_name(c->verdict)));
	json_object_set_new(obj, "expected", json_boolean(c->is_expected));
	json_object_set_new(obj, "reason", text(c->reason));
	return obj;
}

void report_json(const struct run_result *r, const struct report_opts *o, FILE *f)
{
	_cleanup_(json_decrefp) json_t *doc = json_object();
	json_t *cells = json_array();

	(void)o;
	for (size_t i = 0; i < r->n_cells; i++)
		json_array_append_new(cells, run_cell_to_json(r, &r->cells[i]));
	json_object_set_new(doc, "tapbed", json_string(TAPBED_VERSION));
	json_object_set_new(doc, "run", run_to_json(r));
	json_object_set_new(doc, "cells", cells);
	json_object_set_new(doc, "verdict", json_string(verdict_name(r->verdict)));
	(void)json_dumpf(doc, f, JSON_INDENT(1) | JSON_REAL_PRECISION(12));
	fputc('\n', f);
}
