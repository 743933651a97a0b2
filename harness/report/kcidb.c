// SPDX-License-Identifier: GPL-2.0-only
/* kcidb.c - for KernelCI's common database: its I/O schema 5.3, a checkout and a build a kernel, a test a cell */
#include <math.h>
#include <string.h>

#include <jansson.h>

#include "lib/cleanup.h"
#include "lib/str.h"
#include "report/report.h"

#define ORIGIN "tapbed"

/* The schema's limit to what a test may quote. */
#define EXCERPT_MAX 16384

/* As the schema has it: MISS: the harness did not get to it, ERROR: the test did not end, DONE: measured and not judged. */
static const char *const statuses[VERDICT_COUNT] = {
	[VERDICT_PASS]	  = "PASS",
	[VERDICT_SKIP]	  = "SKIP",
	[VERDICT_NOISY]	  = "DONE",
	[VERDICT_TIMEOUT] = "ERROR",
	[VERDICT_BROKEN]  = "MISS",
	[VERDICT_FAIL]	  = "FAIL",
};

static void set_text(json_t *obj, const char *name, const char *s)
{
	_cleanup_(freep) char *clean = report_line(s ? s : "");

	json_object_set_new(obj, name, json_string(clean));
}

/** add_word() - a component of a path: letters, digits, _ and -, whatever else as _. */
static void add_word(struct strbuf *b, const char *s)
{
	for (; *s; s++) {
		bool is_plain = (*s >= 'a' && *s <= 'z') || (*s >= 'A' && *s <= 'Z') || (*s >= '0' && *s <= '9') || *s == '-';

		strbuf_add(b, is_plain ? s : "_", 1);
	}
}

/** set_id() - "tapbed:RUN:WHAT:NUMBER". */
static void set_id(json_t *obj, const char *name, const struct run_result *r, const char *what, size_t n)
{
	_cleanup_(freep) char *id = str_fmt(ORIGIN ":%s:%s:%zu", r->id, what, n);

	set_text(obj, name, id);
}

static json_t *object_new(const struct run_result *r, const char *what, size_t n)
{
	json_t *obj = json_object();

	set_id(obj, "id", r, what, n);
	json_object_set_new(obj, "origin", json_string(ORIGIN));
	return obj;
}

/* What does not apply is left out: the schema knows no empty time or comment. */
static void set_text_if_any(json_t *obj, const char *name, const char *s)
{
	if (s && *s)
		set_text(obj, name, s);
}

/* A run that ended before has no kernels: which of them did not build is in the words of its cells alone. */
static bool is_built(const struct run_kernel *k)
{
	return k->hash && *k->hash;
}

static json_t *checkout_of(const struct run_result *r, size_t k)
{
	const struct run_kernel *kernel = &r->kernels[k];
	json_t *obj = object_new(r, "kernel", k);
	json_t *misc = json_object();

	set_text(obj, "comment", kernel->package);
	if (is_built(kernel))
		json_object_set_new(obj, "valid", json_true());
	set_text(misc, "kernel", kernel->name);
	if (kernel->series)
		set_text(misc, "series", kernel->series);
	else
		json_object_set_new(obj, "patchset_hash", json_string(""));
	json_object_set_new(obj, "misc", misc);
	return obj;
}

static json_t *build_of(const struct run_result *r, size_t k)
{
	const struct run_kernel *kernel = &r->kernels[k];
	json_t *obj = object_new(r, "kernel", k);
	json_t *misc = json_object();

	set_id(obj, "checkout_id", r, "kernel", k);
	set_text_if_any(obj, "comment", kernel->release);
	json_object_set_new(obj, "architecture", json_string("x86_64"));
	if (is_built(kernel))
		json_object_set_new(obj, "status", json_string("PASS"));
	set_text_if_any(misc, "kernel_hash", kernel->hash);
	json_object_set_new(obj, "misc", misc);
	return obj;
}

