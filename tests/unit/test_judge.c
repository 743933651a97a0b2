// SPDX-License-Identifier: GPL-2.0-only
/* test_judge.c - samples to verdicts, and runs side by side */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "judge/join.h"
#include "judge/judge.h"
#include "runs.h"

#define FEW(n, s) "; " #n " boot" PLURAL_##n " a side tell" s " a collapse only, a test needs 5"
#define COLLAPSE(n) "; told without a test, as a collapse: " #n " boot" PLURAL_##n " a side"
#define PLURAL_1 ""
#define PLURAL_3 "s"

/*
 * One promise of nodrop-v3 to stock at one point: the samples of both sides end with a
 * negative number. Throughput is in Mbit/s.
 */
static const struct promise_case {
	enum metric metric;
	double at_least, at_most, at_most_abs;
	double stock[9], patched[9];
	enum verdict verdict;
	const char *reason;
} promise_cases[] = {
	{ METRIC_THROUGHPUT_BPS, 0.5, NAN, NAN, { 730, -1 }, { 365, -1 }, VERDICT_PASS, "" },
	{ METRIC_THROUGHPUT_BPS, 0.5, NAN, NAN, { 730, -1 }, { 45, -1 }, VERDICT_FAIL,
	  "throughput_bps 0.062 of stock (45 of 730 Mbit/s), promised at least 0.5" COLLAPSE(1) },
	/* A single boot may be as far off as that. */
	{ METRIC_THROUGHPUT_BPS, 0.5, NAN, NAN, { 730, -1 }, { 73, -1 }, VERDICT_NOISY,
	  "throughput_bps 0.10 of stock (73 of 730 Mbit/s), promised at least 0.5" FEW(1, "s") },
	/* Rounding never hides why. */
	{ METRIC_THROUGHPUT_BPS, 0.5, NAN, NAN, { 1000, -1 }, { 499.9, -1 }, VERDICT_NOISY,
	  "throughput_bps 0.4999 of stock (500 of 1000 Mbit/s), promised at least 0.5" FEW(1, "s") },
	{ METRIC_THROUGHPUT_BPS, 20, NAN, NAN, { 1.6, -1 }, { 512, -1 }, VERDICT_PASS, "" },
	{ METRIC_THROUGHPUT_BPS, 20, NAN, NAN, { 1.6, -1 }, { 1.9, -1 }, VERDICT_FAIL,
	  "throughput_bps 1.2 times stock (1.9 of 1.6 Mbit/s), promised at least 20" COLLAPSE(1) },
	{ METRIC_THROUGHPUT_BPS, 0.9, NAN, NAN, { 0, -1 }, { 0, -1 }, VERDICT_PASS, "" },
	{ METRIC_THROUGHPUT_BPS, 20, NAN, NAN, { 0, -1 }, { 0, -1 }, VERDICT_FAIL,
	  "throughput_bps 0 Mbit/s where stock has 0, promised at least 20" COLLAPSE(1) },
	{ METRIC_THROUGHPUT_BPS, 20, NAN, NAN, { 0, -1 }, { 1, -1 }, VERDICT_PASS, "" },
	{ METRIC_THROUGHPUT_BPS, 0.5, NAN, NAN, { 730, -1 }, { 1.6, -1 }, VERDICT_FAIL,
	  "throughput_bps 0.0022 of stock (1.6 of 730 Mbit/s), promised at least 0.5" COLLAPSE(1) },
	/* Few boots tell a collapse, and nothing else is a FAIL. */
	{ METRIC_THROUGHPUT_BPS, 0.9, NAN, NAN, { 730, -1 }, { 600, -1 }, VERDICT_NOISY,
	  "throughput_bps 0.82 of stock (600 of 730 Mbit/s), promised at least 0.9" FEW(1, "s") },
	{ METRIC_THROUGHPUT_BPS, 1, NAN, NAN, { 730, -1 }, { 716, -1 }, VERDICT_PASS, "" },
	/* Retransmits: nothing is never too much, and ten are nothing. */
	{ METRIC_RETRANSMITS, NAN, 0.01, NAN, { 0, -1 }, { 0, -1 }, VERDICT_PASS, "" },
	{ METRIC_RETRANSMITS, NAN, 0.01, NAN, { 286, -1 }, { 2, -1 }, VERDICT_PASS, "" },
	{ METRIC_RETRANSMITS, NAN, 0.01, NAN, { 286, -1 }, { 45, -1 }, VERDICT_NOISY,
	  "retransmits 0.16 of stock (45 of 286), promised at most 0.01" FEW(1, "s") },
	{ METRIC_RETRANSMITS, NAN, 0.01, NAN, { 286, -1 }, { 286, -1 }, VERDICT_FAIL,
	  "retransmits 1.0 times stock (286 of 286), promised at most 0.01" COLLAPSE(1) },
	{ METRIC_RETRANSMITS, NAN, 0.01, NAN, { 0, -1 }, { 3, -1 }, VERDICT_PASS, "" },
	{ METRIC_RETRANSMITS, NAN, 0.01, NAN, { 0, -1 }, { 300, -1 }, VERDICT_FAIL,
	  "retransmits 300 where stock has 0, promised at most 0.01" COLLAPSE(1) },
	{ METRIC_RETRANSMITS, NAN, 0.01, 5, { 0, -1 }, { 5, -1 }, VERDICT_PASS, "" },
	{ METRIC_RETRANSMITS, NAN, 0.01, 5, { 0, -1 }, { 6, -1 }, VERDICT_NOISY,
	  "retransmits 6 where stock has 0, promised at most 0.01 (or at most 5)" FEW(1, "s") },
	{ METRIC_RETRANSMITS, NAN, 0, 0, { 0, -1 }, { 1, -1 }, VERDICT_FAIL,
	  "retransmits 1 where stock has 0, promised at most 0 (or at most 0)" COLLAPSE(1) },
	{ METRIC_RETRANSMITS, NAN, NAN, 5, { 100, -1 }, { 6, -1 }, VERDICT_FAIL,
	  "retransmits 6, promised at most 5" },
	{ METRIC_RETRANSMITS, NAN, NAN, 5, { 100, -1 }, { 6, 7, 3, -1 }, VERDICT_NOISY,
	  "retransmits 6, promised at most 5; not in every sample, more are needed" },
	/* Of a few samples a side all have to show the collapse. */
	{ METRIC_THROUGHPUT_BPS, 1, NAN, NAN, { 700, 730, 760, -1 }, { 90, 130, 170, -1 }, VERDICT_FAIL,
	  "throughput_bps 0.18 of stock (130 of 730 Mbit/s), promised at least 1" COLLAPSE(3) },
	/* No more apart than those of the other kernel among themselves. */
	{ METRIC_THROUGHPUT_BPS, 1, NAN, NAN, { 200, 730, 760, -1 }, { 90, 130, 170, -1 }, VERDICT_NOISY,
	  "throughput_bps 0.18 of stock (130 of 730 Mbit/s), promised at least 1" FEW(3, "") },
	{ METRIC_THROUGHPUT_BPS, 1, NAN, NAN, { 700, 730, 760, -1 }, { 160, 200, 740, -1 }, VERDICT_NOISY,
	  "throughput_bps 0.27 of stock (200 of 730 Mbit/s), promised at least 1" FEW(3, "") },
	{ METRIC_THROUGHPUT_BPS, 1, NAN, NAN, { 700, 730, 760, -1 }, { 600, 640, 690, -1 }, VERDICT_NOISY,
	  "throughput_bps 0.88 of stock (640 of 730 Mbit/s), promised at least 1" FEW(3, "") },
	/* A patch that does nothing overlaps with stock, and still clearly breaks "20 times as much". */
	{ METRIC_THROUGHPUT_BPS, 20, NAN, NAN, { 1.6, 2, 2.4, -1 }, { 1.7, 2, 2.5, -1 }, VERDICT_FAIL,
	  "throughput_bps 1.0 times stock (2 of 2 Mbit/s), promised at least 20" COLLAPSE(3) },
	{ METRIC_RETRANSMITS, NAN, 1, NAN, { 0, 0, 0, -1 }, { 0, 50, 450, -1 }, VERDICT_NOISY,
	  "retransmits 50 where stock has 0, promised at most 1" FEW(3, "") },
	{ METRIC_RETRANSMITS, NAN, 1, NAN, { 0, 45, 0, -1 }, { 0, 0, 90, -1 }, VERDICT_PASS, "" },
	/* Five boots a side are tested. */
	{ METRIC_THROUGHPUT_BPS, 1, NAN, NAN, { 700, 730, 760, 740, 720, -1 }, { 640, 690, 650, 660, 620, -1 },
	  VERDICT_FAIL, "throughput_bps 0.89 of stock [0.84, 0.95], p = 0.0040 (650 of 730 Mbit/s), promised at least 1" },
	{ METRIC_THROUGHPUT_BPS, 1, NAN, NAN, { 700, 730, 760, 740, 720, -1 }, { 640, 690, 650, 735, 620, -1 },
	  VERDICT_NOISY, "throughput_bps 0.89 of stock [0.84, 1.01], p = 0.028 (650 of 730 Mbit/s), "
	  "promised at least 1; not clear, more samples are needed" },
	{ METRIC_THROUGHPUT_BPS, 1, NAN, NAN, { 700, 730, 760, 740, 720, -1 }, { 700, 731, 761, 741, 721, -1 },
	  VERDICT_PASS, "" },
	/* Worse without a doubt, and by less than matters. */
	{ METRIC_THROUGHPUT_BPS, 1, NAN, NAN, { 700, 701, 702, 703, 704, -1 }, { 691, 692, 693, 694, 695, -1 },
	  VERDICT_PASS, "" },
	{ METRIC_RETRANSMITS, NAN, 2, NAN, { 20, 31, 12, 25, 0, -1 }, { 200, 310, 120, 250, 90, -1 },
	  VERDICT_FAIL, "retransmits 10 times stock [+70, +290], p = 0.0040 (200 of 20), promised at most 2" },
	/* Zeros: a median of 0 hides nothing. */
	{ METRIC_RETRANSMITS, NAN, 2, NAN, { 0, 0, 0, 0, 0, 0, 0, -1 }, { 0, 0, 0, 0, 99, 99, 99, -1 },
	  VERDICT_PASS, "" },
	{ METRIC_RETRANSMITS, NAN, 2, NAN, { 0, 0, 0, 0, 0, 0, 0, -1 }, { 0, 0, 99, 99, 99, 99, 99, -1 },
	  VERDICT_NOISY, "retransmits 99 where stock has 0 [0, +99], p = 0.0105, promised at most 2; not clear, more samples are needed" },
};

