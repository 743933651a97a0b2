// SPDX-License-Identifier: GPL-2.0-only
/* test_recipe.c - the images that ship, and recipes that are wrong */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "build/recipe.h"
#include "scratch.h"

#define NEEDED "image: x\nsize_mib: 100\npackages: [a]\n"

static void must_read(const char *name, const char *profile, struct recipe *r)
{
	_cleanup_(freep) char *path = str_fmt("vm-images/%s.yaml", name);

	if (recipe_read(path, profile, r))
		fail_msg("%s", err_text());
}

static const struct recipe_file *file_find(const struct recipe *r, const char *path)
{
	for (size_t i = 0; i < r->n_files; i++)
		if (str_eq(r->files[i].path, path))
			return &r->files[i];
	return NULL;
}

static void the_host_has_what_its_agent_runs(void **state)
{
	static const char *const needed[] = { "iperf3", "libvirt-daemon", "qemu-system-x86", "qemu-utils", "kmod" };
	_cleanup_(recipe_free) struct recipe r = { 0 };

	(void)state;
	must_read("host", "lean", &r);
	assert_string_equal(r.name, "host");
	assert_string_equal(r.profile, "lean");
	assert_true(r.size_mib >= 1024);
	for (size_t i = 0; i < ARRAY_SIZE(needed); i++)
		assert_true(strv_has(&r.packages, needed[i]));
	assert_true(strv_has(&r.users, "libvirt-qemu"));
	assert_string_equal(file_find(&r, "/etc/hostname")->content, "host\n");
	assert_true(str_starts(r.text, "# "));
}

static void the_guest_has_receiver_and_agent(void **state)
{
	_cleanup_(recipe_free) struct recipe r = { 0 };

	(void)state;
	must_read("guest", "lean", &r);
	assert_string_equal(r.name, "guest");
	assert_true(strv_has(&r.packages, "iperf3"));
	assert_true(strv_has(&r.packages, "qemu-guest-agent"));
	assert_int_equal(r.users.n, 0);
	assert_string_equal(file_find(&r, "/etc/fstab")->content, "");
}

static void only_the_full_profile_has_systemd(void **state)
{
	static const char *const images[] = { "host", "guest" };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(images); i++) {
		_cleanup_(recipe_free) struct recipe lean = { 0 }, full = { 0 };

		must_read(images[i], "lean", &lean);
		must_read(images[i], "full", &full);
		assert_false(strv_has(&lean.packages, "systemd-sysv"));
		assert_true(strv_has(&full.packages, "systemd-sysv"));
		assert_true(full.n_files > lean.n_files);
		for (size_t p = 0; p < lean.packages.n; p++)
			assert_true(strv_has(&full.packages, lean.packages.v[p]));
	}
}

static void files_have_content_or_lead_elsewhere(void **state)
{
	_cleanup_(scratch_free) char *dir = scratch_new();
	_cleanup_(freep) char *path = scratch_put(dir, "x.yaml", NEEDED
		"files:\n  - {path: /a, content: \"text\"}\n  - {path: /b, link: /a}\n");
	_cleanup_(recipe_free) struct recipe r = { 0 };

	(void)state;
	if (recipe_read(path, "lean", &r))
		fail_msg("%s", err_text());
	assert_int_equal(r.size_mib, 100);
	assert_int_equal(r.n_files, 2);
	assert_string_equal(r.files[0].content, "text");
	assert_null(r.files[0].link);
	assert_string_equal(r.files[1].link, "/a");
	assert_null(r.files[1].content);
}