static json_t *environment_of(const struct run_result *r)
{
	json_t *misc = json_object();
	json_t *obj = json_object();

	json_object_set(misc, "host", r->host);
	json_object_set(misc, "guest", r->guest);
	json_object_set_new(obj, "misc", misc);
	return obj;
}

/** set_number() - the rate that the probe is about; every median is in misc. */
static void set_number(json_t *obj, const struct run_cell *c)
{
	enum metric m = isfinite(c->median[METRIC_THROUGHPUT_BPS]) ? METRIC_THROUGHPUT_BPS : METRIC_PPS;
	/* "1/s" with a prefix would be read as "k1/s". */
	const char *unit = m == METRIC_PPS ? "packets/s" : metric_def(m)->unit;

	if (isfinite(c->median[m]))
		json_object_set_new(obj, "number", json_pack("{s:f, s:s, s:s}", "value", c->median[m], "unit", unit,
							      "prefix", "metric"));
}

static json_t *misc_of(const struct run_cell *c)
{
	json_t *misc = json_object();
	json_t *medians = json_object();

	for (enum metric m = 0; m < METRIC_COUNT; m++)
		if (isfinite(c->median[m]))
			json_object_set_new(medians, metric_def(m)->name, json_real(c->median[m]));
	json_object_set_new(misc, "medians", medians);
	json_object_set_new(misc, "samples", json_integer((json_int_t)c->n_samples));
	json_object_set_new(misc, "verdict", json_string(verdict_name(c->verdict)));
	json_object_set_new(misc, "expected", json_boolean(c->is_expected));
	json_object_set_new(misc, "cell", cell_to_json(&c->cell));
	return misc;
}

static json_t *test_of(const struct run_result *r, size_t i)
{
	const struct run_cell *c = &r->cells[i];
	_cleanup_(freep) char *name = cell_name(&c->cell);
	_cleanup_(freep) char *excerpt = str_fmt("%.*s", EXCERPT_MAX / 4, c->reason);
	_cleanup_(strbuf_free) struct strbuf path = { 0 };
	json_t *obj = object_new(r, "cell", i);

	strbuf_fmt(&path, ORIGIN ".%s.", probe_def(r->probe)->name);
	add_word(&path, name);
	set_id(obj, "build_id", r, "kernel", c->cell.kernel);
	set_text(obj, "path", path.data);
	set_text(obj, "comment", name);
	/* A failure that the plan knows is what was to be shown. */
	json_object_set_new(obj, "status", json_string(c->is_expected ? "PASS" : statuses[c->verdict]));
	set_text_if_any(obj, "log_excerpt", excerpt);
	if (c->verdict == VERDICT_PASS || c->verdict == VERDICT_FAIL || c->verdict == VERDICT_NOISY)
		set_number(obj, c);
	set_text_if_any(obj, "start_time", r->started);
	json_object_set_new(obj, "environment", environment_of(r));
	json_object_set_new(obj, "misc", misc_of(c));
	return obj;
}

static json_t *list_of(const struct run_result *r, size_t n, json_t *(*of)(const struct run_result *r, size_t i))
{
	json_t *list = json_array();

	for (size_t i = 0; i < n; i++)
		json_array_append_new(list, of(r, i));
	return list;
}

void report_kcidb(const struct run_result *r, const struct report_opts *o, FILE *f)
{
	_cleanup_(json_decrefp) json_t *doc = json_pack("{s:{s:i, s:i}}", "version", "major", 5, "minor", 3);

	(void)o;
	json_object_set_new(doc, "checkouts", list_of(r, r->n_kernels, checkout_of));
	json_object_set_new(doc, "builds", list_of(r, r->n_kernels, build_of));
	json_object_set_new(doc, "tests", list_of(r, r->n_cells, test_of));
	(void)json_dumpf(doc, f, JSON_INDENT(1) | JSON_REAL_PRECISION(12));
	fputc('\n', f);
}
