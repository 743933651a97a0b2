// SPDX-License-Identifier: GPL-2.0-only
/*
 * test_kcidb.c - the report for KernelCI's database, against what its schema 5.3 asks for
 *
 * The tables are the members of kcidb_io/schema/v05_03.py that matter here: which may be there
 * (no other may), which have to be, of which type, and what the words and ids look like.
 */
#include <regex.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "judge/judge.h"
#include "lib/jsonl.h"
#include "report/report.h"
#include "runs.h"

#define ID     "^[a-z0-9_]+:.*$"
#define ANY    "^"
#define STATUS "^(FAIL|ERROR|MISS|PASS|DONE|SKIP)$"
#define TIME   "^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z$"

/** struct member - @pattern: of a string; NULL for another type */
struct member {
	const char *name;
	json_type type;
	const char *pattern;
	bool is_required;
};

static const struct member checkout[] = {
	{ "id", JSON_STRING, ID, true },
	{ "origin", JSON_STRING, "^[a-z0-9_]+$", true },
	{ "comment", JSON_STRING, ANY, false },
	{ "patchset_hash", JSON_STRING, "^([0-9a-f]{64})?$", false },
	{ "valid", JSON_TRUE, NULL, false },
	{ "misc", JSON_OBJECT, NULL, false },
	{ 0 }
};

static const struct member build[] = {
	{ "id", JSON_STRING, ID, true },
	{ "checkout_id", JSON_STRING, ID, true },
	{ "origin", JSON_STRING, "^[a-z0-9_]+$", true },
	{ "comment", JSON_STRING, ANY, false },
	{ "architecture", JSON_STRING, "^[a-z0-9_]*$", false },
	{ "status", JSON_STRING, STATUS, false },
	{ "misc", JSON_OBJECT, NULL, false },
	{ 0 }
};

static const struct member test[] = {
	{ "id", JSON_STRING, ID, true },
	{ "build_id", JSON_STRING, ID, true },
	{ "origin", JSON_STRING, "^[a-z0-9_]+$", true },
	{ "path", JSON_STRING, "^([A-Za-z0-9_-]+(\\.[A-Za-z0-9_-]+)*)?$", false },
	{ "comment", JSON_STRING, ANY, false },
	{ "log_excerpt", JSON_STRING, ANY, false },
	{ "status", JSON_STRING, STATUS, false },
	{ "number", JSON_OBJECT, NULL, false },
	{ "start_time", JSON_STRING, TIME, false },
	{ "environment", JSON_OBJECT, NULL, false },
	{ "misc", JSON_OBJECT, NULL, false },
	{ 0 }
};

static void matches(const char *name, const char *pattern, const char *text)
{
	regex_t re;

	assert_int_equal(regcomp(&re, pattern, REG_EXTENDED | REG_NOSUB), 0);
	if (regexec(&re, text, 0, NULL, 0))
		fail_msg("%s: \"%s\" does not match %s", name, text, pattern);
	regfree(&re);
}

static void check_member(const struct member *m, const char *name, const json_t *value)
{
	while (m->name && strcmp(m->name, name))
		m++;
	if (!m->name)
		fail_msg("%s is not in the schema", name);
	assert_int_equal(json_typeof(value), m->type);
	if (m->pattern)
		matches(name, m->pattern, json_string_value(value));
}

static void check_object(const struct member *members, json_t *obj)
{
	const char *name;
	json_t *value;

	json_object_foreach(obj, name, value) {
		check_member(members, name, value);
	}
	for (const struct member *m = members; m->name; m++)
		if (m->is_required && !json_object_get(obj, m->name))
			fail_msg("%s is missing", m->name);
}

static void check_list(const struct member *members, const json_t *list, size_t n)
{
	assert_int_equal(json_array_size(list), n);
	for (size_t i = 0; i < n; i++)
		check_object(members, json_array_get(list, i));
}

static json_t *report_of(struct run_result *r)
{
	_cleanup_(freep) char *text = NULL;
	size_t len;
	FILE *f = open_memstream(&text, &len);

	judge_run(r);
	report_kcidb(r, &(struct report_opts){ 0 }, f);
	fclose(f);
	return json_loads(text, 0, NULL);
}

