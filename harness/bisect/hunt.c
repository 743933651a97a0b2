// SPDX-License-Identifier: GPL-2.0-only
/* hunt.c - a search as it goes on: what is built and booted for it, what is written down */
#include "bisect/hunt.h"

#include <errno.h>
#include <math.h>
#include <string.h>

#include "bisect/hunt_priv.h"
#include "lib/cleanup.h"
#include "lib/err.h"
#include "lib/jsonl.h"
#include "lib/stop.h"

/* Boots of an end in a row that give no sample, before it is held to be of no use. */
#define END_TRIES 3

void hunt_boot_free(struct hunt_boot *b)
{
	free(b->reason);
	free(b->run);
	sample_free(&b->sample);
}

void hunt_init(struct hunt *h, const struct range *r, enum metric m, const struct search_options *o,
	       const struct hunt_ops *ops, void *arg)
{
	_cleanup_(freep) double *weight = mem_zalloc((r->n + 1) * sizeof(*weight));

	*h = (struct hunt){ .range = r, .metric = m, .ops = ops, .arg = arg, .verify_boots = 3 };
	for (size_t i = 1; i <= r->n; i++)
		weight[i - 1] = r->v[i].weight;
	search_init(&h->search, o, r->n, weight);
	h->state = mem_zalloc((r->n + 2) * sizeof(*h->state));
}

void hunt_free(struct hunt *h)
{
	for (size_t i = 0; h->state && i <= HUNT_REVERT(h); i++) {
		struct hunt_state *st = &h->state[i];

		free(st->artifact);
		free(st->why_skip);
		for (size_t k = 0; k < st->n_samples; k++)
			sample_free(&st->samples[k]);
		free(st->samples);
		free(st->values);
	}
	free(h->state);
	search_free(&h->search);
}

double hunt_value(enum metric m, const struct hunt_boot *b)
{
	const struct metric_def *d;
	double v;

	if (m == METRIC_COUNT)
		return b->has_died;
	d = metric_def(m);
	v = b->sample.value[m];
	/* What stands still has no logarithm; a millionth of its unit is as good as nothing. */
	v = d->kind == METRIC_IS_RATE ? log(fmax(v, 1e-6)) : log1p(fmax(v, 0));
	return d->direction == METRIC_MORE_IS_BETTER ? -v : v;
}

static const char *id_of(const struct hunt *h, size_t at)
{
	return at == HUNT_REVERT(h) ? "revert" : h->range->v[at].id;
}

static int note(struct hunt *h, json_t *line)
{
	int err = line ? h->ops->note(h->arg, line) : err_say(EINVAL, "a line of the journal cannot be written");

	json_decref(line);
	return err;
}

void hunt_tell(const struct hunt *h, const char *fmt, ...)
{
	_cleanup_(freep) char *sentence = NULL;
	va_list ap;

	va_start(ap, fmt);
	sentence = str_vfmt(fmt, ap);
	va_end(ap);
	h->ops->tell(h->arg, sentence);
}

/* Costs of what is not built yet: the mean of what was. */
static void guess_costs(struct hunt *h)
{
	double sum = 0, n = 0;

	for (size_t i = 0; i <= h->range->n; i++)
		if (h->state[i].build_s > 0) {
			sum += h->state[i].build_s;
			n++;
		}
	for (size_t i = 0; i <= h->range->n; i++)
		h->search.build_s[i] = h->state[i].artifact || n == 0 ? 0 : sum / n;
}

static void take_skip(struct hunt *h, size_t at, const char *why)
{
	str_set(&h->state[at].why_skip, why);
	if (at && at < h->range->n)
		search_skip(&h->search, at);
}

