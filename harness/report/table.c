// SPDX-License-Identifier: GPL-2.0-only
/* table.c - the table of the text report */
#include "report/table.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "lib/cleanup.h"
#include "lib/str.h"
#include "report/report.h"

/* What the table shows; everything else stands in the JSON report. Rates have a change and a spread. */
static const struct group {
	enum probe probe;
	enum metric metric;
	bool is_rate;
	bool is_always; /* also when no cell has it */
} groups[] = {
	{ PROBE_IPERF3, METRIC_THROUGHPUT_BPS, true,  true  },
	{ PROBE_IPERF3, METRIC_RETRANSMITS,    false, false },
	{ PROBE_IPERF3, METRIC_TX_DROPPED,     false, false },
	{ PROBE_RAW,	METRIC_PPS,	       true,  true  },
	{ PROBE_RAW,	METRIC_LOST_PPS,       false, false },
	{ PROBE_RAW,	METRIC_STALLS,	       false, false },
	{ PROBE_LATENCY, METRIC_THROUGHPUT_BPS, true, true  },
	{ PROBE_LATENCY, METRIC_PING_P50_US,   false, false },
	{ PROBE_LATENCY, METRIC_PING_P99_US,   false, false },
	{ PROBE_LATENCY, METRIC_RR_P50_US,     false, false },
	{ PROBE_LATENCY, METRIC_RR_P99_US,     false, false },
	{ PROBE_VPN,	METRIC_THROUGHPUT_BPS, true,  true  },
	{ PROBE_VPN,	METRIC_RETRANSMITS,    false, false },
	{ PROBE_VPN,	METRIC_TX_DROPPED,     false, false },
	{ PROBE_UDP,	METRIC_THROUGHPUT_BPS, true,  true  },
	{ PROBE_UDP,	METRIC_LOST_PERCENT,   false, false },
	{ PROBE_UDP,	METRIC_JITTER_US,      false, false },
	{ PROBE_SHAPING, METRIC_THROUGHPUT_BPS, true, true  },
	{ PROBE_SHAPING, METRIC_PRIO_PERCENT,  false, false },
	{ PROBE_SHAPING, METRIC_RR_P99_US,     false, false },
	{ PROBE_SHAPING, METRIC_QDISC_BACKLOG, false, false },
	{ PROBE_PKTGEN,	METRIC_PPS,	       true,  true  },
	{ PROBE_PKTGEN,	METRIC_LOST_PPS,       false, false },
};

/* Axes that are shown even where they do not vary. */
static const struct {
	enum probe probe;
	enum axis axis;
} always[] = {
	{ PROBE_IPERF3, AXIS_BACKEND },
	{ PROBE_IPERF3, AXIS_TXQUEUELEN },
	{ PROBE_RAW,	AXIS_BACKEND },
	{ PROBE_RAW,	AXIS_TXQUEUELEN },
	{ PROBE_RAW,	AXIS_READER },
	{ PROBE_LATENCY, AXIS_BACKEND },
	{ PROBE_LATENCY, AXIS_TXQUEUELEN },
	{ PROBE_PKTGEN,	AXIS_TXQUEUELEN },
	{ PROBE_PKTGEN,	AXIS_READER },
	{ PROBE_PKTGEN,	AXIS_SENDERS },
	{ PROBE_SHAPING, AXIS_BACKEND },
	{ PROBE_SHAPING, AXIS_TXQUEUELEN },
	{ PROBE_SHAPING, AXIS_SHAPER },
	{ PROBE_SHAPING, AXIS_SHAPER_MBIT },
	{ PROBE_UDP,	AXIS_BACKEND },
	{ PROBE_UDP,	AXIS_TXQUEUELEN },
	{ PROBE_VPN,	AXIS_TXQUEUELEN },
	{ PROBE_VPN,	AXIS_DELAY_MS },
	{ PROBE_VPN,	AXIS_VPN },
};

/** struct column - @group: what stands over it, NULL for an axis; it goes on over columns of the same group */
struct column {
	char *head;
	const char *group;
	bool is_left;
	size_t width;
};

/** struct row - one text a column; @mark: a verdict that is not PASS, or "" */
struct row {
	struct strv texts;
	const char *mark;
};

/** struct table - one block: kernel 0 of @run and kernel @k beside it, or kernel 0 alone when @k is 0 */
struct table {
	const struct run_result *run;
	size_t k;
	struct column *cols;
	size_t n_cols;
	struct row *rows;
	size_t n_rows;
};

static void table_free(struct table *t)
{
	for (size_t i = 0; i < t->n_cols; i++)
		free(t->cols[i].head);
	for (size_t i = 0; i < t->n_rows; i++)
		strv_free(&t->rows[i].texts);
	free(t->cols);
	free(t->rows);
}

bool table_axis_varies(const struct run_result *r, enum axis a)
{
	for (size_t i = 1; i < r->n_cells; i++)
		if (strcmp(r->cells[i].cell.at[a].word, r->cells[0].cell.at[a].word))
			return true;
	return false;
}

