// SPDX-License-Identifier: GPL-2.0-only
/* test_exchange.c - a run goes as text from one store into another, whole or not at all */
#include <errno.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "judge/baseline.h"
#include "judge/exchange.h"
#include "scratch.h"

/* The store that a run comes out of, and the one that it goes into. */
static char *dirs[2];
static struct store *from, *into;
static char *id;

static struct plan_kernel kernels[] = {
	{ .name = (char *)"stock", .package = (char *)"linux-image-x" },
	{ .name = (char *)"new", .package = (char *)"linux-image-x", .series = (char *)"nodrop-v3" },
};
static struct cell cells[2];
static struct plan_expect expects[] = {
	{ .kernel = 1, .metric = METRIC_THROUGHPUT_BPS, .at_least = 0.5, .at_most = NAN, .at_most_abs = NAN, .line = 12 },
};
static struct plan plan = {
	.name = (char *)"p", .path = (char *)"p.yaml", .text = (char *)"plan: p\nabout: \"a\\tb\"\n",
	.kernels = kernels, .n_kernels = 2, .cells = cells, .n_cells = 2, .expects = expects, .n_expects = 1,
};

static int add_samples(void)
{
	struct sample s;
	int ret;

	sample_init(&s);
	s.boot = 2;
	s.raw = (char *)"samples/0001.json";
	s.value[METRIC_THROUGHPUT_BPS] = 123456789.5;
	s.value[METRIC_RETRANSMITS] = 0;
	s.hygiene[HYGIENE_STEAL] = 0.25;
	ret = store_sample(from, id, 0, &s);
	s.invalid = (char *)"the hypervisor took 25 %";
	return ret ? ret : store_sample(from, id, 0, &s);
}

static int fill(void)
{
	_cleanup_(json_decrefp) json_t *host = json_pack("{s:s, s:{s:f}}", "accel", "tcg", "machine", "load", 0.25);
	const struct run_kernel facts = { .release = (char *)"6.12.117", .hash = (char *)"abc" };
	_cleanup_(freep) char *run_dir = NULL;
	_cleanup_(freep) char *same = NULL;

	return store_begin(from, &plan, &id, &run_dir) || store_facts(from, id, host, NULL) ||
	       store_kernel(from, id, 1, &facts) || add_samples() ||
	       store_event(from, id, 1, VERDICT_BROKEN, "stopped by \"signal\" 15") ||
	       store_phase(from, id, "cells", 12.5) || store_end(from, id, 131.5) ||
	       baseline_set(from, "good", id, &same);
}

static int make(void **state)
{
	(void)state;
	for (int i = 0; i < 2; i++) {
		_cleanup_(json_decrefp) json_t *point = json_pack("{s:i}", "txqueuelen", 1);

		cells[i].kernel = (size_t)i;
		dirs[i] = scratch_new();
		if (cell_from_json(point, &cells[i]))
			return -1;
	}
	return store_open(dirs[0], &from) || store_open(dirs[1], &into) || fill();
}

static int clean_up(void **state)
{
	(void)state;
	store_close(from);
	store_close(into);
	free(take_ptr(&id));
	for (int i = 0; i < 2; i++)
		scratch_free(&dirs[i]);
	return 0;
}

static void write_text(struct store *s, const char *run, struct strbuf *ret)
{
	if (exchange_write(s, run, ret))
		fail_msg("%s", err_text());
}

static enum exchange_news read_text(const char *text)
{
	enum exchange_news is = EXCHANGE_KNOWN;
	_cleanup_(freep) char *got = NULL;

	if (exchange_read(into, text, "run.jsonl", &got, &is))
		fail_msg("%s", err_text());
	assert_string_equal(got, id);
	return is;
}

static void what_comes_out_of_the_other_store_is_the_same_text(void **state)
{
	_cleanup_(strbuf_free) struct strbuf a = { 0 };
	_cleanup_(strbuf_free) struct strbuf b = { 0 };
	_cleanup_(freep) char *run_dir = store_run_dir(into, id);
	_cleanup_(freep) char *path = str_fmt("%s/plan.yaml", run_dir);
	_cleanup_(freep) char *text = NULL;

	(void)state;
	write_text(from, "latest", &a);
	assert_int_equal(read_text(a.data), EXCHANGE_NEW);
	write_text(into, "good", &b);
	assert_string_equal(a.data, b.data);
	assert_int_equal(fs_read(path, &text, NULL), 0);
	assert_string_equal(text, plan.text);
}

