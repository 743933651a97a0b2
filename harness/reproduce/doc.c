// SPDX-License-Identifier: GPL-2.0-only
/* doc.c - a page that is written once, as text or as Markdown */
#include "reproduce/doc.h"

#include <string.h>

#include "lib/cleanup.h"

/* Columns of the text; Markdown is wrapped by who shows it. */
#define WIDTH 100

void grid_add(struct grid *g, const char *fmt, ...)
{
	_cleanup_(freep) char *text = NULL;
	va_list ap;

	va_start(ap, fmt);
	text = str_vfmt(fmt, ap);
	va_end(ap);
	strv_add(&g->cells, text);
}

void grid_free(struct grid *g)
{
	strv_free(&g->cells);
}

static void repeat(FILE *f, char c, size_t n)
{
	while (n--)
		fputc(c, f);
}

void doc_heading(const struct doc *d, int level, const char *text)
{
	if (d->form == DOC_MARKDOWN) {
		repeat(d->to, '#', (size_t)level);
		fprintf(d->to, " %s\n\n", text);
		return;
	}
	fprintf(d->to, "%s\n", text);
	repeat(d->to, "=-~"[level - 1], strlen(text));
	fputs(level == 3 ? "\n" : "\n\n", d->to);
}

/* What does not fit goes on in the next line, behind @indent blanks; a word is never broken. */
static void wrap(FILE *f, const char *text, size_t at, size_t indent)
{
	for (bool is_first = true; *text; is_first = false) {
		size_t len = strcspn(text, " ");

		if (!is_first && at + 1 + len > WIDTH) {
			fputc('\n', f);
			repeat(f, ' ', indent);
			at = indent;
		} else if (!is_first) {
			fputc(' ', f);
			at++;
		}
		fwrite(text, 1, len, f);
		at += len;
		text += len + strspn(text + len, " ");
	}
	fputc('\n', f);
}

static void print(const struct doc *d, const char *text, size_t at, size_t indent)
{
	if (d->form == DOC_MARKDOWN)
		fprintf(d->to, "%s\n", text);
	else
		wrap(d->to, text, at, indent);
}

void doc_para(const struct doc *d, const char *fmt, ...)
{
	_cleanup_(freep) char *text = NULL;
	va_list ap;

	va_start(ap, fmt);
	text = str_vfmt(fmt, ap);
	va_end(ap);
	print(d, text, 0, 0);
	fputc('\n', d->to);
}

void doc_item(const struct doc *d, const char *lead, const char *fmt, ...)
{
	_cleanup_(freep) char *text = NULL, *line = NULL;
	const char *mark = d->form == DOC_MARKDOWN && *lead ? "**" : "";
	va_list ap;

	va_start(ap, fmt);
	text = str_vfmt(fmt, ap);
	va_end(ap);
	/* What a daemon said last has lines of its own. */
	for (char *p = text; (p = strpbrk(p, "\r\n\t")); p++)
		*p = ' ';
	line = str_fmt("%s%s%s%s%s", mark, lead, mark, *lead ? ": " : "", text);
	fputs(d->form == DOC_MARKDOWN ? "- " : "  ", d->to);
	print(d, line, 2, 6);
}

void doc_end_list(const struct doc *d)
{
	fputc('\n', d->to);
}

static const char *cell(const struct grid *g, size_t row, size_t col)
{
	return g->cells.v[row * g->n_cols + col];
}

static size_t width(const struct grid *g, size_t col)
{
	size_t w = 3; /* the shortest that Markdown takes for a rule */

	for (size_t r = 0; r < g->cells.n / g->n_cols; r++)
		if (strlen(cell(g, r, col)) > w)
			w = strlen(cell(g, r, col));
	return w;
}

static void grid_row(const struct doc *d, const struct grid *g, size_t row)
{
	bool is_markdown = d->form == DOC_MARKDOWN;

	for (size_t c = 0; c < g->n_cols; c++)
		fprintf(d->to, "%s%*s", is_markdown ? c ? " | " : "| " : "  ", (int)width(g, c) * (c ? 1 : -1),
			cell(g, row, c));
	fputs(is_markdown ? " |\n" : "\n", d->to);
}

static void grid_rule(const struct doc *d, const struct grid *g)
{
	for (size_t c = 0; c < g->n_cols; c++) {
		fputs(c ? " | " : "| ", d->to);
		repeat(d->to, '-', width(g, c) - (c ? 1 : 0));
		fputs(c ? ":" : "", d->to);
	}
	fputs(" |\n", d->to);
}

void doc_grid(const struct doc *d, const struct grid *g)
{
	for (size_t r = 0; r < g->cells.n / g->n_cols; r++) {
		grid_row(d, g, r);
		if (!r && d->form == DOC_MARKDOWN)
			grid_rule(d, g);
	}
	fputc('\n', d->to);
}
