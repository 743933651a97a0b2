// SPDX-License-Identifier: GPL-2.0-only
/* plan_check.c - the lists of a plan: an empty element, and what no single value of it can tell */
#include "plan/plan_check.h"

#include <errno.h>
#include <math.h>
#include <stdint.h>
#include <string.h>

#include "lib/cleanup.h"
#include "lib/err.h"
#include "lib/str.h"
#include "plan/words.h"

#define NO_KERNEL SIZE_MAX

void *plan_kernel_add(struct plan *p, int line)
{
	struct plan_kernel *k;

	p->kernels = mem_grow(p->kernels, p->n_kernels + 1, sizeof(*k));
	k = &p->kernels[p->n_kernels++];
	*k = (struct plan_kernel){ .line = line };
	return k;
}

/* Where a kernel comes from, and which keys go with that. */
static int check_way(const struct plan *p, const struct plan_kernel *k)
{
	int ways = !!k->package + !!k->source + !!k->tree;
	bool is_modules = k->package && k->tree && !k->source;

	if (ways > 1 && !is_modules)
		return err_say(EINVAL, "kernels: \"%s\" comes from more than one place; accepted: one of package, source and tree, or package with the modules of a tree",
			       k->name);
	/* What a local host runs has been booted already, from wherever it came. */
	if (!ways && !p->host_is_local)
		return err_say(EINVAL, "kernels: key \"package\" is missing; accepted: a Debian kernel package such as linux-image-6.12-cloud-amd64, or source or tree instead");
	if (k->commit && !k->tree)
		return err_say(EINVAL, "kernels: \"%s\" has a commit but no tree; accepted: commit with tree", k->name);
	if (k->config.n && k->package)
		return err_say(EINVAL, "kernels: \"%s\" is a package, built with a config of its own; accepted: config with source or tree",
			       k->name);
	if (k->each_patch && !k->series)
		return err_say(EINVAL, "kernels: \"%s\" has each but no series; accepted: each: series with a series", k->name);
	if (k->each_patch && strchr(k->series, ':'))
		return err_say(EINVAL, "kernels: \"%s\" has each for a part of a series; accepted: each: series with a whole one", k->name);
	if (k->tree && !k->package && (k->version || k->suite))
		return err_say(EINVAL, "kernels: \"%s\" is a git tree; accepted: version and suite with package or source", k->name);
	return 0;
}

int plan_kernel_check(const struct plan *p, const void *element)
{
	const struct plan_kernel *k = element;

	for (const struct plan_kernel *other = p->kernels; other < k; other++)
		if (!strcmp(other->name, k->name))
			return err_say(EINVAL, "kernels: name \"%s\" is there twice, in line %d too; accepted: each name once",
				       k->name, other->line);
	return check_way(p, k);
}

void *plan_expect_add(struct plan *p, int line)
{
	struct plan_expect *e;

	p->expects = mem_grow(p->expects, p->n_expects + 1, sizeof(*e));
	e = &p->expects[p->n_expects++];
	*e = (struct plan_expect){
		.line = line, .than = NO_KERNEL, .metric = METRIC_COUNT,
		.at_least = NAN, .at_most = NAN, .at_most_abs = NAN,
	};
	return e;
}

static bool axis_has(const struct plan_axis *l, const struct axis_value *v)
{
	for (size_t i = 0; i < l->n; i++)
		if (!strcmp(l->v[i].word, v->word))
			return true;
	return false;
}

static int check_where(const struct plan *p, enum axis a, const struct plan_axis *where)
{
	for (size_t i = 0; i < where->n; i++) {
		_cleanup_(strv_free) struct strv in_matrix = { 0 };
		_cleanup_(freep) char *what = NULL;

		if (axis_has(&p->matrix[a], &where->v[i]))
			continue;
		for (size_t j = 0; j < p->matrix[a].n; j++)
			strv_add(&in_matrix, p->matrix[a].v[j].word);
		what = str_fmt("where: the matrix has no %s", axis_def(a)->name);
		return words_refuse(what, where->v[i].word, &in_matrix);
	}
	return 0;
}