static void the_numbers_are_those_that_were_measured(void **state)
{
	_cleanup_(strbuf_free) struct strbuf a = { 0 };
	_cleanup_(run_result_free) struct run_result r = { 0 };

	(void)state;
	write_text(from, id, &a);
	read_text(a.data);
	assert_int_equal(store_load(into, "latest", &r), 0);
	assert_true(r.finished && r.wall_s == 131.5);
	assert_string_equal(json_string_value(json_object_get(r.host, "accel")), "tcg");
	assert_string_equal(r.kernels[1].release, "6.12.117");
	assert_null(r.kernels[0].series);
	assert_int_equal(r.cells[0].n_samples, 1);
	assert_true(r.cells[0].samples[0].value[METRIC_THROUGHPUT_BPS] == 123456789.5);
	assert_true(r.cells[0].samples[0].value[METRIC_RETRANSMITS] == 0);
	assert_true(isnan(r.cells[0].samples[0].value[METRIC_RTT_US]));
	assert_int_equal(r.cells[0].samples[0].boot, 2);
	assert_null(r.cells[0].samples[0].raw);
	assert_string_equal(r.cells[0].invalid[0].invalid, "the hypervisor took 25 %");
	assert_true(r.cells[0].invalid[0].hygiene[HYGIENE_STEAL] == 0.25);
	assert_int_equal(r.cells[1].event, VERDICT_BROKEN);
	assert_string_equal(r.cells[1].event_reason, "stopped by \"signal\" 15");
	assert_int_equal(r.n_expects, 1);
	assert_true(json_real_value(json_object_get(r.phases, "cells")) == 12.5);
}

static void a_run_that_was_taken_in_goes_on(void **state)
{
	_cleanup_(strbuf_free) struct strbuf a = { 0 };
	_cleanup_(run_result_free) struct run_result before = { 0 };
	_cleanup_(freep) char *run_dir = NULL;

	(void)state;
	write_text(from, id, &a);
	read_text(a.data);
	assert_int_equal(store_resume(into, id, &plan, &run_dir, &before), 0);
	assert_int_equal(before.cells[0].n_samples, 1);
	assert_true(fs_exists(run_dir));
}

static void a_run_that_is_there_stays_as_it_is(void **state)
{
	_cleanup_(strbuf_free) struct strbuf a = { 0 };
	_cleanup_(strbuf_free) struct strbuf b = { 0 };
	_cleanup_(run_result_free) struct run_result r = { 0 };
	_cleanup_(freep) char *got = NULL;
	enum exchange_news is;

	(void)state;
	write_text(from, id, &a);
	read_text(a.data);
	assert_int_equal(read_text(a.data), EXCHANGE_KNOWN);
	assert_int_equal(add_samples(), 0);
	write_text(from, id, &b);
	assert_int_equal(exchange_read(into, b.data, "run.jsonl", &got, &is), -EEXIST);
	assert_non_null(strstr(err_text(), "run.jsonl: run "));
	assert_int_equal(store_load(into, id, &r), 0);
	assert_int_equal(r.cells[0].n_samples, 1);
}

/* Wherever it was cut, and also where a line in the middle is missing. */
static void a_text_that_is_not_whole_is_no_run(void **state)
{
	_cleanup_(strbuf_free) struct strbuf a = { 0 };
	_cleanup_(freep) char *run_dir = store_run_dir(into, id);
	_cleanup_(freep) char *gap = NULL;
	enum exchange_news is;
	char *got = NULL;
	size_t lines = 0;

	(void)state;
	write_text(from, id, &a);
	for (size_t i = 0; i + 1 < a.len; i++) {
		_cleanup_(freep) char *cut = str_fmt("%.*s", (int)i + 1, a.data);

		if (a.data[i] != '\n')
			continue;
		lines++;
		assert_int_equal(exchange_read(into, cut, "run.jsonl", &got, &is), -EBADMSG);
		assert_non_null(strstr(err_text(), "the end is missing"));
	}
	assert_true(lines > 8);
	*strstr(a.data, "{\"phase\"") = '\0';
	gap = str_fmt("%s{\"end\":%zu}\n", a.data, lines);
	assert_int_equal(exchange_read(into, gap, "run.jsonl", &got, &is), -EBADMSG);
	assert_non_null(strstr(err_text(), "lines are missing"));
	assert_false(fs_exists(run_dir));
}

/* Of a run whose folder survived its store, nothing is lost when that comes back. */
static void a_folder_that_is_there_stays(void **state)
{
	_cleanup_(strbuf_free) struct strbuf a = { 0 };
	_cleanup_(freep) char *run_dir = store_run_dir(into, id);
	_cleanup_(freep) char *raw = NULL;

	(void)state;
	raw = scratch_put(run_dir, "samples/0001.json", "{}");
	write_text(from, id, &a);
	assert_int_equal(read_text(a.data), EXCHANGE_NEW);
	assert_true(fs_exists(raw));
}

static void a_name_that_another_run_has_stays_with_it(void **state)
{
	_cleanup_(strbuf_free) struct strbuf a = { 0 };
	_cleanup_(freep) char *other = NULL;
	_cleanup_(freep) char *run_dir = NULL;
	_cleanup_(freep) char *got = NULL;

	(void)state;
	assert_int_equal(store_begin(into, &plan, &other, &run_dir), 0);
	assert_int_equal(baseline_set(into, "good", other, &got), 0);
	free(take_ptr(&got));
	write_text(from, id, &a);
	read_text(a.data);
	assert_int_equal(baseline_find(into, "good", &got), 0);
	assert_string_equal(got, other);
}

