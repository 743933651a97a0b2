// SPDX-License-Identifier: GPL-2.0-only
/* test_report.c - reports against tests/golden/report; GOLDEN_UPDATE=1 rewrites those files */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "judge/judge.h"
#include "lib/fs.h"
#include "report/report.h"
#include "runs.h"

static const struct report_opts opts = {
	.run_dir = "/state/runs/20261123-0331-7f3a",
	.store = "/state/store.sqlite",
};

/** print() - Return: a report as text, to be freed. */
static char *print(const struct report_format *format, const struct run_result *r, const struct report_opts *o)
{
	char *text = NULL;
	size_t len;
	FILE *f = open_memstream(&text, &len);

	assert_non_null(f);
	format->print(r, o, f);
	assert_int_equal(fclose(f), 0);
	return text;
}

static void compare_golden(const char *name, const char *text)
{
	_cleanup_(freep) char *path = str_fmt("tests/golden/report/%s", name);
	_cleanup_(freep) char *golden = NULL;

	if (getenv("GOLDEN_UPDATE")) {
		assert_int_equal(fs_write(path, text, strlen(text), 0644), 0);
		return;
	}
	assert_int_equal(fs_read(path, &golden, NULL), 0);
	assert_string_equal(text, golden);
}

/** check_golden() - judge @r and compare it in every format. */
static void check_golden(const char *name, struct run_result *r)
{
	judge_run(r);
	for (const struct report_format *f = report_formats; f->name; f++) {
		_cleanup_(freep) char *file = str_fmt("%s.%s", name, f->name);
		_cleanup_(freep) char *text = print(f, r, &opts);

		compare_golden(file, text);
	}
}

/* Measured on 6.12.117: Mbit/s and retransmits. */
static const struct {
	const char *backend;
	int txqueuelen;
	double stock_mbit, stock_retransmits, patched_mbit, patched_retransmits;
} measured[] = {
	{ "tap",   1000, 872,  1,   730,  2 },
	{ "tap",   10,	 793,  165, 707,  1 },
	{ "tap",   1,	 1.6,  286, 512,  0 },
	{ "vhost", 1000, 1010, 1,   1140, 2 },
	{ "vhost", 10,	 993,  88,  1330, 2 },
	{ "vhost", 1,	 2.3,  396, 353,  0 },
};

static void add_measured(struct run_result *r)
{
	for (size_t i = 0; i < ARRAY_SIZE(measured); i++)
		cell_add_sample(run_add_cell(r, 0, measured[i].backend, measured[i].txqueuelen),
				measured[i].stock_mbit, measured[i].stock_retransmits,
				measured[i].stock_retransmits);
	for (size_t i = 0; i < ARRAY_SIZE(measured); i++)
		cell_add_sample(run_add_cell(r, 1, measured[i].backend, measured[i].txqueuelen),
				measured[i].patched_mbit, measured[i].patched_retransmits, 0);
}

static void two_kernels_that_all_pass(void **state)
{
	_cleanup_(run_result_free) struct run_result r;
	struct plan_expect *e;

	(void)state;
	run_make(&r, 2);
	str_set(&r.about, "does nodrop-v3 keep its promise at every queue length?");
	json_object_set_new(r.phases, "host_boot", json_real(8.21));
	json_object_set_new(r.phases, "cells", json_real(96.5));
	add_measured(&r);
	run_add_expect(&r, METRIC_THROUGHPUT_BPS)->at_least = 0.5;
	e = run_add_expect(&r, METRIC_RETRANSMITS);
	e->at_most = 0.01;
	expect_where(e, AXIS_TXQUEUELEN, "1");
	r.cells[2].samples[0].raw = str_dup("samples/0003.json");
	check_golden("pass", &r);
	assert_int_equal(r.verdict, VERDICT_PASS);
}

