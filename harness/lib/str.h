/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * str.h - strings that own their memory
 *
 * Running out of memory ends the process here: nothing useful could be measured then, and
 * everything that outlives us is owned by descriptors.
 */
#ifndef LIB_STR_H
#define LIB_STR_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

/** str_fmt() - Return: what printf would print, to be freed by the caller. */
char *str_fmt(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/** str_vfmt() - the same for who is given arguments. */
char *str_vfmt(const char *fmt, va_list ap) __attribute__((format(printf, 1, 0)));

/** str_dup() - Return: a copy of @s, to be freed; NULL for NULL. */
char *str_dup(const char *s);

/** str_set() - replace the owned string *@dst by a copy of @src (NULL is allowed). */
void str_set(char **dst, const char *src);

/** mem_zalloc() - Return: @size zeroed bytes, to be freed. */
void *mem_zalloc(size_t size);

/** mem_grow() - Return: @p with room for @n elements of @size bytes; new ones are not zeroed. */
void *mem_grow(void *p, size_t n, size_t size);

/** str_starts() - Return: whether @s begins with @prefix. */
bool str_starts(const char *s, const char *prefix);

/** str_ends() - Return: whether @s ends with @suffix. */
bool str_ends(const char *s, const char *suffix);

/** str_eq() - Return: whether both are NULL, or both are the same text. */
bool str_eq(const char *a, const char *b);

/** str_shell() - Return: @s as one word of a POSIX shell, in single quotes where it needs any; to be freed. */
char *str_shell(const char *s);

/** str_tail_lines() - Return: where the last @lines lines of @s begin; a trailing newline does not count. */
const char *str_tail_lines(const char *s, int lines);

/**
 * struct strbuf - a text that grows; start with = {0}, end with strbuf_free()
 * @data: NUL-terminated text, NULL while empty
 * @len:  its length in bytes
 */
struct strbuf {
	char *data;
	size_t len;
	size_t room;
};

void strbuf_add(struct strbuf *b, const char *data, size_t len);
void strbuf_fmt(struct strbuf *b, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void strbuf_free(struct strbuf *b);

/** strbuf_text() - Return: the text, "" while empty; owned by @b. */
const char *strbuf_text(const struct strbuf *b);

/**
 * struct strv - a NULL-terminated list of owned strings, an argv for instance
 *
 * Start with = {0}; strv_add() copies; strv_free() frees all.
 */
struct strv {
	char **v;
	size_t n;
};

void strv_add(struct strv *l, const char *s);
void strv_fmt(struct strv *l, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
bool strv_has(const struct strv *l, const char *s);
/** strv_join() - Return: the strings with @sep between them, to be freed. */
char *strv_join(const struct strv *l, const char *sep);
void strv_free(struct strv *l);

#endif
