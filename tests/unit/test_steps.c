// SPDX-License-Identifier: GPL-2.0-only
/* test_steps.c - each step failing in turn */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <signal.h>
#include <string.h>

#include <cmocka.h>

#include "lib/steps.h"
#include "lib/cleanup.h"
#include "lib/err.h"
#include "lib/stop.h"
#include "lib/str.h"

/* What was called, in order: "+a" up, "-a" down, "!a" an up that failed. */
struct trace {
	struct strbuf text;
	const char *failing;
	bool down_saw_stop;
};

static int go_up(struct trace *t, const char *name)
{
	bool fails = str_eq(t->failing, name);

	strbuf_fmt(&t->text, "%s%s ", fails ? "!" : "+", name);
	return fails ? err_say(EBUSY, "no room for %s", name) : 0;
}

/* An undoing that fails too leaves its own sentence behind. */
static void go_down(struct trace *t, const char *name)
{
	strbuf_fmt(&t->text, "-%s ", name);
	t->down_saw_stop |= stop_asked() || stop_fd() >= 0;
	err_say(EIO, "%s cannot be undone", name);
}

#define STEP(n)                                                               \
	static int n##_up(void *arg) { return go_up(arg, #n); }               \
	static void n##_down(void *arg) { go_down(arg, #n); }
STEP(a)
STEP(b)
STEP(d)
static int c_up(void *arg) { return go_up(arg, "c"); }

static const struct step table[] = {
	{ "a", a_up, a_down },
	{ "b", b_up, b_down },
	{ "c", c_up, NULL   },
	{ "d", d_up, d_down },
};

static void free_trace(struct trace *t)
{
	strbuf_free(&t->text);
}

#define STEPS(t) { .table = table, .n = ARRAY_SIZE(table), .arg = (t) }

static void all_go_up_in_order_and_down_in_the_other(void **state)
{
	_cleanup_(free_trace) struct trace t = { 0 };
	struct steps s = STEPS(&t);

	(void)state;
	assert_int_equal(steps_up(&s, s.n), 0);
	assert_int_equal(s.done, 4);
	steps_down(&s, 0);
	assert_int_equal(s.done, 0);
	assert_string_equal(t.text.data, "+a +b +c +d -d -b -a ");
}

static const struct {
	const char *failing;
	const char *trace;
	const char *error;
} failures[] = {
	{ "a", "!a ",			 "a: no room for a" },
	{ "b", "+a !b -a ",		 "b: no room for b" },
	{ "c", "+a +b !c -b -a ",	 "c: no room for c" },
	{ "d", "+a +b +c !d -b -a ",	 "d: no room for d" },
};

static void a_step_that_fails_is_not_undone_but_all_before_it_are(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(failures); i++) {
		_cleanup_(free_trace) struct trace t = { .failing = failures[i].failing };
		struct steps s = STEPS(&t);

		assert_int_equal(steps_up(&s, s.n), -EBUSY);
		assert_string_equal(t.text.data, failures[i].trace);
		assert_int_equal(s.done, 0);
	}
}

static void the_sentence_survives_the_undoing(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(failures); i++) {
		_cleanup_(free_trace) struct trace t = { .failing = failures[i].failing };
		struct steps s = STEPS(&t);

		(void)steps_up(&s, s.n);
		assert_string_equal(err_text(), failures[i].error);
	}
}

static void a_step_made_to_fail_is_undone_too(void **state)
{
	static const char *const traces[] = {
		"+a -a ", "+a +b -b -a ", "+a +b +c -b -a ", "+a +b +c +d -d -b -a ",
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(table); i++) {
		_cleanup_(free_trace) struct trace t = { 0 };
		_cleanup_(freep) char *sentence = str_fmt("%s: made to fail for a test", table[i].name);
		struct steps s = STEPS(&t);

		s.fail = table[i].name;
		assert_int_equal(steps_up(&s, s.n), -ECANCELED);
		assert_string_equal(t.text.data, traces[i]);
		assert_string_equal(err_text(), sentence);
	}
}

static void a_part_goes_down_and_up_again(void **state)
{
	_cleanup_(free_trace) struct trace t = { 0 };
	struct steps s = STEPS(&t);

	(void)state;
	assert_int_equal(steps_up(&s, s.n), 0);
	steps_down(&s, 1);
	assert_int_equal(s.done, 1);
	steps_down(&s, 3);
	assert_int_equal(s.done, 1);
	assert_int_equal(steps_up(&s, 2), 0);
	assert_int_equal(steps_up(&s, 1), 0);
	assert_int_equal(s.done, 2);
	assert_string_equal(t.text.data, "+a +b +c +d -d -b +b ");
}

static void a_failure_above_takes_down_what_was_up_before(void **state)
{
	_cleanup_(free_trace) struct trace t = { 0 };
	struct steps s = STEPS(&t);

	(void)state;
	assert_int_equal(steps_up(&s, 2), 0);
	t.failing = "d";
	assert_int_equal(steps_up(&s, s.n), -EBUSY);
	assert_string_equal(t.text.data, "+a +b +c !d -b -a ");
}

static void say_before(void *arg, const char *name)
{
	struct trace *t = arg;

	strbuf_fmt(&t->text, "?%s ", name);
}

static void each_step_is_announced_before_it_goes_up(void **state)
{
	_cleanup_(free_trace) struct trace t = { .failing = "b" };
	struct steps s = STEPS(&t);

	(void)state;
	s.before = say_before;
	assert_int_equal(steps_up(&s, s.n), -EBUSY);
	assert_string_equal(t.text.data, "?a +a ?b !b -a ");
}

static void a_stop_asked_for_does_not_hinder_the_undoing(void **state)
{
	_cleanup_(free_trace) struct trace t = { 0 };
	struct steps s = STEPS(&t);

	(void)state;
	assert_int_equal(stop_init(), 0);
	assert_int_equal(steps_up(&s, s.n), 0);
	raise(SIGTERM);
	assert_true(stop_asked());
	steps_down(&s, 0);
	assert_false(t.down_saw_stop);
	assert_string_equal(t.text.data, "+a +b +c +d -d -b -a ");
	assert_true(stop_asked());
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_go_up_in_order_and_down_in_the_other),
		cmocka_unit_test(a_step_that_fails_is_not_undone_but_all_before_it_are),
		cmocka_unit_test(the_sentence_survives_the_undoing),
		cmocka_unit_test(a_step_made_to_fail_is_undone_too),
		cmocka_unit_test(a_part_goes_down_and_up_again),
		cmocka_unit_test(a_failure_above_takes_down_what_was_up_before),
		cmocka_unit_test(each_step_is_announced_before_it_goes_up),
		cmocka_unit_test(a_stop_asked_for_does_not_hinder_the_undoing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