static bool axis_is_shown(const struct run_result *r, enum axis a)
{
	for (size_t i = 0; i < ARRAY_SIZE(always); i++)
		if (always[i].probe == r->probe && always[i].axis == a)
			return true;
	return table_axis_varies(r, a);
}

static bool group_is_shown(const struct run_result *r, const struct group *g)
{
	if (g->probe != r->probe)
		return false;
	for (size_t i = 0; i < r->n_cells; i++)
		if (!isnan(r->cells[i].median[g->metric]))
			return true;
	return g->is_always;
}

static void add_column(struct table *t, const char *head, const char *group, bool is_left)
{
	t->cols = mem_grow(t->cols, t->n_cols + 1, sizeof(*t->cols));
	t->cols[t->n_cols++] = (struct column){
		.head = report_line(head), .group = group, .is_left = is_left, .width = strlen(head),
	};
}

/** group_title() - the metric's name, or its title where the table's unit is another than the name's. */
static const char *group_title(enum metric m)
{
	return metric_def(m)->scale == 1 ? metric_def(m)->name : metric_def(m)->title;
}

static void add_columns(struct table *t, char *const *heads)
{
	for (int a = 0; a < AXIS_COUNT; a++)
		if (axis_is_shown(t->run, a))
			add_column(t, axis_def(a)->name, NULL, axis_def(a)->words);
	for (size_t g = 0; g < ARRAY_SIZE(groups); g++) {
		const char *title = group_title(groups[g].metric);

		if (!group_is_shown(t->run, &groups[g]))
			continue;
		add_column(t, heads[0], title, false);
		if (t->k)
			add_column(t, heads[t->k], title, false);
		if (t->k && groups[g].is_rate)
			add_column(t, "change", title, false);
	}
}

/** value_text() - Return: "872", "872 +-4%" for a rate of several samples, "-" for a cell that is not there; to be freed. */
static char *value_text(const struct run_cell *c, enum metric m, bool is_rate)
{
	_cleanup_(freep) char *n = run_number_text(m, c ? c->median[m] : NAN);

	if (!c || !is_rate || isnan(c->spread[m]))
		return take_ptr(&n);
	if (c->spread[m] >= 10)
		return str_fmt("%s +->999%%", n);
	return str_fmt("%s +-%.0f%%", n, c->spread[m] * 100);
}

static void add_text(struct table *t, struct row *row, const char *text)
{
	struct column *col = &t->cols[row->texts.n];

	strv_add(&row->texts, text);
	if (strlen(text) > col->width)
		col->width = strlen(text);
}

static void add_values(struct table *t, struct row *row, const struct run_cell *first,
		       const struct run_cell *other)
{
	for (size_t g = 0; g < ARRAY_SIZE(groups); g++) {
		enum metric m = groups[g].metric;
		_cleanup_(freep) char *x = value_text(first, m, groups[g].is_rate);
		_cleanup_(freep) char *y = value_text(other, m, groups[g].is_rate);
		_cleanup_(freep) char *change = report_change(other ? other->change[m] : NAN);

		if (!group_is_shown(t->run, &groups[g]))
			continue;
		add_text(t, row, x);
		if (t->k)
			add_text(t, row, y);
		if (t->k && groups[g].is_rate)
			add_text(t, row, change);
	}
}

/** weight_of() - a failure that was expected weighs less than any other verdict but PASS. */
static int weight_of(const struct run_cell *c)
{
	return c->is_expected ? 1 : 2 * (int)c->verdict;
}

/** worse_of() - either may be NULL. */
static const struct run_cell *worse_of(const struct run_cell *a, const struct run_cell *b)
{
	if (!a || !b)
		return a ? a : b;
	return weight_of(b) > weight_of(a) ? b : a;
}

static bool is_skipped(const struct run_cell *c)
{
	return !c || (c->verdict == VERDICT_SKIP && !c->n_samples);
}

/** add_row() - @first and @other are at one point; one of them may be NULL. What is skipped in both is told below the tables. */
static void add_row(struct table *t, const struct run_cell *first, const struct run_cell *other)
{
	const struct run_cell *some = first ? first : other;
	const struct run_cell *worst = worse_of(first, other);
	struct row row = { .mark = worst->verdict == VERDICT_PASS ? "" : report_verdict(worst) };

	if (is_skipped(first) && is_skipped(other))
		return;
	for (int a = 0; a < AXIS_COUNT; a++)
		if (axis_is_shown(t->run, a))
			add_text(t, &row, some->cell.at[a].word);
	add_values(t, &row, first, other);
	t->rows = mem_grow(t->rows, t->n_rows + 1, sizeof(*t->rows));
	t->rows[t->n_rows++] = row;
}

