// SPDX-License-Identifier: GPL-2.0-only
/* test_more.c - which cells of a judged run need more samples */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "judge/judge.h"
#include "judge/more.h"
#include "runs.h"

static void add_point(struct run_result *r, int txqueuelen, const double ratio[2], int boots)
{
	for (size_t k = 0; k < 3; k++) {
		struct run_cell *c = run_add_cell(r, k, "tap", txqueuelen);

		for (int i = 0; i < boots; i++)
			cell_add_sample(c, (700 + 40 * (i % 3)) * (k ? ratio[k - 1] : 1), 0, 0);
	}
}

/** make() - two points, three kernels; at queue 1 nodrop-v3 is NOISY, at queue 10 nothing is. */
static void make(struct run_result *r, int boots)
{
	run_make(r, 3);
	r->sequence = (struct sequence){ 5, 12 };
	add_point(r, 1, (const double[]){ 0.96, 1 }, boots);
	add_point(r, 10, (const double[]){ 1, 1 }, boots);
	run_add_expect(r, METRIC_THROUGHPUT_BPS)->at_least = 1;
	judge_run(r);
}

static void every_kernel_at_a_noisy_point_gets_more(void **state)
{
	_cleanup_(run_result_free) struct run_result r;
	const bool wanted[6] = { true, true, true };
	bool cells[6];

	(void)state;
	make(&r, 5);
	assert_int_equal(r.cells[1].verdict, VERDICT_NOISY);
	assert_int_equal(more_wanted(&r, cells), 5);
	assert_memory_equal(cells, wanted, sizeof(cells));
}

static void the_cap_ends_it(void **state)
{
	_cleanup_(run_result_free) struct run_result r;
	bool cells[6];

	(void)state;
	make(&r, 10);
	assert_int_equal(r.cells[1].verdict, VERDICT_NOISY);
	assert_int_equal(more_wanted(&r, cells), 2);
	run_result_free(&r);
	make(&r, 12);
	assert_int_equal(r.cells[1].verdict, VERDICT_NOISY);
	assert_int_equal(more_wanted(&r, cells), 0);
	for (size_t i = 0; i < 6; i++)
		assert_false(cells[i]);
}

static void what_was_invalid_is_sampled_in_another_boot_up_to_a_limit(void **state)
{
	_cleanup_(run_result_free) struct run_result r;
	bool cells[2];

	(void)state;
	run_make(&r, 2);
	r.sequence = (struct sequence){ 5, 5 };
	r.per_boot = 2;
	run_add_cell(&r, 0, "tap", 1);
	run_add_cell(&r, 1, "tap", 1);
	for (int i = 0; i < 10; i++) {
		cell_add_sample(&r.cells[0], 700, 0, 0);
		r.cells[0].samples[i].boot = 1 + i / 2;
	}
	for (int i = 0; i < 8; i++) {
		cell_add_sample(&r.cells[1], 700, 0, 0);
		r.cells[1].samples[i].boot = 1 + i / 2;
	}
	cell_add_invalid(&r.cells[1], 1);
	judge_run(&r);
	assert_int_equal(r.cells[1].verdict, VERDICT_NOISY);
	assert_int_equal(more_wanted(&r, cells), 1);
	assert_true(cells[0] && cells[1]);
	while (r.cells[1].n_invalid < 9)
		cell_add_invalid(&r.cells[1], 1);
	assert_int_equal(more_wanted(&r, cells), 1);
	cell_add_invalid(&r.cells[1], 1); /* as many as good ones are wanted */
	assert_int_equal(more_wanted(&r, cells), 0);
	assert_false(cells[0] || cells[1]);
}

static void a_cell_that_an_event_ended_gets_no_more_and_asks_for_none(void **state)
{
	_cleanup_(run_result_free) struct run_result r;
	const bool wanted[6] = { true, true, false };
	bool cells[6];

	(void)state;
	make(&r, 5);
	cell_set_event(&r.cells[2], VERDICT_FAIL, "Kernel panic");
	judge_run(&r);
	assert_int_equal(more_wanted(&r, cells), 5);
	assert_memory_equal(cells, wanted, sizeof(cells));
	cell_set_event(&r.cells[1], VERDICT_BROKEN, "no guest");
	judge_run(&r);
	assert_int_equal(more_wanted(&r, cells), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_kernel_at_a_noisy_point_gets_more),
		cmocka_unit_test(the_cap_ends_it),
		cmocka_unit_test(what_was_invalid_is_sampled_in_another_boot_up_to_a_limit),
		cmocka_unit_test(a_cell_that_an_event_ended_gets_no_more_and_asks_for_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
