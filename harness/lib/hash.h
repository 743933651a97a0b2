/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * hash.h - SHA-256 over everything that goes into an artifact
 *
 *	struct hash *h = hash_new("kernel 1");
 *	hash_text(h, "package", name);
 *	hash_file(h, "patch", path);
 *	char *hex = hash_end(h);	64 digits, frees h
 */
#ifndef LIB_HASH_H
#define LIB_HASH_H

#include <stddef.h>

struct hash;

/** hash_new() - begin; @what names the kind of thing and the version of its recipe. */
struct hash *hash_new(const char *what);

/** hash_text() - add a named text; NULL and "" differ. */
void hash_text(struct hash *h, const char *name, const char *text);

/** hash_bytes() - add named bytes. */
void hash_bytes(struct hash *h, const char *name, const void *data, size_t len);

/** hash_file() - add a named file's content. Return: 0 or -errno. */
int hash_file(struct hash *h, const char *name, const char *path);

/** hash_end() - Return: the digest as 64 hexadecimal digits, to be freed; @h is freed. */
char *hash_end(struct hash *h);

#endif
