// SPDX-License-Identifier: GPL-2.0-only
/* test_series.c - patches on a small tree: what applies, what is refused and why */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "build/series.h"
#include "scratch.h"

#define SOURCE "int one;\nint two;\nint three;\nint four;\nint five;\nint six;\nint seven;\n"

/* A change of line four of a file, with the three lines around it, as git format-patch writes it. */
#define PATCH(file, before)                                                   \
	"From 0123456789 Mon Sep 17 00:00:00 2001\nSubject: [PATCH] change " file "\n\n---\n" \
	"diff --git a/" file " b/" file "\n--- a/" file "\n+++ b/" file "\n"  \
	"@@ -1,7 +1,7 @@\n int one;\n " before "\n int three;\n-int four;\n+int FOUR;\n" \
	" int five;\n int six;\n int seven;\n-- \n2.39.5\n"

struct bench {
	char *dir, *series, *tree;
};

static struct bench bench_new(void)
{
	static const char *const files[] = {
		"drivers/net/tun.c", "drivers/net/tap.c", "drivers/vhost/net.c", "drivers/vhost/vhost.c",
		"include/linux/if_tun.h", "net/core/dev.c",
	};
	struct bench b = { .dir = scratch_new() };

	b.series = str_fmt("%s/some-series", b.dir);
	b.tree = str_fmt("%s/tree", b.dir);
	assert_int_equal(fs_mkdirs(b.series), 0);
	for (size_t i = 0; i < ARRAY_SIZE(files); i++)
		free(scratch_put(b.tree, files[i], SOURCE));
	return b;
}

static void bench_free(struct bench *b)
{
	scratch_free(&b->dir);
	free(b->series);
	free(b->tree);
}

static int apply(const struct bench *b, bool built[SERIES_MODULES])
{
	return series_apply(b->series, b->tree, NULL, built);
}

static bool is_changed(const struct bench *b, const char *file)
{
	_cleanup_(freep) char *path = str_fmt("%s/%s", b->tree, file), *text = NULL;

	assert_int_equal(fs_read(path, &text, NULL), 0);
	return strstr(text, "int FOUR;") != NULL;
}

static const struct {
	const char *patch;
	bool built[SERIES_MODULES]; /* tun, tap, vhost, vhost_net */
} changes[] = {
	{ PATCH("drivers/net/tun.c", "int two;"),	{ true, false, false, false } },
	{ PATCH("drivers/net/tap.c", "int two;"),	{ false, true, false, false } },
	{ PATCH("drivers/vhost/vhost.c", "int two;"),	{ false, false, true, false } },
	{ PATCH("drivers/vhost/net.c", "int two;"),	{ false, false, false, true } },
	{ PATCH("include/linux/if_tun.h", "int two;"),	{ true, false, false, true } },
};

static void the_modules_of_a_changed_file_are_rebuilt(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(changes); i++) {
		_cleanup_(bench_free) struct bench b = bench_new();
		bool built[SERIES_MODULES] = { false };

		free(scratch_put(b.series, "0001-change.patch", changes[i].patch));
		if (apply(&b, built))
			fail_msg("%s", err_text());
		assert_memory_equal(built, changes[i].built, sizeof(built));
	}
}

static void patches_apply_in_the_order_of_their_names(void **state)
{
	_cleanup_(bench_free) struct bench b = bench_new();
	bool built[SERIES_MODULES] = { false };

	(void)state;
	free(scratch_put(b.series, "0002-again.patch",
			 "--- a/drivers/net/tun.c\n+++ b/drivers/net/tun.c\n@@ -4 +4 @@\n-int FOUR;\n+int 4;\n"));
	free(scratch_put(b.series, "0001-change.patch", PATCH("drivers/net/tun.c", "int two;")));
	free(scratch_put(b.series, "README.md", "not a patch"));
	if (apply(&b, built))
		fail_msg("%s", err_text());
	assert_false(is_changed(&b, "drivers/net/tun.c"));
}

static void the_first_patches_of_a_series_can_be_meant(void **state)
{
	_cleanup_(bench_free) struct bench b = bench_new();
	_cleanup_(freep) char *part = str_fmt("%s:1", b.series);
	bool built[SERIES_MODULES] = { false };
	size_t n = 0;

	(void)state;
	free(scratch_put(b.series, "0001-change.patch", PATCH("drivers/net/tun.c", "int two;")));
	free(scratch_put(b.series, "0002-change.patch", PATCH("drivers/net/tap.c", "int two;")));
	if (series_apply(part, b.tree, NULL, built))
		fail_msg("%s", err_text());
	assert_true(built[0] && !built[1]);
	assert_true(is_changed(&b, "drivers/net/tun.c"));
	assert_false(is_changed(&b, "drivers/net/tap.c"));
	assert_int_equal(series_count(b.series, &n), 0);
	assert_int_equal(n, 2);
	free(part);
	part = str_fmt("%s:3", b.series);
	assert_int_equal(series_count(part, &n), -ENOENT);
	assert_non_null(strstr(err_text(), "some-series has 2 patches, not 3"));
}