static void add_samples(struct run_cell *c, enum metric m, const double *v)
{
	for (; *v >= 0; v++)
		cell_add_sample(c, m == METRIC_THROUGHPUT_BPS ? *v : 1, m == METRIC_RETRANSMITS ? *v : 0, 0);
}

static void check_promise(const struct promise_case *p)
{
	_cleanup_(run_result_free) struct run_result r;
	struct plan_expect *e;

	run_make(&r, 2);
	add_samples(run_add_cell(&r, 0, "tap", 1), p->metric, p->stock);
	add_samples(run_add_cell(&r, 1, "tap", 1), p->metric, p->patched);
	e = run_add_expect(&r, p->metric);
	e->at_least = p->at_least;
	e->at_most = p->at_most;
	e->at_most_abs = p->at_most_abs;
	judge_run(&r);
	assert_string_equal(r.cells[1].reason, p->reason);
	assert_int_equal(r.cells[1].verdict, p->verdict);
	assert_int_equal(r.cells[0].verdict, VERDICT_PASS);
	assert_int_equal(r.n_promises, 1);
}

static void a_promise_is_judged_by_a_test_or_as_a_collapse(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(promise_cases); i++)
		check_promise(&promise_cases[i]);
}

/** pair() - one point, stock at 730 Mbit/s, nodrop-v3 at @mbit. */
static void pair(struct run_result *r, const char *backend, int txqueuelen, double mbit)
{
	cell_add_sample(run_add_cell(r, 0, backend, txqueuelen), 730, 0, 0);
	cell_add_sample(run_add_cell(r, 1, backend, txqueuelen), mbit, 0, 0);
}