/* One cell a verdict, with reasons that try to break out of every format. */
static void add_every_verdict(struct run_result *r)
{
	static const int queues[] = { 1000, 500, 100, 10, 5, 2, 1 };

	for (size_t k = 0; k < 3; k++)
		for (size_t i = 0; i < ARRAY_SIZE(queues); i++) {
			struct run_cell *c = run_add_cell(r, k, "tap", queues[i]);

			for (int n = 0; n < 3; n++)
				cell_add_sample(c, 700 + 10 * n, n, NAN);
		}
	cell_set_event(&r->cells[7], VERDICT_TIMEOUT, "guest: \"not up\" # SKIP after 60 s");
	cell_set_event(&r->cells[8], VERDICT_BROKEN, "tap0: <busy> & 'gone'\nsecond line\ttab");
	cell_set_event(&r->cells[9], VERDICT_SKIP, "\033[31mno\001 such\177 \xff qdisc\xc3\xa9 \xed\xa0\x80");
	cell_set_event(&r->cells[10], VERDICT_FAIL, "WARNING: CPU: 1 PID: 7 at net/core/dev.c:#12 ]]>");
	r->cells[11].samples[1].value[METRIC_THROUGHPUT_BPS] = 1e6;
	r->cells[11].samples[2].value[METRIC_THROUGHPUT_BPS] = 2e6;
	for (int n = 0; n < 3; n++)
		r->cells[13].samples[n].value[METRIC_THROUGHPUT_BPS] = 1.5e6;
	r->cells[20].samples[0].value[METRIC_RETRANSMITS] = NAN;
	r->cells[20].samples[1].value[METRIC_RETRANSMITS] = NAN;
	r->cells[20].samples[2].value[METRIC_RETRANSMITS] = NAN;
}

static void every_verdict_and_ugly_reasons(void **state)
{
	_cleanup_(run_result_free) struct run_result r;

	(void)state;
	run_make(&r, 3);
	str_set(&r.plan, "plan \"#1\" <&>");
	str_set(&r.kernels[2].name, "v4#rc<1>");
	json_object_set_new(r.host, "accel", json_string("kvm"));
	add_every_verdict(&r);
	run_add_expect(&r, METRIC_THROUGHPUT_BPS)->at_least = 0.5;
	check_golden("ugly", &r);
	for (int v = 0; v < VERDICT_COUNT; v++)
		assert_true(r.seen[v] > 0);
}

static void a_run_that_was_cut_off(void **state)
{
	_cleanup_(run_result_free) struct run_result r;

	(void)state;
	run_make(&r, 2);
	r.finished = false;
	json_object_clear(r.host);
	json_object_clear(r.guest);
	str_set(&r.kernels[1].release, "");
	for (size_t k = 0; k < 2; k++)
		for (size_t i = 0; i < ARRAY_SIZE(measured); i++)
			run_add_cell(&r, k, measured[i].backend, measured[i].txqueuelen);
	cell_add_sample(&r.cells[0], 872, 1, 0);
	check_golden("cut", &r);
}

static void one_kernel_and_an_axis_more(void **state)
{
	_cleanup_(run_result_free) struct run_result r;

	(void)state;
	run_make(&r, 1);
	r.seed = 4711;
	json_object_set_new(r.host, "machine", json_pack("{s:s, s:s}", "cpu", "Some CPU", "smt", "on"));
	for (int i = 0; i < 2; i++) {
		struct run_cell *c = run_add_cell(&r, 0, "vhost", 1);

		if (i)
			cell_add_invalid(c, 12);
		assert_int_equal(axis_parse(AXIS_STREAMS, i ? "4" : "1", &c->cell.at[AXIS_STREAMS]), 0);
		cell_add_sample(c, 1010 * (i + 1), 3, 4);
	}
	check_golden("alone", &r);
}

static void packets_a_second(void **state)
{
	static const double lost[] = { 212e3, 5 };
	_cleanup_(run_result_free) struct run_result r;

	(void)state;
	run_make(&r, 2);
	str_set(&r.plan, "raw");
	r.probe = PROBE_RAW;
	json_object_clear(r.guest);
	for (size_t k = 0; k < 2; k++)
		for (int i = 0; i < 4; i++) {
			struct run_cell *c = run_add_cell(&r, k, "tap", i % 2 ? 1 : 1000);

			cell_set_axis(c, AXIS_READER, i < 2 ? "read" : "vhost");
			cell_add_raw(c, 104e3 + 1e3 * i, lost[k], 0);
		}
	cell_set_event(&r.cells[7], VERDICT_FAIL, "no packet for 2.0 s while the reader waits");
	r.cells[7].samples[0].value[METRIC_STALLS] = 1;
	cell_set_event(&r.cells[3], VERDICT_SKIP, "/dev/vhost-net: No such file or directory");
	r.cells[3].n_samples = 0;
	run_add_known(&r);
	r.expects[0].kernel = 0; /* stock is known to fail, and did not */
	expect_where(&r.expects[0], AXIS_READER, "vhost");
	check_golden("raw", &r);
	r.cells[3].n_samples = 1;
	assert_int_equal(r.verdict, VERDICT_FAIL);
}

