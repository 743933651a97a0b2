// SPDX-License-Identifier: GPL-2.0-only
/* test_power.c - what a plan can and cannot find */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "judge/power.h"
#include "plan/plan.h"
#include "runs.h"
#include "scratch.h"

static void near(double is, double wanted, double within)
{
	if (!(fabs(is - wanted) <= within))
		fail_msg("%g is not %g", is, wanted);
}

/* Of the exact test, one-sided; two-sided power at 2 and 3 standard deviations is published for 1 %. */
static void the_smallest_change_is_that_of_the_exact_test(void **state)
{
	(void)state;
	near(power_effect(7, 0.01), 2.2, 0.15);
	near(power_effect(10, 0.005), 1.95, 0.15);
	near(power_effect(20, 0.005), 1.25, 0.15);
	assert_true(isinf(power_effect(4, 0.01)));
	assert_true(isinf(power_effect(0, 0.01)));
	assert_true(isinf(power_effect(6, 0.01 / 16)));
	assert_true(isfinite(power_effect(7, 0.01 / 16)));
	assert_true(power_effect(7, 0.01) == power_effect(7, 0.01));
}

static struct power power_with(const char *path, const char *set)
{
	_cleanup_(plan_free) struct plan p = { 0 };

	assert_int_equal(plan_read(path, &p), 0);
	if (set)
		assert_int_equal(plan_set(&p, set), 0);
	return power_of_plan(&p);
}

static void a_plan_needs_more_boots_the_more_it_promises(void **state)
{
	struct power w = power_with("tests/plans/flow-control.yaml", "samples=5");

	(void)state;
	assert_int_equal(w.n_family, 28);
	assert_int_equal(w.boots, 5);
	assert_int_equal(w.needs, 7);
	assert_false(w.can_alarm);
	/* As it is: a plan of ours that could not alarm would be a promise that nobody keeps. */
	w = power_with("tests/plans/flow-control.yaml", NULL);
	assert_true(w.can_alarm);
	assert_true(isfinite(w.effect));
}

static struct power power_of_promise(const char *limits, int boots, int cap)
{
	_cleanup_(plan_free) struct plan p = { 0 };
	_cleanup_(scratch_free) char *dir = scratch_new();
	_cleanup_(freep) char *text = str_fmt("plan: p\nkernels:\n  - {name: a, package: linux-image-x}\n  - {name: b, package: linux-image-x}\n"
					      "matrix: {backend: [tap, vhost]}\nprobe: {name: iperf3}\nboots: %d\ncap: %d\n"
					      "expect:\n  - {kernel: b, than: a, metric: throughput_bps, %s}\n", boots, cap, limits);
	_cleanup_(freep) char *path = scratch_put(dir, "p.yaml", text);

	assert_int_equal(plan_read(path, &p), 0);
	return power_of_plan(&p);
}

static void two_sides_and_early_looks_need_more(void **state)
{
	static const struct {
		const char *limits;
		int boots, cap;
		size_t needs;
		bool can_alarm;
	} rows[] = {
		{ "at_least: 0.9", 5, 0, 5, true },
		{ "at_least: 0.9, at_most: 1.1", 5, 0, 6, false },
		{ "at_least: 0.9, at_most: 1.1", 6, 0, 6, true },
		{ "at_least: 0.9, at_most: 1.1", 5, 10, 6, true }, /* at the second look */
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct power w = power_of_promise(rows[i].limits, rows[i].boots, rows[i].cap);

		assert_int_equal(w.n_family, 2);
		assert_int_equal(w.needs, rows[i].needs);
		assert_int_equal(w.can_alarm, rows[i].can_alarm);
		assert_int_equal(isfinite(w.effect), rows[i].can_alarm);
	}
}

static void one_boot_can_never_alarm_however_many_samples_it_gives(void **state)
{
	struct power w = power_with("tests/plans/vm-test.yaml", "samples=30");

	(void)state;
	assert_int_equal(w.boots, 1);
	assert_false(w.can_alarm);
	assert_false(w.has_other);
}

static void what_a_probe_finds_wrong_needs_no_test(void **state)
{
	(void)state;
	assert_true(power_with("tests/plans/stall.yaml", NULL).has_other);
}

static void the_noise_is_between_boots_and_at_the_plans_points(void **state)
{
	_cleanup_(plan_free) struct plan p = { 0 };
	_cleanup_(run_result_free) struct run_result r;
	struct run_cell *c;
	struct noise n;

	(void)state;
	assert_int_equal(plan_read("tests/plans/vm-test.yaml", &p), 0);
	run_make(&r, 1);
	c = run_add_cell(&r, 0, "tap", 10);
	cell_add_sample(c, 100, 0, 0);
	c->samples[0].boot = 1;
	cell_add_sample(c, 900, 0, 0); /* of the same boot */
	c->samples[1].boot = 1;
	assert_int_equal(noise_seen(&p, METRIC_THROUGHPUT_BPS, &r, 1).n, 0);
	cell_add_sample(c, 500 * exp(0.2), 0, 0);
	c->samples[2].boot = 2;
	c = run_add_cell(&r, 0, "tap", 77); /* not a point of the plan */
	cell_add_sample(c, 1, 0, 0);
	cell_add_sample(c, 1000, 0, 0);
	n = noise_seen(&p, METRIC_THROUGHPUT_BPS, &r, 1);
	assert_int_equal(n.n, 1);
	near(n.sd, 0.2 / M_SQRT2, 1e-9);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_smallest_change_is_that_of_the_exact_test),
		cmocka_unit_test(a_plan_needs_more_boots_the_more_it_promises),
		cmocka_unit_test(two_sides_and_early_looks_need_more),
		cmocka_unit_test(one_boot_can_never_alarm_however_many_samples_it_gives),
		cmocka_unit_test(what_a_probe_finds_wrong_needs_no_test),
		cmocka_unit_test(the_noise_is_between_boots_and_at_the_plans_points),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
