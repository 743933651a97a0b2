// SPDX-License-Identifier: GPL-2.0-only
/* hash.c - SHA-256 over everything that goes into an artifact */
#include "lib/hash.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <string.h>

#include <openssl/evp.h>

#include "lib/cleanup.h"
#include "lib/err.h"
#include "lib/str.h"

struct hash {
	EVP_MD_CTX *ctx;
};

struct hash *hash_new(const char *what)
{
	struct hash *h = mem_zalloc(sizeof(*h));

	h->ctx = EVP_MD_CTX_new();
	EVP_DigestInit_ex(h->ctx, EVP_sha256(), NULL);
	hash_text(h, "what", what);
	return h;
}

/* Lengths go in first, so that ("a", "bc") and ("ab", "c") differ. */
static void add(struct hash *h, const char *data, uint64_t len)
{
	EVP_DigestUpdate(h->ctx, &len, sizeof(len));
	if (data)
		EVP_DigestUpdate(h->ctx, data, len);
}

void hash_text(struct hash *h, const char *name, const char *text)
{
	add(h, name, strlen(name));
	add(h, text, text ? strlen(text) : UINT64_MAX);
}

void hash_bytes(struct hash *h, const char *name, const void *data, size_t len)
{
	add(h, name, strlen(name));
	add(h, data, len);
}

int hash_file(struct hash *h, const char *name, const char *path)
{
	_cleanup_(closep) int fd = open(path, O_RDONLY | O_CLOEXEC);
	uint64_t total = 0;
	char chunk[65536];
	ssize_t n;

	if (fd < 0)
		return err_set(errno, "%s: open", path);
	add(h, name, strlen(name));
	while ((n = read(fd, chunk, sizeof(chunk))) > 0) {
		EVP_DigestUpdate(h->ctx, chunk, (size_t)n);
		total += (uint64_t)n;
	}
	if (n < 0)
		return err_set(errno, "%s: read", path);
	EVP_DigestUpdate(h->ctx, &total, sizeof(total));
	return 0;
}

char *hash_end(struct hash *h)
{
	unsigned char md[EVP_MAX_MD_SIZE];
	struct strbuf b = { 0 };
	unsigned int len = 0;

	EVP_DigestFinal_ex(h->ctx, md, &len);
	for (unsigned int i = 0; i < len; i++)
		strbuf_fmt(&b, "%02x", md[i]);
	EVP_MD_CTX_free(h->ctx);
	free(h);
	return b.data;
}
