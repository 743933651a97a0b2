// SPDX-License-Identifier: GPL-2.0-only
/*
 * test_proof.c - the judge as a whole, fed by generators: how often is its red wrong, and how often
 * does it miss what is there?
 *
 * A plan is 16 points, two kernels, and two promises a point: not slower, not more retransmits. PROOF=N
 * in the environment makes N times as many plans (make proof). The numbers are printed; docs/judge.md has them.
 *
 * Beside generators there are samples that were measured: both kernels draw from those of one real cell.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "judge/judge.h"
#include "judge/stats.h"
#include "noise.h"
#include "real.h"
#include "runs.h"

#define POINTS 16
#define SIDES  2
#define NOISE  0.02

typedef double (*noise_fn)(struct random *g, const struct noise_at *at, double sd);

/**
 * struct world - what is true
 * @points:   of the plan
 * @promises: 1 for throughput alone, 2 for retransmits too
 * @noise:    of the throughput
 * @sd:       its standard deviation
 * @rate:     losses a sample, of both kernels
 * @slower:   throughput of kernel 1 over that of kernel 0
 * @lossier:  the same of the losses
 * @changed:  at how many points kernel 1 is so
 * @samples:  boots a side
 * @per_boot: samples of a cell in each
 * @cap:      boots a side that a NOISY cell may get, 0 for @samples
 * @is_real:  samples are drawn from measured ones; noise and rate mean nothing then
 */
struct world {
	const char *name;
	size_t points;
	size_t promises;
	noise_fn noise;
	double sd;
	double rate;
	double slower;
	double lossier;
	size_t changed;
	unsigned int samples;
	unsigned int per_boot;
	unsigned int cap;
	bool is_real;
};

static struct random rng;
static struct real real;

static void add_sample(struct run_cell *c, const struct world *w, const struct noise_at *at, int boot, size_t point)
{
	bool is_changed = c->cell.kernel == 1 && point < w->changed;
	double slower = is_changed ? w->slower : 1, lossier = is_changed ? w->lossier : 1;

	if (w->is_real) {
		const struct real_sample *s = real_draw(&real, &rng, point);

		cell_add_sample(c, s->mbit * slower, round(s->retransmits * lossier), 0);
	} else {
		cell_add_sample(c, fmax(0, 700 * w->noise(&rng, at, w->sd) * slower), noise_count(&rng, w->rate * lossier), 0);
	}
	c->samples[c->n_samples - 1].boot = boot;
}

/** add_boots() - @n boots a side more, kernels in A B B A order; of cells that @wants says. */
static void add_boots(struct run_result *r, const struct world *w, unsigned int from, unsigned int n, const bool *wants)
{
	unsigned int most = w->cap ? w->cap : w->samples;

	for (unsigned int visit = SIDES * from; visit < SIDES * (from + n); visit++) {
		size_t kernel = (visit % 4 == 1 || visit % 4 == 2);
		struct noise_at at = { random_normal(&rng), (double)visit / (SIDES * most) };

		for (size_t p = 0; p < w->points; p++)
			for (unsigned int i = 0; i < w->per_boot && wants[p]; i++)
				add_sample(&r->cells[SIDES * p + kernel], w, &at, (int)visit, p);
	}
}

static void make_plan(struct run_result *r, const struct world *w)
{
	run_make(r, SIDES);
	r->sequence = (struct sequence){ w->samples, w->cap ? w->cap : w->samples };
	for (size_t p = 0; p < w->points; p++)
		for (size_t k = 0; k < SIDES; k++)
			run_add_cell(r, k, "tap", (int)p + 1);
	run_add_expect(r, METRIC_THROUGHPUT_BPS)->at_least = 1;
	if (w->promises > 1)
		run_add_expect(r, METRIC_RETRANSMITS)->at_most = 1;
}

/** run_world() - one plan, from its first sample to its last look. Return: its verdict. */
static enum verdict run_world(const struct world *w, unsigned int *ret_boots)
{
	_cleanup_(run_result_free) struct run_result r;
	bool wants[POINTS];
	unsigned int have = 0, more = w->samples;

