// SPDX-License-Identifier: GPL-2.0-only
/* test_tree.c - series on a kept source tree, and commits of a git tree: only what differs is written */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <fcntl.h>
#include <sys/stat.h>

#include <cmocka.h>

#include "build/gittree.h"
#include "build/tree.h"
#include "lib/proc.h"
#include "scratch.h"

#define FILE_TEXT "one\ntwo\nthree\n"

/* Changes the second line of a file. */
#define CHANGE(file, to)                                                      \
	"--- a/" file "\n+++ b/" file "\n@@ -1,3 +1,3 @@\n one\n-two\n+" to "\n three\n"
#define ADD(file, text) "--- /dev/null\n+++ b/" file "\n@@ -0,0 +1 @@\n+" text "\n"
#define REMOVE(file) "--- a/" file "\n+++ /dev/null\n@@ -1,3 +0,0 @@\n-one\n-two\n-three\n"

struct bench {
	char *dir;
	struct cache cache;
	struct tree tree;
};

static const char *const files[] = { "net/a.c", "net/b.c", "drivers/c.c" };

static struct bench bench_new(void)
{
	struct bench b = { .dir = scratch_new() };
	_cleanup_(freep) char *cache = str_fmt("%s/cache", b.dir);

	assert_int_equal(cache_open(cache, &b.cache), 0);
	assert_int_equal(tree_open(&b.cache, "0123456789abcdef0123", "a test", &b.tree), 0);
	for (size_t i = 0; i < ARRAY_SIZE(files); i++)
		free(scratch_put(b.tree.source, files[i], FILE_TEXT));
	return b;
}

static void bench_free(struct bench *b)
{
	tree_close(&b->tree);
	cache_close(&b->cache);
	scratch_free(&b->dir);
}

/* Applies a series of one patch, NULL for none. */
static int patch(const struct bench *b, const char *text)
{
	_cleanup_(freep) char *dir = str_fmt("%s/series", b->dir);

	if (text)
		free(scratch_put(dir, "0001-a.patch", text));
	return tree_patch(&b->tree, text ? dir : NULL, NULL);
}

static char *content(const struct bench *b, const char *file)
{
	_cleanup_(freep) char *path = str_fmt("%s/%s", b->tree.source, file);
	char *text = NULL;

	return fs_exists(path) && !fs_read(path, &text, NULL) ? text : str_dup("(none)");
}

static void assert_content(const struct bench *b, const char *file, const char *want)
{
	_cleanup_(freep) char *got = content(b, file);

	assert_string_equal(got, want);
}

/* As if it had been written long ago. */
static void make_old(const struct bench *b, const char *file)
{
	_cleanup_(freep) char *path = str_fmt("%s/%s", b->tree.source, file);
	const struct timespec old[2] = { { .tv_sec = 1000 }, { .tv_sec = 1000 } };

	assert_int_equal(utimensat(AT_FDCWD, path, old, 0), 0);
}

static bool is_old(const struct bench *b, const char *file)
{
	_cleanup_(freep) char *path = str_fmt("%s/%s", b->tree.source, file);
	struct stat st;

	assert_int_equal(stat(path, &st), 0);
	return st.st_mtime == 1000;
}

static void a_series_takes_the_place_of_the_one_before(void **state)
{
	_cleanup_(bench_free) struct bench b = bench_new();

	(void)state;
	assert_int_equal(patch(&b, CHANGE("net/a.c", "first") ADD("net/new.c", "new")), 0);
	assert_content(&b, "net/a.c", "one\nfirst\nthree\n");
	assert_content(&b, "net/new.c", "new\n");
	assert_int_equal(patch(&b, CHANGE("net/b.c", "second") REMOVE("drivers/c.c")), 0);
	assert_content(&b, "net/a.c", FILE_TEXT);
	assert_content(&b, "net/new.c", "(none)");
	assert_content(&b, "net/b.c", "one\nsecond\nthree\n");
	assert_content(&b, "drivers/c.c", "(none)");
	assert_int_equal(patch(&b, NULL), 0);
	for (size_t i = 0; i < ARRAY_SIZE(files); i++)
		assert_content(&b, files[i], FILE_TEXT);
}

