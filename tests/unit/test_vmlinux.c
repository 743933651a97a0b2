// SPDX-License-Identifier: GPL-2.0-only
/* test_vmlinux.c - kernels inside bzImages that the test makes, whole and broken */
#include <elf.h>
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <archive.h>
#include <archive_entry.h>
#include <cmocka.h>

#include "build/vmlinux.h"
#include "scratch.h"

#define SETUP_SECTS 2
#define HEAD	    ((SETUP_SECTS + 1) * 512)
#define PAYLOAD_AT  64 /* in the protected-mode part */

static void put32(char *at, uint32_t v)
{
	memcpy(at, &v, sizeof(v));
}

/* A note section of one note, in an ELF file of one program header. */
struct elf {
	Elf64_Ehdr eh;
	Elf64_Phdr ph;
	Elf64_Nhdr note;
	char name[4];
	uint32_t entry;
};

static struct elf make_elf(uint32_t note_type)
{
	struct elf e = {
		.eh = { .e_ident = ELFMAG, .e_phoff = offsetof(struct elf, ph),
			.e_phentsize = sizeof(Elf64_Phdr), .e_phnum = 1 },
		.ph = { .p_type = PT_NOTE, .p_offset = offsetof(struct elf, note),
			.p_filesz = sizeof(struct elf) - offsetof(struct elf, note) },
		.note = { .n_namesz = 4, .n_descsz = 4, .n_type = note_type },
		.name = "Xen", .entry = 0x1000370,
	};

	return e;
}

static size_t gzip(const void *data, size_t len, char *out, size_t room)
{
	struct archive *a = archive_write_new();
	struct archive_entry *e = archive_entry_new();
	size_t used = 0;

	archive_write_set_format_raw(a);
	archive_write_add_filter_gzip(a);
	archive_write_set_bytes_in_last_block(a, 1);
	archive_entry_set_filetype(e, AE_IFREG);
	assert_int_equal(archive_write_open_memory(a, out, room, &used), ARCHIVE_OK);
	assert_int_equal(archive_write_header(a, e), ARCHIVE_OK);
	assert_int_equal(archive_write_data(a, data, len), len);
	assert_int_equal(archive_write_close(a), ARCHIVE_OK);
	archive_entry_free(e);
	archive_write_free(a);
	return used;
}

/* boot.rst: setup sectors, magic, version 2.15, payload with its unpacked size behind it. */
struct image {
	char data[16384];
	size_t len;
};

static void make_image(struct image *b, const void *payload, size_t len)
{
	size_t packed;

	*b = (struct image){ 0 };
	b->data[0x1f1] = SETUP_SECTS;
	memcpy(b->data + 0x202, "HdrS", 4);
	put32(b->data + 0x206, 0x20f);
	put32(b->data + 0x248, PAYLOAD_AT);
	packed = gzip(payload, len, b->data + HEAD + PAYLOAD_AT, sizeof(b->data) - HEAD - PAYLOAD_AT - 4);
	put32(b->data + HEAD + PAYLOAD_AT + packed, (uint32_t)len);
	put32(b->data + 0x24c, (uint32_t)packed + 4);
	b->len = HEAD + PAYLOAD_AT + packed + 4;
}

struct files {
	char *dir, *image, *elf;
};

static void files_free(struct files *f)
{
	scratch_free(&f->dir);
	free(f->image);
	free(f->elf);
}

static int extract(struct files *f, const struct image *b)
{
	if (!f->dir) {
		f->dir = scratch_new();
		f->image = str_fmt("%s/vmlinuz", f->dir);
		f->elf = str_fmt("%s/vmlinux", f->dir);
	}
	assert_int_equal(fs_write(f->image, b->data, b->len, 0644), 0);
	return vmlinux_extract(f->image, f->elf);
}

static void the_kernel_comes_out_as_it_went_in(void **state)
{
	_cleanup_(files_free) struct files f = { 0 };
	const struct elf e = make_elf(18);
	_cleanup_(freep) char *got = NULL;
	struct image b;
	size_t len;

	(void)state;
	make_image(&b, &e, sizeof(e));
	if (extract(&f, &b))
		fail_msg("%s", err_text());
	assert_int_equal(fs_read(f.elf, &got, &len), 0);
	assert_int_equal(len, sizeof(e));
	assert_memory_equal(got, &e, sizeof(e));
	assert_true(vmlinux_has_pvh(f.elf));
}

static void no_setup_sectors_mean_four(void **state)
{
	_cleanup_(files_free) struct files f = { 0 };
	const struct elf e = make_elf(18);
	struct image b;

	(void)state;
	make_image(&b, &e, sizeof(e));
	memmove(b.data + 5 * 512, b.data + HEAD, b.len - HEAD);
	b.data[0x1f1] = 0;
	b.len += 5 * 512 - HEAD;
	if (extract(&f, &b))
		fail_msg("%s", err_text());
}

static void another_note_is_not_pvh(void **state)
{
	_cleanup_(files_free) struct files f = { 0 };
	struct elf e = make_elf(17);
	struct image b;

	(void)state;
	make_image(&b, &e, sizeof(e));
	assert_int_equal(extract(&f, &b), 0);
	assert_false(vmlinux_has_pvh(f.elf));
	e = make_elf(18);
	memcpy(e.name, "GNU", 4);
	assert_int_equal(fs_write(f.elf, (char *)&e, sizeof(e), 0644), 0);
	assert_false(vmlinux_has_pvh(f.elf));
}

