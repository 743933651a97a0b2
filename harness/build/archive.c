// SPDX-License-Identifier: GPL-2.0-only
/* archive.c - what is packed and unpacked, through libarchive */
#include "build/archive.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

#include <archive.h>
#include <archive_entry.h>

#include "lib/cleanup.h"
#include "lib/err.h"
#include "lib/fs.h"
#include "lib/str.h"

typedef struct archive archive_t;

static void read_freep(archive_t **a)
{
	if (*a)
		archive_read_free(*a);
}

static void write_freep(archive_t **a)
{
	if (*a)
		archive_write_free(*a);
}

static int fail(archive_t *a, const char *what)
{
	int err = archive_errno(a);

	/* Of a failed write it says "Write error" and keeps why for the number. */
	if (err == ENOSPC || err == EDQUOT)
		return err_set(err, "%s: %s", what, archive_error_string(a));
	return err_say(err > 0 ? err : EIO, "%s: %s", what, archive_error_string(a));
}

static int put_member(archive_t *a, const struct archive_member *m)
{
	struct archive_entry *e = archive_entry_new();
	_cleanup_(freep) char *file = NULL;
	const void *data = m->data;
	size_t size = m->size;
	int ret = 0;

	if (m->path) {
		ret = fs_read(m->path, &file, &size);
		data = file;
	}
	if (!ret) {
		archive_entry_set_pathname(e, m->name);
		archive_entry_set_filetype(e, data ? AE_IFREG : AE_IFDIR);
		archive_entry_set_perm(e, 0755);
		archive_entry_set_size(e, data ? (la_int64_t)size : 0);
		if (archive_write_header(a, e) != ARCHIVE_OK ||
		    (data && archive_write_data(a, data, size) != (la_ssize_t)size))
			ret = fail(a, m->name);
	}
	archive_entry_free(e);
	return ret;
}

int archive_cpio(const char *out, const struct archive_member *m, size_t n)
{
	_cleanup_(write_freep) archive_t *a = archive_write_new();
	int ret = 0;

	archive_write_set_format_cpio_newc(a);
	if (archive_write_open_filename(a, out) != ARCHIVE_OK)
		return fail(a, out);
	for (size_t i = 0; i < n && !ret; i++)
		ret = put_member(a, &m[i]);
	if (!ret && archive_write_close(a) != ARCHIVE_OK)
		ret = fail(a, out);
	return ret;
}

static int copy_data(archive_t *a, const char *out, mode_t mode)
{
	_cleanup_(closep) int fd = open(out, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode);

	if (fd < 0)
		return err_set(errno, "%s: create", out);
	if (archive_read_data_into_fd(a, fd) < ARCHIVE_OK)
		return fail(a, out);
	return 0;
}

int archive_inflate(const void *data, size_t size, const char *out)
{
	_cleanup_(read_freep) archive_t *a = archive_read_new();
	struct archive_entry *e;

	archive_read_support_filter_all(a);
	archive_read_support_format_raw(a);
	if (archive_read_open_memory(a, data, size) != ARCHIVE_OK ||
	    archive_read_next_header(a, &e) != ARCHIVE_OK)
		return fail(a, out);
	return copy_data(a, out, 0644);
}

static int take_entry(archive_t *a, struct archive_entry *e, const char *dir, const char *name)
{
	_cleanup_(freep) char *path = str_fmt("%s/%s", dir, name);
	char *slash = strrchr(path, '/');
	int ret;

	*slash = '\0';
	ret = fs_mkdirs(path);
	*slash = '/';
	return ret ? ret : copy_data(a, path, archive_entry_perm(e));
}

int archive_extract(const char *tar, const char *dir, int (*want)(void *arg, const char *name), void *arg)
{
	_cleanup_(read_freep) archive_t *a = archive_read_new();
	struct archive_entry *e;
	int taken = 0, more = 0, r;

	archive_read_support_filter_all(a);
	archive_read_support_format_tar(a);
	if (archive_read_open_filename(a, tar, 1 << 20) != ARCHIVE_OK)
		return fail(a, tar);
	while ((r = archive_read_next_header(a, &e)) == ARCHIVE_OK) {
		const char *name = strchr(archive_entry_pathname(e), '/');
		int err;

		if (!name || archive_entry_filetype(e) != AE_IFREG)
			continue;
		more = want(arg, name + 1);
		if (more < 0)
			return taken;
		if (!more)
			continue;
		err = take_entry(a, e, dir, name + 1);
		if (err)
			return err;
		taken++;
	}
	return r == ARCHIVE_EOF ? taken : fail(a, tar);
}