static void a_promise_holds_only_inside_its_where(void **state)
{
	_cleanup_(run_result_free) struct run_result r;
	struct plan_expect *e;

	(void)state;
	run_make(&r, 2);
	pair(&r, "tap", 1, 10);
	pair(&r, "tap", 10, 10);
	pair(&r, "vhost", 1, 10);
	e = run_add_expect(&r, METRIC_THROUGHPUT_BPS);
	e->at_least = 0.5;
	expect_where(e, AXIS_TXQUEUELEN, "1");
	expect_where(e, AXIS_BACKEND, "vhost");
	judge_run(&r);
	assert_int_equal(r.n_promises, 1);
	assert_int_equal(r.seen[VERDICT_FAIL], 1);
	assert_int_equal(r.cells[5].verdict, VERDICT_FAIL);
	assert_string_equal(r.line, "FAIL: 1 of 6 cells: nodrop-v3 vhost/virtio/q1/fq_codel: "
			    "throughput_bps 0.014 of stock (10 of 730 Mbit/s), promised at least 0.5" COLLAPSE(1));
}

static void the_line_counts_cells_and_promises(void **state)
{
	_cleanup_(run_result_free) struct run_result r;

	(void)state;
	run_make(&r, 2);
	pair(&r, "tap", 1, 700);
	pair(&r, "tap", 10, 700);
	judge_run(&r);
	assert_string_equal(r.line, "PASS: 4 cells, all measured; nothing was promised");
	run_add_expect(&r, METRIC_THROUGHPUT_BPS)->at_least = 0.5;
	run_add_expect(&r, METRIC_RETRANSMITS)->at_most = 1;
	judge_run(&r);
	assert_string_equal(r.line, "PASS: 4 cells, nodrop-v3 keeps all 4 promises");
	cell_set_event(&r.cells[0], VERDICT_SKIP, "no such qdisc");
	cell_set_event(&r.cells[1], VERDICT_SKIP, "no such qdisc");
	judge_run(&r);
	assert_string_equal(r.line, "PASS: 2 cells (and 2 that do not apply), nodrop-v3 keeps all 2 promises");
	cell_set_event(&r.cells[2], VERDICT_SKIP, "no such qdisc");
	cell_set_event(&r.cells[3], VERDICT_SKIP, "no such qdisc");
	judge_run(&r);
	assert_string_equal(r.line, "SKIP: 4 of 4 cells: stock tap/virtio/q1/fq_codel: no such qdisc");
}

