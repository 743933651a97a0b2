// SPDX-License-Identifier: GPL-2.0-only
/* test_quantity.c - numbers with units */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "lib/cleanup.h"
#include "lib/quantity.h"

static const struct {
	const char *text;
	const struct quantity_unit *units;
	double value; /* -1: refused */
} rows[] = {
	{ "60",      quantity_ms,    60 },
	{ "60ms",    quantity_ms,    60 },
	{ "0.06s",   quantity_ms,    60 },
	{ "10ms",    quantity_us,    10000 },
	{ "4m",      quantity_bytes, 4194304 },
	{ "1gbit",   quantity_rate,  1e9 },
	{ "2.5mbit", quantity_rate,  2.5e6 },
	{ "100",     quantity_rate,  -1 }, /* of what? */
	{ "100",     quantity_count, 100 },
	{ "100k",    quantity_count, -1 },
	{ "",        quantity_ms,    -1 },
	{ "ms",      quantity_ms,    -1 },
	{ "-1ms",    quantity_ms,    -1 },
	{ "+1ms",    quantity_ms,    -1 },
	{ " 1ms",    quantity_ms,    -1 },
	{ "1 ms",    quantity_ms,    -1 },
	{ "1.ms",    quantity_ms,    -1 },
	{ ".5ms",    quantity_ms,    -1 },
	{ "1e3",     quantity_ms,    -1 },
	{ "0x10",    quantity_ms,    -1 },
	{ "1MS",     quantity_ms,    -1 },
	{ "inf",     quantity_ms,    -1 },
};

static void a_number_is_read_with_a_unit_that_is_known(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		double v = -1;

		print_message("  '%s'\n", rows[i].text);
		assert_int_equal(quantity_parse(rows[i].text, rows[i].units, &v), rows[i].value >= 0);
		assert_true(v > rows[i].value - 1e-6 && v < rows[i].value + 1e-6);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_number_is_read_with_a_unit_that_is_known),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