	for (size_t p = 0; p < POINTS; p++)
		wants[p] = true;
	make_plan(&r, w);
	while (more) {
		add_boots(&r, w, have, more, wants);
		have += more;
		more = 0;
		judge_run(&r);
		for (size_t p = 0; p < w->points; p++) {
			wants[p] = sequence_more(&r.sequence, r.cells[SIDES * p + 1].verdict, have) > 0;
			if (wants[p])
				more = sequence_more(&r.sequence, VERDICT_NOISY, have);
		}
	}
	*ret_boots = have;
	return r.verdict;
}

/** struct tally - how many of @n plans had each verdict */
struct tally {
	unsigned int n;
	unsigned int seen[VERDICT_COUNT];
	double boots;
};

static unsigned int times_more(void)
{
	const char *more = getenv("PROOF");

	return more ? (unsigned int)strtoul(more, NULL, 10) : 1;
}

static double share_low(unsigned int hits, unsigned int n)
{
	double low, high;

	stats_share(hits, n, &low, &high);
	return low;
}

static double share_high(unsigned int hits, unsigned int n)
{
	double low, high;

	stats_share(hits, n, &low, &high);
	return high;
}

/* Sanitizers look at the memory, for which fewer plans do as well, and make each of them several times slower. */
#ifdef __SANITIZE_ADDRESS__
#define FEWER 10
#else
#define FEWER 1
#endif

static struct tally run_plans(const struct world *w, unsigned int n)
{
	struct tally t = { .n = n * times_more() / FEWER };

	if (w->is_real && !real.n)
		real_read(&real);
	rng = (struct random){ 20261124 };
	for (unsigned int i = 0; i < t.n; i++) {
		unsigned int boots;

		t.seen[run_world(w, &boots)]++;
		t.boots += boots;
	}
	print_message("# %s: %u plans, FAIL %.2f %% [%.2f, %.2f], NOISY %.1f %%, %.1f boots a side\n", w->name, t.n,
		      100. * t.seen[VERDICT_FAIL] / t.n, 100 * share_low(t.seen[VERDICT_FAIL], t.n),
		      100 * share_high(t.seen[VERDICT_FAIL], t.n), 100. * t.seen[VERDICT_NOISY] / t.n, t.boots / t.n);
	return t;
}

#define SAME .rate = 0.7, .slower = 1, .lossier = 1

static const struct world alike[] = {
	{ "alike, normal", POINTS, 2, noise_normal, NOISE, SAME, .samples = 7, .per_boot = 1 },
	{ "alike, skewed", POINTS, 2, noise_skewed, NOISE, SAME, .samples = 7, .per_boot = 1 },
	{ "alike, bimodal", POINTS, 2, noise_bimodal, 0.1, SAME, .samples = 7, .per_boot = 1 },
	{ "alike, drifting", POINTS, 2, noise_drifting, NOISE, SAME, .samples = 7, .per_boot = 1 },
	{ "alike, luck of the boot", POINTS, 2, noise_of_boot, 0.05, SAME, .samples = 7, .per_boot = 3 },
	{ "alike, collapsed", POINTS, 2, noise_collapsed, 0, SAME, .samples = 7, .per_boot = 1 },
	{ "alike, 7 to 21 samples", POINTS, 2, noise_normal, NOISE, SAME, .samples = 7, .per_boot = 1, .cap = 21 },
	{ "alike, 5 to 15 samples, skewed", POINTS, 2, noise_skewed, 0.1, SAME, .samples = 5, .per_boot = 1, .cap = 15 },
	{ "alike, 1 sample, 15 % noise", POINTS, 2, noise_normal, 0.15, SAME, .samples = 1, .per_boot = 1 },
	{ "alike, 3 samples", POINTS, 2, noise_normal, 0.1, SAME, .samples = 3, .per_boot = 1 },
	{ "alike, real samples", POINTS, 2, NULL, 0, SAME, .samples = 7, .per_boot = 1, .is_real = true },
	{ "alike, real, 7 to 21 samples", POINTS, 2, NULL, 0, SAME, .samples = 7, .per_boot = 1, .cap = 21, .is_real = true },
	{ "alike, real, 1 sample", POINTS, 2, NULL, 0, SAME, .samples = 1, .per_boot = 1, .is_real = true },
	{ "alike, real, 2 samples", POINTS, 2, NULL, 0, SAME, .samples = 2, .per_boot = 1, .is_real = true },
	{ "alike, real, 3 samples", POINTS, 2, NULL, 0, SAME, .samples = 3, .per_boot = 1, .is_real = true },
};

