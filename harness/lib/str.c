// SPDX-License-Identifier: GPL-2.0-only
/* str.c - strings that own their memory */
#include "lib/str.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void *must(void *p)
{
	if (!p) {
		fputs("tapbed: out of memory\n", stderr);
		abort();
	}
	return p;
}

char *str_vfmt(const char *fmt, va_list ap)
{
	char *s;

	if (vasprintf(&s, fmt, ap) < 0)
		s = NULL;
	return must(s);
}

char *str_fmt(const char *fmt, ...)
{
	va_list ap;
	char *s;

	va_start(ap, fmt);
	s = str_vfmt(fmt, ap);
	va_end(ap);
	return s;
}

char *str_dup(const char *s)
{
	return s ? must(strdup(s)) : NULL;
}

void str_set(char **dst, const char *src)
{
	char *copy = str_dup(src);

	free(*dst);
	*dst = copy;
}

void *mem_zalloc(size_t size)
{
	return must(calloc(1, size ? size : 1));
}

void *mem_grow(void *p, size_t n, size_t size)
{
	return must(reallocarray(p, n ? n : 1, size));
}

bool str_starts(const char *s, const char *prefix)
{
	return !strncmp(s, prefix, strlen(prefix));
}

bool str_ends(const char *s, const char *suffix)
{
	size_t ls = strlen(s), lx = strlen(suffix);

	return ls >= lx && !strcmp(s + ls - lx, suffix);
}

bool str_eq(const char *a, const char *b)
{
	return a == b || (a && b && !strcmp(a, b));
}

char *str_shell(const char *s)
{
	struct strbuf b = { 0 };
	char *word;

	if (*s && !s[strspn(s, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-+=:,./@%")])
		return str_dup(s);
	strbuf_add(&b, "'", 1);
	for (; *s; s++)
		strbuf_fmt(&b, *s == '\'' ? "'\\%c'" : "%c", *s);
	strbuf_add(&b, "'", 1);
	word = str_dup(strbuf_text(&b));
	strbuf_free(&b);
	return word;
}

const char *str_tail_lines(const char *s, int lines)
{
	const char *p = s + strlen(s);

	if (p > s && p[-1] == '\n')
		p--;
	while (p > s) {
		if (p[-1] == '\n' && --lines <= 0)
			break;
		p--;
	}
	return p;
}

void strbuf_add(struct strbuf *b, const char *data, size_t len)
{
	if (b->len + len + 1 > b->room) {
		b->room = 2 * (b->len + len) + 64;
		b->data = must(realloc(b->data, b->room));
	}
	memcpy(b->data + b->len, data, len);
	b->len += len;
	b->data[b->len] = '\0';
}

void strbuf_fmt(struct strbuf *b, const char *fmt, ...)
{
	va_list ap;
	char *s;

	va_start(ap, fmt);
	s = str_vfmt(fmt, ap);
	va_end(ap);
	strbuf_add(b, s, strlen(s));
	free(s);
}

void strbuf_free(struct strbuf *b)
{
	free(b->data);
	*b = (struct strbuf){ 0 };
}

const char *strbuf_text(const struct strbuf *b)
{
	return b->data ? b->data : "";
}

static void strv_take(struct strv *l, char *s)
{
	l->v = mem_grow(l->v, l->n + 2, sizeof(*l->v));
	l->v[l->n++] = s;
	l->v[l->n] = NULL;
}

void strv_add(struct strv *l, const char *s)
{
	strv_take(l, str_dup(s));
}

void strv_fmt(struct strv *l, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	strv_take(l, str_vfmt(fmt, ap));
	va_end(ap);
}

bool strv_has(const struct strv *l, const char *s)
{
	for (size_t i = 0; i < l->n; i++)
		if (!strcmp(l->v[i], s))
			return true;
	return false;
}

char *strv_join(const struct strv *l, const char *sep)
{
	struct strbuf b = { 0 };

	for (size_t i = 0; i < l->n; i++)
		strbuf_fmt(&b, "%s%s", i ? sep : "", l->v[i]);
	return b.data ? b.data : str_dup("");
}

void strv_free(struct strv *l)
{
	for (size_t i = 0; i < l->n; i++)
		free(l->v[i]);
	free(l->v);
	*l = (struct strv){ 0 };
}
