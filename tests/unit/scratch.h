/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * scratch.h - a folder for a test, and golden files; include it after cmocka.h
 *
 *	_cleanup_(scratch_free) char *dir = scratch_new();
 */
#ifndef TESTS_SCRATCH_H
#define TESTS_SCRATCH_H

#include <string.h>

#include "lib/cleanup.h"
#include "lib/err.h"
#include "lib/fs.h"
#include "lib/str.h"

/** scratch_new() - Return: a new folder; scratch_free() removes it with all in it. */
static inline char *scratch_new(void)
{
	char *dir = str_dup("/tmp/tapbed-test-XXXXXX");

	assert_non_null(mkdtemp(dir));
	return dir;
}

static inline void scratch_free(char **dir)
{
	if (*dir)
		(void)fs_remove(*dir);
	free(*dir);
}

/** scratch_put() - write a text file. Return: its path, to be freed. */
static inline char *scratch_put(const char *dir, const char *name, const char *text)
{
	char *path = str_fmt("%s/%s", dir, name);
	_cleanup_(freep) char *parent = str_fmt("%.*s", (int)(strrchr(path, '/') - path), path);

	assert_int_equal(fs_mkdirs(parent), 0);
	assert_int_equal(fs_write(path, text, strlen(text), 0644), 0);
	return path;
}

/** assert_golden() - compare with tests/golden/@name; GOLDEN_UPDATE=1 rewrites it. */
static inline void assert_golden(const char *name, const char *got)
{
	_cleanup_(freep) char *path = str_fmt("tests/golden/%s", name);
	_cleanup_(freep) char *want = NULL;

	if (getenv("GOLDEN_UPDATE"))
		assert_int_equal(fs_write(path, got, strlen(got), 0644), 0);
	if (fs_read(path, &want, NULL))
		fail_msg("%s", err_text());
	assert_string_equal(got, want);
}

#endif