/* What is wrong, and what is said after "FILE:". */
static const struct {
	const char *text;
	const char *said;
} wrong[] = {
	{ NEEDED "pakages: [b]\n",			"4: unknown key \"pakages\"" },
	{ "image: x\npackages: [a]\n",			"1: image, size_mib and packages are needed" },
	{ "image: x\nsize_mib: 100\n",			"1: image, size_mib and packages are needed" },
	{ "size_mib: 100\npackages: [a]\n",		"1: image, size_mib and packages are needed" },
	{ "image: x\nsize_mib: 100\npackages: []\n",	"1: image, size_mib and packages are needed" },
	{ "image: x\nsize_mib: big\npackages: [a]\n",	"2: size_mib: a number from 64 to 1048576" },
	{ "image: x\nsize_mib: 63\npackages: [a]\n",	"2: size_mib: a number from 64 to 1048576" },
	{ "image: x\nsize_mib: 100M\npackages: [a]\n",	"2: size_mib: a number from 64 to 1048576" },
	{ "image: x\nsize_mib: \"\"\npackages: [a]\n",	"2: size_mib: a number from 64 to 1048576" },
	{ "image: x\nsize_mib: 100\npackages: a\n",	"3: this key takes another kind of value" },
	{ "image: [x]\n",				"1: this key takes another kind of value" },
	{ NEEDED "users:\n  - a\n  - [b]\n",		"6: a name is expected here" },
	{ NEEDED "users:\n  - \"\"\n",			"5: a name is expected here" },
	{ NEEDED "files:\n  - /etc/fstab\n",		"5: a file is a mapping with path and content, or path and link" },
	{ NEEDED "files:\n  - {path: etc, content: x}\n", "5: path: an absolute path" },
	{ NEEDED "files:\n  - {path: /a}\n",		"5: a file has path and either content or link" },
	{ NEEDED "files:\n  - {content: x}\n",		"5: a file has path and either content or link" },
	{ NEEDED "files:\n  - {path: /a, content: x, link: /b}\n", "5: a file has path and either content or link" },
	{ NEEDED "files:\n  - path: /a\n    mode: 7\n",	"6: unknown key \"mode\"" },
	{ NEEDED "full:\n  packages: [b]\n  ful: {}\n",	"6: unknown key \"ful\"" },
	{ NEEDED "full:\n  full:\n    packages: [b]\n",	"5: unknown key \"full\"" },
	{ "- image\n",					"1: an image is a mapping" },
	{ "image: x\n  size_mib: 3\n",			"2: " },
	{ "",						"1: " },
};

static void what_is_wrong_is_told_with_its_line(void **state)
{
	_cleanup_(scratch_free) char *dir = scratch_new();

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(wrong); i++) {
		_cleanup_(freep) char *path = scratch_put(dir, "x.yaml", wrong[i].text);
		_cleanup_(freep) char *want = str_fmt("%s:%s", path, wrong[i].said);
		_cleanup_(freep) char *got = NULL;
		struct recipe r = { 0 };

		assert_int_equal(recipe_read(path, "full", &r), -EINVAL);
		assert_null(r.text);
		got = str_fmt("%.*s", (int)strlen(want), err_text());
		assert_string_equal(got, want);
	}
}

static void an_unknown_key_is_told_with_the_known_ones(void **state)
{
	_cleanup_(scratch_free) char *dir = scratch_new();
	_cleanup_(freep) char *path = scratch_put(dir, "x.yaml", "user: [a]\n");
	struct recipe r = { 0 };

	(void)state;
	assert_int_equal(recipe_read(path, "lean", &r), -EINVAL);
	assert_non_null(strstr(err_text(), "image, size_mib, packages, users, files, full"));
}

static void a_missing_file_is_named(void **state)
{
	struct recipe r = { 0 };

	(void)state;
	assert_int_equal(recipe_read("/no/such.yaml", "lean", &r), -ENOENT);
	assert_non_null(strstr(err_text(), "/no/such.yaml"));
}

/* Any prefix and any flipped bit: an error or a recipe, never a crash. */
static void damaged_text_does_no_harm(void **state)
{
	_cleanup_(scratch_free) char *dir = scratch_new();
	_cleanup_(freep) char *text = NULL;
	size_t len;

	(void)state;
	assert_int_equal(fs_read("vm-images/guest.yaml", &text, &len), 0);
	for (size_t i = 0; i < 2 * len; i += 7) {
		_cleanup_(freep) char *copy = str_dup(text), *path = NULL;
		_cleanup_(recipe_free) struct recipe r = { 0 };

		if (i < len)
			copy[i] = '\0';
		else
			copy[i - len] = (char)(copy[i - len] ^ 1 << (i % 7));
		path = scratch_put(dir, "x.yaml", copy);
		if (!recipe_read(path, "full", &r))
			assert_true(r.packages.n > 0);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_host_has_what_its_agent_runs),
		cmocka_unit_test(the_guest_has_receiver_and_agent),
		cmocka_unit_test(only_the_full_profile_has_systemd),
		cmocka_unit_test(files_have_content_or_lead_elsewhere),
		cmocka_unit_test(what_is_wrong_is_told_with_its_line),
		cmocka_unit_test(an_unknown_key_is_told_with_the_known_ones),
		cmocka_unit_test(a_missing_file_is_named),
		cmocka_unit_test(damaged_text_does_no_harm),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
