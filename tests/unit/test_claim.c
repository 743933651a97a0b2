// SPDX-License-Identifier: GPL-2.0-only
/* test_claim.c - published numbers, the table of claims, and when a claim is reproduced */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "lib/err.h"
#include "plan/matrix.h"
#include "reproductions.h"

#define MOST 6

/** struct numbers - of samples, each of a boot; -1 ends them */
struct numbers {
	double v[MOST + 1];
};

#define N(...) { { __VA_ARGS__, -1 } }
#define NONE   { { -1 } }

static size_t add_numbers(struct run_cell *c, enum metric m, const struct numbers *n)
{
	size_t i = 0;

	for (; n->v[i] >= 0; i++)
		repro_sample(c, m, n->v[i]);
	return i;
}

#define FEW    "a side: fewer than 5 tell only what is "
#define BOTH   "it is not clear: both sides of the bar are possible"
#define YES    CLAIM_REPRODUCED
#define NO     CLAIM_NOT_REPRODUCED
#define CANNOT CLAIM_CANNOT

static const struct {
	const char *what;
	enum claim_want want;
	double bar;
	struct numbers of, over;
	enum claim_verdict verdict;
	const char *why;
} ratios[] = {
	{ "rises, clearly", CLAIM_RISES, 0, N(300, 310, 330, 320, 340), N(100, 105, 101, 110, 102), YES, "" },
	{ "rises by little", CLAIM_RISES, 0, N(103, 103, 103.2, 103.1, 103), N(100, 100.1, 100, 100.2, 100), YES, "" },
	{ "rises in the middle alone", CLAIM_RISES, 0, N(90, 120, 130, 140, 80), N(100, 105, 101, 110, 102), CANNOT, BOTH },
	{ "does not rise, tightly", CLAIM_RISES, 0, N(100, 101, 102, 100, 101), N(100, 102, 101, 100, 101), NO, "" },
	{ "falls where it should rise", CLAIM_RISES, 0, N(50, 51, 52, 53, 54), N(100, 105, 101, 110, 102), NO, "" },
	{ "rises from nothing", CLAIM_RISES, 0, N(5, 6, 7, 8, 9), N(0, 0, 0, 0, 0), YES, "" },
	{ "nothing of nothing is no rise", CLAIM_RISES, 0, N(0, 0, 0, 0, 0), N(0, 0, 0, 0, 0), NO, "" },
	{ "falls, clearly", CLAIM_FALLS, 0, N(50, 51, 52, 53, 54), N(100, 105, 101, 110, 102), YES, "" },
	{ "does not fall, tightly", CLAIM_FALLS, 0, N(100, 101, 102, 100, 101), N(100, 102, 101, 100, 101), NO, "" },
	{ "rises where it should fall", CLAIM_FALLS, 0, N(300, 310, 330, 320, 340), N(100, 105, 101, 110, 102), NO, "" },
	{ "falls perhaps", CLAIM_FALLS, 0, N(80, 120, 90, 95, 130), N(100, 105, 101, 110, 102), CANNOT, BOTH },
	{ "keeps, tightly", CLAIM_KEEPS, 0, N(100, 101, 102, 100, 101), N(100, 102, 101, 100, 101), YES, "" },
	{ "keeps, and rises", CLAIM_KEEPS, 0, N(300, 310, 330, 320, 340), N(100, 105, 101, 110, 102), YES, "" },
	{ "loses a fifth", CLAIM_KEEPS, 0, N(80, 81, 82, 80, 81), N(100, 102, 101, 100, 101), NO, "" },
	{ "keeps perhaps", CLAIM_KEEPS, 0, N(80, 120, 90, 95, 130), N(100, 105, 101, 110, 102), CANNOT, BOTH },
	{ "below a bar", CLAIM_AT_MOST, 0.1, N(1, 2, 1, 2, 1), N(700, 710, 690, 720, 650), YES, "" },
	{ "above it", CLAIM_AT_MOST, 0.1, N(90, 92, 91, 94, 93), N(700, 710, 690, 720, 650), NO, "" },
	{ "twice and more", CLAIM_AT_LEAST, 2, N(300, 310, 330, 320, 340), N(100, 105, 101, 110, 102), YES, "" },
	{ "just twice", CLAIM_AT_LEAST, 2, N(200, 200, 200, 200, 200), N(100, 100, 100, 100, 100), YES, "" },
	{ "not twice", CLAIM_AT_LEAST, 2, N(150, 160, 155, 150, 161), N(100, 105, 101, 110, 102), NO, "" },
	{ "six against five", CLAIM_RISES, 0, N(300, 310, 330, 320, 340, 290), N(100, 105, 101, 110, 102), YES, "" },

	{ "one boot, a collapse", CLAIM_AT_MOST, 0.1, N(1.5), N(700), YES, "" },
	{ "one boot, near the bar", CLAIM_AT_MOST, 0.1, N(100), N(700), CANNOT, "1 boot " FEW "20 times beyond the bar" },
	{ "one boot, nothing of a collapse", CLAIM_AT_MOST, 0.1, N(600), N(700), CANNOT, "1 boot " FEW "20 times beyond the bar" },
	{ "one boot, hundredfold", CLAIM_RISES, 0, N(1000), N(10), YES, "" },
	{ "one boot, tenfold", CLAIM_RISES, 0, N(1000), N(100), CANNOT, "1 boot " FEW "20 times beyond the bar" },
	{ "one boot, twofold", CLAIM_RISES, 0, N(200), N(100), CANNOT, "1 boot " FEW "20 times beyond the bar" },
	{ "one boot, a hundredth, is no proof of a fall", CLAIM_RISES, 0, N(1), N(100), CANNOT, "1 boot " FEW "20 times beyond the bar" },
	{ "one boot, a hundredth, where it should fall", CLAIM_FALLS, 0, N(1), N(100), YES, "" },
	{ "one boot, alike", CLAIM_KEEPS, 0, N(100), N(100), CANNOT, "1 boot " FEW "20 times beyond the bar" },
	{ "one boot, nothing of nothing", CLAIM_RISES, 0, N(0), N(0), CANNOT, "1 boot " FEW "20 times beyond the bar" },
	{ "four boots and five", CLAIM_RISES, 0, N(200, 210, 220, 230), N(100, 105, 101, 110, 102), CANNOT,
	  "4 boots " FEW "20 times beyond the bar" },
	{ "few, whose best and worst overlap", CLAIM_RISES, 0, N(1000, 100), N(100, 300), CANNOT, "2 boots " FEW "20 times beyond the bar" },

	{ "nothing measured", CLAIM_RISES, 0, NONE, N(100), CANNOT, "nodrop-v3 was not measured" },
	{ "nothing to compare with", CLAIM_RISES, 0, N(100), NONE, CANNOT, "stock was not measured" },
};

