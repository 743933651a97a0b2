// SPDX-License-Identifier: GPL-2.0-only
/* test_verdict.c - the six words, joined and as exit statuses */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "lib/cleanup.h"
#include "plan/verdict.h"

static void every_word_is_found_again(void **state)
{
	(void)state;
	for (enum verdict v = 0; v < VERDICT_COUNT; v++)
		assert_int_equal(verdict_find(verdict_name(v)), v);
	assert_int_equal(verdict_find("pass"), VERDICT_COUNT);
	assert_int_equal(verdict_find(""), VERDICT_COUNT);
	assert_string_equal(verdict_name(VERDICT_NOISY), "NOISY");
}

/* Each letter is a cell: Pass Skip Noisy Timeout Broken Fail. */
static const struct {
	const char *cells;
	enum verdict all;
	int status;
} runs[] = {
	{ "",      VERDICT_SKIP,    125 },
	{ "P",     VERDICT_PASS,    0 },
	{ "PPS",   VERDICT_PASS,    0 },
	{ "S",     VERDICT_SKIP,    125 },
	{ "SS",    VERDICT_SKIP,    125 },
	{ "PN",    VERDICT_NOISY,   125 },
	{ "PSN",   VERDICT_NOISY,   125 },
	{ "PT",    VERDICT_TIMEOUT, 128 },
	{ "NT",    VERDICT_TIMEOUT, 128 },
	{ "PTB",   VERDICT_BROKEN,  128 },
	{ "ST",    VERDICT_TIMEOUT, 128 },
	{ "F",     VERDICT_FAIL,    1 },
	{ "PF",    VERDICT_FAIL,    1 },
	{ "PSNTBF", VERDICT_FAIL,   1 }, /* a real failure stays one */
};

static void cells_join_to_one_verdict_and_exit_status(void **state)
{
	static const char letters[] = "PSNTBF";

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(runs); i++) {
		unsigned int seen[VERDICT_COUNT] = { 0 };

		print_message("  \"%s\"\n", runs[i].cells);
		for (const char *c = runs[i].cells; *c; c++)
			seen[strchr(letters, *c) - letters]++;
		assert_int_equal(verdict_all(seen), runs[i].all);
		assert_int_equal(verdict_exit(verdict_all(seen)), runs[i].status);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_word_is_found_again),
		cmocka_unit_test(cells_join_to_one_verdict_and_exit_status),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
