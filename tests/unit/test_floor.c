// SPDX-License-Identifier: GPL-2.0-only
/* test_floor.c - what a kernel differs from itself by is no difference to another one */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "judge/floor.h"
#include "judge/judge.h"
#include "runs.h"

/** add_pair() - @boots a side, kernel 1 at @ratio of kernel 0. */
static void add_pair(struct run_result *r, int txqueuelen, double ratio, int boots)
{
	for (size_t k = 0; k < 2; k++) {
		struct run_cell *c = run_add_cell(r, k, "tap", txqueuelen);

		for (int i = 0; i < boots; i++)
			cell_add_sample(c, (700 + i) * (k ? ratio : 1), 0, 0);
	}
}

static void make_same(struct run_result *aa)
{
	run_make(aa, 2);
	str_set(&aa->kernels[1].hash, aa->kernels[0].hash);
}

static double floor_after(const struct run_result *aa)
{
	_cleanup_(run_result_free) struct run_result r;

	run_make(&r, 2);
	add_pair(&r, 1, 1, 1);
	floor_learn(aa, &r);
	return r.cells[1].floor[METRIC_THROUGHPUT_BPS];
}

static void set_cpu(struct run_result *r, const char *cpu)
{
	if (cpu)
		json_object_set_new(r->host, "machine", json_pack("{s:s}", "cpu", cpu));
}

/** floor_on_cpu() - Return: what a run on @other learns from one on @cpu. */
static double floor_on_cpu(const char *cpu, const char *other)
{
	_cleanup_(run_result_free) struct run_result aa, r;

	make_same(&aa);
	set_cpu(&aa, cpu);
	add_pair(&aa, 1, 0.9, FLOOR_BOOTS);
	run_make(&r, 2);
	set_cpu(&r, other);
	add_pair(&r, 1, 1, 1);
	floor_learn(&aa, &r);
	return r.cells[1].floor[METRIC_THROUGHPUT_BPS];
}

static void the_floor_is_the_largest_change_of_the_same_cell(void **state)
{
	_cleanup_(run_result_free) struct run_result aa;

	(void)state;
	make_same(&aa);
	add_pair(&aa, 1, 0.9, FLOOR_BOOTS);
	add_pair(&aa, 10, 0.5, FLOOR_BOOTS);
	assert_true(fabs(floor_after(&aa) - 1 / 0.9 + 1) < 1e-9);
}

static void nothing_is_learnt_from_few_boots_other_kernels_or_machines(void **state)
{
	_cleanup_(run_result_free) struct run_result few, other, machine;

	(void)state;
	make_same(&few);
	add_pair(&few, 1, 0.9, FLOOR_BOOTS - 1);
	assert_true(floor_after(&few) == 0);
	run_make(&other, 2);
	add_pair(&other, 1, 0.9, FLOOR_BOOTS);
	assert_true(floor_after(&other) == 0);
	make_same(&machine);
	add_pair(&machine, 1, 0.9, FLOOR_BOOTS);
	json_object_set_new(machine.host, "accel", json_string("kvm"));
	assert_true(floor_after(&machine) == 0);
	assert_true(floor_on_cpu("One", "One") > 0.1);
	assert_true(floor_on_cpu("One", NULL) > 0.1);
	assert_true(floor_on_cpu("One", "Other") == 0);
}

static void the_gate_never_goes_below_the_floor(void **state)
{
	_cleanup_(run_result_free) struct run_result aa, r;

	(void)state;
	make_same(&aa);
	add_pair(&aa, 1, 0.9, FLOOR_BOOTS);
	run_make(&r, 2);
	add_pair(&r, 1, 0.93, 7);
	run_add_expect(&r, METRIC_THROUGHPUT_BPS)->at_least = 1;
	judge_run(&r);
	assert_int_equal(r.cells[1].verdict, VERDICT_FAIL);
	floor_learn(&aa, &r);
	judge_run(&r);
	assert_int_equal(r.cells[1].verdict, VERDICT_PASS);
}

/* Three boots a side: too few for a test. */
static void a_collapse_is_one_beyond_the_floor(void **state)
{
	_cleanup_(run_result_free) struct run_result aa, r;

	(void)state;
	make_same(&aa);
	add_pair(&aa, 1, 0.4, FLOOR_BOOTS);
	run_make(&r, 2);
	add_pair(&r, 1, 0.15, 3);
	run_add_expect(&r, METRIC_THROUGHPUT_BPS)->at_least = 1;
	judge_run(&r);
	assert_int_equal(r.cells[1].verdict, VERDICT_FAIL);
	floor_learn(&aa, &r);
	judge_run(&r);
	assert_int_not_equal(r.cells[1].verdict, VERDICT_FAIL);
}

static void false_alarms_are_counted_by_run_and_cell(void **state)
{
	_cleanup_(run_result_free) struct run_result quiet, alarmed;
	struct floor_alarms a = { 0 };

	(void)state;
	make_same(&quiet);
	add_pair(&quiet, 1, 1, 7);
	run_add_expect(&quiet, METRIC_THROUGHPUT_BPS)->at_least = 1;
	judge_run(&quiet);
	floor_count(&a, &quiet);
	make_same(&alarmed);
	add_pair(&alarmed, 1, 0.5, 7);
	add_pair(&alarmed, 10, 1, 7);
	run_add_expect(&alarmed, METRIC_THROUGHPUT_BPS)->at_least = 1;
	judge_run(&alarmed);
	floor_count(&a, &alarmed);
	run_result_free(&quiet);
	make_same(&quiet);
	run_add_cell(&quiet, 0, "tap", 1);
	run_add_cell(&quiet, 1, "tap", 1);
	judge_run(&quiet);
	floor_count(&a, &quiet); /* nothing was measured */
	assert_int_equal(a.runs, 2);
	assert_int_equal(a.alarmed, 1);
	assert_int_equal(a.cells, 3);
	assert_int_equal(a.failed, 1);
	assert_int_equal(a.noisy, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_floor_is_the_largest_change_of_the_same_cell),
		cmocka_unit_test(nothing_is_learnt_from_few_boots_other_kernels_or_machines),
		cmocka_unit_test(a_collapse_is_one_beyond_the_floor),
		cmocka_unit_test(false_alarms_are_counted_by_run_and_cell),
		cmocka_unit_test(the_gate_never_goes_below_the_floor),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
