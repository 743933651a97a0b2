// SPDX-License-Identifier: GPL-2.0-only
/* test_fragment.c - what fragments ask for, and what did not survive */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "build/fragment.h"
#include "scratch.h"

/* Lost options of @asked in @got, as "required | optional". */
static char *lost(const char *asked, const char *got)
{
	_cleanup_(fragments_free) struct fragments f = { 0 };
	_cleanup_(strv_free) struct strv required = { 0 }, optional = { 0 };
	_cleanup_(freep) char *r = NULL, *o = NULL;

	assert_int_equal(fragment_parse("a.config", asked, &f), 0);
	fragment_lost(&f, got, &required, &optional);
	r = strv_join(&required, ", ");
	o = strv_join(&optional, ", ");
	return str_fmt("%s|%s", r, o);
}

static const struct {
	const char *asked, *got, *lost;
} survivors[] = {
	{ "CONFIG_TUN=m\n", "CONFIG_TUN=m\n", "|" },
	{ "CONFIG_TUN=m\t\t# the subject\n", "CONFIG_TUN=m\n", "|" },
	{ "CONFIG_TUN=y", "CONFIG_TUN=m\n", "CONFIG_TUN=y became m (a.config:1)|" },
	{ "CONFIG_TUN=m", "CONFIG_TUN=y\n", "CONFIG_TUN=m became y (a.config:1)|" },
	{ "\n# why\nCONFIG_TUN=m\n", "# CONFIG_TUN is not set\n", "CONFIG_TUN=m is not set (a.config:3)|" },
	{ "CONFIG_TUN=m\n", "CONFIG_TUNER=m\n", "CONFIG_TUN=m is not set (a.config:1)|" },
	{ "CONFIG_NEW=y # optional\n", "", "|CONFIG_NEW=y is not set (a.config:1)" },
	{ "CONFIG_NEW=y # from 6.15 on; optional: none before\n", "", "|CONFIG_NEW=y is not set (a.config:1)" },
	{ "CONFIG_NEW=y # optionally\n", "", "CONFIG_NEW=y is not set (a.config:1)|" },
	{ "# CONFIG_SLOW is not set\n", "", "|" },
	{ "# CONFIG_SLOW is not set\n", "# CONFIG_SLOW is not set\n", "|" },
	{ "# CONFIG_SLOW is not set\n", "CONFIG_SLOW=y\n", "CONFIG_SLOW was to be off and is y (a.config:1)|" },
	{ "# CONFIG_SLOW is not set # optional\n", "CONFIG_SLOW=y\n", "|CONFIG_SLOW was to be off and is y (a.config:1)" },
	{ "CONFIG_SLOW=n\n", "CONFIG_SLOW=m\n", "CONFIG_SLOW was to be off and is m (a.config:1)|" },
	{ "CONFIG_NR_CPUS=64\n", "CONFIG_NR_CPUS=8\n", "CONFIG_NR_CPUS=64 became 8 (a.config:1)|" },
	{ "CONFIG_NAME=\"a # b\"  # text\n", "CONFIG_NAME=\"a # b\"\n", "|" },
	{ "CONFIG_A=y\r\n  \nCONFIG_B=y \n", "CONFIG_A=y\nCONFIG_B=y\n", "|" },
	{ "CONFIG_A=m\nCONFIG_A=y\n", "CONFIG_A=y\n", "|" },
	{ "CONFIG_A=m # optional\nCONFIG_A=y\n", "", "CONFIG_A=y is not set (a.config:2)|" },
};

static void what_did_not_survive_is_told(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(survivors); i++) {
		_cleanup_(freep) char *got = lost(survivors[i].asked, survivors[i].got);

		assert_string_equal(got, survivors[i].lost);
	}
}

static const char *const wrong[] = {
	"CONFIG_TUN", "CONFIG_TUN=", "CONFIG_TUN= y", "TUN=y", "CONFIG_TUN=y for VPNs", "# fine\nCONFIG_TUN y", "include other",
};

static void a_line_that_is_no_option_is_refused_with_its_place(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(wrong); i++) {
		_cleanup_(fragments_free) struct fragments f = { 0 };

		assert_int_equal(fragment_parse("my.config", wrong[i], &f), -EINVAL);
		assert_true(str_starts(err_text(), "my.config:"));
		assert_non_null(strstr(err_text(), "accepted: CONFIG_NAME=value"));
	}
}

static void kconfig_gets_no_comments(void **state)
{
	_cleanup_(fragments_free) struct fragments f = { 0 };
	_cleanup_(freep) char *text = NULL;

	(void)state;
	assert_int_equal(fragment_parse("a", "# about\nCONFIG_A=y # why\n# CONFIG_B is not set\n", &f), 0);
	assert_int_equal(fragment_parse("b", "CONFIG_A=m\nCONFIG_C=\"x\"\n", &f), 0);
	text = fragment_text(&f);
	assert_string_equal(text, "CONFIG_A=m\n# CONFIG_B is not set\nCONFIG_C=\"x\"\n");
}

static char *hash_of(const char *text)
{
	_cleanup_(fragments_free) struct fragments f = { 0 };
	struct hash *h = hash_new("test");

	assert_int_equal(fragment_parse("a", text, &f), 0);
	fragment_hash(&f, h);
	return hash_end(h);
}

static void a_comment_does_not_make_another_kernel(void **state)
{
	_cleanup_(freep) char *a = hash_of("CONFIG_A=y # one\n"), *b = hash_of("# x\nCONFIG_A=y # two\n");
	_cleanup_(freep) char *c = hash_of("CONFIG_A=y # optional\n"), *d = hash_of("CONFIG_A=m\n");

	(void)state;
	assert_string_equal(a, b);
	assert_string_not_equal(a, c);
	assert_string_not_equal(a, d);
}

static void each_option_that_ships_is_there_once_with_its_reason(void **state)
{
	static const char *const names[] = { "base", "host", "guest", "debug" };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		_cleanup_(fragments_free) struct fragments f = { 0 };
		_cleanup_(freep) char *path = str_fmt("kernel-config/%s.config", names[i]), *text = NULL;
		size_t n = 0;
		char *save = NULL;

		assert_int_equal(fragment_read(path, &f), 0);
		assert_int_equal(fs_read(path, &text, NULL), 0);
		for (char *l = strtok_r(text, "\n", &save); l; l = strtok_r(NULL, "\n", &save)) {
			if (!str_starts(l, "CONFIG_"))
				continue;
			n++;
			if (!strstr(l, "\t# "))
				fail_msg("%s: %s: no comment", path, l);
		}
		assert_int_equal(n, f.n);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_did_not_survive_is_told),
		cmocka_unit_test(a_line_that_is_no_option_is_refused_with_its_place),
		cmocka_unit_test(kconfig_gets_no_comments),
		cmocka_unit_test(a_comment_does_not_make_another_kernel),
		cmocka_unit_test(each_option_that_ships_is_there_once_with_its_reason),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
