// SPDX-License-Identifier: GPL-2.0-only
/* bisect_run.c - one bisect from its first boot to its report, and on into a merge */
#include <errno.h>
#include <string.h>

#include "bisect.h"
#include "bisect_cache.h"
#include "bisect_run.h"
#include "lib/cleanup.h"
#include "lib/err.h"
#include "lib/jsonl.h"
#include "lib/log.h"
#include "lib/progress.h"
#include "lib/stop.h"

/* A culprit that does not stand its test goes back into the search; so often at most. */
#define SEARCHES 3

/* Have a state's kernel in the bed: built now, or out of the cache, or there already. */
static int ready(struct bisect *b, size_t at)
{
	int err;

	if (b->has_present && b->present == at)
		return 0;
	b->has_present = false;
	ahead_want(b, at);
	err = bisect_kernel(b, at);
	if (err)
		return err;
	progress_say("kernel %s", b->plan.kernels[0].name);
	err = bed_kernel(&b->bed);
	b->has_present = !err;
	b->present = at;
	return err;
}

/*
 * Some states cannot be: an option whose dependency is not set yet (-EINVAL), a series that does not apply without the
 * patch that was taken out (-EPROTO).
 */
static bool cannot_be(const struct bisect *b, size_t at, int err)
{
	return (b->kind == RANGE_OPTIONS && err == -EINVAL) ||
	       (b->kind == RANGE_PATCHES && err == -EPROTO && at == HUNT_REVERT(&b->hunt));
}

static int op_build(void *arg, size_t at, char **ret)
{
	struct bisect *b = arg;
	int err = ready(b, at);

	if (cannot_be(b, at, err))
		return -ENOEXEC;
	return err ? err : bed_identity(&b->bed, ret);
}

static void op_ahead(void *arg, const size_t *at, size_t n)
{
	ahead_start(arg, at, n);
}

static int op_boot(void *arg, size_t at, struct hunt_boot *ret)
{
	struct bisect *b = arg;
	int err;

	if (bisect_cache_take(b, at, ret))
		return 0;
	err = ready(b, at);
	if (!err)
		err = bed_boot(&b->bed, b->hunt.metric, ret);
	if (!err && ret->has_value)
		bisect_cache_give(b, at, ret);
	return err;
}

static bool op_looks_same(void *arg, size_t at)
{
	return bisect_looks_same(arg, at);
}

static int op_revert(void *arg, size_t at)
{
	ahead_want(arg, HUNT_REVERT(&((struct bisect *)arg)->hunt));
	return bisect_make_revert(arg, at);
}

static int op_note(void *arg, const json_t *line)
{
	return bisect_note(arg, line);
}

static void op_tell(void *arg, const char *sentence)
{
	(void)arg;
	log_info("%s", sentence);
}

static const struct hunt_ops ops = { op_build, op_ahead, op_boot, op_looks_same, op_revert, op_note, op_tell };

static bool is_range(const json_t *line)
{
	return str_eq(json_str(line, "event", ""), "range");
}

/* Where each range begins in the journal, so that a resumed bisect tells each its own. */
static int note_range(struct bisect *b)
{
	const struct range *r = &b->range;
	json_t *line = json_pack("{s:s, s:s, s:s, s:i}", "event", "range", "good", r->v[0].id, "bad", r->v[r->n].id, "n",
				 (int)r->n);
	const json_t *old = json_array_get(b->journal, b->told);
	int err = 0;

	if (!old)
		err = bisect_note(b, line);
	else if (!json_equal(old, line))
		err = err_say(EINVAL, "bisect %s searched another range; leave out --resume", b->id);
	else
		b->told++;
	json_decref(line);
	return err;
}

/* What an earlier range knows of both ends of this one (a merge, and its first parent) is still true. */
static void retell_ends(struct bisect *b, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		const json_t *line = json_array_get(b->journal, i);
		size_t at = range_find(&b->range, json_str(line, "at", ""));

		if (!is_range(line) && (at == 0 || at == b->range.n) && hunt_retell(&b->hunt, line))
			err_clear();
	}
}

static int retell(struct bisect *b)
{
	int err = 0;

	for (; !err && b->told < json_array_size(b->journal); b->told++) {
		const json_t *line = json_array_get(b->journal, b->told);

		if (is_range(line))
			break;
		err = hunt_retell(&b->hunt, line);
	}
	return err;
}