static void the_worst_of_several_broken_promises_gives_the_reason(void **state)
{
	_cleanup_(run_result_free) struct run_result r;

	(void)state;
	run_make(&r, 2);
	pair(&r, "tap", 1, 10);
	run_add_expect(&r, METRIC_RTT_US)->at_most = 1;
	run_add_expect(&r, METRIC_THROUGHPUT_BPS)->at_least = 0.5;
	run_add_expect(&r, METRIC_THROUGHPUT_BPS)->at_least = 0.6;
	judge_run(&r);
	assert_int_equal(r.cells[1].verdict, VERDICT_FAIL);
	assert_non_null(strstr(r.cells[1].reason, "promised at least 0.5"));
}

static void a_metric_without_a_number_is_the_beds_fault(void **state)
{
	_cleanup_(run_result_free) struct run_result r;

	(void)state;
	run_make(&r, 2);
	pair(&r, "tap", 1, 700);
	run_add_expect(&r, METRIC_RTT_US)->at_most = 1;
	judge_run(&r);
	assert_int_equal(r.cells[1].verdict, VERDICT_BROKEN);
	assert_string_equal(r.cells[1].reason, "no sample has rtt_us");
	r.cells[1].samples[0].value[METRIC_RTT_US] = 2100;
	judge_run(&r);
	assert_string_equal(r.cells[1].reason, "stock was not measured: no sample has rtt_us");
}

