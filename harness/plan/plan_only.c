// SPDX-License-Identifier: GPL-2.0-only
/* plan_only.c - a plan cut down to one kernel at one point, or with another tree */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "lib/cleanup.h"
#include "lib/err.h"
#include "plan/matrix.h"
#include "plan/plan.h"
#include "plan/words.h"

static int find_kernel(const struct plan *p, const char *name, size_t *ret)
{
	_cleanup_(strv_free) struct strv names = { 0 };

	for (size_t i = 0; i < p->n_kernels; i++)
		strv_add(&names, p->kernels[i].name);
	for (*ret = 0; *ret < p->n_kernels; ++*ret)
		if (!name || !strcmp(names.v[*ret], name))
			return 0;
	return words_refuse("kernel: the plan has none of that name", name, &names);
}

static int find_cell(const struct plan *p, size_t kernel, const char *name, const struct cell **ret)
{
	_cleanup_(strv_free) struct strv names = { 0 };

	*ret = NULL;
	for (size_t i = 0; i < p->n_cells; i++) {
		_cleanup_(freep) char *has = cell_name(&p->cells[i]);

		if (p->cells[i].kernel != kernel)
			continue;
		strv_add(&names, has);
		if (!name || !strcmp(name, has))
			*ret = &p->cells[i];
	}
	if (*ret && (name || names.n == 1))
		return 0;
	return words_refuse("cell: one has to be chosen", name ? name : "", &names);
}

static void keep_kernel(struct plan *p, size_t kernel)
{
	struct plan_kernel kept = p->kernels[kernel];

	for (size_t i = 0; i < p->n_kernels; i++)
		if (i != kernel)
			plan_kernel_free(&p->kernels[i]);
	p->kernels[0] = kept;
	p->n_kernels = 1;
}

int plan_only(struct plan *p, const char *kernel, const char *cell)
{
	const struct cell *found = NULL;
	struct cell at;
	size_t k;
	int err = find_kernel(p, kernel, &k);

	if (!err)
		err = find_cell(p, k, cell, &found);
	if (!err && found && found->skip)
		err = err_say(EINVAL, "cell %s cannot be measured: %s", cell ? cell : "of the plan", found->skip);
	if (err || !found)
		return err;
	at = *found;
	keep_kernel(p, k);
	plan_expects_free(p);
	for (enum axis a = 0; a < AXIS_COUNT; a++) {
		p->matrix[a].n = 1;
		p->matrix[a].v[0] = at.at[a];
	}
	p->samples = 1;
	p->cap = 0;
	p->boots = 0;
	p->interleaved = false;
	matrix_expand(p);
	return 0;
}

int plan_tree(struct plan *p, const char *tree)
{
	size_t n = 0;

	for (size_t i = 0; i < p->n_kernels; i++)
		n += p->kernels[i].tree != NULL;
	if (!n && p->n_kernels != 1)
		return err_say(EINVAL, "--tree: the plan has %zu kernels and none has a tree; accepted: a plan with one kernel, or with a tree",
			       p->n_kernels);
	if (!n && p->kernels[0].source)
		return err_say(EINVAL, "--tree: kernel %s is a source package; accepted: a package, or a tree", p->kernels[0].name);
	for (size_t i = 0; i < p->n_kernels; i++) {
		struct plan_kernel *k = &p->kernels[i];

		if (n && !k->tree)
			continue;
		str_set(&k->tree, tree);
		str_set(&k->commit, NULL);
	}
	return 0;
}
