/* SPDX-License-Identifier: GPL-2.0-only */
/* archive.h - what is packed and unpacked, through libarchive */
#ifndef BUILD_ARCHIVE_H
#define BUILD_ARCHIVE_H

#include <stddef.h>

/**
 * struct archive_member - one file of an initramfs
 * @name: path in the archive
 * @path: where its content is; NULL: @data has it, or, with @data NULL, it is a folder
 * @data: content
 * @size: bytes of @data
 */
struct archive_member {
	const char *name;
	const char *path;
	const void *data;
	size_t size;
};

/**
 * archive_cpio() - write an initramfs (cpio "newc", see the kernel's early-userspace/buffer-format)
 * @out: file to write; everything in it belongs to root and has date 0, so that equal input
 *       gives equal bytes
 * @m:   members, parents before children
 * @n:   how many
 * Return: 0 or -errno.
 */
int archive_cpio(const char *out, const struct archive_member *m, size_t n);

/**
 * archive_inflate() - decompress bytes of any filter that libarchive knows (zstd, xz, gzip, lz4, ...)
 * @data: compressed
 * @size: bytes
 * @out:  file to write
 * Return: 0 or -errno.
 */
int archive_inflate(const void *data, size_t size, const char *out);

/**
 * archive_extract() - unpack the members of a tar file that @want accepts
 * @tar:  file, compressed or not
 * @dir:  folder for them; member names keep their path without the first component
 * @want: called with the path without its first component; > 0: take it, 0: pass over,
 *        < 0: everything wanted was seen, stop reading
 * Return: number of files taken, or -errno.
 */
int archive_extract(const char *tar, const char *dir, int (*want)(void *arg, const char *name), void *arg);

#endif
