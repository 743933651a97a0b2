// SPDX-License-Identifier: GPL-2.0-only
/* test_bisect_hunt.c - a hunt in a world of the test's own: what is built, booted, shared, written down and told */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>

#include "bisect/tell.h"
#include "bisect_ahead.h"
#include "lib/random.h"
#include "scratch.h"

#define CHANGES 32

/**
 * struct world - what is true, what is done to it, and what was done
 * @same:      changes that alter comments alone
 * @broken:    states that do not build
 * @dies:      states whose host dies
 * @dies_at:   boot at which any host dies, 0: never
 * @conflicts: the culprit cannot be reverted
 * @breaks_at: boot at which the bed breaks, 0: never
 * @asked:     states that were foreseen while another one was booted
 * @foreseen:  how many of those that were built were
 * @slower:    boot from which the machine is slower, 0: never
 */
struct world {
	size_t culprit;
	double effect;
	const size_t *same, *broken, *dies;
	bool conflicts;
	unsigned int breaks_at, slower, dies_at;
	unsigned int boots, booted[CHANGES + 2], built[CHANGES + 2];
	bool asked[CHANGES + 2];
	unsigned int foreseen, unforeseen;
	size_t reverted;
	struct random random;
	struct range range;
	json_t *journal;
};

static bool is_among(size_t at, const size_t *list)
{
	for (; list && *list; list++)
		if (*list == at)
			return true;
	return false;
}

static int build(void *arg, size_t at, char **ret)
{
	struct world *w = arg;
	size_t like = at;

	w->built[at]++;
	if (w->boots) {
		w->foreseen += w->asked[at];
		w->unforeseen += !w->asked[at];
	}
	if (is_among(at, w->broken))
		return err_say(ENOEXEC, "net/a.c:1: error: undeclared\nand more");
	while (is_among(like, w->same))
		like--;
	*ret = str_fmt("kernel %zu", like);
	return 0;
}

static void ahead(void *arg, const size_t *at, size_t n)
{
	struct world *w = arg;

	assert_true(n >= 1 && n <= 1 + SEARCH_AHEAD);
	for (size_t i = 0; i < n; i++) {
		assert_true(at[i] <= CHANGES);
		assert_int_equal(w->built[at[i]], 0);
		w->asked[at[i]] = true;
	}
}

static bool is_bad(const struct world *w, size_t at)
{
	if (at == CHANGES + 1)
		return w->reverted != w->culprit;
	return w->culprit && at >= w->culprit;
}

static int boot(void *arg, size_t at, struct hunt_boot *ret)
{
	struct world *w = arg;
	double pace = w->slower && w->boots + 1 >= w->slower ? 0.5 : 1;

	if (++w->boots == w->breaks_at)
		return err_say(EIO, "the test bed is broken");
	w->booted[at]++;
	ret->run = str_fmt("run-%u", w->boots);
	ret->has_died = is_among(at, w->dies) || w->boots == w->dies_at;
	ret->has_value = !ret->has_died;
	if (ret->has_died) {
		ret->reason = str_dup("FAIL: Kernel panic");
		return 0;
	}
	ret->sample.value[METRIC_PPS] = 1e5 * pace * (is_bad(w, at) ? 1 - w->effect : 1) * (1 + 0.02 * random_normal(&w->random));
	return 0;
}

static bool looks_same(void *arg, size_t at)
{
	return is_among(at, ((struct world *)arg)->same);
}

static int revert(void *arg, size_t at)
{
	struct world *w = arg;

	w->reverted = at;
	return w->conflicts ? err_say(EEXIST, "it conflicts") : 0;
}

static int note(void *arg, const json_t *line)
{
	json_array_append_new(((struct world *)arg)->journal, json_deep_copy(line));
	return 0;
}

static void say_nothing(void *arg, const char *sentence)
{
	(void)arg;
	if (getenv("TELL"))
		print_message("%s\n", sentence);
}

static const struct hunt_ops ops = { build, ahead, boot, looks_same, revert, note, say_nothing };

