// SPDX-License-Identifier: GPL-2.0-only
/* test_bisect_range.c - commits, packages and options between good and bad; what counts as a change */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "bisect/range.h"
#include "lib/cleanup.h"
#include "lib/err.h"

static void commits_are_read_from_git_log(void **state)
{
	_cleanup_(range_free) struct range r = { 0 };
	_cleanup_(strv_free) struct strv paths = { 0 };
	_cleanup_(freep) char *log = str_dup("\1aaa 000\ttun: first\n\ndrivers/net/tun.c\nMAINTAINERS\n"
					     "\1bbb aaa fff\tMerge tag 'net'\n\nnet/core/dev.c\n"
					     "\1ccc bbb\tvhost: a tab\there\n\ndrivers/vhost/net.c\n"
					     "\1ddd ccc\tempty\n");

	(void)state;
	strv_add(&paths, "drivers/vhost/");
	strv_add(&paths, "drivers/net/tun.c");
	range_add(&r, "000", "");
	assert_int_equal(range_commits(log, &paths, &r), 0);
	assert_int_equal(r.n, 4);
	assert_string_equal(r.v[1].id, "aaa");
	assert_string_equal(r.v[1].about, "tun: first");
	assert_true(r.v[1].weight == RANGE_SUSPECT);
	assert_int_equal(r.v[2].parents, 2);
	assert_true(r.v[2].weight == 1);
	assert_string_equal(r.v[3].about, "vhost: a tab\there");
	assert_true(r.v[3].weight == RANGE_SUSPECT);
	assert_int_equal(r.v[4].parents, 1);
	assert_int_equal(range_find(&r, "ccc"), 3);
	assert_int_equal(range_find(&r, "zzz"), 5);
}

static void a_log_that_is_none_is_refused(void **state)
{
	_cleanup_(range_free) struct range r = { 0 };
	_cleanup_(freep) char *log = str_dup("\1fatal: not a git repository\n");
	struct strv none = { 0 };

	(void)state;
	range_add(&r, "000", "");
	assert_int_equal(range_commits(log, &none, &r), -EPROTO);
}

/* Each one is before the next. */
static void versions_are_in_debians_order(void **state)
{
	static const char *const order[] = {
		"6.1.170-1", "6.1.192-1~bpo11+1", "6.1.192-1", "6.1.192-2", "6.1.192-10", "6.12~rc1-1", "6.12.9-1", "6.12.100-1",
		"6.12.117-1~deb12u1", "6.12.117-1", "6.12.117-1+b1", "7.2.1-1~bpo13+1", "7.3-1", "1:1.0-1",
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(order); i++)
		for (size_t k = 0; k < ARRAY_SIZE(order); k++) {
			int by = range_debian_compare(order[i], order[k]);

			if ((i < k) != (by < 0) || (i == k) != (by == 0))
				fail_msg("%s and %s: %d", order[i], order[k], by);
		}
	assert_int_equal(range_debian_compare("1.0-1", "1.00-1"), 0);
	assert_int_equal(range_debian_compare("0:1", "1"), 0);
}

static struct range_package *some(size_t *n)
{
	static struct range_package list[5];
	static const struct range_package from[] = {
		{ (char *)"image-c", (char *)"6.12.117-1", NULL }, { (char *)"image-a", (char *)"6.1.170-1", NULL },
		{ (char *)"image-e", (char *)"7.3-1~bpo13+1", (char *)"trixie-backports" },
		{ (char *)"image-b", (char *)"6.12.100-1", NULL }, { (char *)"image-c2", (char *)"6.12.117-1", NULL },
	};

	memcpy(list, from, sizeof(from));
	*n = ARRAY_SIZE(list);
	return list;
}

static void packages_between_two_versions(void **state)
{
	_cleanup_(range_free) struct range r = { 0 };
	size_t n;
	struct range_package *list = some(&n);

	(void)state;
	assert_int_equal(range_packages(list, n, "6.12.100-1", "7.3-1~bpo13+1", &r), 0);
	assert_int_equal(r.n, 2);
	assert_string_equal(r.v[0].id, "image-b");
	assert_string_equal(r.v[1].about, "6.12.117-1");
	assert_string_equal(r.v[2].suite, "trixie-backports");
}