static void an_event_is_the_verdict_of_its_cell(void **state)
{
	_cleanup_(run_result_free) struct run_result r;

	(void)state;
	run_make(&r, 2);
	pair(&r, "tap", 1, 10);
	run_add_expect(&r, METRIC_THROUGHPUT_BPS)->at_least = 0.5;
	cell_set_event(&r.cells[1], VERDICT_TIMEOUT, "guest: not up after 60 s");
	judge_run(&r);
	assert_int_equal(r.cells[1].verdict, VERDICT_TIMEOUT);
	assert_string_equal(r.cells[1].reason, "guest: not up after 60 s");
	assert_int_equal(r.verdict, VERDICT_TIMEOUT);
	assert_string_equal(r.line, "TIMEOUT: 1 of 2 cells: nodrop-v3 tap/virtio/q1/fq_codel: guest: not up after 60 s");
}

static const struct {
	enum verdict event;
	bool has_sample;
	enum verdict verdict;
	const char *reason;
} base_cases[] = {
	{ VERDICT_BROKEN,  true,  VERDICT_BROKEN, "stock was not measured: that is why" },
	{ VERDICT_TIMEOUT, true,  VERDICT_BROKEN, "stock was not measured: that is why" },
	{ VERDICT_SKIP,	   true,  VERDICT_SKIP,	  "stock was not measured: that is why" },
	/* A kernel that fails is no fault of the bed, nor of the other kernel. */
	{ VERDICT_FAIL,	   false, VERDICT_SKIP,
	  "stock was not measured: it failed before it gave throughput_bps: that is why" },
	{ VERDICT_FAIL,	   true,  VERDICT_FAIL,
	  "throughput_bps 0.014 of stock (10 of 730 Mbit/s), promised at least 0.5" COLLAPSE(1) },
};

static void without_the_other_kernel_nothing_is_judged(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(base_cases); i++) {
		_cleanup_(run_result_free) struct run_result r;

		run_make(&r, 2);
		pair(&r, "tap", 1, 10);
		run_add_expect(&r, METRIC_THROUGHPUT_BPS)->at_least = 0.5;
		cell_set_event(&r.cells[0], base_cases[i].event, "that is why");
		r.cells[0].n_samples = base_cases[i].has_sample ? 1 : 0;
		judge_run(&r);
		assert_string_equal(r.cells[1].reason, base_cases[i].reason);
		assert_int_equal(r.cells[1].verdict, base_cases[i].verdict);
	}
}

static void a_cell_without_a_sample_is_broken(void **state)
{
	_cleanup_(run_result_free) struct run_result r;

	(void)state;
	run_make(&r, 2);
	run_add_cell(&r, 0, "tap", 1);
	cell_add_sample(run_add_cell(&r, 1, "tap", 1), 100, 0, 0);
	run_add_expect(&r, METRIC_THROUGHPUT_BPS)->at_least = 0.5;
	judge_run(&r);
	assert_int_equal(r.cells[0].verdict, VERDICT_BROKEN);
	assert_string_equal(r.cells[0].reason, "not measured: the run ended before it");
	assert_string_equal(r.cells[1].reason, "stock was not measured: the run ended before it");
	assert_int_equal(verdict_exit(r.verdict), EXIT_BROKEN);
}

