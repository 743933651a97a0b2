// SPDX-License-Identifier: GPL-2.0-only
/* report.c - the table of formats, and words that they share */
#include "report/report.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "lib/str.h"

const struct report_format report_formats[] = {
	{ "text",  report_text,	 "a table for people and mails" },
	{ "json",  report_json,	 "everything, with every sample" },
	{ "ktap",  report_ktap,	 "the kernel's test protocol, one test a cell" },
	{ "junit", report_junit, "XML for CI services, one test case a cell" },
	{ "lkp",   report_lkp,	 "the table of the kernel's 0-day robot: base, change, new" },
	{ "reviewers", report_reviewers, "the table of cover letters: a row a point, a column a kernel" },
	{ "kcidb", report_kcidb, "JSON for KernelCI's common database, schema 5.3" },
	{ 0 },
};

const struct report_format *report_find(const char *name)
{
	for (const struct report_format *f = report_formats; f->name; f++)
		if (!strcmp(f->name, name))
			return f;
	return NULL;
}

bool report_wants_colour(FILE *f)
{
	const char *no = getenv("NO_COLOR");

	return isatty(fileno(f)) && !(no && *no);
}

size_t report_width(FILE *f)
{
	struct winsize size;

	return isatty(fileno(f)) && !ioctl(fileno(f), TIOCGWINSZ, &size) ? size.ws_col : 0;
}

const char *report_verdict(const struct run_cell *c)
{
	return c->is_expected ? "FAIL (expected)" : verdict_name(c->verdict);
}

/** utf8_len() - Return: bytes of the character at @s, 0 when it is no UTF-8 or may not stand in a text (C1 controls, U+FFFE, U+FFFF). */
static size_t utf8_len(const unsigned char *s)
{
	/* The second byte is narrower than 80..BF after these: RFC 3629, section 4. */
	static const struct {
		unsigned char first, low, high;
	} narrow[] = {
		{ 0xc2, 0xa0, 0xbf }, { 0xe0, 0xa0, 0xbf }, { 0xed, 0x80, 0x9f },
		{ 0xf0, 0x90, 0xbf }, { 0xf4, 0x80, 0x8f },
	};
	size_t n = s[0] < 0x80 ? 1 : s[0] < 0xc2 ? 0 : s[0] < 0xe0 ? 2 : s[0] < 0xf0 ? 3 : s[0] < 0xf5 ? 4 : 0;

	for (size_t i = 1; i < n; i++)
		if ((s[i] & 0xc0) != 0x80)
			return 0;
	for (size_t i = 0; i < sizeof(narrow) / sizeof(narrow[0]); i++)
		if (s[0] == narrow[i].first && (s[1] < narrow[i].low || s[1] > narrow[i].high))
			return 0;
	return n == 3 && s[0] == 0xef && s[1] == 0xbf && s[2] >= 0xbe ? 0 : n;
}

char *report_line(const char *s)
{
	struct strbuf b = { 0 };

	strbuf_add(&b, "", 0);
	while (*s) {
		size_t n = utf8_len((const unsigned char *)s);
		bool is_control = (unsigned char)*s < ' ' || *s == 0x7f;

		if (is_control || !n)
			strbuf_add(&b, is_control ? " " : "?", 1);
		else
			strbuf_add(&b, s, n);
		s += n ? n : 1;
	}
	return b.data;
}

char *report_change(double ratio)
{
	double percent = (ratio - 1) * 100;

	if (isnan(ratio))
		return str_dup("-");
	if (isinf(ratio))
		return str_dup("from 0");
	if (ratio >= 2)
		return str_fmt(ratio >= 10 ? "x%.0f" : "x%.1f", ratio);
	/* A collapse is told from a total loss. */
	if (ratio < 0.01 && ratio > 0)
		return str_fmt("%.1f %%", percent);
	return fabs(percent) < 0.5 ? str_dup("0 %") : str_fmt("%+.0f %%", percent);
}
