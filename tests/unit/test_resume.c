// SPDX-License-Identifier: GPL-2.0-only
/* test_resume.c - a run that did not get to its end goes on, and only with its own plan */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "judge/store.h"
#include "lib/cleanup.h"
#include "lib/err.h"
#include "lib/fs.h"
#include "lib/str.h"
#include "run.h"

static char *dir;
static struct store *store;
static char *id;

static struct plan_kernel kernels[] = { { .name = (char *)"stock", .package = (char *)"linux-image-x" } };
static struct cell cells[3];
static struct plan plan = {
	.name = (char *)"p", .path = (char *)"p.yaml", .text = (char *)"plan: p\n",
	.kernels = kernels, .n_kernels = 1, .cells = cells, .n_cells = 3,
};

static void set_point(struct cell *c, int txqueuelen)
{
	json_t *o = json_pack("{s:i}", "txqueuelen", txqueuelen);

	assert_int_equal(cell_from_json(o, c), 0);
	json_decref(o);
}

static void add_sample(size_t cell)
{
	struct sample s;

	sample_init(&s);
	s.value[METRIC_THROUGHPUT_BPS] = 1e6;
	assert_int_equal(store_sample(store, id, cell, &s), 0);
	sample_free(&s);
}

/* One cell has a sample, one was broken, one failed. */
static int cut_off(void **state)
{
	_cleanup_(freep) char *run_dir = NULL;

	(void)state;
	for (int i = 0; i < 3; i++)
		set_point(&cells[i], i + 1);
	dir = str_dup("/tmp/tapbed-resume-XXXXXX");
	if (!mkdtemp(dir) || store_open(dir, &store) || store_begin(store, &plan, &id, &run_dir))
		return -1;
	add_sample(0);
	return store_event(store, id, 1, VERDICT_BROKEN, "stopped by signal 15") ||
	       store_event(store, id, 2, VERDICT_FAIL, "host kernel: Oops") || store_end(store, id, 12.5);
}

static int clean_up(void **state)
{
	(void)state;
	store_close(store);
	free(take_ptr(&id));
	fs_remove(dir);
	free(take_ptr(&dir));
	return 0;
}

static int resume(const char *run, unsigned int **have, double *wall_s)
{
	_cleanup_(freep) char *is = NULL, *run_dir = NULL;
	_cleanup_(freep) unsigned int *invalid = NULL;
	int ret = store_resume(store, run, &plan, &is, &run_dir, have, &invalid, wall_s);

	if (!ret) {
		assert_string_equal(is, id);
		assert_true(fs_exists(run_dir));
	}
	return ret;
}

static void what_was_measured_is_told(void **state)
{
	_cleanup_(freep) unsigned int *have = NULL;
	double wall_s = 0;

	(void)state;
	assert_int_equal(resume("latest", &have, &wall_s), 0);
	assert_int_equal(have[0], 1);
	assert_int_equal(have[1], 0);
	assert_int_equal(have[2], 0);
	assert_true(wall_s > 12.4 && wall_s < 12.6);
}

static void events_of_the_bed_are_forgotten_and_a_failure_stays(void **state)
{
	_cleanup_(run_result_free) struct run_result r = { 0 };
	_cleanup_(freep) unsigned int *have = NULL;
	double wall_s;

	(void)state;
	assert_int_equal(resume(id, &have, &wall_s), 0);
	assert_int_equal(store_load(store, id, &r), 0);
	assert_false(r.finished);
	assert_int_equal(r.cells[0].n_samples, 1);
	assert_int_equal(r.cells[1].event, VERDICT_PASS);
	assert_int_equal(r.cells[2].event, VERDICT_FAIL);
}

static void another_plan_is_refused_and_nothing_is_forgotten(void **state)
{
	_cleanup_(run_result_free) struct run_result r = { 0 };
	_cleanup_(freep) unsigned int *have = NULL;
	double wall_s;

	(void)state;
	set_point(&cells[1], 77);
	assert_int_equal(resume(id, &have, &wall_s), -EINVAL);
	assert_non_null(strstr(err_text(), "is of other cells than p.yaml"));
	assert_int_equal(store_load(store, id, &r), 0);
	assert_int_equal(r.cells[1].event, VERDICT_BROKEN);
	assert_true(r.finished);
}

static void a_run_that_is_not_there_is_refused(void **state)
{
	_cleanup_(freep) unsigned int *have = NULL;
	double wall_s;

	(void)state;
	assert_int_equal(resume("20010101", &have, &wall_s), -ENOENT);
}

static void invalid_samples_are_counted_apart(void **state)
{
	_cleanup_(freep) unsigned int *have = NULL, *invalid = NULL;
	_cleanup_(freep) char *is = NULL, *run_dir = NULL;
	struct sample s;
	double wall_s;

	(void)state;
	sample_init(&s);
	s.invalid = str_dup("the hypervisor took 9 %");
	assert_int_equal(store_sample(store, id, 0, &s), 0);
	sample_free(&s);
	assert_int_equal(store_resume(store, id, &plan, &is, &run_dir, &have, &invalid, &wall_s), 0);
	assert_int_equal(have[0], 1);
	assert_int_equal(invalid[0], 1);
	assert_int_equal(invalid[1], 0);
}

static void a_resumed_run_keeps_the_seed_and_a_new_one_draws_it(void **state)
{
	_cleanup_(freep) char *other = NULL, *run_dir = NULL;
	struct plan p = plan;

	(void)state;
	p.interleaved = true;
	assert_int_equal(run_choose_seed(store, NULL, &p), 0);
	assert_true(p.seed > 0);
	assert_int_equal(store_begin(store, &p, &other, &run_dir), 0);
	plan.seed = p.seed;
	p.seed = 1;
	assert_int_equal(run_choose_seed(store, other, &p), 0);
	assert_int_equal(p.seed, plan.seed);
	plan.seed = 0;
	p.seed = 17;
	assert_int_equal(run_choose_seed(store, NULL, &p), 0);
	assert_int_equal(p.seed, 17);
	assert_int_equal(run_choose_seed(store, NULL, &plan), 0);
	assert_int_equal(plan.seed, 0); /* sorted: nothing to shuffle */
	assert_int_equal(run_choose_seed(store, "20010101", &p), -ENOENT);
}

#define TEST(t) cmocka_unit_test_setup_teardown(t, cut_off, clean_up)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(what_was_measured_is_told),
		TEST(events_of_the_bed_are_forgotten_and_a_failure_stays),
		TEST(another_plan_is_refused_and_nothing_is_forgotten),
		TEST(invalid_samples_are_counted_apart),
		TEST(a_resumed_run_keeps_the_seed_and_a_new_one_draws_it),
		TEST(a_run_that_is_not_there_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
