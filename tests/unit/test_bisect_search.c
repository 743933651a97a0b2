// SPDX-License-Identifier: GPL-2.0-only
/*
 * test_bisect_search.c - the search against histories whose culprit is known
 *
 * PROOF=N in the environment makes N times as many of each kind (make proof) and prints docs/bisect.md's
 * table. Plain "git bisect run" is given what nobody has: the true middle between good and bad as its
 * threshold.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <Rmath.h>

#include "bisect/search.h"
#include "judge/stats.h"
#include "lib/cleanup.h"
#include "lib/random.h"
#include "lib/str.h"

static struct random rng = { 20261125 };

static double uniform(double from, double to)
{
	return from + (to - from) * random_uniform(&rng);
}

/**
 * struct history - what is true of one
 * @n:       changes
 * @culprit: the one to blame
 * @effect:  how much slower it makes things: 0.3 for 30 %
 * @noise:   standard deviation of a boot
 * @wrong:   chance that a boot is of the other kind
 * @broken:  [0..n] states that do not build
 */
struct history {
	size_t n;
	size_t culprit;
	double effect;
	double noise;
	double wrong;
	bool *broken;
};

/** struct world - a kind of history; ranges of what is drawn for each */
struct world {
	const char *name;
	double n[2];
	double effect[2];
	double noise[2];
	double broken;
	double wrong;
	size_t runs; /* broken states come in runs of so many */
};

/* Half of what is broken is so by itself, the rest in runs. */
static void break_some(struct history *h, double share, size_t run)
{
	for (size_t i = 1; i < h->n; i++) {
		if (random_uniform(&rng) >= share / (double)run)
			continue;
		for (size_t k = i; k < h->n && k < i + run; k++)
			h->broken[k] = true;
	}
}

static struct history history_make(const struct world *w)
{
	struct history h = {
		/* As many short ones as long ones. */
		.n = (size_t)exp(uniform(log(w->n[0]), log(w->n[1]))),
		.effect = exp(uniform(log(w->effect[0]), log(w->effect[1]))),
		.noise = uniform(w->noise[0], w->noise[1]),
		.wrong = w->wrong,
	};

	h.culprit = 1 + (size_t)(random_uniform(&rng) * (double)h.n);
	h.broken = mem_zalloc((h.n + 1) * sizeof(*h.broken));
	break_some(&h, w->broken, w->runs);
	return h;
}

static bool is_bad(const struct history *h, size_t at)
{
	return at >= h->culprit;
}

/* Throughput of one boot; good is about 1. */
static double boot(const struct history *h, size_t at)
{
	bool bad = is_bad(h, at) != (random_uniform(&rng) < h->wrong);
	double v = (bad ? 1 - h->effect : 1) * (1 + h->noise * random_normal(&rng));

	return fmax(v, 1e-3);
}

/** struct tally - of one way to search, over many histories */
struct tally {
	unsigned int n;
	unsigned int right;
	unsigned int found;
	unsigned int alike;
	unsigned int given_up;
	double boots;
	double size;
};

static void tell(struct search *s, const struct history *h, struct search_step step)
{
	if (step.what != SEARCH_STATE)
		search_end(s, step.what == SEARCH_BAD_END, -log(boot(h, step.what == SEARCH_BAD_END ? h->n : 0)));
	else if (h->broken[step.at])
		search_skip(s, step.at);
	else
		search_sample(s, step.at, -log(boot(h, step.at)));
}

/* What git too would have to leave open: states next to the culprit that do not build. */
static void search_one(const struct history *h, enum search_strategy strategy, struct tally *t)
{
	struct search_options o = search_defaults();
	struct search_step step;
	struct search s;

	o.strategy = strategy;
	search_init(&s, &o, h->n, NULL);
	while ((step = search_step(&s)).what <= SEARCH_STATE)
		tell(&s, h, step);
	t->n++;
	t->alike += step.what == SEARCH_ALIKE || step.what == SEARCH_SWAPPED;
	t->given_up += step.what == SEARCH_GIVEN_UP;
	if (step.what == SEARCH_FOUND) {
		struct search_culprit c = search_culprit(&s);

		t->found++;
		t->boots += s.boots;
		t->size += (double)(c.to - c.from + 1);
		t->right += c.from <= h->culprit && h->culprit <= c.to;
	}
	search_free(&s);
}

static bool ask_git(const struct history *h, size_t at, size_t samples, unsigned int *boots)
{
	double v[5];

	for (size_t i = 0; i < samples; i++)
		v[i] = boot(h, at);
	*boots += (unsigned int)samples;
	return stats_of(v, samples).median < 1 - h->effect / 2;
}

