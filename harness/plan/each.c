// SPDX-License-Identifier: GPL-2.0-only
/* each.c - a series patch by patch: one kernel of a plan into as many as its series has patches */
#include "plan/each.h"

#include <stdlib.h>
#include <string.h>

#include "lib/cleanup.h"
#include "lib/err.h"
#include "lib/str.h"
#include "plan/matrix.h"

/** struct each - @first: by old kernel, the first of the new ones; @n: how many they are; @total: of all; @is_any: one is to be split */
struct each {
	size_t *first;
	size_t *n;
	size_t total;
	bool is_any;
};

static void each_free(struct each *e)
{
	free(e->first);
	free(e->n);
}

static int count_all(const struct plan *p, plan_count_fn *count, struct each *e)
{
	e->first = mem_zalloc(p->n_kernels * sizeof(*e->first));
	e->n = mem_zalloc(p->n_kernels * sizeof(*e->n));
	for (size_t i = 0; i < p->n_kernels; i++) {
		const struct plan_kernel *k = &p->kernels[i];
		int err = k->each_patch ? count(k, &e->n[i]) : 0;

		if (err)
			return err_wrap(err, "%s:%d: kernel %s", p->path, k->line, k->name);
		e->first[i] = e->total;
		e->n[i] = k->each_patch ? e->n[i] : 1;
		e->total += e->n[i];
		e->is_any |= k->each_patch;
	}
	return 0;
}

/** kernel_part() - @k with the first @nth patches of @n. */
static struct plan_kernel kernel_part(const struct plan_kernel *k, size_t nth, size_t n)
{
	struct plan_kernel d = *k;

	d.each_patch = false;
	d.name = str_fmt("%s-%zuof%zu", k->name, nth, n);
	d.package = str_dup(k->package);
	d.source = str_dup(k->source);
	d.tree = str_dup(k->tree);
	d.commit = str_dup(k->commit);
	d.config = (struct strv){ 0 };
	for (size_t i = 0; i < k->config.n; i++)
		strv_add(&d.config, k->config.v[i]);
	d.version = str_dup(k->version);
	d.suite = str_dup(k->suite);
	d.series = str_fmt("%s:%zu", k->series, nth);
	d.cmdline = str_dup(k->cmdline);
	return d;
}

static void make_kernels(struct plan *p, const struct each *e)
{
	struct plan_kernel *all = mem_zalloc(e->total * sizeof(*all));

	for (size_t i = 0; i < p->n_kernels; i++) {
		struct plan_kernel *k = &p->kernels[i];

		for (size_t nth = 1; k->each_patch && nth <= e->n[i]; nth++)
			all[e->first[i] + nth - 1] = kernel_part(k, nth, e->n[i]);
		if (k->each_patch)
			plan_kernel_free(k);
		else
			all[e->first[i]] = *k;
	}
	free(p->kernels);
	p->kernels = all;
	p->n_kernels = e->total;
}

static struct plan_expect expect_dup(const struct plan_expect *e)
{
	struct plan_expect d = *e;

	for (enum axis a = 0; a < AXIS_COUNT; a++) {
		d.where[a].v = mem_zalloc(e->where[a].n * sizeof(*d.where[a].v));
		if (e->where[a].n)
			memcpy(d.where[a].v, e->where[a].v, e->where[a].n * sizeof(*d.where[a].v));
	}
	return d;
}

static size_t last_of(const struct each *e, size_t kernel)
{
	return e->first[kernel] + e->n[kernel] - 1;
}

static void add_expect(struct plan *p, struct plan_expect e)
{
	p->expects = mem_grow(p->expects, p->n_expects + 1, sizeof(*p->expects));
	p->expects[p->n_expects++] = e;
}

/** add_each() - one promise for each patch; the last has the old one's lists. */
static void add_each(struct plan *p, const struct each *e, const struct plan_expect *old)
{
	for (size_t i = 0; i < e->n[old->kernel]; i++) {
		struct plan_expect one = i + 1 < e->n[old->kernel] ? expect_dup(old) : *old;

		one.kernel = e->first[old->kernel] + i;
		one.than = one.kernel - 1; /* of the first the last one before: it is no first kernel */
		add_expect(p, one);
	}
}

static void make_expects(struct plan *p, const struct each *e)
{
	struct plan_expect *old = p->expects;
	size_t n = p->n_expects;

	p->expects = NULL;
	p->n_expects = 0;
	for (size_t i = 0; i < n; i++) {
		if (!old[i].fails && old[i].than == PLAN_BEFORE) {
			add_each(p, e, &old[i]);
			continue;
		}
		old[i].kernel = last_of(e, old[i].kernel);
		if (!old[i].fails)
			old[i].than = last_of(e, old[i].than);
		add_expect(p, old[i]);
	}
	free(old);
}

int plan_each(struct plan *p, plan_count_fn *count)
{
	_cleanup_(each_free) struct each e = { 0 };
	int err = count_all(p, count, &e);

	if (err || !e.is_any)
		return err;
	make_expects(p, &e);
	make_kernels(p, &e);
	matrix_expand(p);
	return 0;
}
