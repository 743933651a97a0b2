// SPDX-License-Identifier: GPL-2.0-only
/* tell.c - how a search ended, as a text to mail and as the log of git bisect */
#include "bisect/tell.h"

#include <math.h>
#include <string.h>

#include "judge/result.h"
#include "judge/stats.h"
#include "lib/cleanup.h"

/* Digits of a commit that git's own messages have in "Fixes:". */
#define SHORT_ID 12

const char *tell_metric(enum metric m)
{
	return m == METRIC_COUNT ? "panic" : metric_def(m)->name;
}

/* A commit by its first digits, anything else as it is. */
static char *short_id(const struct range *r, size_t at)
{
	return r->kind == RANGE_COMMITS ? str_fmt("%.*s", SHORT_ID, r->v[at].id) : str_dup(r->v[at].id);
}

static char *label(const struct range *r, size_t at)
{
	_cleanup_(freep) char *id = short_id(r, at);
	/* What an option was is one more option. */
	const char *between = r->kind == RANGE_OPTIONS ? " instead of " : " ";

	return str_fmt("%s%s%s", id, *r->v[at].about ? between : "", r->v[at].about);
}

static struct stats of_state(const struct hunt *h, size_t at, enum metric m)
{
	const struct hunt_state *st = &h->state[at];
	_cleanup_(freep) double *v = mem_zalloc((st->n_samples + 1) * sizeof(*v));

	for (size_t i = 0; i < st->n_samples; i++)
		v[i] = m == METRIC_COUNT ? st->values[i] : st->samples[i].value[m];
	return stats_of(v, st->n_samples);
}

/* The state whose samples @at has, which are those of the first one that is the same. */
static size_t measured(const struct hunt *h, size_t at)
{
	while (at && h->state[at].is_no_change)
		at--;
	for (size_t i = 0; i < at; i++)
		if (h->state[at].artifact && str_eq(h->state[i].artifact, h->state[at].artifact))
			return i;
	return at;
}

/** struct columns - states that the table shows */
struct columns {
	const char *title[5];
	size_t at[5];
	size_t n;
};

static void column(struct columns *c, const char *title, size_t at)
{
	c->title[c->n] = title;
	c->at[c->n++] = at;
}

static struct columns columns_of(const struct tell *t)
{
	const struct hunt *h = t->hunt;
	struct search_culprit culprit = search_culprit(&t->hunt->search);
	size_t before = measured(h, culprit.from - 1), after = measured(h, culprit.to);
	struct columns c = { 0 };

	column(&c, "good end", 0);
	if (t->end == SEARCH_FOUND && before)
		column(&c, "before", before);
	if (t->end == SEARCH_FOUND && after != h->range->n)
		column(&c, "culprit", after);
	column(&c, "bad end", h->range->n);
	if (h->state[HUNT_REVERT(h)].n_samples)
		column(&c, "reverted", HUNT_REVERT(h));
	return c;
}

static void add_row(struct strbuf *b, const struct hunt *h, const struct columns *c, enum metric m)
{
	double scale = m == METRIC_COUNT ? 1 : metric_def(m)->scale;
	_cleanup_(strv_free) struct strv cells = { 0 };
	bool has_any = false;

	for (size_t i = 0; i < c->n; i++) {
		struct stats s = of_state(h, c->at[i], m);

		has_any |= s.n && (s.max > 0 || m == h->metric);
		strv_fmt(&cells, s.n ? "%.4g (%zu)" : "-", s.median * scale, s.n);
	}
	if (!has_any)
		return;
	strbuf_fmt(b, "  %-14s", m == METRIC_COUNT ? "died" : metric_def(m)->title);
	for (size_t i = 0; i < c->n; i++)
		strbuf_fmt(b, " %14s", cells.v[i]);
	strbuf_fmt(b, "\n");
}

static void add_table(struct strbuf *b, const struct tell *t)
{
	struct columns c = columns_of(t);

	strbuf_fmt(b, "\n  %-14s", "median (boots)");
	for (size_t i = 0; i < c.n; i++)
		strbuf_fmt(b, " %14s", c.title[i]);
	strbuf_fmt(b, "\n");
	add_row(b, t->hunt, &c, t->hunt->metric);
	for (enum metric m = 0; m < METRIC_COUNT; m++)
		if (m != t->hunt->metric && metric_def(m)->direction != METRIC_IS_INFO)
			add_row(b, t->hunt, &c, m);
	strbuf_fmt(b, "\n");
}

static const char *const ends[] = {
	[SEARCH_ALIKE] = "the ends do not differ: good and bad give the same numbers, as far as so many boots can tell; nothing was searched",
	[SEARCH_SWAPPED] = "good is worse than bad: if that is what you look for, exchange --good and --bad",
	[SEARCH_GIVEN_UP] = "given up: what is left cannot be told apart by so many boots, or cannot be measured; the likeliest:",
};

static void add_end(struct strbuf *b, const struct tell *t)
{
	const struct range *r = t->hunt->range;
	struct search_culprit c = search_culprit(&t->hunt->search);

	if (t->end != SEARCH_FOUND)
		strbuf_fmt(b, "%s\n", ends[t->end]);
	if (t->end == SEARCH_ALIKE || t->end == SEARCH_SWAPPED)
		return;
	if (c.from != c.to)
		strbuf_fmt(b, "culprit: one of %zu %s, between which nothing can be measured:\n", c.to - c.from + 1,
			   range_kind_name(r->kind));
	for (size_t i = c.from; i <= c.to; i++) {
		_cleanup_(freep) char *words = label(r, i);

		strbuf_fmt(b, c.from == c.to ? "culprit: %s\n" : "  %s\n", words);
	}
	strbuf_fmt(b, "  %.1f %% sure, after %u boots and %u builds, %.0f min\n", 100 * t->confidence, t->hunt->boots,
		   t->hunt->builds, ceil(t->seconds / 60));
}