/* A fault a scenario, known of the second kernel; one of the third kernel's is new. */
static void scenarios_and_failures_that_are_known(void **state)
{
	static const char *const readers[] = { "read", "poll" };
	_cleanup_(run_result_free) struct run_result r;

	(void)state;
	run_make(&r, 3);
	str_set(&r.plan, "stall");
	r.probe = PROBE_RAW;
	json_object_clear(r.guest);
	for (size_t k = 0; k < 3; k++)
		for (int i = 0; i < 4; i++) {
			struct run_cell *c = run_add_cell(&r, k, "tap", 1);

			cell_set_axis(c, AXIS_READER, readers[i % 2]);
			cell_set_axis(c, AXIS_SCENARIO, i < 2 ? "none" : "resize-zero");
			cell_add_raw(c, 1e5, 0, 0);
		}
	cell_set_event(&r.cells[7], VERDICT_FAIL, "no packet for 2.0 s while the reader waits in poll(): txq 0 is stopped, its ring is empty, "
		       "42 packets wait in the qdisc, and nobody will wake it");
	cell_set_event(&r.cells[10], VERDICT_FAIL, "host kernel: WARNING: CPU: 1 PID: 7 at net/core/dev.c:12 a-word-that-is-far-too-long-for-a-line-and-that-has-no-blank-in-it-at-all");
	cell_set_event(&r.cells[11], VERDICT_SKIP, "this kernel has no resize");
	expect_where(run_add_known(&r), AXIS_SCENARIO, "resize-zero");
	expect_where(&r.expects[0], AXIS_READER, "poll");
	check_golden("stall", &r);
	assert_int_equal(r.n_expected, 1);
}

static void a_run_without_cells(void **state)
{
	_cleanup_(run_result_free) struct run_result r;

	(void)state;
	run_make(&r, 0);
	check_golden("empty", &r);
}

static size_t longest_line(const char *text)
{
	size_t longest = 0;

	for (const char *p = text; *p; p += strcspn(p, "\n") + (p[strcspn(p, "\n")] == '\n'))
		if (strcspn(p, "\n") > longest)
			longest = strcspn(p, "\n");
	return longest;
}

static void long_names_do_not_make_the_table_wide(void **state)
{
	_cleanup_(run_result_free) struct run_result r;
	_cleanup_(freep) char *text = NULL;

	(void)state;
	run_make(&r, 2);
	str_set(&r.kernels[0].name, "a-name-as-long-as-a-branch-of-somebody");
	add_measured(&r);
	judge_run(&r);
	text = print(report_find("text"), &r, &(struct report_opts){ 0 });
	assert_non_null(strstr(text, "K1 K2"));
	assert_non_null(strstr(text, "K1 = a-name-as-long-as-a-branch-of-somebody  6.12.117"));
	*strstr(text, "K1 = ") = '\0';
	assert_true(longest_line(text) <= 78);
}

/* What no kernel of a table can have is told once below it: a plan of 7.3 has as many such rows as others. */
static void a_row_that_is_skipped_by_both_is_left_out(void **state)
{
	_cleanup_(run_result_free) struct run_result r;
	_cleanup_(freep) char *text = NULL;
	size_t skipped[] = { 1, 7, 2 }; /* both kernels at tap 10, one at tap 1 */
	size_t had[ARRAY_SIZE(skipped)];

	(void)state;
	run_make(&r, 2);
	add_measured(&r);
	for (size_t i = 0; i < ARRAY_SIZE(skipped); i++) {
		cell_set_event(&r.cells[skipped[i]], VERDICT_SKIP, "not here");
		had[i] = r.cells[skipped[i]].n_samples;
		r.cells[skipped[i]].n_samples = 0;
	}
	judge_run(&r);
	text = print(report_find("text"), &r, &(struct report_opts){ 0 });
	for (size_t i = 0; i < ARRAY_SIZE(skipped); i++)
		r.cells[skipped[i]].n_samples = had[i];
	assert_null(strstr(text, "\ntap              10 "));
	assert_non_null(strstr(text, "\ntap               1 "));
	assert_non_null(strstr(text, "\nSKIP    stock tap/virtio/q10/fq_codel and 2 more: not here"));
}

static void only_the_verdict_is_coloured(void **state)
{
	_cleanup_(run_result_free) struct run_result r;
	_cleanup_(freep) char *text = NULL;
	const char *at;

	(void)state;
	run_make(&r, 2);
	add_measured(&r);
	judge_run(&r);
	text = print(report_find("text"), &r, &(struct report_opts){ .has_colour = true });
	at = strchr(text, '\033');
	assert_non_null(at);
	assert_true(str_starts(at, "\033[32mPASS\033[0m: 12 cells"));
	assert_null(strchr(strstr(at, "0m:"), '\033'));
}