/* git bisect run on a line of commits: the middle, or what is next to it and builds. */
static void git_bisect(const struct history *h, size_t samples, struct tally *t)
{
	size_t good = 0, bad = h->n;
	unsigned int boots = 0;

	for (;;) {
		size_t middle = good + (bad - good) / 2, at = 0;

		for (size_t away = 0; away <= bad - good && !at; away++) {
			if (middle + away < bad && middle + away > good && !h->broken[middle + away])
				at = middle + away;
			else if (middle > away && middle - away > good && !h->broken[middle - away])
				at = middle - away;
		}
		if (!at)
			break;
		*(ask_git(h, at, samples, &boots) ? &bad : &good) = at;
	}
	t->n++;
	t->found++;
	t->boots += boots;
	t->size += (double)(bad - good);
	t->right += good < h->culprit && h->culprit <= bad;
}

enum way { WAY_BAYES, WAY_BINARY, WAY_GIT_1, WAY_GIT_5, WAY_COUNT };

static const char *const way_names[] = { "tapbed bisect", "--strategy binary", "git, 1 sample", "git, 5 samples" };

/* Wilson's interval, 95 %. */
static void interval(const struct tally *t, double *low, double *high)
{
	double n = t->found, p = t->right / n, z = 1.96, z2 = z * z;
	double middle = (p + z2 / (2 * n)) / (1 + z2 / n), half = z / (1 + z2 / n) * sqrt(p * (1 - p) / n + z2 / (4 * n * n));

	*low = middle - half;
	*high = middle + half;
}

static void print_tally(const struct world *w, enum way way, const struct tally *t)
{
	double low, high;

	if (!t->found)
		return;
	interval(t, &low, &high);
	printf("# %-34s %-18s %5u found %5u alike %3u given up %6.2f %% right (%.2f to %.2f) %6.1f boots, %.2f changes\n", w->name,
	       way_names[way], t->found, t->alike, t->given_up, 100. * t->right / t->found, 100 * low, 100 * high,
	       t->boots / t->found, t->size / t->found);
}

static const struct world worlds[] = {
	{ "large effect, little noise", { 100, 5000 }, { 0.2, 0.5 }, { 0.01, 0.03 }, 0, 0, 1 },
	{ "any effect, any noise", { 100, 5000 }, { 0.03, 0.5 }, { 0.01, 0.05 }, 0, 0, 1 },
	{ "small effect, much noise", { 100, 5000 }, { 0.03, 0.1 }, { 0.03, 0.05 }, 0, 0, 1 },
	{ "20 % do not build", { 100, 5000 }, { 0.03, 0.5 }, { 0.01, 0.05 }, 0.2, 0, 1 },
	{ "20 % do not build, in runs of 8", { 100, 5000 }, { 0.03, 0.5 }, { 0.01, 0.05 }, 0.2, 0, 8 },
	{ "5 % wrong answers", { 100, 5000 }, { 0.03, 0.5 }, { 0.01, 0.05 }, 0.1, 0.05, 4 },
	{ "10 % wrong answers", { 100, 5000 }, { 0.03, 0.5 }, { 0.01, 0.05 }, 0.1, 0.1, 4 },
};

static unsigned int scale(void)
{
	const char *proof = getenv("PROOF");

	return proof ? (unsigned int)atoi(proof) : 1;
}

static void run_world(const struct world *w, struct tally t[WAY_COUNT], unsigned int n)
{
	for (unsigned int i = 0; i < n; i++) {
		struct history h = history_make(w);

		search_one(&h, STRATEGY_BAYES, &t[WAY_BAYES]);
		search_one(&h, STRATEGY_BINARY, &t[WAY_BINARY]);
		git_bisect(&h, 1, &t[WAY_GIT_1]);
		git_bisect(&h, 5, &t[WAY_GIT_5]);
		free(h.broken);
	}
}

/* The stated confidence is not refuted: the upper end of the interval is not below it. */
static void test_confidence(void **state)
{
	struct tally all = { 0 };
	double low, high;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(worlds); i++) {
		struct tally t[WAY_COUNT] = { 0 };

		run_world(&worlds[i], t, 20 * scale());
		for (enum way way = 0; way < WAY_COUNT; way++)
			print_tally(&worlds[i], way, &t[way]);
		all.found += t[WAY_BAYES].found;
		all.right += t[WAY_BAYES].right;
		assert_true(t[WAY_BAYES].given_up <= 0.05 * t[WAY_BAYES].n + 1);
	}
	interval(&all, &low, &high);
	printf("# all: %u of %u right, %.2f to %.2f %%\n", all.right, all.found, 100 * low, 100 * high);
	assert_true(high >= 0.95);
	assert_true(all.right >= 0.95 * all.found);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_confidence),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
