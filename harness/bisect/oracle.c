// SPDX-License-Identifier: GPL-2.0-only
/* oracle.c - what samples say about a state of the source: is it like the good end or like the bad one? */
#include "bisect/oracle.h"

#include <math.h>
#include <string.h>

#include <Rmath.h>

#include "judge/rank.h"
#include "judge/stats.h"
#include "lib/cleanup.h"
#include "lib/random.h"
#include "lib/str.h"

/* Rounds of the sampler before its draws are kept. */
#define BURN_IN 60

/* A sample of an end that is rarer than this is not of the machine that gave the others. */
#define LIKE_P 0.002

double oracle_log_mean(const double *v, size_t n)
{
	double most = -INFINITY, sum = 0;

	for (size_t i = 0; i < n; i++)
		most = fmax(most, v[i]);
	if (isinf(most))
		return most;
	for (size_t i = 0; i < n; i++)
		sum += exp(v[i] - most);
	return most + log(sum / (double)n);
}

static enum oracle_ends compare(const struct oracle *o)
{
	const struct sequence *s = &o->model.ends;
	unsigned int n = (unsigned int)(o->n_good < o->n_bad ? o->n_good : o->n_bad);
	unsigned int look = sequence_look(s, n);
	struct rank_shift shift;
	double alpha;

	if (!look)
		return ORACLE_ENDS_MORE;
	alpha = o->model.alpha * sequence_share(s, look);
	shift = rank_difference(o->bad, o->n_bad, o->good, o->n_good, 0.9);
	if (fabs(shift.estimate) >= o->model.matters) {
		if (rank_p_greater(o->bad, o->n_bad, o->good, o->n_good) <= alpha)
			return ORACLE_ENDS_DIFFER;
		if (rank_p_greater(o->good, o->n_good, o->bad, o->n_bad) <= alpha)
			return ORACLE_ENDS_SWAPPED;
	}
	return n >= s->cap ? ORACLE_ENDS_ALIKE : ORACLE_ENDS_MORE;
}

void oracle_end(struct oracle *o, bool is_bad, double value)
{
	double **v = is_bad ? &o->bad : &o->good;
	size_t *n = is_bad ? &o->n_bad : &o->n_good;

	*v = mem_grow(*v, *n + 1, sizeof(**v));
	(*v)[(*n)++] = value;
	o->is_drawn = false;
	if (o->ends != ORACLE_ENDS_DIFFER)
		o->ends = compare(o);
}

/** struct sampler - one round of Gibbs sampling: which samples are wrong answers, then the levels, then the spread */
struct sampler {
	struct random random;
	struct oracle_draw at;
};

/* log of (1 - wrong) N(own) + wrong N(other), without the constant. */
static double log_mixed(double value, double own, double other, double spread, double wrong)
{
	double a = (value - own) / spread, b = (value - other) / spread;
	double x = log1p(-wrong) - a * a / 2, y = log(wrong) - b * b / 2;
	double most = fmax(x, y);

	return most + log1p(exp(fmin(x, y) - most)) - log(spread);
}

/** struct level - samples that a round believes to be of one level */
struct level {
	double n;
	double sum;
	double squares;
};

static void level_add(struct level *l, double v)
{
	l->n++;
	l->sum += v;
	l->squares += v * v;
}

static void deal(struct sampler *s, const double *v, size_t n, double own, double other, double wrong,
		 struct level *to_own, struct level *to_other)
{
	double spread = s->at.spread;

	for (size_t i = 0; i < n; i++) {
		double a = (v[i] - own) / spread, b = (v[i] - other) / spread;
		double odds = log(wrong) - b * b / 2 - log1p(-wrong) + a * a / 2;
		bool is_wrong = random_uniform(&s->random) < 1 / (1 + exp(-odds));

		level_add(is_wrong ? to_other : to_own, v[i]);
	}
}

static double around(const struct level *l)
{
	return l->n > 0 ? fmax(0, l->squares - l->sum * l->sum / l->n) : 0;
}

/* Chi square of as many degrees, which are few. */
static double chi_square(struct random *r, size_t degrees)
{
	double sum = 0;

	for (size_t i = 0; i < degrees; i++) {
		double z = random_normal(r);

		sum += z * z;
	}
	return sum;
}

static void redraw(struct sampler *s, const struct oracle *o)
{
	struct level good = { 0 }, bad = { 0 };
	size_t n = o->n_good + o->n_bad;
	double floor = o->model.spread, ss;

	deal(s, o->good, o->n_good, s->at.good, s->at.bad, o->model.wrong, &good, &bad);
	deal(s, o->bad, o->n_bad, s->at.bad, s->at.good, o->model.wrong, &bad, &good);
	/* One sample's worth of belief in the floor, so that there is always a spread. */
	ss = around(&good) + around(&bad) + floor * floor;
	s->at.spread = fmax(floor, sqrt(ss / chi_square(&s->random, n > 3 ? n - 1 : 2)));
	if (good.n > 0)
		s->at.good = good.sum / good.n + s->at.spread / sqrt(good.n) * random_normal(&s->random);
	if (bad.n > 0)
		s->at.bad = bad.sum / bad.n + s->at.spread / sqrt(bad.n) * random_normal(&s->random);
}