static void a_ratio_is_judged_by_its_interval(void **state)
{
	const struct contender *k = &contenders[0];

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(ratios); i++) {
		const struct claim c = {
			.experiment = EXPERIMENT_VHOST_QUEUE, .metric = METRIC_THROUGHPUT_BPS, .want = ratios[i].want, .bar = ratios[i].bar,
			.of = { PUBLISHED_PATCHED, "10" }, .over = { PUBLISHED_DEFAULT, "10" },
		};
		_cleanup_(run_result_free) struct run_result r;
		_cleanup_(ruling_free) struct ruling a = { 0 };

		print_message("  %s\n", ratios[i].what);
		repro_make(&r, c.experiment);
		add_numbers(repro_cell(&r, c.experiment, &k->side[1], NULL, "10"), c.metric, &ratios[i].of);
		add_numbers(repro_cell(&r, c.experiment, &k->side[0], NULL, "10"), c.metric, &ratios[i].over);
		judge_run(&r);
		a = claim_rule(&c, &r, 0);
		assert_int_equal(a.verdict, ratios[i].verdict);
		assert_string_equal(a.why, ratios[i].why);
	}
}

static const struct {
	const char *what;
	enum claim_want want;
	double bar;
	struct numbers of;
	enum claim_verdict verdict;
	const char *why;
} levels[] = {
	{ "many in every boot", CLAIM_AT_LEAST, 0.1, N(7, 8, 6, 7, 9), YES, "" },
	{ "many in most", CLAIM_AT_LEAST, 0.1, N(7, 8, 0, 7, 9), CANNOT, BOTH },
	{ "few in every boot", CLAIM_AT_LEAST, 0.1, N(0, 0.01, 0, 0, 0.02), NO, "" },
	{ "none in every boot", CLAIM_AT_MOST, 0.01, N(0, 0, 0, 0, 0), YES, "" },
	{ "a few in one", CLAIM_AT_MOST, 0.01, N(0, 0, 0.02, 0, 0), CANNOT, BOTH },
	{ "many where none should be", CLAIM_AT_MOST, 0.01, N(1, 2, 1, 1, 1), NO, "" },
	{ "one boot, a storm", CLAIM_AT_LEAST, 0.1, N(7), YES, "" },
	{ "one boot, not a storm", CLAIM_AT_LEAST, 0.1, N(1.5), CANNOT, "1 boot " FEW "20 times beyond the bar" },
	{ "one boot without any is no proof", CLAIM_AT_MOST, 0.01, N(0), CANNOT, "1 boot " FEW "20 times beyond the bar" },
	{ "nor of their absence where many should be", CLAIM_AT_LEAST, 0.1, N(0), CANNOT, "1 boot " FEW "20 times beyond the bar" },
	{ "one boot, a storm where none should be", CLAIM_AT_MOST, 0.01, N(5), CANNOT, "1 boot " FEW "20 times beyond the bar" },
};

