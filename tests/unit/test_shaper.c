// SPDX-License-Identifier: GPL-2.0-only
/* test_shaper.c - what tc is told */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "lib/cleanup.h"
#include "lib/err.h"
#include "lib/fs.h"
#include "lib/str.h"
#include "net/shaper.h"

static const struct {
	const char *name, *kind;
	long mbit;
} rows[] = {
	{ "tbf-20", "tbf", 20 }, { "htb-20", "htb", 20 }, { "htb-1", "htb", 1 }, { "tbf-10000", "tbf", 10000 },
};

static void tc_is_told_what_the_golden_files_say(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		_cleanup_(freep) char *path = str_fmt("tests/golden/shaper/%s.txt", rows[i].name);
		_cleanup_(freep) char *got = shaper_batch("tap0", rows[i].kind, rows[i].mbit);
		_cleanup_(freep) char *want = NULL;

		if (getenv("GOLDEN_UPDATE"))
			assert_int_equal(fs_mkdirs("tests/golden/shaper") || fs_write(path, got, strlen(got), 0644), 0);
		if (fs_read(path, &want, NULL))
			fail_msg("%s", err_text());
		print_message("  %s\n", rows[i].name);
		assert_string_equal(got, want);
	}
}

static void another_word_is_no_shaper(void **state)
{
	(void)state;
	assert_null(shaper_batch("tap0", "none", 20));
	assert_int_not_equal(shaper_set("tap0", "fq_codel", 20), 0);
	assert_string_equal(err_text(), "link tap0: fq_codel is no shaper");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(tc_is_told_what_the_golden_files_say),
		cmocka_unit_test(another_word_is_no_shaper),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
