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

static int resume(const char *run, struct run_result *before)
{
	_cleanup_(freep) char *run_dir = NULL;
	int ret = store_resume(store, run, &plan, &run_dir, before);

	if (!ret) {
		assert_string_equal(before->id, id);
		assert_true(fs_exists(run_dir));
	}
	return ret;
}

static void what_was_measured_is_told(void **state)
{
	_cleanup_(run_result_free) struct run_result before = { 0 };

	(void)state;
	assert_int_equal(resume("latest", &before), 0);
	assert_int_equal(before.cells[0].n_samples, 1);
	assert_int_equal(before.cells[1].n_samples, 0);
	assert_int_equal(before.cells[2].n_samples, 0);
	assert_true(before.wall_s > 12.4 && before.wall_s < 12.6);
}

static void events_of_the_bed_are_forgotten_and_a_failure_stays(void **state)
{
	_cleanup_(run_result_free) struct run_result r = { 0 };
	_cleanup_(run_result_free) struct run_result before = { 0 };

	(void)state;
	assert_int_equal(resume(id, &before), 0);
	assert_int_equal(store_load(store, id, &r), 0);
	assert_false(r.finished);
	assert_int_equal(r.cells[0].n_samples, 1);
	assert_int_equal(r.cells[1].event, VERDICT_PASS);
	assert_int_equal(r.cells[2].event, VERDICT_FAIL);
}

static void another_plan_is_refused_and_nothing_is_forgotten(void **state)
{
	_cleanup_(run_result_free) struct run_result r = { 0 };
	_cleanup_(run_result_free) struct run_result before = { 0 };

	(void)state;
	set_point(&cells[1], 77);
	assert_int_equal(resume(id, &before), -EINVAL);
	assert_non_null(strstr(err_text(), "is of other cells than p.yaml"));
	assert_int_equal(store_load(store, id, &r), 0);
	assert_int_equal(r.cells[1].event, VERDICT_BROKEN);
	assert_true(r.finished);
}

static void a_run_that_is_not_there_is_refused(void **state)
{
	_cleanup_(run_result_free) struct run_result before = { 0 };

	(void)state;
	assert_int_equal(resume("20010101", &before), -ENOENT);
}

static void invalid_samples_are_counted_apart(void **state)
{
	_cleanup_(run_result_free) struct run_result before = { 0 };
	struct sample s;

	(void)state;
	sample_init(&s);
	s.invalid = str_dup("the hypervisor took 9 %");
	assert_int_equal(store_sample(store, id, 0, &s), 0);
	sample_free(&s);
	assert_int_equal(resume(id, &before), 0);
	assert_int_equal(before.cells[0].n_samples, 1);
	assert_int_equal(before.cells[0].n_invalid, 1);
	assert_int_equal(before.cells[1].n_invalid, 0);
}

/* Three visits, each with the same cell twice. */
static void a_resumed_run_measures_what_each_boot_lacks(void **state)
{
	static const struct {
		const char *what;
		int boots[4]; /* of samples of cell 0, 0 for no more */
		size_t left[3]; /* how often each visit still has cell 0 */
	} rows[] = {
		{ "nothing yet",	  { 0 },	  { 2, 2, 2 } },
		{ "the second one broke", { 1, 1, 3, 3 }, { 0, 2, 0 } },
		{ "cut off in the first", { 1 },	  { 1, 2, 2 } },
		{ "of boots to come",	  { 4, 5 },	  { 2, 2, 2 } },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct sample samples[4] = { 0 };
		struct run_cell cell = { .samples = samples };
		struct run r = { .before = { .cells = &cell, .n_cells = 1 } };
		struct visit visits[3];

		while (cell.n_samples < 4 && rows[i].boots[cell.n_samples]) {
			samples[cell.n_samples].boot = rows[i].boots[cell.n_samples];
			cell.n_samples++;
		}
		for (int v = 0; v < 3; v++) {
			visits[v] = (struct visit){ .boot = v + 1, .cells = mem_zalloc(2 * sizeof(size_t)), .n_cells = 2 };
		}
		run_drop_measured(&r, visits, 3);
		for (int v = 0; v < 3; v++) {
			if (visits[v].n_cells != rows[i].left[v])
				fail_msg("%s: visit %d has %zu cells left", rows[i].what, v, visits[v].n_cells);
			free(visits[v].cells);
		}
	}
}

static void it_goes_on_with_the_kernels_and_the_accelerator_that_it_began_with(void **state)
{
	static const struct {
		const char *hash, *accel, *cpu;
		int ret;
		const char *why;
	} rows[] = {
		{ "aaaa", "tcg", NULL, 0, "" },
		{ "aaaa", "tcg", "A CPU that nobody makes", -EINVAL, "began on a machine with cpu \"A CPU that nobody makes\", and here it is " },
		{ "aaaa", "icount", "A CPU that nobody makes", 0, "" }, /* in virtual time any will do */
		{ NULL, NULL, NULL, 0, "" }, /* cut off before its kernels were there */
		{ "bbbb", "tcg", NULL, -EINVAL, "measured stock as ? (bbbb), and now it is " },
		{ "aaaa", "kvm", NULL, -EINVAL, "began on kvm, and now it would be tcg" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct run_kernel was = { .name = (char *)"stock", .hash = (char *)rows[i].hash };
		struct kernel is = { .package = { .name = (char *)"linux-image-x", .version = (char *)"1" }, .hash = (char *)"aaaa" };
		struct run r = {
			.id = (char *)"20260101-0000-abcd", .before = { .kernels = &was, .n_kernels = 1 },
			.ground = { .kernels = &is, .n = 1 },
		};

		r.ground.accel.accel = str_eq(rows[i].accel, "icount") ? ACCEL_ICOUNT : ACCEL_TCG;
		if (rows[i].accel)
			r.before.host = json_pack("{s:s, s:{s:f, s:s*}}", "accel", rows[i].accel, "machine", "load", 3.5, "cpu", rows[i].cpu);
		assert_int_equal(run_check_ground(&r), rows[i].ret);
		if (rows[i].ret)
			assert_non_null(strstr(err_text(), rows[i].why));
		if (rows[i].accel)
			assert_true(r.load == 3.5);
		json_decref(r.before.host);
	}
}

static void another_probe_is_refused(void **state)
{
	_cleanup_(run_result_free) struct run_result before = { 0 };
	_cleanup_(json_decrefp) json_t *host = json_pack("{s:o}", "terms", plan_terms(&plan));
	double seconds = plan.probe.seconds;

	(void)state;
	assert_int_equal(store_facts(store, id, host, NULL), 0);
	plan.probe.seconds = seconds + 4;
	assert_int_equal(resume(id, &before), -EINVAL);
	assert_non_null(strstr(err_text(), "of another probe"));
	plan.probe.seconds = seconds;
	run_result_free(&before);
	kernels[0].cmdline = (char *)"sysctl.net.core.rmem_default=1";
	assert_int_equal(resume(id, &before), -EINVAL);
	kernels[0].cmdline = NULL;
	run_result_free(&before);
	assert_int_equal(resume(id, &before), 0);
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
		cmocka_unit_test(it_goes_on_with_the_kernels_and_the_accelerator_that_it_began_with),
		TEST(another_probe_is_refused),
		cmocka_unit_test(a_resumed_run_measures_what_each_boot_lacks),
		TEST(a_resumed_run_keeps_the_seed_and_a_new_one_draws_it),
		TEST(a_run_that_is_not_there_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