static void add_change(struct strbuf *b, const struct tell *t)
{
	const struct hunt *h = t->hunt;
	struct search_culprit c = search_culprit(&t->hunt->search);
	struct stats before = of_state(h, measured(h, c.from - 1), h->metric), after = of_state(h, measured(h, c.to), h->metric);
	bool is_rate = h->metric != METRIC_COUNT && metric_def(h->metric)->kind == METRIC_IS_RATE;

	if (t->end != SEARCH_FOUND || !before.n || !after.n)
		return;
	if (is_rate && before.median > 0)
		strbuf_fmt(b, "  %s: %+.1f %%\n", tell_metric(h->metric), 100 * (after.median / before.median - 1));
	else
		strbuf_fmt(b, "  %s: %+.4g\n", tell_metric(h->metric), after.median - before.median);
	strbuf_fmt(b, "  verify: %s, revert: %s\n", hunt_check_name(h->verify), hunt_check_name(h->revert));
}

static void add_skips(struct strbuf *b, const struct hunt *h)
{
	size_t n = 0;

	for (size_t i = 0; i <= h->range->n; i++)
		n += h->state[i].why_skip != NULL;
	strbuf_fmt(b, "skipped: %zu\n", n);
	for (size_t i = 0; i <= h->range->n; i++) {
		_cleanup_(freep) char *words = label(h->range, i);

		if (h->state[i].why_skip)
			strbuf_fmt(b, "  %s: %s\n", words, h->state[i].why_skip);
	}
}

static void add_same(struct strbuf *b, const struct hunt *h)
{
	for (size_t i = 1; i <= h->range->n; i++) {
		size_t like = measured(h, i);
		_cleanup_(freep) char *id = short_id(h->range, i), *other = short_id(h->range, like);

		if (like != i)
			strbuf_fmt(b, "the same as %s, not booted: %s\n", other, id);
	}
}

/* A history that is not one good part and one bad part. */
static void add_contradictions(struct strbuf *b, struct hunt *h)
{
	for (size_t i = 0; i < h->search.n_tested; i++) {
		const struct search_tested *s = &h->search.tested[i];
		_cleanup_(freep) char *words = label(h->range, s->at);

		if (search_contradicts(&h->search, s))
			strbuf_fmt(b, "does not fit: %s is clearly %s; there may be more than one culprit\n", words,
				   search_odds(&h->search, s) > 0 ? "bad" : "good");
	}
}

char *tell_report(const struct tell *t)
{
	const struct range *r = t->hunt->range;
	struct search_culprit c = search_culprit(&t->hunt->search);
	struct strbuf b = { 0 };

	strbuf_fmt(&b, "tapbed bisect: plan %s, cell %s, metric %s, %zu %s\n", t->plan, t->cell, tell_metric(t->hunt->metric),
		   r->n, range_kind_name(r->kind));
	add_end(&b, t);
	add_change(&b, t);
	add_table(&b, t);
	add_skips(&b, t->hunt);
	add_same(&b, t->hunt);
	if (t->end == SEARCH_FOUND)
		add_contradictions(&b, t->hunt);
	if (t->around)
		strbuf_fmt(&b, "\nit is inside of a merge, which was found first:\n%s", t->around);
	strbuf_fmt(&b, "\nreproduce: %s\n", t->command);
	if (t->end == SEARCH_FOUND && r->kind == RANGE_COMMITS && c.from == c.to)
		strbuf_fmt(&b, "Fixes: %.*s (\"%s\")\n", SHORT_ID, r->v[c.to].id, r->v[c.to].about);
	return b.data;
}

static void log_state(struct strbuf *b, const struct hunt *h, const struct search_tested *s)
{
	static const char *const words[ORACLE_ANSWERS] = {
		[ORACLE_GOOD] = "good", [ORACLE_BAD] = "bad", [ORACLE_SKIP] = "skip", [ORACLE_WEAK] = "weak",
	};
	enum oracle_answer a = search_answer(&h->search, s);
	const struct range_state *st = &h->range->v[s->at];

	strbuf_fmt(b, "# %s: [%s] %s\n", words[a], st->id, st->about);
	if (a == ORACLE_SKIP)
		strbuf_fmt(b, "# why: %s\n", h->state[s->at].why_skip);
	else
		strbuf_fmt(b, "# boots: %zu, %.2g times likelier if bad\n", s->n, exp(fmin(700, search_odds(&h->search, s))));
	strbuf_fmt(b, a == ORACLE_WEAK ? "# status: not clear by itself\n" : "git bisect %s %s\n", words[a], st->id);
}

char *tell_git_log(const struct tell *t)
{
	const struct hunt *h = t->hunt;
	const struct range *r = h->range;
	struct search_culprit c = search_culprit(&t->hunt->search);
	struct strbuf b = { 0 };

	strbuf_fmt(&b, "# bad: [%s] %s\n# good: [%s] %s\ngit bisect start '%s' '%s'\n", r->v[r->n].id, r->v[r->n].about, r->v[0].id,
		   r->v[0].about, r->v[r->n].id, r->v[0].id);
	for (size_t i = 0; i < h->search.n_tested; i++)
		log_state(&b, h, &h->search.tested[i]);
	if (t->end != SEARCH_FOUND)
		return b.data;
	for (size_t i = c.from; i <= c.to; i++)
		strbuf_fmt(&b, c.from == c.to ? "# first bad commit: [%s] %s\n" : "# possible first bad commit: [%s] %s\n", r->v[i].id,
			   r->v[i].about);
	return b.data;
}