static const struct {
	enum plan_fails fails;
	enum verdict event; /* of the cell that is known to fail */
	enum verdict verdict;
	bool is_expected;
	const char *reason;
	enum verdict run;
	const char *line;
} known[] = {
	{ PLAN_FAILS, VERDICT_FAIL, VERDICT_FAIL, true, "stalled", VERDICT_PASS,
	  "PASS: 2 cells, 1 failed as expected, no other fault found" },
	{ PLAN_FAILS, VERDICT_PASS, VERDICT_FAIL, false, "was expected to fail and did not", VERDICT_FAIL,
	  "FAIL: 1 of 2 cells: nodrop-v3 tap/q1/fq_codel/read: was expected to fail and did not" },
	{ PLAN_FAILS_SOMETIMES, VERDICT_FAIL, VERDICT_FAIL, true, "stalled", VERDICT_PASS,
	  "PASS: 2 cells, 1 failed as expected, no other fault found" },
	{ PLAN_FAILS_SOMETIMES, VERDICT_PASS, VERDICT_PASS, false, "", VERDICT_PASS,
	  "PASS: 2 cells, no fault found" },
	{ PLAN_FAILS, VERDICT_SKIP, VERDICT_SKIP, false, "stalled", VERDICT_PASS,
	  "PASS: 1 cell (and 1 that do not apply), no fault found" },
	{ PLAN_FAILS, VERDICT_BROKEN, VERDICT_BROKEN, false, "stalled", VERDICT_BROKEN,
	  "BROKEN: 1 of 2 cells: nodrop-v3 tap/q1/fq_codel/read: stalled" },
};

/** add_side() - @good samples and @bad invalid ones, which are slow. */
static void add_side(struct run_result *r, size_t kernel, double mbit, int good, int bad)
{
	struct run_cell *c = run_add_cell(r, kernel, "tap", 1);

	for (int i = 0; i < good; i++)
		cell_add_sample(c, mbit + i, 0, 0);
	for (int i = 0; i < bad; i++)
		cell_add_invalid(c, 1);
}

static const struct {
	int good, bad;	   /* of the kernel that promises */
	int other, invalid; /* of the other one */
	double mbit;
	enum verdict verdict;
	const char *reason;
} sides[] = {
	{ 3, 5, 3, 0, 700, VERDICT_PASS, "" }, /* all that were invalid have been taken again */
	{ 2, 3, 3, 0, 700, VERDICT_NOISY, "1 of 3 samples are missing, 3 were invalid: the hypervisor took 9 %" },
	{ 0, 3, 3, 0, 700, VERDICT_NOISY, "3 samples, and all are invalid: the hypervisor took 9 %" },
	{ 0, 1, 3, 0, 700, VERDICT_NOISY, "1 sample, and all are invalid: the hypervisor took 9 %" },
	{ 3, 0, 0, 3, 700, VERDICT_NOISY, "stock was not measured: all its samples are invalid: the hypervisor took 9 %" },
	{ 2, 3, 3, 0, 70, VERDICT_FAIL, NULL }, /* those that are valid say enough */
	{ 2, 0, 3, 0, 700, VERDICT_PASS, "" },	/* fewer than planned for another reason */
};

static void invalid_samples_count_for_nothing_and_leave_a_cell_noisy(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(sides); i++) {
		_cleanup_(run_result_free) struct run_result r;

		run_make(&r, 2);
		r.sequence = (struct sequence){ 3, 3 };
		r.per_boot = 1;
		add_side(&r, 0, 700, sides[i].other, sides[i].invalid);
		add_side(&r, 1, sides[i].mbit, sides[i].good, sides[i].bad);
		run_add_expect(&r, METRIC_THROUGHPUT_BPS)->at_least = 0.9;
		judge_run(&r);
		print_message("  row %zu: %s\n", i, r.cells[1].reason);
		assert_int_equal(r.cells[1].verdict, sides[i].verdict);
		if (sides[i].reason)
			assert_string_equal(r.cells[1].reason, sides[i].reason);
	}
}

