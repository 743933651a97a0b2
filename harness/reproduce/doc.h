/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * doc.h - a page that is written once, as text or as Markdown
 *
 *	struct doc d = { .form = DOC_MARKDOWN, .to = stdout };
 *	struct grid g = { .n_cols = 2 };
 *
 *	doc_heading(&d, 2, "Tables");
 *	grid_add(&g, "queue"), grid_add(&g, "ratio");
 *	grid_add(&g, "%d", 10), grid_add(&g, "%.2f", 3.18);
 *	doc_grid(&d, &g);
 */
#ifndef REPRODUCE_DOC_H
#define REPRODUCE_DOC_H

#include <stdio.h>

#include "lib/str.h"

enum doc_form { DOC_TEXT, DOC_MARKDOWN };

struct doc {
	enum doc_form form;
	FILE *to;
};

/** struct grid - a table, row after row; the first row is its head, its first column stands left */
struct grid {
	size_t n_cols;
	struct strv cells;
};

void grid_add(struct grid *g, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void grid_free(struct grid *g);

/** doc_heading() - @level: 1 for the page's own, to 3 */
void doc_heading(const struct doc *d, int level, const char *text);

void doc_para(const struct doc *d, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/** doc_item() - one of a list; @lead is set off from the rest, "" for none. doc_end_list() after the last. */
void doc_item(const struct doc *d, const char *lead, const char *fmt, ...) __attribute__((format(printf, 3, 4)));
void doc_end_list(const struct doc *d);

void doc_grid(const struct doc *d, const struct grid *g);

#endif
