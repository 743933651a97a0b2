// SPDX-License-Identifier: GPL-2.0-only
/* junit.c - XML for CI services, one test case a cell */
#include <math.h>
#include <string.h>

#include "lib/cleanup.h"
#include "lib/str.h"
#include "report/report.h"

static const char *const elements[VERDICT_COUNT] = {
	[VERDICT_SKIP]	  = "skipped",
	[VERDICT_NOISY]	  = "skipped",
	[VERDICT_TIMEOUT] = "error",
	[VERDICT_BROKEN]  = "error",
	[VERDICT_FAIL]	  = "failure",
};

/** print_escaped() - for text and for attributes; XML 1.0 has no way to write control bytes. */
static void print_escaped(const char *s, FILE *f)
{
	static const char special[] = "<>&\"'";
	static const char *const names[] = { "&lt;", "&gt;", "&amp;", "&quot;", "&apos;" };
	_cleanup_(freep) char *clean = report_line(s);

	for (const char *p = clean; *p; p++) {
		const char *at = strchr(special, *p);

		if (at)
			fputs(names[at - special], f);
		else
			fputc(*p, f);
	}
}

static void print_attribute(const char *name, const char *value, FILE *f)
{
	fprintf(f, " %s=\"", name);
	print_escaped(value, f);
	fputc('"', f);
}

/** element_of() - what the cell has in its test case, NULL for nothing; a failure that was expected is no failure to a CI service. */
static const char *element_of(const struct run_cell *c)
{
	return c->is_expected ? elements[VERDICT_SKIP] : elements[c->verdict];
}

static unsigned int count(const struct run_result *r, const char *element)
{
	unsigned int n = 0;

	for (size_t i = 0; i < r->n_cells; i++)
		n += element_of(&r->cells[i]) && !strcmp(element_of(&r->cells[i]), element);
	return n;
}

/** print_element() - skipped has no type in the schemas that CI services use, so the message says which verdict it is. */
static void print_element(const struct run_cell *c, FILE *f)
{
	const char *element = element_of(c);
	bool has_type = strcmp(element, "skipped") != 0;
	_cleanup_(freep) char *message = has_type ? str_dup(c->reason) :
		str_fmt("%s: %s", report_verdict(c), c->reason);

	fprintf(f, "   <%s", element);
	if (has_type)
		print_attribute("type", verdict_name(c->verdict), f);
	print_attribute("message", message, f);
	fprintf(f, "/>\n");
}

static void print_cell(const struct run_result *r, const struct run_cell *c, FILE *f)
{
	_cleanup_(freep) char *name = cell_name(&c->cell);

	fprintf(f, "  <testcase");
	print_attribute("classname", r->kernels[c->cell.kernel].name, f);
	print_attribute("name", name, f);
	fprintf(f, ">\n");
	if (element_of(c))
		print_element(c, f);
	fprintf(f, "   <system-out>");
	for (int m = 0; m < METRIC_COUNT; m++)
		if (!isnan(c->median[m]))
			fprintf(f, "%s: %.10g\n", metric_def(m)->name, c->median[m]);
	fprintf(f, "</system-out>\n  </testcase>\n");
}

static void print_counts(const struct run_result *r, FILE *f)
{
	fprintf(f, " tests=\"%zu\" failures=\"%u\" errors=\"%u\"", r->n_cells, count(r, "failure"),
		count(r, "error"));
}

void report_junit(const struct run_result *r, const struct report_opts *o, FILE *f)
{
	(void)o;
	fprintf(f, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"tapbed\"");
	print_counts(r, f);
	fprintf(f, ">\n <testsuite");
	print_attribute("name", r->plan, f);
	print_attribute("id", r->id, f);
	print_attribute("timestamp", r->started, f);
	print_counts(r, f);
	fprintf(f, " skipped=\"%u\" time=\"%.1f\">\n", count(r, "skipped"), r->wall_s);
	for (size_t i = 0; i < r->n_cells; i++)
		print_cell(r, &r->cells[i], f);
	fprintf(f, " </testsuite>\n</testsuites>\n");
}
