// SPDX-License-Identifier: GPL-2.0-only
/* show_json.c - a plan as JSON */
#include "plan/show.h"

#include <math.h>

#include "lib/cleanup.h"

static json_t *text_or_null(const char *s)
{
	return s ? json_string(s) : json_null();
}

static json_t *number_or_null(double v)
{
	return isnan(v) ? json_null() : json_real(v);
}

static json_t *list_json(const struct strv *l)
{
	json_t *list = json_array();

	for (size_t i = 0; i < l->n; i++)
		json_array_append_new(list, json_string(l->v[i]));
	return list;
}

static json_t *kernels_json(const struct plan *p)
{
	json_t *list = json_array();

	for (size_t i = 0; i < p->n_kernels; i++) {
		const struct plan_kernel *k = &p->kernels[i];

		json_array_append_new(list, json_pack("{so so so so so so so so so so}",
						      "name", text_or_null(k->name),
						      "package", text_or_null(k->package),
						      "source", text_or_null(k->source),
						      "tree", text_or_null(k->tree),
						      "commit", text_or_null(k->commit),
						      "config", list_json(&k->config),
						      "version", text_or_null(k->version),
						      "suite", text_or_null(k->suite),
						      "series", text_or_null(k->series),
						      "cmdline", text_or_null(k->cmdline)));
	}
	return list;
}

/* Axes without a value, in a promise's where, are left out. */
static json_t *axes_json(const struct plan_axis axes[AXIS_COUNT])
{
	json_t *obj = json_object();

	for (enum axis a = 0; a < AXIS_COUNT; a++) {
		json_t *list = json_array();

		for (size_t i = 0; i < axes[a].n; i++)
			json_array_append_new(list, axis_to_json(a, &axes[a].v[i]));
		if (axes[a].n)
			json_object_set(obj, axis_def(a)->name, list);
		json_decref(list);
	}
	return obj;
}

static json_t *cells_json(const struct plan *p)
{
	json_t *list = json_array();

	for (size_t i = 0; i < p->n_cells; i++) {
		_cleanup_(freep) char *name = cell_name(&p->cells[i]);
		json_t *obj = json_pack("{ss ss}", "kernel", p->kernels[p->cells[i].kernel].name, "name", name);

		json_object_update_new(obj, cell_to_json(&p->cells[i]));
		json_object_set_new(obj, "skip", text_or_null(p->cells[i].skip));
		json_array_append_new(list, obj);
	}
	return list;
}

/* As a plan says it. */
static json_t *fails_json(enum plan_fails f)
{
	return f == PLAN_FAILS_SOMETIMES ? json_string("sometimes") : json_boolean(f);
}

static json_t *expects_json(const struct plan *p)
{
	json_t *list = json_array();

	for (size_t i = 0; i < p->n_expects; i++) {
		const struct plan_expect *e = &p->expects[i];
		_cleanup_(freep) char *sentence = show_expect(p, e);

		json_array_append_new(list, json_pack("{ss so ss* ss* so so so so ss si}",
						      "kernel", p->kernels[e->kernel].name,
						      "fails", fails_json(e->fails),
						      "than", e->fails ? NULL : p->kernels[e->than].name,
						      "metric", e->fails ? NULL : metric_def(e->metric)->name,
						      "at_least", number_or_null(e->at_least),
						      "at_most", number_or_null(e->at_most),
						      "at_most_abs", number_or_null(e->at_most_abs),
						      "where", axes_json(e->where),
						      "sentence", sentence,
						      "line", e->line));
	}
	return list;
}

static json_t *cost_json(const struct plan *p)
{
	struct show_cost c = show_cost(p);

	return json_pack("{sI sI sI sf}",
			 "host_boots", (json_int_t)c.host_boots,
			 "guest_boots", (json_int_t)c.guest_boots,
			 "samples", (json_int_t)c.samples,
			 "seconds", c.seconds);
}

static json_t *limits_json(const struct plan *p)
{
	_cleanup_(strv_free) struct strv limits = { 0 };
	json_t *list = json_array();

	show_limits(p, &limits);
	for (size_t i = 0; i < limits.n; i++)
		json_array_append_new(list, json_string(limits.v[i]));
	return list;
}

static json_t *host_json(const struct plan *p)
{
	return json_pack("{ss ss si si ss}", "kind", p->host_is_local ? "local" : "vm", "accel", p->host_accel, "vcpus",
			 p->host.vcpus, "memory_mib", p->host.memory_mib, "profile", p->host.profile);
}

static json_t *guest_json(const struct plan *p)
{
	return json_pack("{si si ss so}", "vcpus", p->guest.vcpus, "memory_mib", p->guest.memory_mib,
			 "profile", p->guest.profile, "kernel", text_or_null(p->guest_package));
}

json_t *show_json(const struct plan *p)
{
	return json_pack("{ss so so so so si si si ss si ss so so so so so so}",
			 "plan", p->name,
			 "about", text_or_null(p->about),
			 "kernels", kernels_json(p),
			 "matrix", axes_json(p->matrix),
			 "probe", probe_to_json(&p->probe),
			 "samples", p->samples,
			 "boots", plan_boots(p),
			 "cap", p->cap,
			 "order", plan_is_interleaved(p) ? "interleaved" : "sorted",
			 "seed", p->seed,
			 "hygiene", p->checks_hygiene ? "on" : "off",
			 "host", host_json(p),
			 "guest", guest_json(p),
			 "cells", cells_json(p),
			 "cost", cost_json(p),
			 "expect", expects_json(p),
			 "cannot_tell", limits_json(p));
}