static void broken_elf_files_are_not_pvh(void **state)
{
	_cleanup_(files_free) struct files f = { .dir = scratch_new() };
	struct elf e = make_elf(18);

	(void)state;
	f.elf = str_fmt("%s/elf", f.dir);
	assert_false(vmlinux_has_pvh(f.elf));
	for (size_t len = 0; len < sizeof(e); len++) {
		assert_int_equal(fs_write(f.elf, (char *)&e, len, 0644), 0);
		assert_false(vmlinux_has_pvh(f.elf));
	}
	e.note.n_namesz = UINT32_MAX;
	assert_int_equal(fs_write(f.elf, (char *)&e, sizeof(e), 0644), 0);
	assert_false(vmlinux_has_pvh(f.elf));
	e.ph.p_filesz = UINT64_MAX;
	assert_int_equal(fs_write(f.elf, (char *)&e, sizeof(e), 0644), 0);
	assert_false(vmlinux_has_pvh(f.elf));
}

static void a_file_that_is_no_bzimage_is_refused(void **state)
{
	_cleanup_(files_free) struct files f = { 0 };
	const struct elf e = make_elf(18);
	struct image good, b = { .len = 0 };

	(void)state;
	assert_int_equal(extract(&f, &b), -EINVAL);
	memset(b.data, 'x', sizeof(b.data));
	b.len = sizeof(b.data);
	assert_int_equal(extract(&f, &b), -EINVAL);
	assert_true(str_ends(err_text(), "/vmlinuz is no bzImage of boot protocol 2.08 or later"));
	make_image(&good, &e, sizeof(e));
	b = good;
	put32(b.data + 0x206, 0x207);
	assert_int_equal(extract(&f, &b), -EINVAL);
}

static void a_truncated_bzimage_is_refused_at_any_length(void **state)
{
	_cleanup_(files_free) struct files f = { 0 };
	const struct elf e = make_elf(18);
	struct image good, b;

	(void)state;
	make_image(&good, &e, sizeof(e));
	for (b = good; b.len; b.len -= b.len > 31 ? 31 : b.len)
		if (b.len < good.len)
			assert_int_equal(extract(&f, &b), -EINVAL);
}

static void a_payload_outside_the_file_is_refused(void **state)
{
	static const uint32_t wrong[][2] = { /* offset, length */
		{ UINT32_MAX, 100 }, { PAYLOAD_AT, UINT32_MAX }, { PAYLOAD_AT, 3 }, { PAYLOAD_AT, 0 },
		{ UINT32_MAX - HEAD + 1, 100 },
	};
	_cleanup_(files_free) struct files f = { 0 };
	const struct elf e = make_elf(18);
	struct image b;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(wrong); i++) {
		make_image(&b, &e, sizeof(e));
		put32(b.data + 0x248, wrong[i][0]);
		put32(b.data + 0x24c, wrong[i][1]);
		assert_int_equal(extract(&f, &b), -EINVAL);
		assert_true(str_ends(err_text(), "its payload lies outside the file"));
	}
}

static void a_payload_that_is_no_kernel_is_refused(void **state)
{
	_cleanup_(files_free) struct files f = { 0 };
	struct image b;

	(void)state;
	make_image(&b, "a text, and no kernel", 21);
	assert_int_equal(extract(&f, &b), -EINVAL);
	assert_true(str_ends(err_text(), "its payload is no ELF file"));
	memset(b.data + HEAD + PAYLOAD_AT, 0x5a, b.len - HEAD - PAYLOAD_AT); /* not packed at all */
	assert_true(extract(&f, &b) < 0);
	put32(b.data + 0x24c, 4); /* nothing before the size */
	assert_true(extract(&f, &b) < 0);
	assert_null(strstr(err_text(), "(null)"));
}

/* A payload that is cut short inside the file: the packed stream ends early. */
static void a_packed_stream_that_ends_early_is_refused(void **state)
{
	_cleanup_(files_free) struct files f = { 0 };
	char noise[4096];
	struct image b;
	uint32_t len;

	(void)state;
	for (size_t i = 0; i < sizeof(noise); i++)
		noise[i] = (char)(i * i * 31 >> 5);
	memcpy(noise, ELFMAG, SELFMAG);
	make_image(&b, noise, sizeof(noise));
	assert_int_equal(extract(&f, &b), 0);
	memcpy(&len, b.data + 0x24c, sizeof(len));
	put32(b.data + 0x24c, len / 2);
	assert_true(extract(&f, &b) < 0);
	assert_non_null(strstr(err_text(), "/vmlinuz: unpack the payload: "));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_kernel_comes_out_as_it_went_in),
		cmocka_unit_test(no_setup_sectors_mean_four),
		cmocka_unit_test(another_note_is_not_pvh),
		cmocka_unit_test(broken_elf_files_are_not_pvh),
		cmocka_unit_test(a_file_that_is_no_bzimage_is_refused),
		cmocka_unit_test(a_truncated_bzimage_is_refused_at_any_length),
		cmocka_unit_test(a_payload_outside_the_file_is_refused),
		cmocka_unit_test(a_payload_that_is_no_kernel_is_refused),
		cmocka_unit_test(a_packed_stream_that_ends_early_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
