// SPDX-License-Identifier: GPL-2.0-only
/* test_each.c - a series patch by patch: kernels, promises and cells of a plan that asks for it */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "lib/err.h"
#include "plan/each.h"
#include "scratch.h"

#define KERNELS                                                                    \
	"plan: p\nkernels:\n"                                                      \
	"  - {name: stock, package: linux-image-6.12-cloud-amd64}\n"               \
	"  - {name: mine, package: linux-image-6.12-cloud-amd64, series: mine, each: series}\n" \
	"  - {name: last, package: linux-image-6.12-cloud-amd64}\n"                \
	"matrix: {txqueuelen: [10, 1]}\n"                                          \
	"expect:\n"

/* A plan with these promises, split as @count says. */
static int read_plan(struct plan *p, const char *promises, plan_count_fn *count)
{
	_cleanup_(scratch_free) char *dir = scratch_new();
	_cleanup_(freep) char *text = str_fmt(KERNELS "%s", promises);
	_cleanup_(freep) char *path = scratch_put(dir, "p.yaml", text);
	int err = plan_read(path, p);

	if (!err && (err = plan_each(p, count)))
		plan_free(p);
	return err;
}

static int three(const struct plan_kernel *k, size_t *ret)
{
	assert_string_equal(k->series, "mine");
	*ret = 3;
	return 0;
}

static int one(const struct plan_kernel *k, size_t *ret)
{
	(void)k;
	*ret = 1;
	return 0;
}

static int none(const struct plan_kernel *k, size_t *ret)
{
	(void)k;
	*ret = 0;
	return err_say(ENOENT, "no series mine");
}

/* "stock mine-1of3=mine:1 ..." */
static char *kernels_text(const struct plan *p)
{
	struct strbuf b = { 0 };

	for (size_t i = 0; i < p->n_kernels; i++)
		strbuf_fmt(&b, "%s%s%s%s", i ? " " : "", p->kernels[i].name, p->kernels[i].series ? "=" : "",
			   p->kernels[i].series ? p->kernels[i].series : "");
	return b.data;
}

/* "kernel than metric, ..." */
static char *expects_text(const struct plan *p)
{
	struct strbuf b = { 0 };

	for (size_t i = 0; i < p->n_expects; i++) {
		const struct plan_expect *e = &p->expects[i];

		strbuf_fmt(&b, "%s%s %s", i ? ", " : "", p->kernels[e->kernel].name,
			   e->fails ? "fails" : p->kernels[e->than].name);
		if (e->where[AXIS_TXQUEUELEN].n)
			strbuf_fmt(&b, " at %s", e->where[AXIS_TXQUEUELEN].v[0].word);
	}
	return b.data ? b.data : str_dup("");
}

static const struct {
	const char *promises;
	plan_count_fn *count;
	const char *kernels;
	const char *expects;
	size_t n_cells;
} rows[] = {
	{ "  - {kernel: mine, than: stock, metric: throughput_bps, at_least: 20}\n"
	  "  - {kernel: last, than: mine, metric: throughput_bps, at_least: 1}\n", three,
	  "stock mine-1of3=mine:1 mine-2of3=mine:2 mine-3of3=mine:3 last",
	  "mine-3of3 stock, last mine-3of3", 10 },
	{ "  - {kernel: mine, than: before, metric: throughput_bps, at_least: 1, where: {txqueuelen: 1}}\n", three,
	  "stock mine-1of3=mine:1 mine-2of3=mine:2 mine-3of3=mine:3 last",
	  "mine-1of3 stock at 1, mine-2of3 mine-1of3 at 1, mine-3of3 mine-2of3 at 1", 10 },
	{ "  - {kernel: mine, fails: true, where: {txqueuelen: 10}}\n"
	  "  - {kernel: mine, than: before, metric: throughput_bps, at_least: 1}\n", one,
	  "stock mine-1of1=mine:1 last", "mine-1of1 fails at 10, mine-1of1 stock", 6 },
};

static void a_kernel_is_split_into_one_for_each_patch(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		_cleanup_(freep) char *kernels = NULL, *expects = NULL;
		_cleanup_(plan_free) struct plan p = { 0 };

		if (read_plan(&p, rows[i].promises, rows[i].count))
			fail_msg("row %zu: %s", i, err_text());
		kernels = kernels_text(&p);
		expects = expects_text(&p);
		assert_string_equal(kernels, rows[i].kernels);
		assert_string_equal(expects, rows[i].expects);
		assert_int_equal(p.n_cells, rows[i].n_cells);
		assert_string_equal(p.kernels[1].package, "linux-image-6.12-cloud-amd64");
	}
}

static void a_series_that_is_not_there_is_told_with_its_line(void **state)
{
	struct plan p = { 0 };

	(void)state;
	assert_int_equal(read_plan(&p, "  - {kernel: last, than: stock, metric: throughput_bps, at_least: 1}\n", none), -ENOENT);
	assert_non_null(strstr(err_text(), "p.yaml:4: kernel mine: no series mine"));
}

static const struct {
	const char *promise;
	const char *says;
} wrong[] = {
	{ "  - {kernel: last, than: before, metric: throughput_bps, at_least: 1}\n", "expect: nothing is before \"last\"" },
	{ "  - {kernel: stock, than: before, metric: throughput_bps, at_least: 1}\n", "expect: nothing is before \"stock\"" },
	{ "  - {kernel: stock, than: other, metric: throughput_bps, at_least: 1}\n",
	  "accepted: stock, mine, last, before" },
};

static void before_is_for_kernels_that_are_split(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(wrong); i++) {
		struct plan p = { 0 };

		assert_int_equal(read_plan(&p, wrong[i].promise, three), -EINVAL);
		if (!strstr(err_text(), wrong[i].says))
			fail_msg("%s", err_text());
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_kernel_is_split_into_one_for_each_patch),
		cmocka_unit_test(a_series_that_is_not_there_is_told_with_its_line),
		cmocka_unit_test(before_is_for_kernels_that_are_split),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