static void world_begin(struct world *w)
{
	w->random.state = 20261125;
	w->journal = json_array();
	w->range.kind = RANGE_COMMITS;
	for (size_t i = 0; i <= CHANGES; i++) {
		_cleanup_(freep) char *id = str_fmt("%02zx%038x", i, 0), *about = str_fmt("change %zu", i);

		range_add(&w->range, id, about);
	}
}

static void world_end(struct world *w)
{
	json_decref(w->journal);
	range_free(&w->range);
}

static void begin(struct world *w, struct hunt *h)
{
	struct search_options o = search_defaults();

	world_begin(w);
	hunt_init(h, &w->range, METRIC_PPS, &o, &ops, w);
}

static void assert_found(struct hunt *h, size_t from, size_t to)
{
	enum search_what end;
	struct search_culprit c;

	assert_int_equal(hunt_run(h, &end), 0);
	assert_int_equal(end, SEARCH_FOUND);
	c = search_culprit(&h->search);
	if (c.from != from || c.to != to)
		fail_msg("%zu to %zu, not %zu to %zu", c.from, c.to, from, to);
	assert_true(c.confidence >= 0.95);
}

/* The one change that is to blame is named, and nothing else; finish() when it has been looked at. */
static void find(struct world *w, struct hunt *h)
{
	begin(w, h);
	assert_found(h, w->culprit, w->culprit);
}

static void finish(struct world *w, struct hunt *h)
{
	hunt_free(h);
	world_end(w);
}

static void every_change_is_found_where_it_is(void **state)
{
	(void)state;
	for (size_t culprit = 1; culprit <= CHANGES; culprit++) {
		struct world w = { .culprit = culprit, .effect = 0.3 };
		struct hunt h;

		find(&w, &h);
		assert_int_equal(hunt_verify(&h), 0);
		assert_int_equal(h.verify, HUNT_PASS);
		assert_int_equal(h.revert, HUNT_PASS);
		finish(&w, &h);
	}
}

static void what_is_wanted_next_is_foreseen(void **state)
{
	unsigned int foreseen = 0, all = 0;

	(void)state;
	for (size_t culprit = 1; culprit <= CHANGES; culprit++) {
		struct world w = { .culprit = culprit, .effect = 0.3 };
		struct hunt h;

		find(&w, &h);
		foreseen += w.foreseen;
		all += w.foreseen + w.unforeseen;
		finish(&w, &h);
	}
	assert_true(all > CHANGES && foreseen >= all * 95 / 100);
}

static void comments_are_never_booted(void **state)
{
	static const size_t same[] = { 8, 12, 16, 17, 18, 20, 21, 24, 28, 0 };
	struct world w = { .culprit = 19, .effect = 0.3, .same = same };
	struct hunt h;

	(void)state;
	begin(&w, &h);
	assert_found(&h, 19, 19);
	assert_int_equal(hunt_verify(&h), 0);
	assert_int_equal(h.verify, HUNT_PASS);
	for (size_t i = 0; same[i]; i++)
		if (w.booted[same[i]])
			fail_msg("%zu was booted", same[i]);
	finish(&w, &h);
}

static void what_does_not_build_is_skipped_and_left_open(void **state)
{
	static const size_t broken[] = { 15, 16, 17, 0 };
	struct world w = { .culprit = 16, .effect = 0.3, .broken = broken };
	struct hunt h;

	(void)state;
	begin(&w, &h);
	assert_found(&h, 15, 18);
	assert_int_equal(hunt_verify(&h), 0);
	assert_int_equal(h.verify, HUNT_NOT_TRIED);
	for (size_t i = 0; broken[i]; i++)
		assert_true(w.built[broken[i]] <= 1);
	finish(&w, &h);
}

static void a_host_that_dies_is_skipped_not_bad(void **state)
{
	static const size_t dies[] = { 14, 15, 16, 17, 18, 0 };
	struct world w = { .culprit = 25, .effect = 0.3, .dies = dies };
	struct hunt h;

	(void)state;
	begin(&w, &h);
	assert_found(&h, 25, 25);
	finish(&w, &h);
}