/* The claim is refuted when even the low end of the interval is above it. */
static void at_most_one_plan_in_a_hundred_is_a_false_alarm(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(alike); i++) {
		struct tally t = run_plans(&alike[i], 300);

		if (share_low(t.seen[VERDICT_FAIL], t.n) > 0.01)
			fail_msg("%s: false alarms", alike[i].name);
	}
}

#define CHANGE(s, l) .rate = 0.7, .slower = (s), .lossier = (l)

static const struct {
	struct world world;
	double found; /* in at least so many plans */
} changes[] = {
	{ { "5 % slower, 1 cell, 7 samples", 1, 1, noise_normal, NOISE, CHANGE(0.95, 1), 1, 7, 1, 0, false }, 0.95 },
	{ { "5 % slower everywhere, 7 samples", POINTS, 2, noise_normal, NOISE, CHANGE(0.95, 1), POINTS, 7, 1, 0, false }, 0.95 },
	{ { "5 % slower everywhere, creeping, 7 samples", POINTS, 2, noise_creeping, NOISE, CHANGE(0.95, 1), POINTS, 7, 1, 0, false }, 0.95 },
	{ { "5 % slower at 1 of 16, 7 samples", POINTS, 2, noise_normal, NOISE, CHANGE(0.95, 1), 1, 7, 1, 0, false }, 0 },
	{ { "5 % slower everywhere, 7 to 21 samples", POINTS, 2, noise_normal, NOISE, CHANGE(0.95, 1), POINTS, 7, 1, 21, false }, 0.99 },
	{ { "5 % slower at 1 of 16, 7 to 21 samples", POINTS, 2, noise_normal, NOISE, CHANGE(0.95, 1), 1, 7, 1, 21, false }, 0.99 },
	{ { "10 times the losses everywhere, 7 samples", POINTS, 2, noise_normal, NOISE, CHANGE(1, 10), POINTS, 7, 1, 0, false }, 1 },
	{ { "10 times the losses at 1 of 16, 7 to 21 samples", POINTS, 2, noise_normal, NOISE, CHANGE(1, 10), 1, 7, 1, 21, false }, 1 },
	{ { "a tenth of the throughput at 1 of 16, 3 samples", POINTS, 2, noise_normal, 0.1, CHANGE(0.1, 1), 1, 3, 1, 0, false }, 1 },
	{ { "real, half the throughput everywhere, 7 samples", POINTS, 2, NULL, 0, CHANGE(0.5, 1), POINTS, 7, 1, 0, true }, 0.99 },
	{ { "real, 20 % slower everywhere, 7 samples", POINTS, 2, NULL, 0, CHANGE(0.8, 1), POINTS, 7, 1, 0, true }, 0 },
};

/* Here the claim is refuted when even the high end is below it; "always" is always. */
static void what_is_there_is_found(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(changes); i++) {
		struct tally t = run_plans(&changes[i].world, 200);
		double found = changes[i].found;

		if (share_high(t.seen[VERDICT_FAIL], t.n) < found || (found == 1 && t.seen[VERDICT_FAIL] < t.n))
			fail_msg("%s: not found", changes[i].world.name);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(at_most_one_plan_in_a_hundred_is_a_false_alarm),
		cmocka_unit_test(what_is_there_is_found),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