static void what_is_known_to_fail_has_to_but_a_race(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(known); i++) {
		_cleanup_(run_result_free) struct run_result r;

		run_make(&r, 2);
		r.probe = PROBE_RAW;
		cell_add_raw(run_add_cell(&r, 0, "tap", 1), 90e3, 0, 0);
		cell_add_raw(run_add_cell(&r, 1, "tap", 1), 90e3, 0, 1);
		run_add_known(&r)->fails = known[i].fails;
		if (known[i].event != VERDICT_PASS)
			cell_set_event(&r.cells[1], known[i].event, "stalled");
		judge_run(&r);
		assert_int_equal(r.cells[0].verdict, VERDICT_PASS);
		assert_int_equal(r.cells[1].verdict, known[i].verdict);
		assert_int_equal(r.cells[1].is_expected, known[i].is_expected);
		assert_string_equal(r.cells[1].reason, known[i].reason);
		assert_int_equal(r.verdict, known[i].run);
		assert_string_equal(r.line, known[i].line);
		judge_run(&r); /* nothing is counted twice */
		assert_string_equal(r.line, known[i].line);
	}
}

static void a_failure_that_is_not_known_fails_the_run_beside_those_that_are(void **state)
{
	_cleanup_(run_result_free) struct run_result r;

	(void)state;
	run_make(&r, 2);
	r.probe = PROBE_RAW;
	for (size_t k = 0; k < 2; k++)
		cell_set_event(run_add_cell(&r, k, "tap", 1), VERDICT_FAIL, k ? "known" : "new");
	expect_where(run_add_known(&r), AXIS_TXQUEUELEN, "1");
	judge_run(&r);
	assert_int_equal(r.seen[VERDICT_FAIL], 2);
	assert_int_equal(r.n_expected, 1);
	assert_string_equal(r.line, "FAIL: 1 of 2 cells: stock tap/q1/fq_codel/read: new");
}

static void an_empty_run_says_so(void **state)
{
	_cleanup_(run_result_free) struct run_result r;

	(void)state;
	run_make(&r, 0);
	judge_run(&r);
	assert_string_equal(r.line, "SKIP: the run has no cells");
}

static void the_change_is_against_the_first_kernel(void **state)
{
	_cleanup_(run_result_free) struct run_result r;

	(void)state;
	run_make(&r, 3);
	pair(&r, "tap", 1, 365);
	cell_add_sample(run_add_cell(&r, 2, "tap", 1), 1460, 3, 0);
	cell_add_sample(run_add_cell(&r, 2, "tap", 10), 1460, 3, 0);
	judge_run(&r);
	assert_true(r.cells[1].change[METRIC_THROUGHPUT_BPS] == 0.5);
	assert_true(r.cells[2].change[METRIC_THROUGHPUT_BPS] == 2);
	assert_true(isinf(r.cells[2].change[METRIC_RETRANSMITS]));
	assert_true(isnan(r.cells[1].change[METRIC_RETRANSMITS]));
	assert_true(isnan(r.cells[3].change[METRIC_THROUGHPUT_BPS]));
}

static void runs_are_joined_at_the_points_that_both_have(void **state)
{
	_cleanup_(run_result_free) struct run_result a, b, joined = { 0 };
	_cleanup_(strv_free) struct strv notes = { 0 };

	(void)state;
	run_make(&a, 2);
	run_make(&b, 2);
	str_set(&b.id, "20261124-0101-0002");
	json_object_set_new(b.host, "accel", json_string("kvm"));
	pair(&a, "tap", 1, 700);
	pair(&a, "tap", 10, 700);
	pair(&b, "vhost", 10, 1000);
	pair(&b, "tap", 10, 600);
	cell_set_event(&b.cells[3], VERDICT_BROKEN, "gone");
	join_runs(&a, 1, &b, 1, 0.9, &joined, &notes);
	judge_run(&joined);
	assert_int_equal(joined.n_cells, 2);
	assert_string_equal(joined.kernels[1].name, "B:nodrop-v3");
	assert_int_equal(joined.cells[1].verdict, VERDICT_BROKEN);
	assert_int_equal(notes.n, 3);
	assert_string_equal(notes.v[0], "the runs differ: host accel is \"tcg\" and \"kvm\"");
	assert_string_equal(notes.v[1], "only A:nodrop-v3 has 1 point: tap/virtio/q1/fq_codel");
	assert_string_equal(notes.v[2], "only B:nodrop-v3 has 1 point: vhost/virtio/q10/fq_codel");
}

