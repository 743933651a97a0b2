// SPDX-License-Identifier: GPL-2.0-only
/* list.c - the text report of a run of scenarios: what each of them found */
#include "report/list.h"

#include <string.h>

#include "lib/cleanup.h"
#include "lib/str.h"
#include "report/report.h"
#include "report/table.h"

/* Reasons begin in one column, and that leaves them room to be read. */
#define ROOM_MIN 24

static bool is_scenario(const struct run_cell *c)
{
	return !cell_is_usual(&c->cell, AXIS_SCENARIO);
}

bool list_is_for(const struct run_result *r)
{
	for (size_t i = 0; i < r->n_cells; i++)
		if (is_scenario(&r->cells[i]))
			return true;
	return false;
}

/** title() - Return: the scenario and every other axis that varies, "resize-zero, reader poll", to be freed. */
static char *title(const struct run_result *r, const struct run_cell *c)
{
	const char *scenario = c->cell.at[AXIS_SCENARIO].word;
	struct strbuf b = { 0 };

	strbuf_fmt(&b, "%s", is_scenario(c) ? scenario : "steady traffic");
	for (int a = 0; a < AXIS_COUNT; a++)
		if (a != AXIS_SCENARIO && table_axis_varies(r, a))
			strbuf_fmt(&b, ", %s %s", axis_def(a)->name, c->cell.at[a].word);
	return b.data;
}

/** words_fit() - Return: how many bytes of @text stand in @room columns, whole words if there are any. */
static size_t words_fit(const char *text, size_t room)
{
	size_t len = strlen(text);

	if (len <= room)
		return len;
	for (size_t i = room; i > 0; i--)
		if (text[i] == ' ')
			return i;
	return strcspn(text, " ");
}

/** print_wrapped() - the first line goes on where the cursor is, in column @indent. */
static void print_wrapped(const char *text, size_t indent, size_t width, FILE *f)
{
	size_t room = width > indent + ROOM_MIN ? width - indent : ROOM_MIN;
	_cleanup_(freep) char *clean = report_line(text);
	const char *p = clean;

	for (;;) {
		size_t n = words_fit(p, room);

		fprintf(f, "%.*s\n", (int)n, p);
		p += n + strspn(p + n, " ");
		if (!*p)
			return;
		fprintf(f, "%*s", (int)indent, "");
	}
}

/** struct list - widths of the columns of kernels and verdicts */
struct list {
	const struct run_result *run;
	size_t kernel;
	size_t verdict;
	size_t width;
};

static void print_cell(const struct list *l, const struct run_cell *c, FILE *f)
{
	_cleanup_(freep) char *kernel = report_line(l->run->kernels[c->cell.kernel].name);

	fprintf(f, "  %-*s  ", (int)l->kernel, kernel);
	if (!*c->reason)
		fprintf(f, "%s\n", report_verdict(c));
	else
		fprintf(f, "%-*s  ", (int)l->verdict, report_verdict(c));
	if (*c->reason)
		print_wrapped(c->reason, 2 + l->kernel + 2 + l->verdict + 2, l->width, f);
}

static struct list measure(const struct run_result *r, size_t width)
{
	struct list l = { .run = r, .width = width ? width : LIST_WIDTH };

	for (size_t i = 0; i < r->n_cells; i++) {
		const struct run_cell *c = &r->cells[i];
		size_t kernel = strlen(r->kernels[c->cell.kernel].name);
		size_t verdict = strlen(report_verdict(c));

		if (kernel > l.kernel)
			l.kernel = kernel;
		if (*c->reason && verdict > l.verdict)
			l.verdict = verdict;
	}
	return l;
}

static bool is_told(const struct run_result *r, size_t cell)
{
	for (size_t i = 0; i < cell; i++)
		if (cell_same_point(&r->cells[i].cell, &r->cells[cell].cell))
			return true;
	return false;
}

void list_print(const struct run_result *r, size_t width, FILE *f)
{
	struct list l = measure(r, width);

	for (size_t i = 0; i < r->n_cells; i++) {
		_cleanup_(freep) char *head = title(r, &r->cells[i]);

		if (is_told(r, i))
			continue;
		fprintf(f, "%s\n", head);
		for (size_t j = i; j < r->n_cells; j++)
			if (cell_same_point(&r->cells[j].cell, &r->cells[i].cell))
				print_cell(&l, &r->cells[j], f);
	}
	fputc('\n', f);
}