#define HEAD "{\"tapbed run\":1}\n"
#define RUN "{\"run\":{\"id\":\"20261123-0331-7f3a\",\"plan\":\"p\",\"about\":\"\",\"started\":\"x\"}}\n"

static const struct {
	const char *text;
	const char *says;
} wrong[] = {
	{ "",								   "the end is missing" },
	{ "hello\n",							   "run.jsonl:1: not a JSON object" },
	{ "{\"format\":1}\n",						   "no run that tapbed export wrote" },
	{ "{\"tapbed run\":2}\n",					   "written by a newer tapbed" },
	{ HEAD "{\"kernel\":{\"n\":0}}\n",				   "the run itself has to come first" },
	{ HEAD "{\"run\":{\"id\":\"../../etc/passwd12\"}}\n",		   "one run with an id was expected" },
	{ HEAD "{\"run\":{\"plan\":\"p\"}}\n",				   "one run with an id was expected" },
	{ HEAD "{\"end\":1}\n",						   "the run itself has to come first" },
	{ HEAD RUN "{\"end\":2}\n{\"name\":\"a\"}\n",			   "more lines behind its end" },
	{ HEAD RUN RUN,							   "run.jsonl:3: one run with an id" },
	{ HEAD RUN "{\"secrets\":{\"n\":0}}\n",				   "no table that this tapbed knows" },
	{ HEAD RUN "{\"kernel\":{\"n\":0,\"name\":\"a\",\"colour\":\"b\"}}\n", "no column named colour" },
	{ HEAD RUN "{\"kernel\":{\"n\":0,\"name\":\"a\",\"x) --\":\"b\"}}\n", "a column that is none" },
	{ HEAD RUN "{\"kernel\":{\"n\":0,\"name\":\"a\",\"run\":\"b\"}}\n", "a column that is none" },
	{ HEAD RUN "{\"sample\":{\"cell\":0,\"nth\":1,\"boot\":1,\"raw\":\"b\"}}\n", "run.jsonl:3: a column that is none" },
	{ HEAD RUN "{\"kernel\":{\"n\":0,\"name\":[]}}\n",		   "neither text nor number" },
	{ HEAD RUN "{\"kernel\":{\"n\":0}}\n",				   "NOT NULL constraint failed" },
	{ HEAD RUN "{\"cell\":{\"n\":0,\"kernel\":4}}\n",		   "FOREIGN KEY constraint failed" },
	{ HEAD RUN "{\"kernel\":{\"n\":0,\"name\":\"a\"}}\n{\"cell\":{\"n\":1,\"kernel\":0}}\n{\"end\":4}\n",
	  "a row of table cell does not fit" },
	{ HEAD RUN "{\"name\":\"latest\"}\n",				   "baseline \"latest\"" },
	{ HEAD RUN "{\"name\":7}\n",					   "a name that is no text" },
};

static void what_does_not_fit_is_refused_and_nothing_of_it_stays(void **state)
{
	_cleanup_(freep) char *run_dir = store_run_dir(into, "20261123-0331-7f3a");
	struct run_result *list;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(wrong); i++) {
		enum exchange_news is;
		char *got = NULL;
		int ret = exchange_read(into, wrong[i].text, "run.jsonl", &got, &is);

		if (ret != -EBADMSG || got || strncmp(err_text(), "run.jsonl:", 10) || !strstr(err_text(), wrong[i].says))
			fail_msg("%zu: %d, \"%s\", wanted \"%s\"", i, ret, err_text(), wrong[i].says);
		assert_int_equal(store_list(into, &list), 0);
		store_list_free(list, 0);
		assert_false(fs_exists(run_dir));
	}
}

static void a_run_that_is_not_there_cannot_be_written(void **state)
{
	_cleanup_(strbuf_free) struct strbuf a = { 0 };

	(void)state;
	assert_int_equal(exchange_write(from, "19990101", &a), -ENOENT);
	assert_int_equal(exchange_write(into, "latest", &a), -ENOENT);
}

#define test(f) cmocka_unit_test_setup_teardown(f, make, clean_up)

int main(void)
{
	const struct CMUnitTest tests[] = {
		test(what_comes_out_of_the_other_store_is_the_same_text),
		test(the_numbers_are_those_that_were_measured),
		test(a_run_that_was_taken_in_goes_on),
		test(a_run_that_is_there_stays_as_it_is),
		test(a_text_that_is_not_whole_is_no_run),
		test(a_folder_that_is_there_stays),
		test(a_name_that_another_run_has_stays_with_it),
		test(what_does_not_fit_is_refused_and_nothing_of_it_stays),
		test(a_run_that_is_not_there_cannot_be_written),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
