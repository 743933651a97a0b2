// SPDX-License-Identifier: GPL-2.0-only
/* ktap.c - the kernel's test protocol, one test a cell (Documentation/dev-tools/ktap.rst) */
#include <math.h>

#include "lib/cleanup.h"
#include "lib/str.h"
#include "report/report.h"

/* A test that did not fail is "ok"; only SKIP, XFAIL, TIMEOUT and ERROR are directives that carry a reason. */
static const struct word {
	const char *result;
	const char *directive;
} words[VERDICT_COUNT] = {
	[VERDICT_PASS]	  = { "ok",	"" },
	[VERDICT_SKIP]	  = { "ok",	" # SKIP " },
	[VERDICT_NOISY]	  = { "ok",	" # SKIP noisy: " },
	[VERDICT_TIMEOUT] = { "not ok", " # TIMEOUT " },
	[VERDICT_BROKEN]  = { "not ok", " # ERROR " },
	[VERDICT_FAIL]	  = { "not ok", "" },
};

/* As kselftest's ksft_test_result_xfail() has it. */
static const struct word expected = { "ok", " # XFAIL " };

/** escaped() - '#' begins a directive, so it is escaped in everything else. Return: to be freed. */
static char *escaped(const char *s)
{
	_cleanup_(freep) char *clean = report_line(s);
	struct strbuf b = { 0 };

	strbuf_add(&b, "", 0);
	for (const char *p = clean; *p; p++) {
		if (*p == '#')
			strbuf_add(&b, "\\", 1);
		strbuf_add(&b, p, 1);
	}
	return b.data;
}

static void print_diagnostics(const struct run_cell *c, FILE *f)
{
	for (int m = 0; m < METRIC_COUNT; m++)
		if (!isnan(c->median[m]))
			fprintf(f, "# %s: %.10g\n", metric_def(m)->name, c->median[m]);
}

static void print_cell(const struct run_result *r, size_t i, FILE *f)
{
	const struct run_cell *c = &r->cells[i];
	_cleanup_(freep) char *point = cell_name(&c->cell);
	_cleanup_(freep) char *raw = str_fmt("%s/%s", r->kernels[c->cell.kernel].name, point);
	_cleanup_(freep) char *name = escaped(raw);
	_cleanup_(freep) char *reason = escaped(c->reason);
	const struct word *word = c->is_expected ? &expected : &words[c->verdict];
	const char *directive = word->directive;

	print_diagnostics(c, f);
	if (*reason && !*directive)
		fprintf(f, "# reason: %s\n", reason);
	fprintf(f, "%s %zu %s%s%s\n", word->result, i + 1, name, directive,
		*directive ? reason : "");
}

void report_ktap(const struct run_result *r, const struct report_opts *o, FILE *f)
{
	(void)o;
	fprintf(f, "KTAP version 1\n1..%zu\n", r->n_cells);
	for (size_t i = 0; i < r->n_cells; i++)
		print_cell(r, i, f);
}