static void only_what_differs_is_written(void **state)
{
	_cleanup_(bench_free) struct bench b = bench_new();

	(void)state;
	assert_int_equal(patch(&b, CHANGE("net/a.c", "same") CHANGE("net/b.c", "first")), 0);
	for (size_t i = 0; i < ARRAY_SIZE(files); i++)
		make_old(&b, files[i]);
	assert_int_equal(patch(&b, CHANGE("net/a.c", "same") CHANGE("net/b.c", "second")), 0);
	assert_true(is_old(&b, "net/a.c"));
	assert_false(is_old(&b, "net/b.c"));
	assert_true(is_old(&b, "drivers/c.c"));
}

static void a_series_that_does_not_apply_leaves_the_tree_as_it_is(void **state)
{
	_cleanup_(bench_free) struct bench b = bench_new();

	(void)state;
	assert_int_equal(patch(&b, CHANGE("net/a.c", "first")), 0);
	assert_int_equal(patch(&b, CHANGE("net/b.c", "fits") "--- a/net/a.c\n+++ b/net/a.c\n"
			       "@@ -1,3 +1,3 @@\n one\n-other\n+x\n three\n"), -EPROTO);
	assert_non_null(strstr(err_text(), "0001-a.patch does not apply"));
	assert_content(&b, "net/a.c", "one\nfirst\nthree\n");
	assert_content(&b, "net/b.c", FILE_TEXT);
}

static void nothing_outside_of_the_source_is_changed(void **state)
{
	_cleanup_(bench_free) struct bench b = bench_new();

	(void)state;
	assert_int_equal(patch(&b, CHANGE("../../lock", "x")), -EINVAL);
	assert_int_equal(patch(&b, CHANGE("net/../../x", "x")), -EINVAL);
	assert_non_null(strstr(err_text(), "outside of the source"));
}

/* Killed between the pristine copies and the end: the list has more than was changed. */
static void a_series_that_was_interrupted_is_undone(void **state)
{
	_cleanup_(bench_free) struct bench b = bench_new();

	(void)state;
	assert_int_equal(patch(&b, CHANGE("net/a.c", "first")), 0);
	free(scratch_put(b.tree.dir, "patched", "net/a.c\nnet/b.c"));
	free(scratch_put(b.tree.dir, "pristine/net/b.c", FILE_TEXT));
	free(scratch_put(b.tree.source, "net/b.c", "half"));
	assert_int_equal(patch(&b, CHANGE("drivers/c.c", "second")), 0);
	assert_content(&b, "net/a.c", FILE_TEXT);
	assert_content(&b, "net/b.c", FILE_TEXT);
	assert_content(&b, "drivers/c.c", "one\nsecond\nthree\n");
}

static void git(const char *dir, const char *const *words)
{
	const char *argv[16] = { "git", "-C", dir, "-c", "user.name=t", "-c", "user.email=t@example.org" };
	static const char *const env[] = { "GIT_CONFIG_GLOBAL=/dev/null", NULL };
	size_t n = 7;

	while (*words)
		argv[n++] = *words++;
	assert_int_equal(proc_run(&(struct proc){ .argv = argv, .env = env }, NULL), 0);
}

#define GIT(dir, ...) git(dir, (const char *const[]){ __VA_ARGS__, NULL })

/* Two commits: the second changes net/a.c. Return: the folder. */
static char *git_tree(const struct bench *b)
{
	char *dir = str_fmt("%s/linux", b->dir);

	free(scratch_put(dir, "net/a.c", FILE_TEXT));
	free(scratch_put(dir, "net/b.c", FILE_TEXT));
	GIT(dir, "init", "-q");
	GIT(dir, "add", ".");
	GIT(dir, "commit", "-q", "-m", "first");
	GIT(dir, "tag", "v1");
	free(scratch_put(dir, "net/a.c", "changed\n"));
	GIT(dir, "commit", "-q", "-a", "-m", "second");
	return dir;
}

