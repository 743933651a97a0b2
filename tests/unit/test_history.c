// SPDX-License-Identifier: GPL-2.0-only
/* test_history.c - one cell over many runs: where it changed, and how that is drawn */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "judge/change.h"
#include "judge/history.h"
#include "judge/judge.h"
#include "noise.h"
#include "report/plot.h"
#include "runs.h"

#define RUNS 60

static void fill(struct random *g, double *v, size_t n, double level)
{
	for (size_t i = 0; i < n; i++)
		v[i] = level * (1 + noise_gauss(g, 0.02));
}

static void a_step_is_found_where_it_is(void **state)
{
	struct random g = { 1 };
	double v[RUNS];
	int exact = 0;

	(void)state;
	for (int i = 0; i < 20; i++) {
		struct change *c;
		size_t n;

		fill(&g, v, 12, 640);
		fill(&g, v + 12, 12, 600);
		n = change_find(v, 24, &c);
		assert_true(n >= 1);
		exact += c[0].at >= 11 && c[0].at <= 13;
		assert_true(c[0].p <= 0.05);
		free(c);
	}
	assert_true(exact >= 18);
}

static void two_steps_are_two_changes_in_the_order_of_time(void **state)
{
	struct random g = { 1 };
	struct change *c;
	double v[RUNS];

	(void)state;
	fill(&g, v, 20, 640);
	fill(&g, v + 20, 20, 500);
	fill(&g, v + 40, 20, 640);
	assert_int_equal(change_find(v, RUNS, &c), 2);
	assert_int_equal(c[0].at, 20);
	assert_int_equal(c[1].at, 40);
	free(c);
}

static void noise_alone_is_cut_once_in_twenty(void **state)
{
	struct random g = { 1 };
	int cut = 0;

	(void)state;
	for (int i = 0; i < 100; i++) {
		struct change *c;
		double v[20];

		fill(&g, v, 20, 640);
		cut += change_find(v, 20, &c) > 0;
		free(c);
	}
	assert_true(cut <= 11); /* 5 expected; 12 or more would come once in 250 times */
}

static void few_or_equal_numbers_have_no_change(void **state)
{
	const double few[] = { 1, 1, 1, 9, 9 }, equal[12] = { 0 };
	struct change *c;

	(void)state;
	assert_int_equal(change_find(few, 0, &c), 0);
	assert_int_equal(change_find(few, 5, &c), 0);
	assert_int_equal(change_find(equal, 12, &c), 0);
}

/** add_run() - run number @i, stock at @mbit, and other cells that are not meant. */
static void add_run(struct history **list, size_t *n, const struct history_wanted *w, int i, double mbit)
{
	_cleanup_(run_result_free) struct run_result r;

	run_make(&r, 2);
	free(r.id);
	free(r.started);
	r.id = str_fmt("202611%02d-0331-7f3a", i + 1);
	r.started = str_fmt("2026-11-%02dT03:31:07Z", i + 1);
	cell_add_sample(run_add_cell(&r, 0, "tap", 1), mbit, 0, 0);
	cell_add_sample(run_add_cell(&r, 0, "tap", 10), 1, 0, 0);
	cell_add_sample(run_add_cell(&r, 1, "tap", 1), 700, 0, 0);
	run_add_cell(&r, 1, "vhost", 1); /* not measured */
	judge_run(&r);
	history_add(w, &r, list, n);
}

static void a_history_is_of_one_cell_and_told_by_kernel(void **state)
{
	const struct history_wanted all = { "tap/virtio/q1/fq_codel", NULL, METRIC_THROUGHPUT_BPS };
	const struct history_wanted one = { "tap/virtio/q1/fq_codel", "nodrop-v3", METRIC_THROUGHPUT_BPS };
	struct history *list = NULL, *single = NULL;
	size_t n = 0, n_single = 0;

	(void)state;
	add_run(&list, &n, &all, 0, 640);
	add_run(&list, &n, &all, 1, 630);
	add_run(&single, &n_single, &one, 0, 640);
	assert_int_equal(n, 2);
	assert_string_equal(list[0].kernel, "stock");
	assert_int_equal(list[0].n_points, 2);
	assert_true(list[0].points[1].value == 630e6);
	assert_int_equal(n_single, 1);
	assert_string_equal(single[0].kernel, "nodrop-v3");
	history_free(list, n);
	history_free(single, n_single);
}

static const char plot[] =
	"stock, throughput_bps, Mbit/s\n"
	"2026-11-01 03:31  20261101-0331-7f3a      640  |                             * |\n"
	"2026-11-02 03:31  20261102-0331-7f3a      645  |                              *|\n"
	"2026-11-03 03:31  20261103-0331-7f3a      642  |                              *|\n"
	"2026-11-04 03:31  20261104-0331-7f3a      643  |                              *|\n"
	"2026-11-05 03:31  20261105-0331-7f3a      641  |                              *|\n"
	"-- 642 to 402, -37 %, p = 0.01 --\n"
	"2026-11-06 03:31  20261106-0331-7f3a      402  |*                              |\n"
	"2026-11-07 03:31  20261107-0331-7f3a      400  |*                              |\n"
	"2026-11-08 03:31  20261108-0331-7f3a      401  |*                              |\n"
	"2026-11-09 03:31  20261109-0331-7f3a      403  |*                              |\n"
	"2026-11-10 03:31  20261110-0331-7f3a      404  |*                              |\n";

static void a_plot_shows_the_change(void **state)
{
	static const double mbit[] = { 640, 645, 642, 643, 641, 402, 400, 401, 403, 404 };
	const struct history_wanted w = { "tap/virtio/q1/fq_codel", "stock", METRIC_THROUGHPUT_BPS };
	_cleanup_(freep) char *text = NULL;
	struct history *list = NULL;
	size_t n = 0, len;
	FILE *f = open_memstream(&text, &len);

	(void)state;
	for (int i = 0; i < (int)ARRAY_SIZE(mbit); i++)
		add_run(&list, &n, &w, i, mbit[i]);
	history_judge(list);
	plot_print(list, f);
	fclose(f);
	assert_string_equal(text, plot);
	history_free(list, n);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_step_is_found_where_it_is),
		cmocka_unit_test(two_steps_are_two_changes_in_the_order_of_time),
		cmocka_unit_test(noise_alone_is_cut_once_in_twenty),
		cmocka_unit_test(few_or_equal_numbers_have_no_change),
		cmocka_unit_test(a_history_is_of_one_cell_and_told_by_kernel),
		cmocka_unit_test(a_plot_shows_the_change),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
