// SPDX-License-Identifier: GPL-2.0-only
/* test_str.c - a text as a word of a shell */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "lib/cleanup.h"
#include "lib/str.h"

static void a_word_is_quoted_where_a_shell_would_take_it_apart(void **state)
{
	static const struct {
		const char *text;
		const char *word;
	} rows[] = {
		{ "txqueuelen=1,10", "txqueuelen=1,10" },
		{ "/home/me/my-series.yaml", "/home/me/my-series.yaml" },
		{ "qdisc=pfifo limit 10", "'qdisc=pfifo limit 10'" },
		{ "$HOME;*", "'$HOME;*'" },
		{ "it's", "'it'\\''s'" },
		{ "~/plan.yaml", "'~/plan.yaml'" },
		{ "", "''" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		_cleanup_(freep) char *word = str_shell(rows[i].text);

		assert_string_equal(word, rows[i].word);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_word_is_quoted_where_a_shell_would_take_it_apart),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
