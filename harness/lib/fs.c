// SPDX-License-Identifier: GPL-2.0-only
/* fs.c - files and folders, whole ones */
#include "lib/fs.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <linux/fs.h>

#include "lib/cleanup.h"
#include "lib/err.h"
#include "lib/str.h"

int fs_read(const char *path, char **ret, size_t *ret_len)
{
	_cleanup_(closep) int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct strbuf b = { 0 };
	char chunk[65536];
	ssize_t n;

	if (fd < 0)
		return err_set(errno, "%s: open", path);
	while ((n = read(fd, chunk, sizeof(chunk))) > 0)
		strbuf_add(&b, chunk, (size_t)n);
	if (n < 0) {
		strbuf_free(&b);
		return err_set(errno, "%s: read", path);
	}
	if (ret_len)
		*ret_len = b.len;
	*ret = b.data ? b.data : str_dup("");
	return 0;
}

static int write_all(int fd, const char *data, size_t len)
{
	while (len) {
		ssize_t n = write(fd, data, len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		data += n;
		len -= (size_t)n;
	}
	return 0;
}

int fs_write(const char *path, const char *data, size_t len, mode_t mode)
{
	_cleanup_(freep) char *part = str_fmt("%s.%d.part", path, getpid());
	int fd = open(part, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode);
	int ret;

	if (fd < 0)
		return err_set(errno, "%s: create", part);
	ret = write_all(fd, data, len);
	if (close(fd) && !ret)
		ret = -errno;
	if (!ret && rename(part, path))
		ret = -errno;
	if (ret) {
		(void)unlink(part);
		return err_set(-ret, "%s: write %zu bytes", path, len);
	}
	return 0;
}

int fs_append(const char *path, const char *data, size_t len)
{
	_cleanup_(closep) int fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
	int ret;

	if (fd < 0)
		return err_set(errno, "%s: open", path);
	ret = write_all(fd, data, len);
	return ret ? err_set(-ret, "%s: append %zu bytes", path, len) : 0;
}

static int copy_range(int in, int out, off_t from, off_t to)
{
	off_t at = from;

	while (at < to) {
		off_t out_at = at;
		ssize_t n = copy_file_range(in, &at, out, &out_at, (size_t)(to - at), 0);

		if (n < 0)
			return -errno;
		if (n == 0)
			break;
	}
	return 0;
}

static int copy_sparse(int in, int out, off_t size)
{
	off_t at = 0;

	while (at < size) {
		off_t data = lseek(in, at, SEEK_DATA);
		off_t hole;
		int ret;

		if (data < 0)
			break;
		hole = lseek(in, data, SEEK_HOLE);
		ret = copy_range(in, out, data, hole);
		if (ret)
			return ret;
		at = hole;
	}
	return ftruncate(out, size) ? -errno : 0;
}

int fs_copy(const char *from, const char *to, mode_t mode)
{
	_cleanup_(closep) int in = open(from, O_RDONLY | O_CLOEXEC);
	_cleanup_(closep) int out = -1;
	struct stat st;
	int ret;

	if (in < 0 || fstat(in, &st))
		return err_set(errno, "%s: open", from);
	out = open(to, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, mode);
	if (out < 0)
		return err_set(errno, "%s: create", to);
	if (!ioctl(out, FICLONE, in))
		return 0;
	ret = copy_sparse(in, out, st.st_size);
	return ret ? err_set(-ret, "%s: copy from %s", to, from) : 0;
}

int fs_mkdirs(const char *path)
{
	_cleanup_(freep) char *p = str_dup(path);

	for (char *s = p + 1; ; s++) {
		char c = *s;

		if (c && c != '/')
			continue;
		*s = '\0';
		if (mkdir(p, 0755) && errno != EEXIST)
			return err_set(errno, "%s: make folder", p);
		*s = c;
		if (!c)
			return 0;
	}
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)st, (void)type, (void)ftw;
	return remove(path) && errno != ENOENT ? errno : 0;
}

int fs_remove(const char *path)
{
	int ret;

	if (!fs_exists(path))
		return 0;
	ret = nftw(path, remove_one, 32, FTW_DEPTH | FTW_PHYS);
	return ret ? err_set(ret > 0 ? ret : errno, "%s: remove", path) : 0;
}

bool fs_exists(const char *path)
{
	struct stat st;

	return !lstat(path, &st);
}

static _Thread_local long long sum_bytes;

static int sum_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)path, (void)type, (void)ftw;
	sum_bytes += (long long)st->st_blocks * 512;
	return 0;
}

long long fs_size(const char *path)
{
	sum_bytes = 0;
	if (nftw(path, sum_one, 32, FTW_PHYS))
		return err_set(errno, "%s: size", path);
	return sum_bytes;
}