static void a_patch_of_a_foreign_file_is_refused_by_name(void **state)
{
	_cleanup_(bench_free) struct bench b = bench_new();
	bool built[SERIES_MODULES] = { false };

	(void)state;
	free(scratch_put(b.series, "0001-core.patch",
			 PATCH("drivers/net/tun.c", "int two;") PATCH("net/core/dev.c", "int two;")));
	assert_int_equal(apply(&b, built), -ENOTSUP);
	assert_string_equal(err_text(), "0001-core.patch: it changes net/core/dev.c, which is in none of the modules "
					"tun, tap, vhost and vhost_net that a series can rebuild");
	assert_false(is_changed(&b, "drivers/net/tun.c"));
}

static void a_patch_that_makes_or_removes_a_file_is_refused(void **state)
{
	static const char *const patches[] = {
		"--- /dev/null\n+++ b/drivers/net/new.c\n@@ -0,0 +1 @@\n+int new;\n",
		"--- a/net/core/dev.c\n+++ /dev/null\n@@ -1 +0,0 @@\n-int one;\n",
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(patches); i++) {
		_cleanup_(bench_free) struct bench b = bench_new();
		bool built[SERIES_MODULES] = { false };

		free(scratch_put(b.series, "0001-x.patch", patches[i]));
		assert_int_equal(apply(&b, built), -ENOTSUP);
		assert_non_null(strstr(err_text(), i ? "net/core/dev.c" : "drivers/net/new.c"));
	}
}

static void a_patch_that_fits_only_with_fuzz_is_refused(void **state)
{
	_cleanup_(bench_free) struct bench b = bench_new();
	bool built[SERIES_MODULES] = { false };

	(void)state;
	free(scratch_put(b.series, "0001-fuzzy.patch", PATCH("drivers/net/tun.c", "int zwei;")));
	assert_int_equal(apply(&b, built), -EPROTO);
	assert_true(str_starts(err_text(), "0001-fuzzy.patch does not apply: patch: exit status 1"));
	assert_false(is_changed(&b, "drivers/net/tun.c"));
}

static void a_patch_that_is_applied_already_is_refused(void **state)
{
	_cleanup_(bench_free) struct bench b = bench_new();
	bool built[SERIES_MODULES] = { false };

	(void)state;
	free(scratch_put(b.series, "0001-change.patch", PATCH("drivers/net/tun.c", "int two;")));
	assert_int_equal(apply(&b, built), 0);
	assert_int_equal(apply(&b, built), -EPROTO);
	assert_true(is_changed(&b, "drivers/net/tun.c"));
}

static void the_words_of_patch_are_told_and_kept(void **state)
{
	_cleanup_(bench_free) struct bench b = bench_new();
	_cleanup_(freep) char *log = str_fmt("%s/log", b.dir), *text = NULL;
	bool built[SERIES_MODULES] = { false };

	(void)state;
	free(scratch_put(b.series, "0001-fuzzy.patch", PATCH("drivers/net/tun.c", "int zwei;")));
	assert_int_equal(series_apply(b.series, b.tree, log, built), -EPROTO);
	assert_non_null(strstr(err_text(), "hunk FAILED"));
	assert_non_null(strstr(err_text(), log));
	assert_int_equal(fs_read(log, &text, NULL), 0);
	assert_true(str_starts(text, "$ patch -p1 -F0 "));
	assert_non_null(strstr(text, "hunk FAILED"));
}

static void a_folder_without_patches_is_no_series(void **state)
{
	_cleanup_(bench_free) struct bench b = bench_new();
	bool built[SERIES_MODULES] = { false };
	struct hash *h = hash_new("test");

	(void)state;
	assert_int_equal(apply(&b, built), -ENOENT);
	assert_true(str_ends(err_text(), "/some-series has no *.patch file"));
	assert_int_equal(series_hash(h, b.series), -ENOENT);
	free(hash_end(h));
}

static char *hash_of(const char *series)
{
	struct hash *h = hash_new("test");

	if (series_hash(h, series))
		fail_msg("%s", err_text());
	return hash_end(h);
}

static void every_patch_goes_into_the_hash(void **state)
{
	_cleanup_(bench_free) struct bench b = bench_new();
	_cleanup_(freep) char *none = hash_of(NULL), *one = NULL, *same = NULL, *two = NULL, *changed = NULL,
		      *part = NULL, *first = NULL;

	(void)state;
	free(scratch_put(b.series, "0001-a.patch", PATCH("drivers/net/tun.c", "int two;")));
	one = hash_of(b.series);
	same = hash_of(b.series);
	free(scratch_put(b.series, "0002-b.patch", PATCH("drivers/net/tap.c", "int two;")));
	two = hash_of(b.series);
	free(scratch_put(b.series, "0002-b.patch", PATCH("drivers/net/tap.c", "int zwei;")));
	changed = hash_of(b.series);
	assert_string_equal(one, same);
	part = str_fmt("%s:1", b.series);
	first = hash_of(part);
	assert_string_equal(first, one);
	assert_string_not_equal(first, two);
	assert_string_not_equal(none, one);
	assert_string_not_equal(one, two);
	assert_string_not_equal(two, changed);
}

