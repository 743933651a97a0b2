// SPDX-License-Identifier: GPL-2.0-only
/* test_random.c - random numbers of the judge: the published ones, and their distributions */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <math.h>
#include <stdlib.h>

#include <cmocka.h>

#include "judge/stats.h"
#include "lib/random.h"

#define N 100000

static void the_same_seed_gives_the_same_numbers(void **state)
{
	/* The first outputs of SplitMix64 from state 0, as its authors' code gives them. */
	const uint64_t known[] = { 0xe220a8397b1dcdaf, 0x6e789e6aa1b965f4, 0x06c45d188009454f };
	struct random a = { 0 };

	(void)state;
	for (size_t i = 0; i < 3; i++)
		assert_true((uint64_t)(random_uniform(&a) * 0x1p52) == known[i] >> 12);
}

/* Bounds of five standard errors. */
static void they_have_the_distribution_that_they_are_named_after(void **state)
{
	static double u[N], z[N];
	struct random r = { 1 };
	double beyond = 0;

	(void)state;
	for (size_t i = 0; i < N; i++) {
		u[i] = random_uniform(&r);
		z[i] = random_normal(&r);
		assert_true(u[i] > 0 && u[i] < 1);
		beyond += fabs(z[i]) > 1.959964;
	}
	assert_true(fabs(stats_of(u, N).median - 0.5) < 0.008);
	assert_true(fabs(stats_sd(u, N) - sqrt(1 / 12.)) < 0.003);
	assert_true(fabs(stats_of(z, N).median) < 0.02);
	assert_true(fabs(stats_sd(z, N) - 1) < 0.012);
	assert_true(fabs(beyond / N - 0.05) < 0.0035);
}

static void every_number_comes_to_every_place_as_often(void **state)
{
	struct random r = { 2 };
	int seen[5][5] = { { 0 } };

	(void)state;
	for (int i = 0; i < N; i++) {
		double v[] = { 0, 1, 2, 3, 4 };

		random_shuffle(&r, v, 5);
		for (size_t k = 0; k < 5; k++)
			seen[k][(size_t)v[k]]++;
	}
	for (size_t k = 0; k < 5; k++)
		for (size_t n = 0; n < 5; n++)
			assert_true(abs(seen[k][n] - N / 5) < 640);
}

static void equal_numbers_keep_their_order(void **state)
{
	const double v[] = { 2, 1, 2, 1, 0 };
	const size_t want[] = { 4, 1, 3, 0, 2 };
	size_t order[5];

	(void)state;
	stats_order(v, 5, order);
	assert_memory_equal(order, want, sizeof(want));
	assert_true(stats_sd((const double[]){ 2, 4, 4, 4, 5, 5, 7, 9 }, 8) == sqrt(32 / 7.));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_same_seed_gives_the_same_numbers),
		cmocka_unit_test(they_have_the_distribution_that_they_are_named_after),
		cmocka_unit_test(every_number_comes_to_every_place_as_often),
		cmocka_unit_test(equal_numbers_keep_their_order),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
