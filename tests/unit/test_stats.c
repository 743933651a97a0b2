// SPDX-License-Identifier: GPL-2.0-only
/* test_stats.c - what a handful of numbers say */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "judge/stats.h"
#include "lib/cleanup.h"

static const struct {
	double v[6];
	size_t n;
	size_t there;
	double median, min, max;
} cases[] = {
	{ { 0 },			 0, 0, NAN, NAN, NAN },
	{ { NAN, NAN },			 2, 0, NAN, NAN, NAN },
	{ { 7 },			 1, 1, 7,   7,	 7 },
	{ { 3, 1, 2 },			 3, 3, 2,   1,	 3 },
	{ { 4, 1, 3, 2 },		 4, 4, 2.5, 1,	 4 },
	{ { 5, NAN, 1, 3 },		 4, 3, 3,   1,	 5 },
	{ { 0, 45, 0 },			 3, 3, 0,   0,	 45 },
	{ { -1, -3, 2, 1e9, 0, -3 },	 6, 6, -.5, -3,	 1e9 },
};

static void same(double is, double wanted)
{
	if (isnan(wanted))
		assert_true(isnan(is));
	else
		assert_true(is == wanted);
}

static void median_min_and_max_leave_out_what_is_not_there(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct stats s = stats_of(cases[i].v, cases[i].n);

		assert_int_equal(s.n, cases[i].there);
		same(s.median, cases[i].median);
		same(s.min, cases[i].min);
		same(s.max, cases[i].max);
	}
}

static void the_numbers_keep_their_order(void **state)
{
	double v[] = { 3, 1, 2 };

	(void)state;
	(void)stats_of(v, 3);
	same(v[0], 3);
	same(v[1], 1);
	same(v[2], 2);
}

static void spread_is_half_the_range_over_the_median(void **state)
{
	struct stats s = stats_of((const double[]){ 96, 100, 104 }, 3);

	(void)state;
	same(stats_spread(&s), 0.04);
	s = stats_of((const double[]){ 100 }, 1);
	same(stats_spread(&s), NAN);
	s = stats_of((const double[]){ 0, 0, 45 }, 3);
	same(stats_spread(&s), NAN);
}

static void a_ratio_knows_zero(void **state)
{
	(void)state;
	same(stats_ratio(1, 2), 0.5);
	same(stats_ratio(0, 2), 0);
	same(stats_ratio(3, 0), INFINITY);
	same(stats_ratio(0, 0), NAN);
	same(stats_ratio(NAN, 0), NAN);
	same(stats_ratio(NAN, 2), NAN);
	same(stats_ratio(2, NAN), NAN);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(median_min_and_max_leave_out_what_is_not_there),
		cmocka_unit_test(the_numbers_keep_their_order),
		cmocka_unit_test(spread_is_half_the_range_over_the_median),
		cmocka_unit_test(a_ratio_knows_zero),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