static void two_kernels_of_one_run_are_compared_by_the_standing_promises(void **state)
{
	_cleanup_(run_result_free) struct run_result a, joined = { 0 };
	_cleanup_(strv_free) struct strv notes = { 0 };
	_cleanup_(freep) char *promises = join_promises(PROBE_IPERF3, 0.9);

	(void)state;
	run_make(&a, 2);
	pair(&a, "tap", 10, 600);
	a.cells[0].samples[0].value[METRIC_RETRANS_PER_MB] = 0.02;
	a.cells[1].samples[0].value[METRIC_RETRANS_PER_MB] = 0.09;
	join_runs(&a, 0, &a, 1, 0.9, &joined, &notes);
	judge_run(&joined);
	assert_int_equal(notes.n, 0);
	assert_string_equal(promises, "throughput_bps at least 0.9, retrans_per_mb at most 2 (or at most 0.1)");
	assert_string_equal(joined.cells[1].reason, "throughput_bps 0.82 of stock (600 of 730 Mbit/s), promised at least 0.9"
			    FEW(1, "s"));
	joined.expects[0].at_least = 0.8;
	judge_run(&joined);
	assert_int_equal(joined.verdict, VERDICT_PASS);
	joined.cells[1].samples[0].value[METRIC_RETRANS_PER_MB] = 5;
	judge_run(&joined);
	assert_string_equal(joined.cells[1].reason, "retrans_per_mb 250 times stock (5 of 0.02), promised at most 2 (or at most 0.1)" COLLAPSE(1));
}

static void pairs_have_one_name_or_are_the_only_two(void **state)
{
	_cleanup_(run_result_free) struct run_result one, two;
	struct join_side a = { &two, NULL }, b = { &two, "nodrop-v3" };

	(void)state;
	run_make(&one, 1);
	run_make(&two, 2);
	assert_true(join_is_pair(&a, 1, &b, 1));
	assert_false(join_is_pair(&a, 0, &b, 1));
	assert_false(join_is_pair(&a, 0, &b, 0));
	a.kernel = "stock";
	assert_true(join_is_pair(&a, 0, &b, 1));
	assert_false(join_is_pair(&a, 1, &b, 1));
	a = (struct join_side){ &one, NULL };
	assert_true(join_is_pair(&a, 0, &b, 1));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_promise_is_judged_by_a_test_or_as_a_collapse),
		cmocka_unit_test(a_promise_holds_only_inside_its_where),
		cmocka_unit_test(the_line_counts_cells_and_promises),
		cmocka_unit_test(the_worst_of_several_broken_promises_gives_the_reason),
		cmocka_unit_test(a_metric_without_a_number_is_the_beds_fault),
		cmocka_unit_test(an_event_is_the_verdict_of_its_cell),
		cmocka_unit_test(without_the_other_kernel_nothing_is_judged),
		cmocka_unit_test(a_cell_without_a_sample_is_broken),
		cmocka_unit_test(invalid_samples_count_for_nothing_and_leave_a_cell_noisy),
		cmocka_unit_test(what_is_known_to_fail_has_to_but_a_race),
		cmocka_unit_test(a_failure_that_is_not_known_fails_the_run_beside_those_that_are),
		cmocka_unit_test(an_empty_run_says_so),
		cmocka_unit_test(the_change_is_against_the_first_kernel),
		cmocka_unit_test(runs_are_joined_at_the_points_that_both_have),
		cmocka_unit_test(two_kernels_of_one_run_are_compared_by_the_standing_promises),
		cmocka_unit_test(pairs_have_one_name_or_are_the_only_two),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