/* The bad end, by bad luck; and one that always does. */
static void an_end_that_dies_once_is_tried_again(void **state)
{
	static const size_t dies[] = { CHANGES, 0 };
	struct world once = { .culprit = 4, .effect = 0.3, .dies_at = 2 }, always = { .culprit = 4, .effect = 0.3, .dies = dies };
	struct hunt h;
	enum search_what end;

	(void)state;
	begin(&once, &h);
	assert_found(&h, 4, 4);
	finish(&once, &h);
	begin(&always, &h);
	assert_int_equal(hunt_run(&h, &end), -ENOEXEC);
	assert_non_null(strstr(err_text(), "the bad end"));
	finish(&always, &h);
}

static void a_bed_that_breaks_stops_and_goes_on(void **state)
{
	struct world w = { .culprit = 7, .effect = 0.3, .breaks_at = 15 };
	struct hunt h, again;
	struct search_options o = search_defaults();
	enum search_what end;
	unsigned int boots;

	(void)state;
	begin(&w, &h);
	assert_int_equal(hunt_run(&h, &end), -EIO);
	boots = h.boots;
	assert_int_equal(boots, 14);
	hunt_init(&again, &w.range, METRIC_PPS, &o, &ops, &w);
	for (size_t i = 0; i < json_array_size(w.journal); i++)
		assert_int_equal(hunt_retell(&again, json_array_get(w.journal, i)), 0);
	assert_int_equal(again.boots, boots);
	search_judge(&h.search);
	search_judge(&again.search);
	for (size_t i = 1; i <= CHANGES; i++)
		assert_true(fabs(h.search.p[i] - again.search.p[i]) < 1e-9);
	assert_found(&again, 7, 7);
	hunt_free(&h);
	hunt_free(&again);
	world_end(&w);
}

static void ends_that_do_not_differ_are_not_searched(void **state)
{
	struct world w = { .culprit = 0 };
	struct hunt h;
	enum search_what end;

	(void)state;
	begin(&w, &h);
	assert_int_equal(hunt_run(&h, &end), 0);
	assert_int_equal(end, SEARCH_ALIKE);
	assert_int_equal(w.booted[0] + w.booted[CHANGES], w.boots);
	finish(&w, &h);
}

static void a_better_end_is_no_bad_one(void **state)
{
	struct world w = { .culprit = 5, .effect = -0.5 };
	struct hunt h;
	enum search_what end;

	(void)state;
	begin(&w, &h);
	assert_int_equal(hunt_run(&h, &end), 0);
	assert_int_equal(end, SEARCH_SWAPPED);
	finish(&w, &h);
}

/* Everything is half as fast from one boot on: seen at the ends, which are measured again, and survived. */
static void a_machine_that_slows_down_is_seen(void **state)
{
	struct world w = { .culprit = 9, .effect = 0.3, .slower = 20 };
	struct hunt h;
	struct search_options o = search_defaults();

	(void)state;
	o.recheck = 2;
	o.confidence = 0.9999;
	world_begin(&w);
	hunt_init(&h, &w.range, METRIC_PPS, &o, &ops, &w);
	assert_found(&h, 9, 9);
	assert_int_equal(h.search.n_epochs, 2);
	finish(&w, &h);
}

static void a_revert_that_conflicts_is_told(void **state)
{
	struct world w = { .culprit = 3, .effect = 0.3, .conflicts = true };
	struct hunt h;

	(void)state;
	begin(&w, &h);
	assert_found(&h, 3, 3);
	assert_int_equal(hunt_verify(&h), 0);
	assert_int_equal(h.verify, HUNT_PASS);
	assert_int_equal(h.revert, HUNT_CONFLICT);
	finish(&w, &h);
}