static void packages_that_are_not_there_are_refused(void **state)
{
	static const struct {
		const char *good, *bad, *why;
	} cases[] = {
		{ "6.5-1", "7.3-1~bpo13+1", "no package has version 6.5-1; there are 6.1.170-1, 6.12.100-1, 6.12.117-1, 7.3-1~bpo13+1;" },
		{ "6.12.100-1", "9", "no package has version 9" },
		{ "6.12.117-1", "6.12.100-1", "is not before" },
		{ "6.12.117-1", "6.12.117-1", "is not before" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		_cleanup_(range_free) struct range r = { 0 };
		size_t n;
		struct range_package *list = some(&n);

		assert_int_equal(range_packages(list, n, cases[i].good, cases[i].bad, &r), -EINVAL);
		assert_non_null(strstr(err_text(), cases[i].why));
	}
}

static void a_version_has_the_tags_of_two_trees(void **state)
{
	static const struct {
		const char *version, *debian, *upstream;
	} t[] = {
		{ "6.12.117-1", "debian/6.12.117-1", "v6.12.117" },
		{ "6.12.117-1~deb12u1", "debian/6.12.117-1_deb12u1", "v6.12.117" },
		{ "1:7.3-1~exp1", "debian/1%7.3-1_exp1", "v7.3" },
		{ "7.3.4-1~bpo13+1", "debian/7.3.4-1_bpo13+1", "v7.3.4" },
		{ "6.19", "debian/6.19", "v6.19" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(t); i++) {
		_cleanup_(strv_free) struct strv tags = { 0 };

		range_tags(t[i].version, &tags);
		assert_int_equal(tags.n, 2);
		assert_string_equal(tags.v[0], t[i].debian);
		assert_string_equal(tags.v[1], t[i].upstream);
	}
}

static void options_that_differ_are_changed_one_by_one(void **state)
{
	static const char good[] = "# base\nCONFIG_A=y # who needs it\nCONFIG_B=m\nCONFIG_C=y\n# CONFIG_D is not set\n";
	static const char bad[] = "CONFIG_A=y\nCONFIG_B=y # other\n# CONFIG_D is not set\nCONFIG_E=y\n# CONFIG_F is not set\n";
	static const char *const wants[] = {
		"# base\nCONFIG_A=y # who needs it\nCONFIG_B=m\nCONFIG_C=y\n# CONFIG_D is not set\n",
		"# base\nCONFIG_A=y # who needs it\nCONFIG_C=y\n# CONFIG_D is not set\nCONFIG_B=y\n",
		"# base\nCONFIG_A=y # who needs it\n# CONFIG_D is not set\nCONFIG_B=y\n# CONFIG_C is not set\n",
		"# base\nCONFIG_A=y # who needs it\n# CONFIG_D is not set\nCONFIG_B=y\n# CONFIG_C is not set\nCONFIG_E=y\n",
	};
	_cleanup_(range_free) struct range r = { 0 }, same = { 0 };

	(void)state;
	assert_int_equal(range_options(good, bad, &r), 0);
	assert_int_equal(r.n, 3);
	assert_string_equal(r.v[1].about, "CONFIG_B=m");
	assert_string_equal(r.v[3].about, "# CONFIG_E is not set");
	for (size_t at = 0; at <= r.n; at++) {
		_cleanup_(freep) char *text = range_config(&r, good, at);

		assert_string_equal(text, wants[at]);
	}
	assert_int_equal(range_options(good, good, &same), -EINVAL);
}

static void comments_and_space_are_no_change(void **state)
{
	static const struct {
		const char *a, *b;
		bool is_same;
	} cases[] = {
		{ "int a;", "int a;", true },
		{ "int a;", "int  a ;\n", true },
		{ "int a;", "/* one\n * two */ int a; // three", true },
		{ "int a; // x", "int a;", true },
		{ "int a;", "int b;", false },
		{ "int a;", "inta;", false },
		{ "a/**/b", "a b", true },
		{ "\"/* no comment */\"", "\"/* another */\"", false },
		{ "\"a b\"", "\"a  b\"", false },
		{ "'\"' /* c */", "'\"'", true },
		{ "\"\\\"/*\" a", "\"\\\"/*\" b", false },
		{ "a /* never ends", "a", true },
		{ "a - b", "a -- b", false },
		{ "#if A\nx\n#endif\n", "/* c */\n#if A // d\n\nx\n#endif /* A */", true },
		{ "", "// all of it", true },
		{ "#define A x\ny", "#define A x y", false },
		{ "#define A x\ny", "#define A x // why\n\ny", true },
		{ "#define A x /* of\n two lines */ z\ny", "#define A x z\ny", true },
		{ "#define A \\\n x\ny", "#define A x\ny", true },
		{ "#define f(x) x", "#define f (x) x", false },
		{ "f(x)", "f (x)", true },
		{ "a\nb", "ab", false },
		{ "a\nb", "a b", true },
		{ "a = b\n# c", "a = b # c", false },
		{ "a - -b", "a --b", false },
		{ "a = -b", "a =-b", false },
		{ "x\n  #if A\ny\n#endif", "x\n#if A\ny\n#endif", true },
		{ "", "x", false },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++)
		if (range_is_comment(cases[i].a, cases[i].b) != cases[i].is_same ||
		    range_is_comment(cases[i].b, cases[i].a) != cases[i].is_same)
			fail_msg("{%s} and {%s}", cases[i].a, cases[i].b);
}

static void kinds_have_names(void **state)
{
	(void)state;
	for (enum range_kind k = 0; k < RANGE_KINDS; k++)
		assert_int_equal(range_kind_find(range_kind_name(k)), k);
	assert_int_equal(range_kind_find("commit"), RANGE_KINDS);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(commits_are_read_from_git_log),
		cmocka_unit_test(a_log_that_is_none_is_refused),
		cmocka_unit_test(versions_are_in_debians_order),
		cmocka_unit_test(packages_between_two_versions),
		cmocka_unit_test(packages_that_are_not_there_are_refused),
		cmocka_unit_test(a_version_has_the_tags_of_two_trees),
		cmocka_unit_test(options_that_differ_are_changed_one_by_one),
		cmocka_unit_test(comments_and_space_are_no_change),
		cmocka_unit_test(kinds_have_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