/* What a promise lacks, as for any other key that is required. */
static int check_parts(const struct plan *p, const struct plan_expect *e)
{
	_cleanup_(freep) char *accepted = NULL;
	_cleanup_(strv_free) struct strv l = { 0 };
	bool lacks_than = e->than == NO_KERNEL;

	if (!lacks_than && e->metric != METRIC_COUNT)
		return 0;
	for (size_t i = 0; lacks_than && i < p->n_kernels; i++)
		strv_add(&l, p->kernels[i].name);
	for (enum metric m = 0; !lacks_than && m < METRIC_COUNT; m++)
		strv_add(&l, metric_def(m)->name);
	accepted = strv_join(&l, ", ");
	return err_say(EINVAL, "expect: key \"%s\" is missing; accepted: %s", lacks_than ? "than" : "metric", accepted);
}

static int check_promise(const struct plan *p, const struct plan_expect *e)
{
	int ret = check_parts(p, e);

	if (ret)
		return ret;
	if (e->than == PLAN_BEFORE && (!p->kernels[e->kernel].each_patch || !e->kernel))
		return err_say(EINVAL, "expect: nothing is before \"%s\"; accepted: than: before of a kernel with each: series that is not the first",
			       p->kernels[e->kernel].name);
	if (e->kernel == e->than)
		return err_say(EINVAL, "expect: kernel \"%s\" is compared with itself; accepted: another kernel of the plan as \"than\"",
			       p->kernels[e->kernel].name);
	if (isnan(e->at_least) && isnan(e->at_most) && isnan(e->at_most_abs))
		return err_say(EINVAL, "expect: nothing is promised; accepted: at_least, at_most, at_most_abs");
	if (e->at_least > e->at_most)
		return err_say(EINVAL, "expect: nothing can be at least %g and at most %g; accepted: at_least below at_most",
			       e->at_least, e->at_most);
	return 0;
}

static int check_failure(const struct plan_expect *e)
{
	if (e->than == NO_KERNEL && e->metric == METRIC_COUNT && isnan(e->at_least) && isnan(e->at_most) &&
	    isnan(e->at_most_abs))
		return 0;
	return err_say(EINVAL, "expect: what is known to fail promises nothing; accepted: kernel, fails and where");
}

int plan_expect_check(const struct plan *p, const void *element)
{
	const struct plan_expect *e = element;
	int ret = e->fails ? check_failure(e) : check_promise(p, e);

	for (enum axis a = 0; !ret && a < AXIS_COUNT; a++)
		ret = check_where(p, a, &e->where[a]);
	return ret;
}

int plan_probe_check(const struct plan *p, const void *element)
{
	const struct plan_probe *probe = element;
	const struct probe_def *d = probe_def(probe->kind);
	bool says_rate = probe->size != PROBE_SIZE || probe->rate_pps;
	bool says_packets = probe->packets > 0 || probe->seed;

	(void)p;
	if (d->counts_packets || (!says_packets && (d->sets_rate || !says_rate)))
		return 0;
	if (d->sets_rate)
		return err_say(EINVAL, "probe: packets and seed mean nothing to probe %s; accepted: name, seconds, warmup, size, rate",
			       d->name);
	return err_say(EINVAL, "probe: size, rate, packets and seed mean nothing to probe %s; accepted: name, seconds, warmup",
		       d->name);
}

bool plan_expect_covers(const struct plan_expect *e, const struct cell *c)
{
	if (c->kernel != e->kernel)
		return false;
	for (enum axis a = 0; a < AXIS_COUNT; a++)
		if (e->where[a].n && !axis_has(&e->where[a], &c->at[a]))
			return false;
	return true;
}

bool plan_expects_failure(const struct plan *p, size_t cell)
{
	for (size_t i = 0; i < p->n_expects; i++)
		if (p->expects[i].fails && plan_expect_covers(&p->expects[i], &p->cells[cell]))
			return true;
	return false;
}
