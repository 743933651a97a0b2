// SPDX-License-Identifier: GPL-2.0-only
/* test_rank.c - ranks, families of tests and looks, against published tables and by counting */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "judge/holm.h"
#include "judge/rank.h"
#include "judge/sequence.h"
#include "lib/cleanup.h"
#include "lib/str.h"

static void near(double is, double wanted)
{
	if (fabs(is - wanted) > 1e-9)
		fail_msg("%.12g is not %.12g", is, wanted);
}

/* Critical values of U, one-sided, as in the tables of Mann and Whitney (1947) and after. */
static const struct {
	size_t nx, ny;
	double level;
	long u;
} table[] = {
	{ 3, 3, 0.05,  0  }, { 3, 3, 0.025, -1 }, { 4, 4, 0.05,	 1  }, { 4, 4, 0.025, 0	 },
	{ 5, 5, 0.05,  4  }, { 5, 5, 0.025, 2  }, { 5, 5, 0.01,	 1  }, { 5, 5, 0.005, 0	 },
	{ 7, 7, 0.05,  11 }, { 7, 7, 0.01,  6  }, { 7, 7, 0.005, 4  }, { 4, 7, 0.025, 3	 },
	{ 10, 10, 0.025, 23 }, { 20, 20, 0.025, 127 }, { 20, 20, 0.01, 114 },
};

static void critical_values_are_those_of_the_tables(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(table); i++)
		assert_int_equal(rank_critical(table[i].nx, table[i].ny, table[i].level), table[i].u);
}

static void p_of_complete_separation_is_one_deal_of_all(void **state)
{
	const double y[] = { 1, 2, 3, 4, 5, 6, 7 }, x[] = { 8, 9, 10, 11, 12, 13, 14 };

	(void)state;
	near(rank_p_greater(x, 7, y, 7), 1 / 3432.);
	near(rank_p_greater(y, 7, x, 7), 1);
	near(rank_p_greater(x, 3, y, 7), 1 / 120.);
	near(rank_p_greater(x, 7, y, 3), 1 / 120.);
	near(rank_p_least(7, 7), 1 / 3432.);
	near(rank_p_least(5, 5), 1 / 252.);
	near(rank_p_least(0, 5), 1);
	near(rank_p_greater(x, 0, y, 7), 1);
}

/** by_counting() - every deal of the pooled numbers to two sides, the slow way. */
static double by_counting(const double *x, size_t nx, const double *y, size_t ny)
{
	double v[16], wanted = 0;
	size_t n = nx + ny, hits = 0, all = 0;

	for (size_t i = 0; i < n; i++)
		v[i] = i < nx ? x[i] : y[i - nx];
	for (size_t deal = (1u << nx) - 1, first = 1; deal < 1u << n; deal++) {
		double u = 0;

		if ((size_t)__builtin_popcountl(deal) != nx)
			continue;
		for (size_t i = 0; i < n; i++)
			for (size_t k = 0; k < n; k++)
				if ((deal >> i & 1) && !(deal >> k & 1))
					u += v[i] > v[k] ? 1 : v[i] == v[k] ? 0.5 : 0;
		if (first)
			wanted = u;
		first = 0;
		hits += u >= wanted;
		all++;
	}
	return (double)hits / (double)all;
}

static const struct {
	double x[6], y[6];
	size_t nx, ny;
} tied[] = {
	{ { 0, 0, 5, 9, 45, 3 },	{ 0, 0, 0, 0, 5, 0 },	     6, 6 },
	{ { 0, 0, 0, 0, 0, 0 },		{ 0, 0, 0, 0, 0, 0 },	     6, 6 },
	{ { 1, 1, 2 },			{ 1, 2, 2, 3, 3, 3 },	     3, 6 },
	{ { 7, 7, 7, 7, 8, 0 },		{ 7, 1 },		     6, 2 },
	{ { 2.5, 1, INFINITY },		{ 1, 0, INFINITY, 2 },	     3, 4 },
};

static void ties_are_counted_as_they_are(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(tied); i++) {
		near(rank_p_greater(tied[i].x, tied[i].nx, tied[i].y, tied[i].ny),
		     by_counting(tied[i].x, tied[i].nx, tied[i].y, tied[i].ny));
		near(rank_p_greater(tied[i].y, tied[i].ny, tied[i].x, tied[i].nx),
		     by_counting(tied[i].y, tied[i].ny, tied[i].x, tied[i].nx));
	}
}

static void many_numbers_go_over_into_the_normal_distribution(void **state)
{
	double x[60], y[60], exact, normal;

	(void)state;
	for (int i = 0; i < 60; i++) {
		x[i] = (i * 37) % 101 + 8;
		y[i] = (i * 53) % 101;
	}
	exact = rank_p_greater(x, 40, y, 40);
	normal = rank_p_greater(x, 41, y, 40);
	assert_true(exact > 0.01 && exact < 0.2 && fabs(exact - normal) < 0.02);
}