static void take_sample(struct hunt *h, size_t at, const struct hunt_boot *b)
{
	struct hunt_state *st = &h->state[at];
	double value = hunt_value(h->metric, b);

	st->samples = mem_grow(st->samples, st->n_samples + 1, sizeof(*st->samples));
	st->values = mem_grow(st->values, st->n_samples + 1, sizeof(*st->values));
	st->values[st->n_samples] = value;
	st->samples[st->n_samples] = b->sample;
	st->samples[st->n_samples++].raw = str_dup(b->sample.raw);
	st->failures = 0;
	h->boots++;
	if (at == HUNT_REVERT(h))
		return;
	if (at && at < h->range->n)
		search_sample(&h->search, at, value);
	else if (search_end(&h->search, at > 0, value))
		hunt_tell(h, "the %s end gives other numbers than before: the machine has changed its pace; both ends are measured anew",
			  at ? "bad" : "good");
}

/* The first state that is the same as @at, or @at. */
static size_t first_like(const struct hunt *h, size_t at)
{
	for (size_t i = 0; i < at; i++)
		if (h->state[i].artifact && str_eq(h->state[i].artifact, h->state[at].artifact))
			return i;
	return at;
}

/* Without an end there is nothing to compare with; but a boot may fail for once. */
static int end_failed(struct hunt *h, size_t at, const char *why)
{
	if (!h->state[at].artifact || ++h->state[at].failures >= END_TRIES)
		return err_say(ENOEXEC, "the %s end, %s, cannot be measured: %s", at ? "bad" : "good", id_of(h, at), why);
	hunt_tell(h, "the %s end could not be measured, once more: %s", at ? "bad" : "good", why);
	return 0;
}

static int skip(struct hunt *h, size_t at, const char *why)
{
	if (at == 0 || at == h->range->n)
		return end_failed(h, at, why);
	take_skip(h, at, why);
	hunt_tell(h, "skip %s: %s", id_of(h, at), why);
	return note(h, json_pack("{s:s, s:s, s:s}", "event", "skip", "at", id_of(h, at), "why", why));
}

/* One line of why. */
static char *first_line(const char *text)
{
	return str_fmt("%.*s", (int)strcspn(text, "\n"), text);
}

/* What a state turned out to be. Return: the first state that is the same. */
static size_t take_build(struct hunt *h, size_t at, const char *artifact, double seconds)
{
	str_set(&h->state[at].artifact, artifact);
	h->state[at].build_s = seconds;
	guess_costs(h);
	for (size_t i = 0; i <= h->range->n && at <= h->range->n; i++)
		if (i != at && str_eq(h->state[i].artifact, artifact))
			search_same(&h->search, i, at);
	return first_like(h, at);
}

int hunt_build(struct hunt *h, size_t at)
{
	_cleanup_(freep) char *artifact = NULL;
	double from = time_now(), seconds;
	size_t like;
	int err;

	if (h->state[at].artifact || h->state[at].why_skip)
		return 0;
	err = h->ops->build(h->arg, at, &artifact);
	h->builds++;
	if (err == -ENOEXEC) {
		_cleanup_(freep) char *why = first_line(err_text());

		return skip(h, at, why);
	}
	if (err)
		return err;
	seconds = time_now() - from;
	like = take_build(h, at, artifact, seconds);
	if (like != at && at <= h->range->n)
		hunt_tell(h, "%s is the same as %s: they share their samples", id_of(h, at), id_of(h, like));
	return note(h, json_pack("{s:s, s:s, s:s, s:f}", "event", "build", "at", id_of(h, at), "artifact", artifact, "seconds",
				 seconds));
}

static void take_no_change(struct hunt *h, size_t at)
{
	h->state[at].is_no_change = true;
	search_same(&h->search, at - 1, at);
}

/* The change that leads to @at alters nothing that is compiled. */
static int no_change(struct hunt *h, size_t at)
{
	if (h->state[at].is_no_change)
		return 0;
	take_no_change(h, at);
	hunt_tell(h, "%s changes comments alone: %s stands for it", id_of(h, at), id_of(h, at - 1));
	return note(h, json_pack("{s:s, s:s}", "event", "same", "at", id_of(h, at)));
}

int hunt_settle(struct hunt *h, size_t *at)
{
	int err = 0;

	for (; !err && *at && (h->state[*at].is_no_change || h->ops->looks_same(h->arg, *at)); --*at)
		err = no_change(h, *at);
	if (!err)
		err = hunt_build(h, *at);
	if (!err && h->state[*at].artifact)
		*at = first_like(h, *at);
	return err;
}