static void the_report_and_the_log(void **state)
{
	static const size_t same[] = { 12, 18, 20, 0 }, broken[] = { 16, 0 };
	struct world w = { .culprit = 19, .effect = 0.3, .same = same, .broken = broken };
	struct hunt h;
	struct tell t = { .hunt = &h, .plan = "raw", .cell = "tap/q1000/fq_codel/vhost", .seconds = 424,
			  .command = "tapbed bisect raw.yaml --good v1 --bad v2", .end = SEARCH_FOUND };
	_cleanup_(freep) char *report = NULL, *log = NULL;

	(void)state;
	begin(&w, &h);
	assert_found(&h, 19, 19);
	assert_int_equal(hunt_verify(&h), 0);
	t.confidence = search_culprit(&h.search).confidence;
	report = tell_report(&t);
	log = tell_git_log(&t);
	assert_golden("bisect/report.txt", report);
	assert_golden("bisect/git-bisect-log.txt", log);
	finish(&w, &h);
}

static void an_option_is_told_with_what_it_was(void **state)
{
	struct world w = { .culprit = 2, .effect = 0.3 };
	struct hunt h;
	struct tell t = { .hunt = &h, .plan = "raw", .cell = "tap/q1000", .command = "tapbed bisect raw.yaml", .end = SEARCH_FOUND };
	_cleanup_(freep) char *report = NULL;

	(void)state;
	find(&w, &h);
	w.range.kind = RANGE_OPTIONS;
	free(w.range.v[2].id);
	free(w.range.v[2].about);
	w.range.v[2].id = str_dup("CONFIG_SLUB_DEBUG_ON=y");
	w.range.v[2].about = str_dup("# CONFIG_SLUB_DEBUG_ON is not set");
	report = tell_report(&t);
	assert_non_null(strstr(report, "CONFIG_SLUB_DEBUG_ON=y instead of # CONFIG_SLUB_DEBUG_ON is not set"));
	finish(&w, &h);
}

/* None on two cores: what is built there would be measured. */
static void a_build_has_the_cpus_that_a_measurement_leaves(void **state)
{
	(void)state;
	assert_int_equal(ahead_cpus(1, 2), 0);
	assert_int_equal(ahead_cpus(2, 2), 0);
	assert_int_equal(ahead_cpus(3, 2), 0);
	assert_int_equal(ahead_cpus(4, 2), 1);
	assert_int_equal(ahead_cpus(16, 2), 7);
}

static void values_are_larger_where_things_are_worse(void **state)
{
	static const struct {
		enum metric metric;
		double better, worse;
	} cases[] = {
		{ METRIC_THROUGHPUT_BPS, 2e6, 1e6 }, { METRIC_PPS, 1, 0 }, { METRIC_RETRANSMITS, 0, 10 },
		{ METRIC_PING_P99_US, 100, 200 }, { METRIC_STALLS, 0, 1 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct hunt_boot a = { 0 }, b = { 0 };

		a.sample.value[cases[i].metric] = cases[i].better;
		b.sample.value[cases[i].metric] = cases[i].worse;
		assert_true(hunt_value(cases[i].metric, &a) < hunt_value(cases[i].metric, &b));
	}
	assert_true(hunt_value(METRIC_COUNT, &(struct hunt_boot){ .has_died = true }) == 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_change_is_found_where_it_is),
		cmocka_unit_test(what_is_wanted_next_is_foreseen),
		cmocka_unit_test(comments_are_never_booted),
		cmocka_unit_test(what_does_not_build_is_skipped_and_left_open),
		cmocka_unit_test(a_host_that_dies_is_skipped_not_bad),
		cmocka_unit_test(an_end_that_dies_once_is_tried_again),
		cmocka_unit_test(a_bed_that_breaks_stops_and_goes_on),
		cmocka_unit_test(ends_that_do_not_differ_are_not_searched),
		cmocka_unit_test(a_better_end_is_no_bad_one),
		cmocka_unit_test(a_machine_that_slows_down_is_seen),
		cmocka_unit_test(a_revert_that_conflicts_is_told),
		cmocka_unit_test(the_report_and_the_log),
		cmocka_unit_test(an_option_is_told_with_what_it_was),
		cmocka_unit_test(a_build_has_the_cpus_that_a_measurement_leaves),
		cmocka_unit_test(values_are_larger_where_things_are_worse),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