static void a_level_is_judged_by_every_boot(void **state)
{
	const struct contender *k = &contenders[0];

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(levels); i++) {
		const struct claim c = {
			.experiment = EXPERIMENT_TAP_QUEUE, .metric = METRIC_RETRANS_PER_MB, .want = levels[i].want, .bar = levels[i].bar,
			.of = { PUBLISHED_DEFAULT, "100" },
		};
		_cleanup_(run_result_free) struct run_result r;
		_cleanup_(ruling_free) struct ruling a = { 0 };

		print_message("  %s\n", levels[i].what);
		repro_make(&r, c.experiment);
		add_numbers(repro_cell(&r, c.experiment, &k->side[0], NULL, "100"), c.metric, &levels[i].of);
		judge_run(&r);
		a = claim_rule(&c, &r, 0);
		assert_int_equal(a.verdict, levels[i].verdict);
		assert_string_equal(a.why, levels[i].why);
	}
}

static const struct {
	double load;
	size_t boots;
	enum claim_verdict verdict;
	const char *why;
} loads[] = {
	{ 0.2, 1, YES, "" },
	{ 4.0, 1, YES, "" }, /* 2 a CPU: the run before this one */
	{ 9.1, 1, CANNOT, "1 boot a side, and the machine was busy: a load of 9.1 on 2 CPUs" },
	{ 9.1, 5, YES, "" }, /* their interval tells how far they can be trusted */
};