static int search(struct bisect *b, enum search_what *end)
{
	int err = 0;

	for (int i = 0; i < SEARCHES && !err; i++) {
		err = hunt_run(&b->hunt, end);
		if (err || *end != SEARCH_FOUND || !b->options->verifies)
			return err;
		b->wants_fresh = true;
		err = hunt_verify(&b->hunt);
		b->wants_fresh = false;
		if (err || b->hunt.verify != HUNT_FAIL)
			return err;
		log_warn("what was found does not stand its test; the search goes on");
	}
	return err;
}

/* What the metric decides. */
static struct search_options options_for(const struct bisect *b, double confidence)
{
	struct search_options o = b->options->search;
	enum metric m = b->options->metric;
	bool is_count = m == METRIC_COUNT || metric_def(m)->kind == METRIC_IS_A_COUNT;

	o.confidence = confidence;
	o.oracle.kind = m == METRIC_COUNT ? ORACLE_EVENT : ORACLE_NUMBER;
	/* A count is searched by the logarithm of one more: half of that is 65 % more of what there are many. */
	o.oracle.matters = is_count ? 0.5 : metric_def(m)->matters;
	return o;
}

static int search_range(struct bisect *b, double confidence, enum search_what *end)
{
	struct search_options o = options_for(b, confidence);
	size_t before = b->told;
	int err = note_range(b);

	hunt_init(&b->hunt, &b->range, b->options->metric, &o, &ops, b);
	if (err)
		return err;
	retell_ends(b, before);
	err = retell(b);
	return err ? err : search(b, end);
}

/* The merge that was found, or NULL: its state in the present range. */
static const struct range_state *found_merge(struct bisect *b, enum search_what end)
{
	struct search_culprit c;

	if (end != SEARCH_FOUND || b->kind != RANGE_COMMITS)
		return NULL;
	c = search_culprit(&b->hunt.search);
	return c.from == c.to && b->range.v[c.to].parents > 1 ? &b->range.v[c.to] : NULL;
}

static bool has_merges(const struct bisect *b)
{
	for (size_t i = 1; i <= b->range.n; i++)
		if (b->range.v[i].parents > 1)
			return true;
	return false;
}

/* On with what a parent of the merge brought. @parent: of the ones beside the first. */
static int enter_merge(struct bisect *b, const char *merge, unsigned int parent)
{
	struct search_culprit c = search_culprit(&b->hunt.search);
	struct range inside = { 0 };
	int err = bisect_inside(b, merge, parent, &inside);

	if (err)
		return err;
	log_info("%.12s is a merge: on with %zu commits of its parent %u", merge, inside.n - 1, parent);
	str_set(&b->around, NULL);
	b->around = str_fmt("  %s %s: %.1f %% sure, after %u boots\n", merge, c.to <= b->range.n ? b->range.v[c.to].about : "",
			    100 * c.confidence, b->hunt.boots);
	b->has_present = false;
	ahead_end(b);
	hunt_free(&b->hunt);
	range_free(&b->range);
	b->range = inside;
	b->range.kind = RANGE_COMMITS;
	return 0;
}

/** struct inside - where in a merge the search is; @merge: NULL outside of any */
struct inside {
	char *merge;
	unsigned int parent;
	unsigned int parents;
};

/* Whether there is another range to be searched, and which. Return: 1, 0, or -errno. */
static int go_on(struct bisect *b, enum search_what end, struct inside *in)
{
	struct search_culprit c = search_culprit(&b->hunt.search);
	const struct range_state *merge = found_merge(b, end);
	bool is_itself = in->merge && end == SEARCH_FOUND && c.from == c.to && c.to == b->range.n;
	int err;

	if (merge) {
		str_set(&in->merge, merge->id);
		in->parents = merge->parents;
		in->parent = 2;
	} else if (is_itself && in->parent < in->parents) {
		in->parent++;
	} else {
		return 0;
	}
	err = enter_merge(b, in->merge, in->parent);
	return err ? err : 1;
}

int bisect_search(struct bisect *b, enum search_what *end)
{
	double left = 1 - b->options->search.confidence;
	struct inside in = { 0 };
	int more = 1, err = 0;

	b->confidence = 1;
	while (!err && more > 0) {
		/* What may still go wrong inside of a merge is kept for there. */
		double share = has_merges(b) ? left / 2 : left;

		err = search_range(b, 1 - share, end);
		left -= share;
		if (!err) {
			b->confidence *= search_culprit(&b->hunt.search).confidence;
			more = go_on(b, *end, &in);
		}
	}
	free(in.merge);
	return err ? err : more;
}