static void draw_numbers(struct oracle *o)
{
	struct stats good = stats_of(o->good, o->n_good), bad = stats_of(o->bad, o->n_bad);
	double range = (good.max - good.min + bad.max - bad.min) / 4;
	struct sampler s = {
		.random = { 20261125 },
		.at = { good.median, bad.median, fmax(o->model.spread, range) },
	};

	for (int i = 0; i < BURN_IN; i++)
		redraw(&s, o);
	for (int i = 0; i < ORACLE_DRAWS; i++) {
		redraw(&s, o);
		o->draws[i] = s.at;
	}
}

static double draw_rate(struct random *r, const double *v, size_t n)
{
	double hits = 0;

	for (size_t i = 0; i < n; i++)
		hits += v[i] > 0;
	return qbeta(random_uniform(r), hits + 0.5, (double)n - hits + 0.5, 1, 0);
}

/* How often it happens at each end. */
static void draw_events(struct oracle *o)
{
	struct random r = { 20261125 };

	for (int i = 0; i < ORACLE_DRAWS; i++) {
		o->draws[i].good = draw_rate(&r, o->good, o->n_good);
		o->draws[i].bad = draw_rate(&r, o->bad, o->n_bad);
	}
}

static void draw(struct oracle *o)
{
	static void (*const by_kind[])(struct oracle *) = {
		[ORACLE_NUMBER] = draw_numbers, [ORACLE_EVENT] = draw_events,
	};

	if (!o->is_drawn)
		by_kind[o->model.kind](o);
	o->is_drawn = true;
}

/* log likelihood of a sample of a state that is like @own. */
static double log_number(const struct oracle *o, double value, double own, double other, double spread)
{
	return log_mixed(value, own, other, spread, o->model.wrong);
}

static double log_event(const struct oracle *o, double value, double own, double other, double spread)
{
	double rate = own + o->model.wrong * (other - own);

	(void)spread;
	return log(value > 0 ? rate : 1 - rate);
}

typedef double (*log_fn)(const struct oracle *o, double value, double own, double other, double spread);

static const log_fn log_by_kind[] = { [ORACLE_NUMBER] = log_number, [ORACLE_EVENT] = log_event };

void oracle_sample(struct oracle *o, double value, struct oracle_state *st)
{
	log_fn likelihood = log_by_kind[o->model.kind];

	draw(o);
	st->n++;
	for (size_t i = 0; i < ORACLE_DRAWS; i++) {
		const struct oracle_draw *d = &o->draws[i];

		st->good[i] += likelihood(o, value, d->good, d->bad, d->spread);
		st->bad[i] += likelihood(o, value, d->bad, d->good, d->spread);
	}
}

/* By all draws together: beyond both levels, on either side, or in the gap between them. */
bool oracle_is_like(struct oracle *o, bool is_bad, double value)
{
	double own = 0, other = 0;

	if (o->model.kind == ORACLE_EVENT)
		return true;
	draw(o);
	for (size_t i = 0; i < ORACLE_DRAWS; i++) {
		const struct oracle_draw *d = &o->draws[i];

		own += 2 * pnorm(-fabs(value - (is_bad ? d->bad : d->good)), 0, d->spread, 1, 0);
		other += 2 * pnorm(-fabs(value - (is_bad ? d->good : d->bad)), 0, d->spread, 1, 0);
	}
	return fmax(own, other) / ORACLE_DRAWS >= LIKE_P;
}

double oracle_odds(const struct oracle_state *st)
{
	return oracle_log_mean(st->bad, ORACLE_DRAWS) - oracle_log_mean(st->good, ORACLE_DRAWS);
}

enum oracle_answer oracle_answer(double odds, double confidence)
{
	double enough = log(confidence / (1 - confidence));

	if (fabs(odds) < enough)
		return ORACLE_WEAK;
	return odds > 0 ? ORACLE_BAD : ORACLE_GOOD;
}

double oracle_error(struct oracle *o)
{
	double error = 0;

	draw(o);
	for (size_t i = 0; i < ORACLE_DRAWS; i++) {
		const struct oracle_draw *d = &o->draws[i];
		double miss = o->model.kind == ORACLE_EVENT ? fmin(0.5, (1 - d->bad + d->good) / 2) :
							      pnorm(-fabs(d->bad - d->good) / 2, 0, d->spread, 1, 0);

		error += miss + o->model.wrong * (1 - 2 * miss);
	}
	return fmin(0.499, error / ORACLE_DRAWS);
}

void oracle_free(struct oracle *o)
{
	free(o->good);
	free(o->bad);
	*o = (struct oracle){ 0 };
}