static void few_boots_of_a_busy_machine_tell_nothing(void **state)
{
	const struct claim c = {
		.experiment = EXPERIMENT_TAP_QUEUE, .metric = METRIC_THROUGHPUT_BPS, .want = CLAIM_RISES,
		.of = { PUBLISHED_PATCHED, "1" }, .over = { PUBLISHED_DEFAULT, "1" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(loads); i++) {
		_cleanup_(run_result_free) struct run_result r;
		_cleanup_(ruling_free) struct ruling a = { 0 };

		print_message("  row %zu\n", i);
		repro_make(&r, c.experiment);
		json_object_set_new(r.host, "machine", json_pack("{s:f, s:i}", "load", loads[i].load, "cpus", 2));
		for (int s = 0; s < 2; s++) {
			struct run_cell *cell = repro_cell(&r, c.experiment, &contenders[0].side[s], NULL, "1");

			for (size_t n = 0; n < loads[i].boots; n++)
				repro_sample(cell, c.metric, s ? 500e6 : 1.5e6);
		}
		judge_run(&r);
		a = claim_rule(&c, &r, 0);
		assert_int_equal(a.verdict, loads[i].verdict);
		assert_string_equal(a.why, loads[i].why);
	}
}

static const struct {
	double stock_us, patched_us;
	enum claim_verdict verdict;
	const char *why;
} round_trips[] = {
	{ 61e3, 59e3, YES, "" },
	{ 63e3, 57e3, YES, "" },
	{ 66e3, 60e3, CANNOT, "the idle round trip of stock is 66.0 ms" },
	{ 60e3, 56e3, CANNOT, "the idle round trip of nodrop-v3 is 56.0 ms" },
	{ NAN, 60e3, CANNOT, "the idle round trip of stock was not measured" },
};

static void what_was_not_measured_at_its_round_trip_cannot_be_judged(void **state)
{
	const struct claim c = {
		.experiment = EXPERIMENT_TAP_DELAY, .metric = METRIC_THROUGHPUT_BPS, .want = CLAIM_AS_PUBLISHED,
		.of = { PUBLISHED_PATCHED, "60" }, .over = { PUBLISHED_DEFAULT, "60" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(round_trips); i++) {
		_cleanup_(run_result_free) struct run_result r;
		_cleanup_(ruling_free) struct ruling a = { 0 };

		repro_make(&r, c.experiment);
		for (int s = 0; s < 2; s++) {
			struct run_cell *cell = repro_cell(&r, c.experiment, &contenders[0].side[s], NULL, "60");

			for (int n = 0; n < CLAIM_BOOTS; n++) {
				repro_sample(cell, METRIC_THROUGHPUT_BPS, s ? 3e8 + n : 1e8 + n);
				cell->samples[n].value[METRIC_IDLE_RTT_US] = s ? round_trips[i].patched_us : round_trips[i].stock_us;
			}
		}
		judge_run(&r);
		a = claim_rule(&c, &r, 0);
		assert_int_equal(a.verdict, round_trips[i].verdict);
		assert_string_equal(a.why, round_trips[i].why);
	}
}

static const struct claim rises_at_1 = {
	.experiment = EXPERIMENT_TAP_QUEUE, .metric = METRIC_THROUGHPUT_BPS, .want = CLAIM_RISES,
	.of = { PUBLISHED_PATCHED, "1" }, .over = { PUBLISHED_DEFAULT, "1" },
};

static void check_cannot(const struct run_result *r, size_t contender, const char *why)
{
	_cleanup_(ruling_free) struct ruling a = claim_rule(&rises_at_1, r, contender);

	assert_int_equal(a.verdict, CLAIM_CANNOT);
	assert_string_equal(a.why, why);
	assert_true(isnan(a.here.estimate));
}

static void what_is_missing_says_why(void **state)
{
	const struct contender *k = &contenders[0];
	_cleanup_(run_result_free) struct run_result r;

	(void)state;
	check_cannot(NULL, 0, "tap-queue has not been run");
	repro_make(&r, EXPERIMENT_TAP_QUEUE);
	cell_set_event(repro_cell(&r, EXPERIMENT_TAP_QUEUE, &k->side[1], NULL, "1"), VERDICT_TIMEOUT, "guest agent: no answer");
	repro_sample(repro_cell(&r, EXPERIMENT_TAP_QUEUE, &k->side[0], NULL, "1"), METRIC_THROUGHPUT_BPS, 2e6);
	judge_run(&r);
	check_cannot(&r, 0, "nodrop-v3: TIMEOUT: guest agent: no answer");
	check_cannot(&r, 2, "linux-7.3 has no such cell");
}

static const struct {
	enum experiment experiment;
	const char *daemon, *row;
	enum claim_want want;
} directions[] = {
	{ EXPERIMENT_TAP_QUEUE,	  NULL,		  "1000", CLAIM_KEEPS },
	{ EXPERIMENT_TAP_QUEUE,	  NULL,		  "10",	  CLAIM_RISES },
	{ EXPERIMENT_VHOST_QUEUE, NULL,		  "10",	  CLAIM_FALLS },
	{ EXPERIMENT_VHOST_QUEUE, NULL,		  "1",	  CLAIM_RISES },
	{ EXPERIMENT_VHOST_DELAY, NULL,		  "60",	  CLAIM_KEEPS },
	{ EXPERIMENT_TAP_DELAY,	  NULL,		  "120",  CLAIM_RISES },
	{ EXPERIMENT_VPN_RTT,	  "wireguard-go", "10",	  CLAIM_FALLS },
	{ EXPERIMENT_VPN_RTT,	  "wireguard-go", "40",	  CLAIM_RISES },
	{ EXPERIMENT_VPN_RTT,	  "openvpn",	  "20",	  CLAIM_KEEPS },
	{ EXPERIMENT_VPN_QUEUE,	  "openvpn",	  "10",	  CLAIM_RISES },
};

static void a_direction_is_that_of_the_published_numbers(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(directions); i++) {
		const struct claim c = {
			.experiment = directions[i].experiment, .daemon = directions[i].daemon, .metric = METRIC_THROUGHPUT_BPS,
			.of = { PUBLISHED_PATCHED, directions[i].row }, .over = { PUBLISHED_DEFAULT, directions[i].row },
		};
		_cleanup_(ruling_free) struct ruling a = claim_rule(&c, NULL, 0);

		print_message("  row %zu\n", i);
		assert_int_equal(a.want, directions[i].want);
		assert_true(claim_is_published(&c));
	}
}

static void published_counts_become_rates(void **state)
{
	const struct published *tap = published_find(EXPERIMENT_TAP_QUEUE, NULL, "100");
	const struct published *vhost = published_find(EXPERIMENT_VHOST_QUEUE, NULL, "1");
	const struct published *vpn = published_find(EXPERIMENT_VPN_RTT, "openvpn", "40");

	(void)state;
	assert_true(published_value(tap, PUBLISHED_DEFAULT, METRIC_THROUGHPUT_BPS) == 1986.4e6);
	assert_true(fabs(published_value(tap, PUBLISHED_DEFAULT, METRIC_RETRANS_PER_MB) - 7.437) < 0.001);
	assert_true(fabs(published_value(vhost, PUBLISHED_PATCHED, METRIC_RETRANS_PER_MB) - 0.00192) < 0.00001);
	assert_true(fabs(published_value(vhost, PUBLISHED_PATCHED, METRIC_RTT_US) - 226) < 1e-9);
	assert_true(published_value(vpn, PUBLISHED_PATCHED, METRIC_THROUGHPUT_BPS) == 411.8e6);
	assert_true(isnan(published_value(vpn, PUBLISHED_PATCHED, METRIC_RETRANS_PER_MB)));
	assert_true(isnan(published_value(tap, PUBLISHED_DEFAULT, METRIC_QDISC_DROPS)));
	assert_null(published_find(EXPERIMENT_VPN_RTT, NULL, "40"));
	assert_true(isnan(published_value(NULL, PUBLISHED_DEFAULT, METRIC_RTT_US)));
}

/* The published data do not say what is claimed of them: the page has to know. */
static void some_claims_are_not_what_was_published(void **state)
{
	_cleanup_(freep) struct claim *list = NULL;
	size_t n = claim_list(&list), unlike[GROUP_COUNT] = { 0 };

	(void)state;
	for (size_t i = 0; i < n; i++)
		unlike[list[i].group] += !claim_is_published(&list[i]);
	assert_int_equal(unlike[GROUP_RETRANSMITS], 3); /* TAP at 1000, vhost at 1000 and 100 */
	assert_int_equal(unlike[GROUP_BLOAT], 2);
	assert_int_equal(unlike[GROUP_NO_LOSS] + unlike[GROUP_COLLAPSE] + unlike[GROUP_NO_RETRANSMITS], 0);
}

static void must_read(enum experiment e, bool is_quick, struct plan *p)
{
	_cleanup_(strv_free) struct strv sets = { 0 };

	if (is_quick)
		experiment_quick(e, &sets);
	if (plan_read(experiment_def(e)->plan, p))
		fail_msg("%s", err_text());
	for (size_t i = 0; i < sets.n; i++)
		if (plan_set(p, sets.v[i]))
			fail_msg("%s", err_text());
}

/** run_of() - a run that has the cells of a plan, and no samples. */
static void run_of(const struct plan *p, struct run_result *r)
{
	run_make(r, 0);
	json_object_set_new(r->host, "accel", json_string(plan_accels(p)[0]));
	r->n_kernels = p->n_kernels;
	r->kernels = mem_grow(r->kernels, p->n_kernels, sizeof(*r->kernels));
	for (size_t i = 0; i < p->n_kernels; i++)
		r->kernels[i] = (struct run_kernel){ .name = str_dup(p->kernels[i].name) };
	r->n_cells = p->n_cells;
	r->cells = mem_zalloc(p->n_cells * sizeof(*r->cells));
	for (size_t i = 0; i < p->n_cells; i++) {
		r->cells[i].cell = p->cells[i];
		r->cells[i].cell.skip = NULL;
	}
}

static void check_cells(const struct claim *c, const struct run_result *r)
{
	bool is_vpn = experiment_def(c->experiment)->group == AXIS_VPN;

	for (size_t k = 0; k < CONTENDERS; k++)
		for (int s = 0; s < 2; s++) {
			const struct contender_side *who = &contenders[k].side[s];
			bool is_there = experiment_cell(c->experiment, r, who, c->daemon, c->of.row) &&
					(!c->over.row || experiment_cell(c->experiment, r, who, c->daemon, c->over.row));

			assert_int_equal(is_there, !is_vpn || strcmp(who->kernel, "linux-7.3"));
		}
}

static void every_claim_has_its_cells_in_the_plan_that_ships(void **state)
{
	_cleanup_(freep) struct claim *list = NULL;
	size_t n = claim_list(&list);

	(void)state;
	for (size_t i = 0; i < n; i++) {
		_cleanup_(plan_free) struct plan p = { 0 };
		_cleanup_(run_result_free) struct run_result r;

		must_read(list[i].experiment, false, &p);
		run_of(&p, &r);
		assert_true(run_result_fits(&r, &p));
		check_cells(&list[i], &r);
		assert_true(!i || list[i].group >= list[i - 1].group);
	}
}

static void a_run_of_another_plan_does_not_fit(void **state)
{
	_cleanup_(plan_free) struct plan p = { 0 }, other = { 0 };
	_cleanup_(run_result_free) struct run_result r;

	(void)state;
	must_read(EXPERIMENT_TAP_QUEUE, false, &p);
	must_read(EXPERIMENT_VHOST_QUEUE, false, &other);
	run_of(&p, &r);
	assert_false(run_result_fits(&r, &other));
	r.n_cells--;
	assert_false(run_result_fits(&r, &p));
	r.n_cells++;
	json_object_set_new(r.host, "accel", json_string("icount"));
	assert_false(run_result_fits(&r, &p));
}

static void the_plans_have_boots_enough_and_a_quick_run_is_one(void **state)
{
	double seconds = 0;

	(void)state;
	for (enum experiment e = 0; e < EXPERIMENT_COUNT; e++) {
		_cleanup_(plan_free) struct plan p = { 0 }, quick = { 0 };

		must_read(e, false, &p);
		assert_true(p.samples >= CLAIM_BOOTS && p.interleaved);
		must_read(e, true, &quick);
		assert_int_equal(quick.samples, 1);
		seconds += experiment_seconds(&quick);
		assert_int_equal(experiment_find(experiment_def(e)->name), e);
	}
	assert_true(seconds < 40 * 60);
	assert_int_equal(experiment_find("tap"), EXPERIMENT_COUNT);
}

static void what_is_missing_is_counted(void **state)
{
	const struct contender_side *stock = &contenders[0].side[0], *patched = &contenders[0].side[1];
	_cleanup_(run_result_free) struct run_result r;

	(void)state;
	repro_make(&r, EXPERIMENT_TAP_QUEUE);
	repro_sample(repro_cell(&r, EXPERIMENT_TAP_QUEUE, stock, NULL, "1"), METRIC_THROUGHPUT_BPS, 1);
	repro_cell(&r, EXPERIMENT_TAP_QUEUE, stock, NULL, "10");
	cell_set_event(repro_cell(&r, EXPERIMENT_TAP_QUEUE, patched, NULL, "1"), VERDICT_SKIP, "no such flag");
	cell_set_event(repro_cell(&r, EXPERIMENT_TAP_QUEUE, patched, NULL, "10"), VERDICT_FAIL, "host kernel: WARNING");
	cell_set_event(repro_cell(&r, EXPERIMENT_TAP_QUEUE, patched, NULL, "100"), VERDICT_TIMEOUT, "late");
	assert_int_equal(reproduction_lacks(&r, 1), 2);
	assert_int_equal(reproduction_lacks(&r, 5), 4 + 5 + 5);
	/* A kernel that did not build once is no cell that does not apply; nor is what was not tried to be tried for ever. */
	cell_set_event(repro_cell(&r, EXPERIMENT_TAP_QUEUE, patched, NULL, "1000"), VERDICT_SKIP, VERDICT_NOT_MEASURED "no headers");
	assert_int_equal(reproduction_lacks(&r, 1), 3);
	cell_set_event(repro_cell(&r, EXPERIMENT_TAP_QUEUE, stock, NULL, "1000"), VERDICT_SKIP, VERDICT_NOT_TRIED "the host died");
	assert_int_equal(reproduction_lacks(&r, 1), 3);
}

static void two_samples_of_a_boot_are_one(void **state)
{
	_cleanup_(run_result_free) struct run_result r;
	struct run_cell *c;

	(void)state;
	repro_make(&r, EXPERIMENT_TAP_QUEUE);
	c = repro_cell(&r, EXPERIMENT_TAP_QUEUE, &contenders[0].side[0], NULL, "1");
	for (int i = 0; i < 5; i++)
		repro_sample(c, METRIC_THROUGHPUT_BPS, 1);
	assert_int_equal(reproduction_lacks(&r, 5), 0);
	c->samples[4].boot = c->samples[3].boot;
	assert_int_equal(reproduction_lacks(&r, 5), 1);
}

static const struct {
	const char *what;
	struct numbers of, over;
	enum claim_verdict verdict;
	const char *why;
} counts[] = {
	{ "a packet against none", N(1, 1, 1, 1, 1), N(0, 0, 0, 0, 0), NO, "" },
	{ "one boot, a packet against none", N(1), N(0), CANNOT, "1 boot " FEW "20 times beyond the bar" },
	{ "many against none", N(400, 380, 420, 410, 390), N(0, 0, 0, 0, 0), YES, "" },
	{ "one boot, very many against none", N(401), N(0), YES, "" },
	{ "twice as many", N(45, 46, 47, 45, 46), N(20, 21, 20, 21, 20), YES, "" },
	{ "a short queue against a packet in passing", N(4, 15, 12, 10, 8), N(0, 1, 0, 0, 1), YES, "" },
	{ "hardly more than that", N(3, 3, 3, 3, 3), N(0, 1, 0, 0, 1), NO, "" },
};

static void counts_below_what_matters_are_alike(void **state)
{
	const struct claim c = {
		.experiment = EXPERIMENT_SHAPING, .metric = METRIC_QDISC_BACKLOG, .want = CLAIM_AT_LEAST, .bar = 2,
		.of = { PUBLISHED_PATCHED, "htb" }, .over = { PUBLISHED_DEFAULT, "htb" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(counts); i++) {
		_cleanup_(run_result_free) struct run_result r;
		_cleanup_(ruling_free) struct ruling a = { 0 };

		print_message("  %s\n", counts[i].what);
		repro_make(&r, c.experiment);
		add_numbers(repro_cell(&r, c.experiment, &contenders[0].side[1], NULL, "htb"), c.metric, &counts[i].of);
		add_numbers(repro_cell(&r, c.experiment, &contenders[0].side[0], NULL, "htb"), c.metric, &counts[i].over);
		judge_run(&r);
		a = claim_rule(&c, &r, 0);
		assert_string_equal(a.why, counts[i].why);
		assert_int_equal(a.verdict, counts[i].verdict);
	}
}

static void a_cell_without_a_valid_sample_says_what_disturbed_it(void **state)
{
	const struct claim c = {
		.experiment = EXPERIMENT_TAP_QUEUE, .metric = METRIC_THROUGHPUT_BPS, .want = CLAIM_RISES,
		.of = { PUBLISHED_PATCHED, "1" }, .over = { PUBLISHED_DEFAULT, "1" },
	};
	_cleanup_(run_result_free) struct run_result r;
	_cleanup_(ruling_free) struct ruling a = { 0 };
	struct run_cell *cell;

	(void)state;
	repro_make(&r, c.experiment);
	cell = repro_cell(&r, c.experiment, &contenders[0].side[1], NULL, "1");
	run_cell_add(&cell->invalid, &cell->n_invalid)->invalid = str_dup("other processes had 40 %");
	repro_sample(repro_cell(&r, c.experiment, &contenders[0].side[0], NULL, "1"), c.metric, 1e6);
	judge_run(&r);
	a = claim_rule(&c, &r, 0);
	assert_int_equal(a.verdict, CANNOT);
	assert_string_equal(a.why, "nodrop-v3: no sample is valid: other processes had 40 %");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_ratio_is_judged_by_its_interval),
		cmocka_unit_test(a_level_is_judged_by_every_boot),
		cmocka_unit_test(what_was_not_measured_at_its_round_trip_cannot_be_judged),
		cmocka_unit_test(few_boots_of_a_busy_machine_tell_nothing),
		cmocka_unit_test(what_is_missing_says_why),
		cmocka_unit_test(a_direction_is_that_of_the_published_numbers),
		cmocka_unit_test(published_counts_become_rates),
		cmocka_unit_test(some_claims_are_not_what_was_published),
		cmocka_unit_test(every_claim_has_its_cells_in_the_plan_that_ships),
		cmocka_unit_test(a_run_of_another_plan_does_not_fit),
		cmocka_unit_test(the_plans_have_boots_enough_and_a_quick_run_is_one),
		cmocka_unit_test(what_is_missing_is_counted),
		cmocka_unit_test(two_samples_of_a_boot_are_one),
		cmocka_unit_test(counts_below_what_matters_are_alike),
		cmocka_unit_test(a_cell_without_a_valid_sample_says_what_disturbed_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
