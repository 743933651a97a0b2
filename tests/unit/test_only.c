// SPDX-License-Identifier: GPL-2.0-only
/* test_only.c - a plan cut down to one kernel at one point, or built of another tree */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "plan/plan.h"
#include "scratch.h"

#define KERNELS "kernels:\n  - {name: a, package: p}\n  - {name: b, package: q, series: s}\n"
#define PLAN	"plan: t\n" KERNELS "matrix: {backend: [tap, vhost], txqueuelen: [1000, 10]}\nsamples: 3\norder: interleaved\n" \
		"expect: [{kernel: b, than: a, metric: throughput_bps, at_least: 0.5, where: {txqueuelen: 10}}]\n"

static void must_read(const char *text, struct plan *p)
{
	_cleanup_(scratch_free) char *dir = scratch_new();
	_cleanup_(freep) char *path = scratch_put(dir, "plan.yaml", text);

	if (plan_read(path, p))
		fail_msg("%s", err_text());
}

static void one_kernel_at_one_point_is_left(void **state)
{
	_cleanup_(plan_free) struct plan p = { 0 };
	_cleanup_(freep) char *name = NULL;

	(void)state;
	must_read(PLAN, &p);
	assert_int_equal(plan_only(&p, "b", "vhost/virtio/q10/fq_codel"), 0);
	assert_int_equal(p.n_kernels, 1);
	assert_string_equal(p.kernels[0].name, "b");
	assert_int_equal(p.n_cells, 1);
	assert_int_equal(p.cells[0].kernel, 0);
	name = cell_name(&p.cells[0]);
	assert_string_equal(name, "vhost/virtio/q10/fq_codel");
	assert_int_equal(p.n_expects, 0);
	assert_int_equal(p.samples, 1);
	assert_false(p.interleaved);
}

static void what_is_not_there_is_refused_with_what_is(void **state)
{
	static const struct {
		const char *kernel, *cell, *why;
	} cases[] = {
		{ "c", "tap/virtio/q10/fq_codel", "a, b" },
		{ NULL, "tap/virtio/q11/fq_codel", "did you mean tap/virtio/q10/fq_codel?" },
		{ NULL, NULL, "vhost/virtio/q1000/fq_codel" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		_cleanup_(plan_free) struct plan p = { 0 };

		must_read(PLAN, &p);
		assert_int_equal(plan_only(&p, cases[i].kernel, cases[i].cell), -EINVAL);
		if (!strstr(err_text(), cases[i].why))
			fail_msg("%s", err_text());
		assert_int_equal(p.n_kernels, 2);
	}
}

static void the_only_cell_needs_no_name(void **state)
{
	_cleanup_(plan_free) struct plan p = { 0 };

	(void)state;
	must_read("plan: t\n" KERNELS, &p);
	assert_int_equal(plan_only(&p, NULL, NULL), 0);
	assert_string_equal(p.kernels[0].name, "a");
}

static void another_tree(void **state)
{
	static const struct {
		const char *kernels, *why;
		size_t changed;
	} cases[] = {
		{ "  - {name: a, package: p}\n", NULL, 0 },
		{ "  - {name: a, tree: /x, commit: v1}\n", NULL, 0 },
		{ "  - {name: a, package: p}\n  - {name: b, package: p, tree: /x, commit: v1}\n", NULL, 1 },
		{ "  - {name: a, package: p}\n  - {name: b, package: p}\n", "2 kernels and none has a tree", 0 },
		{ "  - {name: a, source: s}\n", "is a source package", 0 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		_cleanup_(plan_free) struct plan p = { 0 };
		_cleanup_(freep) char *text = str_fmt("plan: t\nkernels:\n%s", cases[i].kernels);

		must_read(text, &p);
		assert_int_equal(plan_tree(&p, "/y"), cases[i].why ? -EINVAL : 0);
		if (cases[i].why) {
			assert_non_null(strstr(err_text(), cases[i].why));
			continue;
		}
		for (size_t k = 0; k < p.n_kernels; k++) {
			assert_true(str_eq(p.kernels[k].tree, k == cases[i].changed ? "/y" : NULL));
			assert_null(p.kernels[k].commit);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_kernel_at_one_point_is_left),
		cmocka_unit_test(what_is_not_there_is_refused_with_what_is),
		cmocka_unit_test(the_only_cell_needs_no_name),
		cmocka_unit_test(another_tree),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