static int checkout(const struct bench *b, const char *tree, const char *commit)
{
	struct gittree g;
	int err = gittree_find(tree, commit, &g);

	if (!err)
		err = gittree_checkout(&g, b->tree.source, NULL);
	gittree_free(&g);
	return err;
}

static void another_commit_writes_what_differs(void **state)
{
	_cleanup_(bench_free) struct bench b = bench_new();
	_cleanup_(freep) char *dir = git_tree(&b);

	(void)state;
	if (!proc_find("git"))
		skip();
	assert_int_equal(fs_remove(b.tree.source), 0);
	assert_int_equal(checkout(&b, dir, "v1"), 0);
	assert_content(&b, "net/a.c", FILE_TEXT);
	make_old(&b, "net/b.c");
	assert_int_equal(checkout(&b, dir, NULL), 0);
	assert_content(&b, "net/a.c", "changed\n");
	assert_int_equal(checkout(&b, dir, "HEAD~1"), 0);
	assert_content(&b, "net/a.c", FILE_TEXT);
	assert_true(is_old(&b, "net/b.c"));
}

/* By the ids of their contents: a commit that leaves some files alone has the same ones. */
static void files_of_a_commit_are_read_without_a_checkout(void **state)
{
	static const char *const both[] = { "net/a.c", "net/none.c", "net/b.c", NULL }, *const one[] = { "net/b.c", NULL };
	_cleanup_(bench_free) struct bench b = bench_new();
	_cleanup_(freep) char *dir = git_tree(&b), *first = NULL, *second = NULL, *same = NULL, *before = NULL, *text = NULL;
	struct gittree old, new;

	(void)state;
	assert_int_equal(gittree_find(dir, "v1", &old), 0);
	assert_int_equal(gittree_find(dir, NULL, &new), 0);
	assert_int_equal(gittree_blobs(&old, both, &first), 0);
	assert_int_equal(gittree_blobs(&new, both, &second), 0);
	assert_string_not_equal(first, second);
	assert_non_null(strstr(first, "\tnet/a.c\n"));
	assert_null(strstr(first, "none.c"));
	assert_int_equal(gittree_blobs(&old, one, &before), 0);
	assert_int_equal(gittree_blobs(&new, one, &same), 0);
	assert_string_equal(before, same);
	assert_int_equal(gittree_file(&old, "net/a.c", &text), 0);
	assert_string_equal(text, FILE_TEXT);
	free(take_ptr(&text));
	assert_true(gittree_file(&old, "net/none.c", &text) < 0);
	gittree_free(&old);
	gittree_free(&new);
}

static void a_commit_or_tree_that_is_not_there_is_told(void **state)
{
	_cleanup_(bench_free) struct bench b = bench_new();
	_cleanup_(freep) char *dir = git_tree(&b);

	(void)state;
	assert_int_equal(checkout(&b, dir, "v2"), -ENOENT);
	assert_non_null(strstr(err_text(), "has no commit v2"));
	assert_int_equal(checkout(&b, "/nowhere", NULL), -ENOENT);
	assert_int_equal(checkout(&b, b.cache.dir, NULL), -ENOENT);
	assert_non_null(strstr(err_text(), "not a git repository"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_series_takes_the_place_of_the_one_before),
		cmocka_unit_test(only_what_differs_is_written),
		cmocka_unit_test(a_series_that_does_not_apply_leaves_the_tree_as_it_is),
		cmocka_unit_test(nothing_outside_of_the_source_is_changed),
		cmocka_unit_test(a_series_that_was_interrupted_is_undone),
		cmocka_unit_test(another_commit_writes_what_differs),
		cmocka_unit_test(files_of_a_commit_are_read_without_a_checkout),
		cmocka_unit_test(a_commit_or_tree_that_is_not_there_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