static void reports_can_be_read_as_what_they_claim(void **state)
{
	_cleanup_(run_result_free) struct run_result r;
	_cleanup_(freep) char *text = NULL;
	_cleanup_(json_decrefp) json_t *doc = NULL;
	const json_t *cell;

	(void)state;
	run_make(&r, 3);
	add_every_verdict(&r);
	judge_run(&r);
	text = print(report_find("json"), &r, &opts);
	doc = json_loads(text, 0, NULL);
	assert_int_equal(json_array_size(json_object_get(doc, "cells")), 21);
	cell = json_array_get(json_object_get(doc, "cells"), 20);
	assert_string_equal(json_string_value(json_object_get(cell, "series")), "nodrop-v4");
	assert_int_equal(json_integer_value(json_object_get(cell, "txqueuelen")), 1);
	assert_int_equal(json_array_size(json_object_get(cell, "samples")), 3);
	assert_string_equal(json_string_value(json_object_get(doc, "verdict")), "FAIL");
}

static const struct {
	const char *text;
	const char *line;
} line_cases[] = {
	{ "",				"" },
	{ "plain #1",			"plain #1" },
	{ "two\nlines\r\n",		"two lines  " },
	{ "\033[31mred\177\001",	" [31mred  " },
	{ "caf\xc3\xa9 \xe2\x82\xac",	"caf\xc3\xa9 \xe2\x82\xac" },
	{ "\xf0\x9f\x98\x80",		"\xf0\x9f\x98\x80" },
	{ "\xff",			"?" },			/* never in UTF-8 */
	{ "\xc3",			"?" },			/* cut off */
	{ "\xe2\x82",			"??" },
	{ "\xc0\xaf \xe0\x80\xaf",	"?? ???" },		/* too long a form */
	{ "\xed\xa0\x80",		"???" },		/* a surrogate */
	{ "\xf4\x90\x80\x80",		"????" },		/* past U+10FFFF */
	{ "\xc2\x9b" "31m",		"??31m" },		/* C1 control: begins an escape sequence */
	{ "\xef\xbf\xbe \xef\xbf\xbd",	"??? \xef\xbf\xbd" },	/* U+FFFE is not XML, U+FFFD is */
};

static void any_text_becomes_one_safe_line(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(line_cases); i++) {
		_cleanup_(freep) char *line = report_line(line_cases[i].text);

		assert_string_equal(line, line_cases[i].line);
	}
}

static const struct {
	double ratio;
	const char *text;
} change_cases[] = {
	{ NAN, "-" }, { INFINITY, "from 0" }, { 0, "-100 %" }, { 0.0023, "-99.8 %" }, { 0.88, "-12 %" },
	{ 0.999, "0 %" }, { 1, "0 %" }, { 1.05, "+5 %" }, { 1.99, "+99 %" }, { 2, "x2.0" },
	{ 9.4, "x9.4" }, { 430.2, "x430" },
};

static void a_change_is_short(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(change_cases); i++) {
		_cleanup_(freep) char *text = report_change(change_cases[i].ratio);

		assert_string_equal(text, change_cases[i].text);
	}
}

static void formats_are_found_by_name(void **state)
{
	(void)state;
	for (const struct report_format *f = report_formats; f->name; f++)
		assert_ptr_equal(report_find(f->name), f);
	assert_null(report_find("html5"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(two_kernels_that_all_pass),
		cmocka_unit_test(every_verdict_and_ugly_reasons),
		cmocka_unit_test(a_run_that_was_cut_off),
		cmocka_unit_test(one_kernel_and_an_axis_more),
		cmocka_unit_test(packets_a_second),
		cmocka_unit_test(scenarios_and_failures_that_are_known),
		cmocka_unit_test(a_run_without_cells),
		cmocka_unit_test(long_names_do_not_make_the_table_wide),
		cmocka_unit_test(a_row_that_is_skipped_by_both_is_left_out),
		cmocka_unit_test(only_the_verdict_is_coloured),
		cmocka_unit_test(reports_can_be_read_as_what_they_claim),
		cmocka_unit_test(any_text_becomes_one_safe_line),
		cmocka_unit_test(a_change_is_short),
		cmocka_unit_test(formats_are_found_by_name),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