static void add_rows(struct table *t)
{
	const struct run_result *r = t->run;

	for (size_t i = 0; i < r->n_cells; i++)
		if (r->cells[i].cell.kernel == 0)
			add_row(t, &r->cells[i], t->k ? run_cell_other(r, &r->cells[i], t->k) : NULL);
	for (size_t i = 0; i < r->n_cells && t->k; i++)
		if (r->cells[i].cell.kernel == t->k && !run_cell_other(r, &r->cells[i], 0))
			add_row(t, NULL, &r->cells[i]);
}

static struct table table_make(const struct run_result *r, size_t k, char *const *heads)
{
	struct table t = { .run = r, .k = k };

	add_columns(&t, heads);
	add_rows(&t);
	return t;
}

/** gap() - two blanks between groups and axes, one inside a group. */
static size_t gap(const struct table *t, size_t col)
{
	if (col == 0)
		return 0;
	return t->cols[col].group && t->cols[col].group == t->cols[col - 1].group ? 1 : 2;
}

static size_t span(const struct table *t, size_t from, size_t to)
{
	size_t n = 0;

	for (size_t i = from; i < to; i++)
		n += t->cols[i].width + (i > from ? gap(t, i) : 0);
	return n;
}

/** group_end() - Return: the first column after @from that belongs to something else. */
static size_t group_end(const struct table *t, size_t from)
{
	size_t to = from + 1;

	while (to < t->n_cols && t->cols[from].group && t->cols[to].group == t->cols[from].group)
		to++;
	return to;
}

/** widen() - a group is at least as wide as its title; its first column takes what is missing. */
static void widen(struct table *t)
{
	for (size_t i = 0, end; i < t->n_cols; i = end) {
		size_t want = t->cols[i].group ? strlen(t->cols[i].group) : 0;
		size_t has;

		end = group_end(t, i);
		has = span(t, i, end);
		if (has < want)
			t->cols[i].width += want - has;
	}
}

static void print_repeated(char c, size_t n, FILE *f)
{
	while (n--)
		fputc(c, f);
}

/** print_title() - "--- Mbit/s ----" over a group of @width columns. */
static void print_title(const char *title, size_t width, FILE *f)
{
	size_t len = strlen(title);
	size_t rest = width > len + 2 ? width - len - 2 : 0;

	if (rest < 2) {
		fprintf(f, "%*s", (int)width, title);
		return;
	}
	print_repeated('-', rest / 2, f);
	fprintf(f, " %s ", title);
	print_repeated('-', rest - rest / 2, f);
}

static void print_groups(const struct table *t, FILE *f)
{
	for (size_t i = 0, end; i < t->n_cols; i = end) {
		end = group_end(t, i);
		print_repeated(' ', gap(t, i), f);
		if (t->cols[i].group)
			print_title(t->cols[i].group, span(t, i, end), f);
		else
			print_repeated(' ', t->cols[i].width, f);
	}
	fputc('\n', f);
}

static void print_texts(const struct table *t, char *const *texts, const char *mark, FILE *f)
{
	for (size_t i = 0; i < t->n_cols; i++) {
		int width = (int)t->cols[i].width;

		print_repeated(' ', gap(t, i), f);
		fprintf(f, "%*s", t->cols[i].is_left ? -width : width, texts[i]);
	}
	fprintf(f, "%s%s\n", *mark ? "  " : "", mark);
}

static void print_block(const struct run_result *r, size_t k, char *const *heads, FILE *f)
{
	_cleanup_(table_free) struct table t = table_make(r, k, heads);
	_cleanup_(strv_free) struct strv titles = { 0 };

	widen(&t);
	if (!t.n_rows)
		return;
	for (size_t i = 0; i < t.n_cols; i++)
		strv_add(&titles, t.cols[i].head);
	print_groups(&t, f);
	print_texts(&t, titles.v, "", f);
	for (size_t i = 0; i < t.n_rows; i++)
		print_texts(&t, t.rows[i].texts.v, t.rows[i].mark, f);
	fputc('\n', f);
}

static bool is_too_wide(const struct run_result *r, size_t k, char *const *heads)
{
	_cleanup_(table_free) struct table t = table_make(r, k, heads);

	widen(&t);
	return span(&t, 0, t.n_cols) > TABLE_WIDTH_MAX;
}

bool table_print(const struct run_result *r, FILE *f)
{
	_cleanup_(strv_free) struct strv names = { 0 };
	_cleanup_(strv_free) struct strv numbers = { 0 };
	size_t from = r->n_kernels > 1;
	bool is_numbered = false;

	for (size_t k = 0; k < r->n_kernels; k++) {
		strv_add(&names, r->kernels[k].name);
		strv_fmt(&numbers, "K%zu", k + 1);
	}
	for (size_t k = from; k < r->n_kernels; k++)
		is_numbered |= is_too_wide(r, k, names.v);
	for (size_t k = from; k < r->n_kernels; k++)
		print_block(r, k, is_numbered ? numbers.v : names.v, f);
	return is_numbered;
}
