/* SPDX-License-Identifier: GPL-2.0-only */
/* fs.h - files and folders, whole ones */
#ifndef LIB_FS_H
#define LIB_FS_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/** fs_read() - read a whole file. @ret_len may be NULL. Return: 0 and a NUL-terminated *@ret (to free), or -errno. */
int fs_read(const char *path, char **ret, size_t *ret_len);

/** fs_write() - write a file beside its name, then rename it over: readers never see half of it. Return: 0 or -errno. */
int fs_write(const char *path, const char *data, size_t len, mode_t mode);

/** fs_append() - append to a file, made if it is missing. Return: 0 or -errno. */
int fs_append(const char *path, const char *data, size_t len);

/** fs_copy() - copy a file, sparse and by reflink where the file system can. Return: 0 or -errno. */
int fs_copy(const char *from, const char *to, mode_t mode);

/** fs_mkdirs() - make a folder and its parents. Return: 0 or -errno. */
int fs_mkdirs(const char *path);

/** fs_remove() - remove a file or a whole folder; a missing one is fine. Return: 0 or -errno. */
int fs_remove(const char *path);

/** fs_exists() - Return: whether there is something at @path. */
bool fs_exists(const char *path);

/** fs_size() - Return: bytes that a file or a folder with all in it takes on the disk; -errno if there is none. */
long long fs_size(const char *path);

#endif
