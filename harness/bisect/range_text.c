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

static const char *behind_space(const char *s)
{
	for (;;) {
		const char *next = behind_comment(s + strspn(s, " \t\n\r\f\v"));

		if (next == s)
			return s;
		s = next;
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

bool range_is_comment(const char *a, const char *b)
{
	const char *was = "";

	for (;;) {
		const char *x = behind_space(a), *y = behind_space(b);
		size_t n;

		/* "int x" is not "intx". */
		if (is_word(*was) && is_word(*x) && (x == a) != (y == b))
			return false;
		if (!*x || !*y)
			return !*x && !*y;
		n = (size_t)(behind_token(x) - x);
		if (strncmp(x, y, n))
			return false;
		was = x + n - 1;
		a = x + n;
		b = y + n;
	}
}
