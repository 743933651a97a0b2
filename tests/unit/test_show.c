// SPDX-License-Identifier: GPL-2.0-only
/* test_show.c - plans as text and JSON; GOLDEN_UPDATE=1 rewrites the golden files */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "lib/cleanup.h"
#include "lib/err.h"
#include "lib/fs.h"
#include "lib/str.h"
#include "plan/plan.h"
#include "plan/settings.h"
#include "plan/show.h"

#define VM_TEST "tests/plans/vm-test.yaml"
#define MATRIX	"tests/plans/matrix.yaml"
#define RAW	"tests/plans/raw.yaml"
#define STALL	"tests/plans/stall.yaml"

static void must_read(const char *path, struct plan *p)
{
	if (plan_read(path, p))
		fail_msg("%s", err_text());
}

static void must_set(struct plan *p, const char *word)
{
	if (plan_set(p, word))
		fail_msg("%s", err_text());
}

static void assert_golden(const char *name, const char *got)
{
	_cleanup_(freep) char *path = str_fmt("tests/golden/plan/%s", name);
	_cleanup_(freep) char *want = NULL;

	if (getenv("GOLDEN_UPDATE"))
		assert_int_equal(fs_write(path, got, strlen(got), 0644), 0);
	if (fs_read(path, &want, NULL))
		fail_msg("%s", err_text());
	assert_string_equal(got, want);
}

static void a_local_host_is_shown_as_one(void **state)
{
	_cleanup_(plan_free) struct plan p = { 0 };
	_cleanup_(freep) char *text = NULL;

	(void)state;
	must_read(VM_TEST, &p);
	must_set(&p, "host=local");
	must_set(&p, "txqueuelen=1");
	str_set(&p.kernels[0].package, NULL);
	p.n_expects = 0;
	text = show_plan(&p);
	p.n_expects = 3; /* for plan_free() */
	assert_golden("local.txt", text);
}

static void a_promise_may_lose_its_cells_by_set(void **state)
{
	_cleanup_(plan_free) struct plan p = { 0 };
	_cleanup_(freep) char *text = NULL;

	(void)state;
	must_read(VM_TEST, &p);
	must_set(&p, "txqueuelen=10,500");
	must_set(&p, "samples=5");
	text = show_plan(&p);
	assert_golden("vm-test-set.txt", text);
}

static void the_plans_that_ship_read_as_they_should(void **state)
{
	_cleanup_(plan_free) struct plan vm_test = { 0 };
	_cleanup_(plan_free) struct plan matrix = { 0 };
	_cleanup_(freep) char *vm_text = NULL, *matrix_text = NULL, *cells = NULL, *json = NULL;
	json_t *obj;

	(void)state;
	must_read(VM_TEST, &vm_test);
	must_read(MATRIX, &matrix);
	vm_text = show_plan(&vm_test);
	matrix_text = show_plan(&matrix);
	cells = show_cells(&vm_test);
	assert_golden("vm-test.txt", vm_text);
	assert_golden("matrix.txt", matrix_text);
	assert_golden("vm-test-cells.txt", cells);

	obj = show_json(&vm_test);
	json = json_dumps(obj, JSON_INDENT(2) | JSON_REAL_PRECISION(12));
	json_decref(obj);
	assert_golden("vm-test.json", json);
}

static void a_plan_without_a_guest_has_other_axes_and_no_boots_of_one(void **state)
{
	_cleanup_(plan_free) struct plan p = { 0 };
	_cleanup_(freep) char *text = NULL;

	(void)state;
	must_read(RAW, &p);
	text = show_plan(&p);
	assert_golden("raw.txt", text);
}

static void failures_that_are_known_are_shown(void **state)
{
	_cleanup_(plan_free) struct plan p = { 0 };
	_cleanup_(freep) char *text = NULL;

	(void)state;
	must_read(STALL, &p);
	text = show_plan(&p);
	assert_golden("stall.txt", text);
}

static void what_is_skipped_is_said_with_the_reason(void **state)
{
	_cleanup_(plan_free) struct plan p = { 0 };
	_cleanup_(freep) char *text = NULL, *cells = NULL;

	(void)state;
	must_read(RAW, &p);
	must_set(&p, "backend=tap,vhost,macvtap");
	must_set(&p, "backpressure=on");
	must_set(&p, "reader=read");
	must_set(&p, "streams=2,1");
	text = show_plan(&p);
	cells = show_cells(&p);
	assert_golden("raw-skipped.txt", text);
	assert_golden("raw-skipped-cells.txt", cells);
}

static void the_help_has_every_key(void **state)
{
	_cleanup_(freep) char *help = setting_help();

	(void)state;
	assert_golden("help.txt", help);
}

static const struct {
	double seconds;
	const char *text;
} durations[] = {
	{ 0, "10 s" }, { 12, "10 s" }, { 54, "50 s" }, { 56, "1 min" }, { 156, "2 min 40 s" },
	{ 3594, "59 min 50 s" }, { 3600, "1 h" }, { 3930, "1 h 6 min" }, { 90000, "25 h" },
};

static void durations_are_as_exact_as_an_estimate_can_be(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(durations); i++) {
		_cleanup_(freep) char *text = show_duration(durations[i].seconds);

		assert_string_equal(text, durations[i].text);
	}
}

static const struct {
	struct plan_expect e;
	const char *text;
} sentences[] = {
	{ { .at_least = 1, .at_most = NAN, .at_most_abs = NAN }, "the throughput_bps of nodrop-v3 is at least that of stock" },
	{ { .at_least = 0.5, .at_most = 2, .at_most_abs = NAN },
	  "the throughput_bps of nodrop-v3 is at least 0.5 times that of stock and at most 2 times that of stock" },
	{ { .at_least = NAN, .at_most = 0.01, .at_most_abs = 3 },
	  "the throughput_bps of nodrop-v3 is at most 0.01 times that of stock or at most 3" },
	{ { .at_least = NAN, .at_most = NAN, .at_most_abs = 3 }, "the throughput_bps of nodrop-v3 is at most 3" },
};

static void a_promise_is_shown_as_a_sentence(void **state)
{
	_cleanup_(plan_free) struct plan p = { 0 };

	(void)state;
	must_read(VM_TEST, &p);
	for (size_t i = 0; i < ARRAY_SIZE(sentences); i++) {
		struct plan_expect e = sentences[i].e;
		_cleanup_(freep) char *text = NULL;

		e.kernel = 1;
		text = show_expect(&p, &e);
		assert_string_equal(text, sentences[i].text);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_local_host_is_shown_as_one),
		cmocka_unit_test(a_promise_may_lose_its_cells_by_set),
		cmocka_unit_test(the_plans_that_ship_read_as_they_should),
		cmocka_unit_test(a_plan_without_a_guest_has_other_axes_and_no_boots_of_one),
		cmocka_unit_test(failures_that_are_known_are_shown),
		cmocka_unit_test(what_is_skipped_is_said_with_the_reason),
		cmocka_unit_test(the_help_has_every_key),
		cmocka_unit_test(durations_are_as_exact_as_an_estimate_can_be),
		cmocka_unit_test(a_promise_is_shown_as_a_sentence),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
