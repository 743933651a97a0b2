// SPDX-License-Identifier: GPL-2.0-only
/*
 * lkp.c - the table that the kernel's 0-day robot sends, which kernel developers can read asleep
 *
 *	         stock             nodrop-v3
 *	         -----             ---------
 *	       %spread     %change       %spread
 *	             \          |               \
 *	     637 ± 4%      -8 %         584 ± 3%  tap/virtio/q1000/fq_codel Mbit/s
 */
#include <math.h>
#include <string.h>

#include "lib/cleanup.h"
#include "lib/str.h"
#include "report/report.h"

#define VALUE_WIDTH  16
#define CHANGE_WIDTH 10

/** print_padded() - to the right; @text may have letters of two bytes. */
static void print_padded(const char *text, size_t width, FILE *f)
{
	size_t shown = 0;

	for (const char *p = text; *p; p++)
		shown += (*p & 0xc0) != 0x80;
	fprintf(f, "%*s%s", (int)(shown < width ? width - shown : 0), "", text);
}

static void print_value(const struct run_cell *c, enum metric m, FILE *f)
{
	_cleanup_(freep) char *n = run_number_text(m, c->median[m]);
	_cleanup_(freep) char *text = isnan(c->spread[m]) ? str_fmt("%s     ", n) :
							     str_fmt("%s ±%3.0f%%", n, c->spread[m] * 100);

	print_padded(text, VALUE_WIDTH, f);
}

static void print_row(const struct run_cell *base, const struct run_cell *c, enum metric m, FILE *f)
{
	_cleanup_(freep) char *name = cell_name(&c->cell);
	_cleanup_(freep) char *change = report_change(c->change[m]);
	const struct metric_def *d = metric_def(m);

	print_value(base, m, f);
	print_padded(change, CHANGE_WIDTH, f);
	print_value(c, m, f);
	fprintf(f, "  %s %s", name, d->scale == 1 ? d->name : d->title);
	if ((m == METRIC_THROUGHPUT_BPS || m == METRIC_PPS) && c->verdict != VERDICT_PASS)
		fprintf(f, "  %s", report_verdict(c));
	fputc('\n', f);
}

static void print_cell(const struct run_result *r, const struct run_cell *c, FILE *f)
{
	const struct run_cell *base = run_cell_other(r, c, 0);

	for (enum metric m = 0; base && m < METRIC_COUNT; m++)
		if (!isnan(base->median[m]) && !isnan(c->median[m]) && (base->median[m] != 0 || c->median[m] != 0))
			print_row(base, c, m, f);
}

static void print_kernel(const struct run_result *r, size_t k, FILE *f)
{
	_cleanup_(freep) char *first = report_line(r->kernels[0].name);
	_cleanup_(freep) char *other = report_line(r->kernels[k].name);

	print_padded(first, VALUE_WIDTH, f);
	print_padded("", CHANGE_WIDTH, f);
	print_padded(other, VALUE_WIDTH, f);
	fputc('\n', f);
	print_padded("%spread", VALUE_WIDTH, f);
	print_padded("%change", CHANGE_WIDTH, f);
	print_padded("%spread", VALUE_WIDTH, f);
	fputc('\n', f);
	print_padded("\\", VALUE_WIDTH, f);
	print_padded("|", CHANGE_WIDTH, f);
	print_padded("\\", VALUE_WIDTH, f);
	fputc('\n', f);
	for (size_t i = 0; i < r->n_cells; i++)
		if (r->cells[i].cell.kernel == k)
			print_cell(r, &r->cells[i], f);
	fputc('\n', f);
}

static void print_facts(const char *of, json_t *facts, FILE *f)
{
	const char *name;
	json_t *value;

	fprintf(f, "%s:", of);
	json_object_foreach(facts, name, value) {
		_cleanup_(freep) char *text = json_dumps(value, JSON_ENCODE_ANY);
		_cleanup_(freep) char *clean = report_line(text);

		fprintf(f, " %s=%s", name, clean);
	}
	fputc('\n', f);
}

void report_lkp(const struct run_result *r, const struct report_opts *o, FILE *f)
{
	_cleanup_(freep) char *line = report_line(r->line);

	for (size_t k = 1; k < r->n_kernels; k++)
		print_kernel(r, k, f);
	fprintf(f, "%%spread is half of the range of the samples over their median.\n");
	for (size_t k = 0; k < r->n_kernels; k++) {
		_cleanup_(freep) char *name = report_line(r->kernels[k].name);
		_cleanup_(freep) char *package = report_line(r->kernels[k].package);

		fprintf(f, "%s: %s, %s%s%s\n", name, r->kernels[k].release, package,
			r->kernels[k].series ? ", series " : "", r->kernels[k].series ? r->kernels[k].series : "");
	}
	print_facts("host", r->host, f);
	print_facts("guest", r->guest, f);
	if (o->run_dir)
		fprintf(f, "reproduce: tapbed run %s/plan.yaml\n", o->run_dir);
	fprintf(f, "%s\n", line);
}