/** status_of() - Return: of cell @i. */
static const char *status_of(const json_t *doc, size_t i)
{
	return json_string_value(json_object_get(json_array_get(json_object_get(doc, "tests"), i), "status"));
}

static const struct {
	enum verdict event;
	const char *status;
} events[] = {
	{ VERDICT_PASS, "PASS" }, { VERDICT_SKIP, "SKIP" }, { VERDICT_BROKEN, "MISS" },
	{ VERDICT_TIMEOUT, "ERROR" }, { VERDICT_FAIL, "FAIL" },
};

static void the_members_are_those_of_the_schema(void **state)
{
	_cleanup_(run_result_free) struct run_result r;
	_cleanup_(json_decrefp) json_t *doc = NULL;

	(void)state;
	run_make(&r, 2);
	str_set(&r.kernels[1].name, "v4#rc<1>\n");
	for (size_t i = 0; i < ARRAY_SIZE(events); i++) {
		struct run_cell *c = run_add_cell(&r, 1, "vhost", (int)i + 1);

		cell_add_sample(c, 700, 0, 0);
		if (events[i].event != VERDICT_PASS)
			cell_set_event(c, events[i].event, "why, \033[31m as it came");
	}
	doc = report_of(&r);
	assert_non_null(doc);
	assert_int_equal(json_object_size(doc), 4);
	assert_int_equal(json_integer_value(json_object_get(json_object_get(doc, "version"), "major")), 5);
	check_list(checkout, json_object_get(doc, "checkouts"), 2);
	check_list(build, json_object_get(doc, "builds"), 2);
	check_list(test, json_object_get(doc, "tests"), ARRAY_SIZE(events));
	for (size_t i = 0; i < ARRAY_SIZE(events); i++)
		assert_string_equal(status_of(doc, i), events[i].status);
}

/* What is noisy was measured; what was to fail did what it should. */
static void noisy_is_done_and_an_expected_failure_is_no_failure(void **state)
{
	_cleanup_(run_result_free) struct run_result r;
	_cleanup_(json_decrefp) json_t *doc = NULL;

	(void)state;
	run_make(&r, 2);
	cell_add_sample(run_add_cell(&r, 0, "tap", 1), 700, 0, 0);
	cell_add_sample(run_add_cell(&r, 1, "tap", 1), 600, 0, 0);
	run_add_expect(&r, METRIC_THROUGHPUT_BPS)->at_least = 1;
	cell_set_event(run_add_cell(&r, 1, "tap", 10), VERDICT_FAIL, "stalled");
	expect_where(run_add_known(&r), AXIS_TXQUEUELEN, "10");
	doc = report_of(&r);
	assert_string_equal(status_of(doc, 0), "PASS");
	assert_string_equal(status_of(doc, 1), "DONE");
	assert_string_equal(status_of(doc, 2), "PASS");
}

/* A run that ended while kernels were made has none that could be called built. */
static void a_kernel_that_was_not_built_has_no_status(void **state)
{
	_cleanup_(run_result_free) struct run_result r;
	_cleanup_(json_decrefp) json_t *doc = NULL;
	const json_t *builds, *checkouts;

	(void)state;
	run_make(&r, 2);
	str_set(&r.kernels[0].hash, "5f3a");
	str_set(&r.kernels[1].hash, "");
	str_set(&r.kernels[1].release, "");
	str_set(&r.started, "");
	cell_set_event(run_add_cell(&r, 1, "tap", 10), VERDICT_SKIP, "it does not build");
	doc = report_of(&r);
	builds = json_object_get(doc, "builds");
	checkouts = json_object_get(doc, "checkouts");
	assert_string_equal(json_str(json_array_get(builds, 0), "status", "none"), "PASS");
	assert_string_equal(json_str(json_array_get(builds, 1), "status", "none"), "none");
	assert_string_equal(json_str(json_array_get(builds, 1), "comment", "none"), "none");
	assert_true(json_is_true(json_object_get(json_array_get(checkouts, 0), "valid")));
	assert_null(json_object_get(json_array_get(checkouts, 1), "valid"));
	check_list(test, json_object_get(doc, "tests"), 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_members_are_those_of_the_schema),
		cmocka_unit_test(a_kernel_that_was_not_built_has_no_status),
		cmocka_unit_test(noisy_is_done_and_an_expected_failure_is_no_failure),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