static void an_interval_holds_what_the_test_does_not_refute(void **state)
{
	const double y[] = { 100, 110, 120, 130, 140 }, x[] = { 51, 56, 59, 66, 69 };
	struct rank_shift s = rank_ratio(x, 5, y, 5, 0.95);
	double below[5], above[5];

	(void)state;
	assert_true(s.low < s.estimate && s.estimate < s.high);
	for (size_t i = 0; i < 5; i++) {
		below[i] = y[i] * s.low * 0.999;
		above[i] = y[i] * s.high * 1.001;
	}
	assert_true(rank_p_greater(x, 5, below, 5) <= 0.025);
	assert_true(rank_p_greater(above, 5, x, 5) <= 0.025);
	for (size_t i = 0; i < 5; i++) {
		below[i] = y[i] * s.low * 1.001;
		above[i] = y[i] * s.high * 0.999;
	}
	assert_true(rank_p_greater(x, 5, below, 5) > 0.025);
	assert_true(rank_p_greater(above, 5, x, 5) > 0.025);
}

static void few_numbers_have_an_estimate_and_no_interval(void **state)
{
	struct rank_shift s = rank_ratio((const double[]){ 2, 4 }, 2, (const double[]){ 1, 2 }, 2, 0.95);

	(void)state;
	near(s.estimate, 2);
	assert_true(isnan(s.low) && isnan(s.high));
	s = rank_difference((const double[]){ 3, 0 }, 2, (const double[]){ 0, 0 }, 2, 0.95);
	near(s.estimate, 1.5);
	near(rank_ratio((const double[]){ 0 }, 1, (const double[]){ 0 }, 1, 0.95).estimate, 1);
	assert_true(isinf(rank_ratio((const double[]){ 1 }, 1, (const double[]){ 0 }, 1, 0.95).estimate));
	assert_true(isnan(rank_ratio(NULL, 0, (const double[]){ 0 }, 1, 0.95).estimate));
}

static void holm_multiplies_the_smallest_most(void **state)
{
	double p[] = { 0.01, 0.04, 0.03, 0.005, 0.9 };
	const double wanted[] = { 0.04, 0.09, 0.09, 0.025, 0.9 };

	(void)state;
	holm_adjust(p, 5);
	for (size_t i = 0; i < 5; i++)
		near(p[i], wanted[i]);
	holm_adjust(p, 0);
}

static void looks_spend_the_error_once(void **state)
{
	const struct sequence s = { .first = 7, .cap = 20 };
	double sum = 0;

	(void)state;
	assert_int_equal(sequence_looks(&s), 3);
	assert_int_equal(sequence_at(&s, 2), 14);
	assert_int_equal(sequence_at(&s, 3), 20);
	assert_int_equal(sequence_look(&s, 6), 0);
	assert_int_equal(sequence_look(&s, 13), 1);
	assert_int_equal(sequence_look(&s, 20), 3);
	assert_int_equal(sequence_look(&s, 33), 3);
	for (unsigned int i = 1; i <= 3; i++) {
		assert_true(sequence_share(&s, i) > 0);
		sum += sequence_share(&s, i);
	}
	near(sum, 1);
	assert_true(sequence_share(&s, 1) > sequence_share(&s, 2));
}

static void one_look_spends_all(void **state)
{
	const struct sequence one = { .first = 7, .cap = 7 }, unknown = { 0 };

	(void)state;
	near(sequence_share(&one, 1), 1);
	near(sequence_share(&unknown, 1), 1);
	assert_int_equal(sequence_look(&unknown, 1), 1);
}

static void only_a_noisy_cell_gets_more_and_never_more_than_the_cap(void **state)
{
	const struct sequence s = { .first = 7, .cap = 20 }, one = { .first = 3, .cap = 3 };

	(void)state;
	assert_int_equal(sequence_more(&s, VERDICT_NOISY, 7), 7);
	assert_int_equal(sequence_more(&s, VERDICT_NOISY, 5), 2);
	assert_int_equal(sequence_more(&s, VERDICT_NOISY, 9), 5);
	assert_int_equal(sequence_more(&s, VERDICT_NOISY, 14), 6);
	assert_int_equal(sequence_more(&s, VERDICT_NOISY, 20), 0);
	assert_int_equal(sequence_more(&s, VERDICT_NOISY, 40), 0);
	assert_int_equal(sequence_more(&one, VERDICT_NOISY, 3), 0);
	for (enum verdict v = 0; v < VERDICT_COUNT; v++)
		if (v != VERDICT_NOISY)
			assert_int_equal(sequence_more(&s, v, 7), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(critical_values_are_those_of_the_tables),
		cmocka_unit_test(p_of_complete_separation_is_one_deal_of_all),
		cmocka_unit_test(ties_are_counted_as_they_are),
		cmocka_unit_test(many_numbers_go_over_into_the_normal_distribution),
		cmocka_unit_test(an_interval_holds_what_the_test_does_not_refute),
		cmocka_unit_test(few_numbers_have_an_estimate_and_no_interval),
		cmocka_unit_test(holm_multiplies_the_smallest_most),
		cmocka_unit_test(looks_spend_the_error_once),
		cmocka_unit_test(one_look_spends_all),
		cmocka_unit_test(only_a_noisy_cell_gets_more_and_never_more_than_the_cap),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
