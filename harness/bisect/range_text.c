// SPDX-License-Identifier: GPL-2.0-only
/* range_text.c - texts compared: versions as Debian orders them, C without its comments */
#include <ctype.h>
#include <string.h>

#include "bisect/range.h"
#include "lib/cleanup.h"

/* "~" sorts before the end, letters before all else. */
static int weight(char c)
{
	if (c == '~')
		return -1;
	if (!c || isdigit((unsigned char)c))
		return 0;
	return isalpha((unsigned char)c) ? (unsigned char)c : (unsigned char)c + 256;
}

static size_t digits(const char *s)
{
	return strspn(s, "0123456789");
}

/* Two numbers of any length. */
static int compare_numbers(const char **a, const char **b)
{
	size_t x, y;
	int by;

	*a += strspn(*a, "0");
	*b += strspn(*b, "0");
	x = digits(*a);
	y = digits(*b);
	by = x == y ? strncmp(*a, *b, x) : x < y ? -1 : 1;
	*a += x;
	*b += y;
	return by;
}

/* Words and numbers in turn. */
static int compare_part(const char *a, const char *b)
{
	while (*a || *b) {
		int by;

		while ((*a && !isdigit((unsigned char)*a)) || (*b && !isdigit((unsigned char)*b))) {
			if (weight(*a) != weight(*b))
				return weight(*a) - weight(*b);
			a++;
			b++;
		}
		by = compare_numbers(&a, &b);
		if (by)
			return by;
	}
	return 0;
}

/* EPOCH:UPSTREAM-REVISION; the revision begins at the last "-". */
static void split(char *version, const char **epoch, const char **upstream, const char **revision)
{
	char *colon = strchr(version, ':'), *dash = strrchr(version, '-');

	*epoch = colon ? version : "0";
	*upstream = colon ? colon + 1 : version;
	*revision = dash ? dash + 1 : "0";
	if (colon)
		*colon = '\0';
	if (dash)
		*dash = '\0';
}

int range_debian_compare(const char *a, const char *b)
{
	_cleanup_(freep) char *x = str_dup(a), *y = str_dup(b);
	const char *of_x[3], *of_y[3];
	int by = 0;

	split(x, &of_x[0], &of_x[1], &of_x[2]);
	split(y, &of_y[0], &of_y[1], &of_y[2]);
	for (size_t i = 0; i < ARRAY_SIZE(of_x) && !by; i++)
		by = compare_part(of_x[i], of_y[i]);
	return by;
}

/**
 * struct reader - a text of C, read token by token
 * @at:           where the next token begins
 * @is_first:     nothing but space is before it in its line
 * @in_directive: it belongs to a line that begins with #
 */
struct reader {
	const char *at;
	bool is_first;
	bool in_directive;
};

/* Behind a comment, or at @s if there is none. */
static const char *behind_comment(const char *s)
{
	const char *end;

	if (s[0] != '/' || (s[1] != '*' && s[1] != '/'))
		return s;
	end = s[1] == '*' ? strstr(s + 2, "*/") : strchr(s, '\n');
	if (!end)
		return s + strlen(s);
	return s[1] == '*' ? end + 2 : end;
}

/* To the next token. A line ends a directive, unless a backslash is before its end; a comment is a space. */
static void skip_space(struct reader *r)
{
	for (;;) {
		const char *next = behind_comment(r->at);

		if (*r->at == '\n') {
			r->is_first = true;
			r->in_directive = false;
			next = r->at + 1;
		} else if (r->at[0] == '\\' && r->at[1] == '\n') {
			next = r->at + 2;
		} else if (*r->at && strchr(" \t\r\f\v", *r->at)) {
			next = r->at + 1;
		}
		if (next == r->at)
			return;
		r->at = next;
	}
}

/* Behind a string or a character, or one further. */
static const char *behind_token(const char *s)
{
	char quote = *s == '"' || *s == '\'' ? *s : 0;

	for (s++; quote && *s && *s != quote; s++)
		if (*s == '\\' && s[1])
			s++;
	return quote && *s ? s + 1 : s;
}

static bool is_word(char c)
{
	return isalnum((unsigned char)c) || c == '_';
}

/* Between two characters of one word, or of one operator, a space makes a difference; between others none. */
static bool are_joined(char before, char after)
{
	return (is_word(before) && is_word(after)) || (ispunct((unsigned char)before) && ispunct((unsigned char)after));
}

/* Whether both have the same next token, in a line of the same kind; both are behind it then. */
static bool read_same(struct reader *a, struct reader *b, char *before)
{
	const char *from_a = a->at, *from_b = b->at;
	size_t n;

	skip_space(a);
	skip_space(b);
	if (!*a->at || !*b->at)
		return *a->at == *b->at;
	a->in_directive |= a->is_first && *a->at == '#';
	b->in_directive |= b->is_first && *b->at == '#';
	n = (size_t)(behind_token(a->at) - a->at);
	if (a->in_directive != b->in_directive || (a->in_directive && a->is_first != b->is_first) || strncmp(a->at, b->at, n))
		return false;
	/* A macro's name and what follows it: "f(x)" is not "f (x)". */
	if (!(a->is_first && b->is_first) && (a->at == from_a) != (b->at == from_b) && (a->in_directive || are_joined(*before, *a->at)))
		return false;
	*before = a->at[n - 1];
	a->at += n;
	b->at += n;
	a->is_first = b->is_first = false;
	return true;
}

bool range_is_comment(const char *a, const char *b)
{
	struct reader x = { a, true, false }, y = { b, true, false };
	char before = 0;

	while (*x.at || *y.at)
		if (!read_same(&x, &y, &before))
			return false;
	return true;
}