/* The series that ships changes nothing else; whether it applies is known where the source is. */
static void the_series_that_ships_keeps_to_the_modules(void **state)
{
	_cleanup_(bench_free) struct bench b = bench_new();
	bool built[SERIES_MODULES] = { false };

	(void)state;
	assert_int_equal(series_apply("kernel-config/patches/nodrop-v3", b.tree, NULL, built), -EPROTO);
	assert_non_null(strstr(err_text(), "0001-tap-wake-the-subqueue-when-the-ring-is-empty.patch does not apply"));
}

/* A series for two kernels, and one that says nothing of kernels. */
static void a_series_for_several_kernels_is_found_by_their_version(void **state)
{
	static const struct {
		const char *name, *version, *found;
	} cases[] = {
		{ "many",     "6.12.117-1~deb12u1", "many/6.12"	 },
		{ "many",     "6.1.192-2",	    "many/6.1"	 },
		{ "many",     "v6.12-rc3",	    "many/6.12"	 },
		{ "many",     "6.12",		    "many/6.12"	 },
		{ "many",     "7.3.4-1~bpo13+1",    NULL	 },
		{ "many",     ".",		    NULL	 },
		{ "many/6.1", "7.3",		    "many/6.1"	 },
		{ "one",      "7.3",		    "one"	 },
		{ "one",      "",		    "one"	 },
		{ "empty",    "6.12",		    "empty"	 }, /* refused when it is applied */
		{ "none",     "6.12",		    NULL	 },
		{ "one:1",    "7.3",		    "one:1"	 },
		{ "one:2",    "7.3",		    NULL	 }, /* it has one patch */
		{ "one:0",    "7.3",		    NULL	 },
		{ "many:1",   "6.12",		    "many/6.12:1" },
		{ "many:x",   "6.12",		    NULL	 }, /* a folder of that name */
	};
	_cleanup_(scratch_free) char *dir = scratch_new();

	(void)state;
	free(scratch_put(dir, "many/6.1/0001-a.patch", ""));
	free(scratch_put(dir, "many/6.12/0001-a.patch", ""));
	free(scratch_put(dir, "many/README.md", ""));
	free(scratch_put(dir, "one/0001-a.patch", ""));
	free(scratch_put(dir, "empty/README.md", ""));
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		_cleanup_(freep) char *path = str_fmt("%s/%s", dir, cases[i].name), *found = NULL;
		int err = series_find(path, cases[i].version, &found);

		print_message("  %s for %s\n", cases[i].name, cases[i].version);
		assert_int_equal(err, cases[i].found ? 0 : -ENOENT);
		if (err)
			continue;
		assert_string_equal(found + strlen(dir) + 1, cases[i].found);
		assert_string_equal(series_name(found), cases[i].found);
	}
	assert_string_equal(series_name("/a/b/backpressure/6.12"), "backpressure/6.12");
	assert_int_equal(series_find("nodrop-v4", "6.12", &(char *){ NULL }), -ENOENT);
}

static void the_message_says_for_which_kernels_there_are_patches(void **state)
{
	_cleanup_(freep) char *found = NULL;

	(void)state;
	assert_int_equal(series_find("kernel-config/patches/backpressure", "7.3.4-1~bpo13+1", &found), -ENOENT);
	assert_string_equal(err_text(), "series kernel-config/patches/backpressure has no patches for 7.3.4-1~bpo13+1; there are some for 6.1, 6.12, 7.2");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_modules_of_a_changed_file_are_rebuilt),
		cmocka_unit_test(patches_apply_in_the_order_of_their_names),
		cmocka_unit_test(the_first_patches_of_a_series_can_be_meant),
		cmocka_unit_test(a_patch_of_a_foreign_file_is_refused_by_name),
		cmocka_unit_test(a_patch_that_makes_or_removes_a_file_is_refused),
		cmocka_unit_test(a_patch_that_fits_only_with_fuzz_is_refused),
		cmocka_unit_test(a_patch_that_is_applied_already_is_refused),
		cmocka_unit_test(the_words_of_patch_are_told_and_kept),
		cmocka_unit_test(a_folder_without_patches_is_no_series),
		cmocka_unit_test(every_patch_goes_into_the_hash),
		cmocka_unit_test(the_series_that_ships_keeps_to_the_modules),
		cmocka_unit_test(a_series_for_several_kernels_is_found_by_their_version),
		cmocka_unit_test(the_message_says_for_which_kernels_there_are_patches),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
