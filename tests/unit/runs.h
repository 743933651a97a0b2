/* SPDX-License-Identifier: GPL-2.0-only */
/* runs.h - runs for the tests of judge/ and report/, built from structs */
#ifndef TESTS_RUNS_H
#define TESTS_RUNS_H

#include <math.h>
#include <string.h>

#include "judge/result.h"
#include "lib/cleanup.h"
#include "lib/str.h"

/** run_make() - an empty run of kernels "stock", "nodrop-v3" and "nodrop-v4", as many as asked for. */
static inline void run_make(struct run_result *r, size_t n_kernels)
{
	static const char *const names[] = { "stock", "nodrop-v3", "nodrop-v4" };

	*r = (struct run_result){
		.id = str_dup("20261123-0331-7f3a"),
		.plan = str_dup("vm-test"),
		.about = str_dup(""),
		.started = str_dup("2026-11-23T03:31:07Z"),
		.wall_s = 131.2,
		.host = json_pack("{s:s, s:s, s:i}", "kind", "vm", "accel", "tcg", "vcpus", 2),
		.guest = json_pack("{s:s}", "accel", "kvm"),
		.phases = json_object(),
		.finished = true,
		.n_kernels = n_kernels,
	};
	r->kernels = mem_zalloc(n_kernels * sizeof(*r->kernels));
	for (size_t k = 0; k < n_kernels; k++)
		r->kernels[k] = (struct run_kernel){
			.name = str_dup(names[k]),
			.release = str_dup("6.12.117+deb12-cloud-amd64"),
			.package = str_dup("linux-image-6.12-cloud-amd64 6.12.117-1"),
			.series = k ? str_dup(names[k]) : NULL,
			.hash = str_fmt("%064zu", k),
		};
}

/** run_add_cell() - Return: the new cell, valid until the next one is added. */
static inline struct run_cell *run_add_cell(struct run_result *r, size_t kernel, const char *backend, int txqueuelen)
{
	_cleanup_(json_decrefp) json_t *point = json_pack("{s:s, s:i}", "backend", backend, "txqueuelen", txqueuelen);
	struct run_cell *c;

	r->cells = mem_grow(r->cells, r->n_cells + 1, sizeof(*r->cells));
	c = &r->cells[r->n_cells++];
	*c = (struct run_cell){ .cell.kernel = kernel, .cell.probe = r->probe };
	if (cell_from_json(point, &c->cell))
		abort();
	return c;
}

/** cell_add_sample() - from a boot of its own. */
static inline void cell_add_sample(struct run_cell *c, double mbit, double retransmits, double dropped)
{
	struct sample *s;

	c->samples = mem_grow(c->samples, c->n_samples + 1, sizeof(*c->samples));
	s = &c->samples[c->n_samples++];
	sample_init(s);
	s->boot = (int)c->n_samples;
	s->nth = (int)c->n_samples;
	s->value[METRIC_THROUGHPUT_BPS] = mbit * 1e6;
	s->value[METRIC_RETRANSMITS] = retransmits;
	s->value[METRIC_TX_DROPPED] = dropped;
}

/** cell_add_raw() - a sample as probe raw gives it. */
static inline void cell_add_raw(struct run_cell *c, double pps, double lost_pps, double stalls)
{
	struct sample *s;

	cell_add_sample(c, NAN, NAN, NAN);
	s = &c->samples[c->n_samples - 1];
	s->value[METRIC_PPS] = pps;
	s->value[METRIC_LOST_PPS] = lost_pps;
	s->value[METRIC_STALLS] = stalls;
}

/** cell_add_invalid() - a sample that counts for nothing. */
static inline void cell_add_invalid(struct run_cell *c, double mbit)
{
	struct sample *s = run_cell_add(&c->invalid, &c->n_invalid);

	s->boot = (int)(c->n_samples + c->n_invalid);
	s->value[METRIC_THROUGHPUT_BPS] = mbit * 1e6;
	s->invalid = str_dup("the hypervisor took 9 %");
}

static inline void cell_set_axis(struct run_cell *c, enum axis a, const char *word)
{
	if (axis_parse(a, word, &c->cell.at[a]))
		abort();
}

static inline void cell_set_event(struct run_cell *c, enum verdict event, const char *reason)
{
	c->event = event;
	str_set(&c->event_reason, reason);
}

/** run_add_expect() - kernel 1 promises kernel 0 something; the limits are NAN. Return: it, valid until the next one. */
static inline struct plan_expect *run_add_expect(struct run_result *r, enum metric m)
{
	r->expects = mem_grow(r->expects, r->n_expects + 1, sizeof(*r->expects));
	r->expects[r->n_expects] = (struct plan_expect){
		.kernel = 1, .than = 0, .metric = m,
		.at_least = NAN, .at_most = NAN, .at_most_abs = NAN,
	};
	return &r->expects[r->n_expects++];
}

/** run_add_known() - kernel 1 is known to fail. Return: as above. */
static inline struct plan_expect *run_add_known(struct run_result *r)
{
	struct plan_expect *e = run_add_expect(r, METRIC_COUNT);

	e->fails = PLAN_FAILS;
	return e;
}

/** expect_where() - limit a promise to one value of one axis. */
static inline void expect_where(struct plan_expect *e, enum axis a, const char *word)
{
	e->where[a].n = 1;
	e->where[a].v = mem_zalloc(sizeof(*e->where[a].v));
	if (axis_parse(a, word, e->where[a].v))
		abort();
}

#endif
