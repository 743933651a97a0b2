/* SPDX-License-Identifier: GPL-2.0-only */
/* reproductions.h - runs of the plans of tapbed reproduce, with numbers of a test's own */
#ifndef TESTS_REPRODUCTIONS_H
#define TESTS_REPRODUCTIONS_H

#include "judge/judge.h"
#include "reproduce/reproduction.h"
#include "runs.h"

/** repro_make() - an empty run of the four kernels. */
static inline void repro_make(struct run_result *r, enum experiment e)
{
	static const char *const names[] = { "stock", "nodrop-v3", "backpressure", "linux-7.3" };
	bool is_vpn = experiment_def(e)->group == AXIS_VPN;

	run_make(r, 3);
	r->n_kernels = 4;
	r->kernels = mem_grow(r->kernels, 4, sizeof(*r->kernels));
	r->kernels[3] = (struct run_kernel){
		.name = str_dup(""), .release = str_dup("7.3.4+deb14-cloud-amd64"),
		.package = str_dup("linux-image-7.3.4+deb14-cloud-amd64 7.3.4-1"), .hash = str_fmt("%064d", 3),
	};
	for (size_t k = 0; k < 4; k++)
		str_set(&r->kernels[k].name, names[k]);
	str_set(&r->kernels[2].series, "backpressure");
	str_set(&r->plan, "reproduce");
	if (is_vpn) {
		r->probe = PROBE_VPN;
		json_object_set_new(r->host, "accel", json_string("icount"));
	}
}

/** repro_cell() - Return: a new cell, valid until the next one is added. */
static inline struct run_cell *repro_cell(struct run_result *r, enum experiment e, const struct contender_side *who,
					  const char *group, const char *row)
{
	const struct experiment_def *x = experiment_def(e);
	size_t k = 0;
	struct run_cell *c;

	while (strcmp(r->kernels[k].name, who->kernel))
		k++;
	c = run_add_cell(r, k, "tap", 1000);
	cell_set_axis(c, AXIS_BACKPRESSURE, who->backpressure);
	cell_set_axis(c, x->row, row);
	if (group)
		cell_set_axis(c, x->group, group);
	return c;
}

/** repro_sample() - one more sample, from a boot of its own, with one number in it. */
static inline void repro_sample(struct run_cell *c, enum metric m, double value)
{
	cell_add_sample(c, NAN, NAN, NAN);
	c->samples[c->n_samples - 1].value[m] = value;
}

#endif