int hunt_boot(struct hunt *h, size_t at)
{
	struct hunt_boot b = { 0 };
	json_t *sample;
	int err;

	sample_init(&b.sample);
	err = h->ops->boot(h->arg, at, &b);
	if (!err && !b.has_value && at <= h->range->n) {
		err = skip(h, at, b.reason ? b.reason : "no reason");
	} else if (!err && b.has_value) {
		sample = sample_to_json(&b.sample);
		err = note(h, json_pack("{s:s, s:s, s:o, s:b, s:s*}", "event", "sample", "at", id_of(h, at), "sample", sample,
					"died", b.has_died, "run", b.run));
		take_sample(h, at, &b);
	} else if (!err) {
		str_set(&h->state[at].why_skip, b.reason);
	}
	hunt_boot_free(&b);
	return err;
}

static bool is_end(const struct hunt *h, size_t at)
{
	return at == 0 || at == h->range->n;
}

/* While @at is booted: the other end, or what its answer leads to. */
static void ahead(struct hunt *h, size_t at)
{
	size_t list[1 + SEARCH_AHEAD] = { at ? 0 : h->range->n }, n = is_end(h, at), wanted = 0;

	if (!h->ops->ahead)
		return;
	n += search_ahead(&h->search, at, list + n);
	for (size_t i = 0; i < n; i++) {
		const struct hunt_state *st = &h->state[list[i]];

		if (!st->artifact && !st->why_skip && !st->is_no_change)
			list[wanted++] = list[i];
	}
	if (wanted)
		h->ops->ahead(h->arg, list, wanted);
}

static int measure(struct hunt *h, size_t at)
{
	int err = is_end(h, at) ? hunt_build(h, at) : hunt_settle(h, &at);

	if (err || h->state[at].why_skip)
		return err;
	ahead(h, at);
	return hunt_boot(h, at);
}

static void say_where(struct hunt *h)
{
	struct search_culprit c = search_culprit(&h->search);

	if (search_present(&h->search)->ends == ORACLE_ENDS_DIFFER && c.confidence > 0)
		hunt_tell(h, "%u boots; likeliest so far, %.0f %%: %s%s%s", h->boots, 100 * c.confidence, id_of(h, c.from),
			  c.to > c.from ? " to " : "", c.to > c.from ? id_of(h, c.to) : "");
}

int hunt_run(struct hunt *h, enum search_what *ret)
{
	for (;;) {
		struct search_step step = search_step(&h->search);
		int err;

		*ret = step.what;
		if (step.what > SEARCH_STATE)
			return 0;
		err = measure(h, step.at);
		if (err)
			return err;
		if (step.what == SEARCH_STATE)
			say_where(h);
	}
}

static int retell_sample(struct hunt *h, size_t at, const json_t *line)
{
	struct hunt_boot b = { .has_value = true, .has_died = json_is_true(json_object_get(line, "died")) };
	int err;

	sample_init(&b.sample);
	err = sample_from_json(json_object_get(line, "sample"), &b.sample);
	if (!err)
		take_sample(h, at, &b);
	hunt_boot_free(&b);
	return err;
}

int hunt_retell(struct hunt *h, const json_t *line)
{
	const char *event = json_str(line, "event", ""), *id = json_str(line, "at", "");
	size_t at = str_eq(id, "revert") ? HUNT_REVERT(h) : range_find(h->range, id);

	if (at > HUNT_REVERT(h) || (at == HUNT_REVERT(h) && !str_eq(id, "revert")))
		return err_say(EINVAL, "the journal has %s, which is not in this range", id);
	if (str_eq(event, "sample"))
		return retell_sample(h, at, line);
	if (str_eq(event, "skip"))
		take_skip(h, at, json_str(line, "why", ""));
	if (str_eq(event, "same") && at)
		take_no_change(h, at);
	if (str_eq(event, "build"))
		take_build(h, at, json_str(line, "artifact", ""), json_num(line, "seconds", 0));
	return 0;
}
