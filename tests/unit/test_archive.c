// SPDX-License-Identifier: GPL-2.0-only
/* test_archive.c - initramfs by bytes, and trees out of tar files */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/stat.h>

#include <archive.h>
#include <archive_entry.h>
#include <cmocka.h>

#include "build/archive.h"
#include "scratch.h"

static char *slurp(const char *path, size_t *len)
{
	char *text;

	if (fs_read(path, &text, len))
		fail_msg("%s", err_text());
	return text;
}

/* Writes the initramfs that the tests look at: a folder, given bytes, a file, and an empty file. */
static char *make_cpio(const char *dir, const char *name)
{
	_cleanup_(freep) char *file = scratch_put(dir, "module", "ELF of a module");
	_cleanup_(freep) char *empty = scratch_put(dir, "empty", "");
	char *out = str_fmt("%s/%s", dir, name);
	const struct archive_member m[] = {
		{ .name = "lib" },
		{ .name = "init", .data = "#!init\n", .size = 7 },
		{ .name = "lib/tun.ko", .path = file },
		{ .name = "lib/none", .path = empty },
	};

	if (archive_cpio(out, m, ARRAY_SIZE(m)))
		fail_msg("%s", err_text());
	return out;
}

static void equal_input_gives_equal_bytes(void **state)
{
	_cleanup_(scratch_free) char *dir = scratch_new();
	_cleanup_(freep) char *one = make_cpio(dir, "one"), *two = make_cpio(dir, "two");
	_cleanup_(freep) char *a = NULL, *b = NULL;
	size_t a_len, b_len;

	(void)state;
	a = slurp(one, &a_len);
	b = slurp(two, &b_len);
	assert_int_equal(a_len, b_len);
	assert_memory_equal(a, b, a_len);
}

/* early-userspace/buffer-format.rst: 6 digits of magic, then 13 fields of 8 hexadecimal digits. */
struct newc {
	char magic[7];
	unsigned int ino, mode, uid, gid, nlink, mtime, size, dev[4], name_len, check;
	const char *name;
	const char *data;
};

static unsigned int hex(const char *at)
{
	char digits[9] = { 0 };

	memcpy(digits, at, 8);
	return (unsigned int)strtoul(digits, NULL, 16);
}

/* Return: where the next member begins. */
static const char *read_newc(const char *at, struct newc *n)
{
	unsigned int *field = &n->ino;
	size_t head;

	memcpy(n->magic, at, 6);
	n->magic[6] = '\0';
	for (int i = 0; i < 13; i++)
		field[i] = hex(at + 6 + 8 * i);
	n->name = at + 110;
	head = (110 + n->name_len + 3) & ~3u;
	n->data = at + head;
	return n->data + ((n->size + 3) & ~3u);
}

static void the_bytes_are_what_the_kernel_reads(void **state)
{
	static const struct { const char *name; unsigned int mode; const char *data; } want[] = {
		{ "lib",	S_IFDIR | 0755, ""		  },
		{ "init",	S_IFREG | 0755, "#!init\n"	  },
		{ "lib/tun.ko", S_IFREG | 0755, "ELF of a module" },
		{ "lib/none",	S_IFREG | 0755, ""		  },
	};
	_cleanup_(scratch_free) char *dir = scratch_new();
	_cleanup_(freep) char *path = make_cpio(dir, "initrd"), *bytes = NULL;
	const char *at;
	struct newc n;
	size_t len;

	(void)state;
	at = bytes = slurp(path, &len);
	for (size_t i = 0; i < ARRAY_SIZE(want); i++) {
		at = read_newc(at, &n);
		assert_true(at <= bytes + len);
		assert_string_equal(n.magic, "070701");
		assert_string_equal(n.name, want[i].name);
		assert_int_equal(n.mode, want[i].mode);
		assert_int_equal(n.uid | n.gid | n.mtime | n.check, 0);
		assert_int_equal(n.size, strlen(want[i].data));
		assert_memory_equal(n.data, want[i].data, n.size);
	}
	(void)read_newc(at, &n);
	assert_string_equal(n.name, "TRAILER!!!");
}

static void a_member_that_cannot_be_read_is_an_error(void **state)
{
	_cleanup_(scratch_free) char *dir = scratch_new();
	_cleanup_(freep) char *out = str_fmt("%s/initrd", dir), *none = str_fmt("%s/none/initrd", dir);
	const struct archive_member m = { .name = "init", .path = "/no/such/file" };
	const struct archive_member fine = { .name = "init", .data = "x", .size = 1 };

	(void)state;
	assert_int_equal(archive_cpio(out, &m, 1), -ENOENT);
	assert_non_null(strstr(err_text(), "/no/such/file"));
	assert_int_equal(archive_cpio(none, &fine, 1), -ENOENT);
	assert_non_null(strstr(err_text(), none));
}

