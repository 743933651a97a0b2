// SPDX-License-Identifier: GPL-2.0-only
/* test_path.c - what a delay is corrected by, and sizes of socket buffers as sysctls have them */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "lab/path.h"
#include "lab/tcpmem.h"
#include "lib/cleanup.h"
#include "lib/err.h"

static const struct {
	double label_s, delay_s, rtt_s, trust, corrected_s; /* -1: impossible */
} corrections[] = {
	{ 0.060, 0.060, 0.070, 1, 0.050 },
	{ 0.010, 0.010, 0.0115, 1, 0.0085 }, /* the guest takes 1.5 ms itself */
	{ 0.010, 0.0085, 0.0092, 1, 0.0093 },
	{ 0.120, 0.120, 0.110, 1, 0.130 },
	{ 0.120, 0.120, 0.110, 0.5, 0.125 },
	{ 0.001, 0.001, 0.003, 1, -1 },
	{ 0.001, 0.001, 0.002, 1, -1 },
};

static void a_delay_is_corrected_by_what_was_measured(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(corrections); i++) {
		struct delay d = { corrections[i].label_s, corrections[i].delay_s, corrections[i].trust };
		double want = corrections[i].corrected_s < 0 ? corrections[i].delay_s : corrections[i].corrected_s;

		print_message("  row %zu\n", i);
		assert_int_equal(delay_correct(&d, corrections[i].rtt_s), corrections[i].corrected_s < 0 ? -ERANGE : 1);
		assert_true(d.delay_s > want - 1e-9 && d.delay_s < want + 1e-9);
	}
}

static void after_the_first_correction_half_of_an_error_is_noise(void **state)
{
	struct delay d = delay_of(0.1);

	(void)state;
	assert_int_equal(delay_correct(&d, 0.12), 1);
	assert_true(d.delay_s > 0.08 - 1e-9 && d.delay_s < 0.08 + 1e-9);
	assert_int_equal(delay_correct(&d, 0.09), 1);
	assert_true(d.delay_s > 0.085 - 1e-9 && d.delay_s < 0.085 + 1e-9);
	assert_int_equal(delay_correct(&d, 0.104), 0);
}

static void a_path_without_delay_needs_no_tuning(void **state)
{
	struct path p;

	(void)state;
	path_init(&p);
	assert_int_equal(path_tune(&p, 0.5), 0);
	p.delay = delay_of(0.06);
	assert_int_equal(path_tune(&p, 0.0629), 0); /* within 5 % */
	assert_int_equal(path_tune(&p, 0.0571), 0);
	p.delay = delay_of(0.001);
	assert_int_equal(path_tune(&p, 0.003), -ERANGE);
	assert_string_equal(err_text(), "delay_ms 1: the rest of the way alone takes 2.0 ms; choose a longer delay");
}

static const struct {
	const char *before;
	long max;
	const char *after;
} sizes[] = {
	{ "4096\t131072\t6291456\n", 33554432, "4096 131072 33554432" },
	{ "4096 131072 6291456", 65536, "4096 65536 65536" },
	{ "4096 131072 6291456", 2048, "2048 2048 2048" },
	{ "nonsense", 4096, NULL },
};

static void the_largest_buffer_is_never_below_the_others(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(sizes); i++) {
		_cleanup_(freep) char *got = tcpmem_text(sizes[i].before, sizes[i].max);

		print_message("  row %zu\n", i);
		if (sizes[i].after)
			assert_string_equal(got, sizes[i].after);
		else
			assert_null(got);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_delay_is_corrected_by_what_was_measured),
		cmocka_unit_test(after_the_first_correction_half_of_an_error_is_noise),
		cmocka_unit_test(a_path_without_delay_needs_no_tuning),
		cmocka_unit_test(the_largest_buffer_is_never_below_the_others),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
