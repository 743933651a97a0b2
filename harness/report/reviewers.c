// SPDX-License-Identifier: GPL-2.0-only
/*
 * reviewers.c - the table in which such series are reviewed: a row a point, a column a kernel, two lines each
 *
 *	+-------------------------+--------+---------+-------------+
 *	|                         |        | stock   | nodrop-v3   |
 *	+-------------------------+--------+---------+-------------+
 *	| backend tap, streams 1  | Mbit/s | 872     | 730 +-2%    |
 *	|                         | retr   | 1       | 2           |
 *	+-------------------------+--------+---------+-------------+
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "lib/cleanup.h"
#include "lib/str.h"
#include "report/report.h"
#include "report/table.h"

/* What passes, and what is lost for it. */
static const struct {
	enum probe probe;
	enum metric line[2];
} lines[] = {
	{ PROBE_IPERF3,	 { METRIC_THROUGHPUT_BPS, METRIC_RETRANSMITS } },
	{ PROBE_RAW,	 { METRIC_PPS, METRIC_LOST_PPS } },
	{ PROBE_PKTGEN,	 { METRIC_PPS, METRIC_LOST_PPS } },
	{ PROBE_UDP,	 { METRIC_PPS, METRIC_LOST_PPS } },
	{ PROBE_LATENCY, { METRIC_THROUGHPUT_BPS, METRIC_RR_P99_US } },
	{ PROBE_SHAPING, { METRIC_THROUGHPUT_BPS, METRIC_RR_P99_US } },
	{ PROBE_VPN,	 { METRIC_THROUGHPUT_BPS, METRIC_RETRANSMITS } },
};
_Static_assert(ARRAY_SIZE(lines) == PROBE_COUNT, "a row for every probe");

/** struct grid - @n_cols texts a line; @width: of each column */
struct grid {
	size_t n_cols;
	size_t *width;
	struct strv texts;
};

static void grid_free(struct grid *g)
{
	free(g->width);
	strv_free(&g->texts);
}

static void grid_add(struct grid *g, const char *text)
{
	size_t col = g->texts.n % g->n_cols;

	strv_add(&g->texts, text);
	if (strlen(text) > g->width[col])
		g->width[col] = strlen(text);
}

/** point_text() - Return: the axes that vary, "backend tap, streams 1", to be freed. */
static char *point_text(const struct run_result *r, const struct run_cell *c)
{
	struct strbuf b = { 0 };

	for (enum axis a = 0; a < AXIS_COUNT; a++)
		if (table_axis_varies(r, a))
			strbuf_fmt(&b, "%s%s %s", b.len ? ", " : "", axis_def(a)->name, c->cell.at[a].word);
	return b.data ? b.data : cell_name(&c->cell);
}

static char *value_text(const struct run_cell *c, enum metric m, bool is_first)
{
	_cleanup_(freep) char *n = run_number_text(m, c ? c->median[m] : NAN);
	struct strbuf b = { 0 };

	strbuf_fmt(&b, "%s", n);
	if (c && metric_def(m)->kind == METRIC_IS_RATE && !isnan(c->spread[m]))
		strbuf_fmt(&b, " +-%.0f%%", fmin(c->spread[m] * 100, 999));
	if (c && is_first && c->verdict != VERDICT_PASS)
		strbuf_fmt(&b, " %s", report_verdict(c));
	return b.data;
}

/** is_first() - no kernel before has a cell at this point. */
static bool is_first(const struct run_result *r, const struct run_cell *c)
{
	for (size_t k = 0; k < c->cell.kernel; k++)
		if (run_cell_other(r, c, k))
			return false;
	return true;
}

static void add_point(struct grid *g, const struct run_result *r, const struct run_cell *c)
{
	_cleanup_(freep) char *point = point_text(r, c);
	size_t row = 0;

	while (lines[row].probe != r->probe)
		row++;
	for (size_t l = 0; l < ARRAY_SIZE(lines[row].line); l++) {
		enum metric m = lines[row].line[l];

		grid_add(g, l ? "" : point);
		grid_add(g, metric_def(m)->title);
		for (size_t k = 0; k < r->n_kernels; k++) {
			_cleanup_(freep) char *value = value_text(run_cell_other(r, c, k), m, !l);

			grid_add(g, value);
		}
	}
}

static void print_rule(const struct grid *g, FILE *f)
{
	for (size_t i = 0; i < g->n_cols; i++) {
		fputc('+', f);
		for (size_t n = 0; n < g->width[i] + 2; n++)
			fputc('-', f);
	}
	fputs("+\n", f);
}

static void print_grid(const struct grid *g, FILE *f)
{
	print_rule(g, f);
	for (size_t i = 0; i < g->texts.n; i++) {
		size_t col = i % g->n_cols, line = i / g->n_cols;

		fprintf(f, "| %-*s ", (int)g->width[col], g->texts.v[i]);
		if (col + 1 < g->n_cols)
			continue;
		fputs("|\n", f);
		if (line % 2 == 0)
			print_rule(g, f);
	}
}

static void print_reading(const struct run_result *r, const struct report_opts *o, FILE *f)
{
	fprintf(f, "Medians; +- is half of the range of the samples over their median.\n");
	for (size_t k = 0; k < r->n_kernels; k++) {
		_cleanup_(freep) char *name = report_line(r->kernels[k].name);
		_cleanup_(freep) char *package = report_line(r->kernels[k].package);
		_cleanup_(freep) char *series = r->kernels[k].series ? report_line(r->kernels[k].series) : NULL;

		fprintf(f, "%s: %s, %s%s%s\n", name, r->kernels[k].release, package, series ? ", series " : "",
			series ? series : "");
	}
	if (o->run_dir)
		fprintf(f, "reproduce: tapbed run %s/plan.yaml\n", o->run_dir);
}

void report_reviewers(const struct run_result *r, const struct report_opts *o, FILE *f)
{
	_cleanup_(grid_free) struct grid g = { .n_cols = 2 + r->n_kernels };
	_cleanup_(freep) char *line = report_line(r->line);

	g.width = mem_zalloc(g.n_cols * sizeof(*g.width));
	grid_add(&g, "");
	grid_add(&g, "");
	for (size_t k = 0; k < r->n_kernels; k++) {
		_cleanup_(freep) char *name = report_line(r->kernels[k].name);

		grid_add(&g, name);
	}
	for (size_t i = 0; i < r->n_cells; i++)
		if (is_first(r, &r->cells[i]))
			add_point(&g, r, &r->cells[i]);
	print_grid(&g, f);
	print_reading(r, o, f);
	fprintf(f, "%s\n", line);
}