/* A tar file as source packages have them, by the name of its compression. */
static char *make_tar(const char *dir, const char *filter)
{
	static const struct { const char *name; mode_t type; const char *data; } members[] = {
		{ "linux-6.12/",			AE_IFDIR, "" },
		{ "linux-6.12/drivers/net/tun.c",	AE_IFREG, "int tun;\n" },
		{ "linux-6.12/drivers/net/tap.c",	AE_IFREG, "int tap;\n" },
		{ "linux-6.12/drivers/net/link.c",	AE_IFLNK, "" },
		{ "README",				AE_IFREG, "top\n" },
		{ "linux-6.12/include/linux/if_tun.h",	AE_IFREG, "" },
		{ "linux-6.12/kernel/fork.c",		AE_IFREG, "int fork;\n" },
	};
	char *path = str_fmt("%s/source.tar", dir);
	struct archive *a = archive_write_new();

	archive_write_set_format_gnutar(a);
	if (filter)
		assert_int_equal(archive_write_add_filter_by_name(a, filter), ARCHIVE_OK);
	assert_int_equal(archive_write_open_filename(a, path), ARCHIVE_OK);
	for (size_t i = 0; i < ARRAY_SIZE(members); i++) {
		struct archive_entry *e = archive_entry_new();

		archive_entry_set_pathname(e, members[i].name);
		archive_entry_set_filetype(e, members[i].type);
		archive_entry_set_perm(e, 0640);
		archive_entry_set_size(e, (la_int64_t)strlen(members[i].data));
		if (members[i].type == AE_IFLNK)
			archive_entry_set_symlink(e, "/etc/passwd");
		assert_int_equal(archive_write_header(a, e), ARCHIVE_OK);
		(void)archive_write_data(a, members[i].data, strlen(members[i].data));
		archive_entry_free(e);
	}
	assert_int_equal(archive_write_close(a), ARCHIVE_OK);
	archive_write_free(a);
	return path;
}

/* Wants what is below drivers/net; keeps what it was asked about; stops after tap.c when told. */
struct wish {
	struct strbuf asked;
	bool stops;
};

static int want(void *arg, const char *name)
{
	struct wish *w = arg;

	strbuf_fmt(&w->asked, "%s ", name);
	if (w->stops && strstr(w->asked.data, "tap.c "))
		return str_ends(name, "tap.c") ? 1 : -1;
	return str_starts(name, "drivers/net/");
}

static void wanted_files_are_taken_whatever_the_compression(void **state)
{
	static const char *const filters[] = { NULL, "gzip", "xz", "zstd" };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(filters); i++) {
		_cleanup_(scratch_free) char *dir = scratch_new();
		_cleanup_(freep) char *tar = make_tar(dir, filters[i]), *text = NULL;
		_cleanup_(freep) char *tun = str_fmt("%s/out/drivers/net/tun.c", dir);
		_cleanup_(freep) char *out = str_fmt("%s/out", dir), *other = str_fmt("%s/kernel", out);
		struct wish w = { 0 };

		assert_int_equal(archive_extract(tar, out, want, &w), 2);
		assert_string_equal(w.asked.data, "drivers/net/tun.c drivers/net/tap.c include/linux/if_tun.h "
						  "kernel/fork.c ");
		text = slurp(tun, NULL);
		assert_string_equal(text, "int tun;\n");
		assert_false(fs_exists(other));
		strbuf_free(&w.asked);
	}
}

static void reading_stops_when_everything_was_seen(void **state)
{
	_cleanup_(scratch_free) char *dir = scratch_new();
	_cleanup_(freep) char *tar = make_tar(dir, "gzip"), *out = str_fmt("%s/out", dir);
	struct wish w = { .stops = true };

	(void)state;
	assert_int_equal(archive_extract(tar, out, want, &w), 2);
	assert_null(strstr(w.asked.data, "kernel/fork.c"));
	strbuf_free(&w.asked);
}

static void a_broken_tar_file_is_an_error(void **state)
{
	_cleanup_(scratch_free) char *dir = scratch_new();
	_cleanup_(freep) char *tar = make_tar(dir, "xz"), *out = str_fmt("%s/out", dir), *bytes = NULL;
	struct wish w = { 0 };
	size_t len;

	(void)state;
	bytes = slurp(tar, &len);
	assert_int_equal(fs_write(tar, bytes, len / 2, 0644), 0);
	assert_true(archive_extract(tar, out, want, &w) < 0);
	assert_null(strstr(err_text(), "(null)"));
	assert_true(archive_extract("/no/such.tar", out, want, &w) < 0);
	assert_non_null(strstr(err_text(), "/no/such.tar"));
	strbuf_free(&w.asked);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(equal_input_gives_equal_bytes),
		cmocka_unit_test(the_bytes_are_what_the_kernel_reads),
		cmocka_unit_test(a_member_that_cannot_be_read_is_an_error),
		cmocka_unit_test(wanted_files_are_taken_whatever_the_compression),
		cmocka_unit_test(reading_stops_when_everything_was_seen),
		cmocka_unit_test(a_broken_tar_file_is_an_error),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
