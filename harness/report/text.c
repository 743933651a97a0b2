// SPDX-License-Identifier: GPL-2.0-only
/* text.c - the report for people, and for pasting into a mail */
#include <string.h>

#include "lib/cleanup.h"
#include "lib/jsonl.h"
#include "lib/str.h"
#include "report/list.h"
#include "report/report.h"
#include "report/table.h"

#define GREEN  "\033[32m"
#define RED    "\033[31m"
#define YELLOW "\033[33m"

static const char *const colours[VERDICT_COUNT] = {
	[VERDICT_PASS]	  = GREEN,
	[VERDICT_SKIP]	  = YELLOW,
	[VERDICT_NOISY]	  = YELLOW,
	[VERDICT_TIMEOUT] = YELLOW,
	[VERDICT_BROKEN]  = YELLOW,
	[VERDICT_FAIL]	  = RED,
};

static void print_clean(const char *before, const char *text, FILE *f)
{
	_cleanup_(freep) char *clean = report_line(text);

	fprintf(f, "%s%s", before, clean);
}

/** print_machine() - "machine: cpu ..., governor performance, smt on"; nothing of a run that did not store it. */
static void print_machine(const struct run_result *r, FILE *f)
{
	const char *name, *before = "machine: ";
	json_t *value;

	json_object_foreach(json_object_get(r->host, "machine"), name, value) {
		_cleanup_(freep) char *number = json_is_string(value) ? NULL :
								json_dumps(value, JSON_ENCODE_ANY | JSON_REAL_PRECISION(3));

		print_clean(before, name, f);
		print_clean(" ", number ? number : json_string_value(value), f);
		before = ", ";
	}
	if (*before == ',')
		fputc('\n', f);
}

static void print_head(const struct run_result *r, FILE *f)
{
	const char *accel = json_str(r->host, "accel", "unknown");

	print_clean("", r->plan, f);
	print_clean(", run ", r->id, f);
	print_clean(", host ", accel, f);
	if (probe_def(r->probe)->has_guest)
		print_clean(", guest ", json_str(r->guest, "accel", "unknown"), f);
	fputc('\n', f);
	print_machine(r, f);
	if (!strcmp(accel, "tcg"))
		fprintf(f, "under TCG emulation: compare ratios, not absolute numbers\n");
	if (!strcmp(accel, "icount"))
		fprintf(f, "in virtual time: a rate is one over the instructions of a packet, on all CPUs together; compare ratios\n");
	if (*r->about) {
		print_clean("", r->about, f);
		fputc('\n', f);
	}
	if (!r->finished)
		fprintf(f, "not finished: it still goes on, or was cut off\n");
	fputc('\n', f);
}

static bool is_same_reason(const struct run_cell *a, const struct run_cell *b)
{
	return a->verdict == b->verdict && a->is_expected == b->is_expected && !strcmp(a->reason, b->reason);
}

static bool is_told(const struct run_result *r, size_t i)
{
	for (size_t j = 0; j < i; j++)
		if (is_same_reason(&r->cells[j], &r->cells[i]))
			return true;
	return false;
}

static void print_reason(const struct run_result *r, size_t i, FILE *f)
{
	_cleanup_(freep) char *label = run_cell_label(r, &r->cells[i]);
	size_t n_more = 0;

	for (size_t j = i + 1; j < r->n_cells; j++)
		n_more += is_same_reason(&r->cells[i], &r->cells[j]);
	fprintf(f, "%-7s ", report_verdict(&r->cells[i]));
	print_clean("", label, f);
	if (n_more)
		fprintf(f, " and %zu more", n_more);
	print_clean(": ", r->cells[i].reason, f);
	fputc('\n', f);
}

/** print_reasons() - what is wrong with many cells, such as all after the end of a run, is said once. */
static void print_reasons(const struct run_result *r, FILE *f)
{
	for (size_t i = 0; i < r->n_cells; i++)
		if (r->cells[i].verdict != VERDICT_PASS && !is_told(r, i))
			print_reason(r, i, f);
	if (r->n_cells != r->seen[VERDICT_PASS])
		fputc('\n', f);
}

/** print_invalid() - how often samples had to be taken again, and what the first one was disturbed by. */
static void print_invalid(const struct run_result *r, FILE *f)
{
	const struct run_cell *first = NULL;
	size_t n = 0, n_all = 0;

	for (size_t i = 0; i < r->n_cells; i++) {
		n += r->cells[i].n_invalid;
		n_all += r->cells[i].n_invalid + r->cells[i].n_samples;
		if (r->cells[i].n_invalid && !first)
			first = &r->cells[i];
	}
	if (!first)
		return;
	fprintf(f, "%zu of %zu samples %s invalid and count for nothing", n, n_all, n == 1 ? "is" : "are");
	print_clean(": ", first->invalid[0].invalid, f);
	fprintf(f, "%s\n\n", n > 1 ? ", ..." : "");
}

static void print_kernels(const struct run_result *r, bool is_numbered, FILE *f)
{
	size_t width = 0;

	for (size_t k = 0; k < r->n_kernels; k++)
		if (strlen(r->kernels[k].name) > width)
			width = strlen(r->kernels[k].name);
	for (size_t k = 0; k < r->n_kernels; k++) {
		const struct run_kernel *kernel = &r->kernels[k];
		_cleanup_(freep) char *name = report_line(kernel->name);

		if (is_numbered)
			fprintf(f, "K%zu = ", k + 1);
		fprintf(f, "%-*s  ", (int)width, name);
		print_clean("", *kernel->release ? kernel->release : "not booted", f);
		if (*kernel->package)
			print_clean(", ", kernel->package, f);
		if (kernel->series)
			print_clean(", series ", kernel->series, f);
		fputc('\n', f);
	}
}

static void print_phases(const struct run_result *r, FILE *f)
{
	const char *name, *before = ": ";
	json_t *seconds;

	/* Of two runs side by side there is no such time. */
	if (!(r->wall_s > 0))
		return;
	fprintf(f, "took %.0f s", r->wall_s);
	json_object_foreach(r->phases, name, seconds) {
		print_clean(before, name, f);
		fprintf(f, " %.1f s", json_number_value(seconds));
		before = ", ";
	}
	fputc('\n', f);
}

static void print_verdict(const struct run_result *r, bool has_colour, FILE *f)
{
	const char *word = verdict_name(r->verdict);

	if (has_colour)
		fprintf(f, "%s%s\033[0m", colours[r->verdict], word);
	else
		fputs(word, f);
	print_clean("", r->line + strlen(word), f);
	fputc('\n', f);
}

void report_text(const struct run_result *r, const struct report_opts *o, FILE *f)
{
	bool is_numbered = false;

	print_head(r, f);
	if (list_is_for(r)) {
		list_print(r, o->width, f);
	} else {
		is_numbered = table_print(r, f);
		print_reasons(r, f);
	}
	print_invalid(r, f);
	print_kernels(r, is_numbered, f);
	print_phases(r, f);
	if (o->run_dir)
		fprintf(f, "more: tapbed report %s --format json; %s; sqlite3 %s\n", r->id, o->run_dir, o->store);
	print_verdict(r, o->has_colour, f);
}
