// SPDX-License-Identifier: GPL-2.0-only
/* test_matrix.c - cells of a plan, the order of their visits, and what they take */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "lib/cleanup.h"
#include "lib/err.h"
#include "lib/str.h"
#include "plan/matrix.h"

#define PLAN "tests/plans/vm-test.yaml"

/* The plan that ships, changed: two kernels, two backends. */
static void read_plan(struct plan *p, const char *const sets[])
{
	if (plan_read(PLAN, p))
		fail_msg("%s", err_text());
	for (; *sets; sets++)
		if (plan_set(p, *sets))
			fail_msg("%s", err_text());
}

/* "A1: tap/q1 tap/q10 | vhost/q1": kernel and boot, cells, a bar where another guest boots. */
static char *visits_text(const struct plan *p)
{
	struct strbuf b = { 0 };
	struct visit *v;
	size_t n = matrix_visits(p, &v);

	for (size_t i = 0; i < n; i++) {
		strbuf_fmt(&b, "%c%d:", 'A' + (int)v[i].kernel, v[i].boot);
		for (size_t j = 0; j < v[i].n_cells; j++) {
			const struct cell *c = &p->cells[v[i].cells[j]];

			assert_int_equal(c->kernel, v[i].kernel);
			if (j && !cell_same_guest(c, &p->cells[v[i].cells[j - 1]]))
				strbuf_fmt(&b, " |");
			strbuf_fmt(&b, " %s/q%s", c->at[AXIS_BACKEND].word, c->at[AXIS_TXQUEUELEN].word);
		}
		strbuf_fmt(&b, "\n");
	}
	matrix_visits_free(v, n);
	return b.data ? b.data : str_dup("");
}

static void every_kernel_stands_at_every_point_once(void **state)
{
	_cleanup_(plan_free) struct plan p = { 0 };

	(void)state;
	read_plan(&p, (const char *const[]){ "qdisc=fq,noqueue", "streams=1,4,16", NULL });
	assert_int_equal(p.n_cells, 2 * 2 * 4 * 2 * 3);
	for (size_t i = 0; i < p.n_cells; i++)
		for (size_t j = 0; j < i; j++)
			assert_false(p.cells[i].kernel == p.cells[j].kernel &&
				     cell_same_point(&p.cells[i], &p.cells[j]));
}

static void cells_are_in_order_of_kernel_guest_and_the_plans_values(void **state)
{
	static const char *const want[] = {
		"tap/virtio/q10/fq", "tap/virtio/q10/noqueue", "tap/virtio/q1/fq", "tap/virtio/q1/noqueue",
		"vhost/virtio/q10/fq", "vhost/virtio/q10/noqueue", "vhost/virtio/q1/fq", "vhost/virtio/q1/noqueue",
	};
	_cleanup_(plan_free) struct plan p = { 0 };

	(void)state;
	read_plan(&p, (const char *const[]){ "qdisc=fq,noqueue", "txqueuelen=10,1", NULL });
	assert_int_equal(p.n_cells, 2 * ARRAY_SIZE(want));
	for (size_t i = 0; i < p.n_cells; i++) {
		_cleanup_(freep) char *name = cell_name(&p.cells[i]);

		assert_string_equal(name, want[i % ARRAY_SIZE(want)]);
		assert_int_equal(p.cells[i].kernel, i / ARRAY_SIZE(want));
		assert_null(p.cells[i].skip);
	}
}

static void sorted_means_one_boot_a_kernel_and_rounds_inside_a_guest(void **state)
{
	_cleanup_(plan_free) struct plan p = { 0 };
	_cleanup_(freep) char *text = NULL;

	(void)state;
	read_plan(&p, (const char *const[]){ "txqueuelen=10,1", "samples=2", NULL });
	text = visits_text(&p);
	assert_string_equal(text,
		"A1: tap/q10 tap/q1 tap/q10 tap/q1 | vhost/q10 vhost/q1 vhost/q10 vhost/q1\n"
		"B2: tap/q10 tap/q1 tap/q10 tap/q1 | vhost/q10 vhost/q1 vhost/q10 vhost/q1\n");
}

static void interleaved_means_a_boot_a_sample_forward_and_backward(void **state)
{
	_cleanup_(plan_free) struct plan p = { 0 };
	_cleanup_(freep) char *text = NULL;

	(void)state;
	read_plan(&p, (const char *const[]){ "backend=tap", "txqueuelen=10,1", "samples=3",
					     "order=interleaved", NULL });
	text = visits_text(&p);
	assert_string_equal(text,
		"A1: tap/q10 tap/q1\n"
		"B2: tap/q10 tap/q1\n"
		"B3: tap/q10 tap/q1\n"
		"A4: tap/q10 tap/q1\n"
		"A5: tap/q10 tap/q1\n"
		"B6: tap/q10 tap/q1\n");
}

static void boots_and_samples_in_each_make_blocks_of_rounds(void **state)
{
	_cleanup_(plan_free) struct plan p = { 0 };
	_cleanup_(freep) char *text = NULL;

	(void)state;
	read_plan(&p, (const char *const[]){ "backend=tap", "txqueuelen=10,1", "samples=2", "boots=2", NULL });
	text = visits_text(&p);
	assert_string_equal(text,
		"A1: tap/q10 tap/q1 tap/q10 tap/q1\n"
		"B2: tap/q10 tap/q1 tap/q10 tap/q1\n"
		"B3: tap/q10 tap/q1 tap/q10 tap/q1\n"
		"A4: tap/q10 tap/q1 tap/q10 tap/q1\n");
}

static void a_seed_shuffles_each_block_alike_for_all_kernels_and_guests_stay_whole(void **state)
{
	_cleanup_(plan_free) struct plan p = { 0 };
	_cleanup_(freep) char *text = NULL, *again = NULL, *other = NULL;

	(void)state;
	read_plan(&p, (const char *const[]){ "samples=3", "order=interleaved", "seed=7", NULL });
	text = visits_text(&p);
	again = visits_text(&p);
	assert_string_equal(text, again);
	assert_string_equal(text,
		"A1: vhost/q1 vhost/q100 vhost/q10 vhost/q1000 | tap/q1 tap/q10 tap/q1000 tap/q100\n"
		"B2: vhost/q1 vhost/q100 vhost/q10 vhost/q1000 | tap/q1 tap/q10 tap/q1000 tap/q100\n"
		"B3: vhost/q10 vhost/q1 vhost/q100 vhost/q1000 | tap/q1000 tap/q100 tap/q10 tap/q1\n"
		"A4: vhost/q10 vhost/q1 vhost/q100 vhost/q1000 | tap/q1000 tap/q100 tap/q10 tap/q1\n"
		"A5: tap/q100 tap/q1000 tap/q1 tap/q10 | vhost/q1000 vhost/q100 vhost/q1 vhost/q10\n"
		"B6: tap/q100 tap/q1000 tap/q1 tap/q10 | vhost/q1000 vhost/q100 vhost/q1 vhost/q10\n");
	assert_int_equal(plan_set(&p, "seed=8"), 0);
	other = visits_text(&p);
	assert_string_not_equal(text, other);
}

static void sorted_stays_sorted_whatever_the_seed(void **state)
{
	_cleanup_(plan_free) struct plan p = { 0 };
	_cleanup_(freep) char *text = NULL;

	(void)state;
	read_plan(&p, (const char *const[]){ "backend=tap", "seed=7", NULL });
	text = visits_text(&p);
	assert_string_equal(text, "A1: tap/q1000 tap/q100 tap/q10 tap/q1\nB2: tap/q1000 tap/q100 tap/q10 tap/q1\n");
}

static void without_a_guest_a_visit_is_one_round_after_the_other(void **state)
{
	_cleanup_(plan_free) struct plan p = { 0 };
	_cleanup_(freep) char *text = NULL;

	(void)state;
	read_plan(&p, (const char *const[]){ "probe.name=raw", "backend=tap,tun", "txqueuelen=10,1", "samples=2", NULL });
	text = visits_text(&p);
	assert_string_equal(text,
		"A1: tap/q10 tap/q1 tun/q10 tun/q1 tap/q10 tap/q1 tun/q10 tun/q1\n"
		"B2: tap/q10 tap/q1 tun/q10 tun/q1 tap/q10 tap/q1 tun/q10 tun/q1\n");
}

static void impossible_points_are_skipped(void **state)
{
	_cleanup_(plan_free) struct plan p = { 0 };
	_cleanup_(freep) char *text = NULL;

	(void)state;
	read_plan(&p, (const char *const[]){ "backend=tap,tun", "txqueuelen=10", NULL });
	text = visits_text(&p);
	assert_string_equal(text, "A1: tap/q10\nB2: tap/q10\n");
	assert_string_equal(p.cells[1].skip, "there is no guest behind a TUN; probe raw reads one");
	assert_int_equal(plan_set(&p, "probe.name=raw"), 0);
	assert_null(p.cells[1].skip);
}

static void skipped_cells_are_in_no_visit(void **state)
{
	_cleanup_(plan_free) struct plan p = { 0 };
	_cleanup_(freep) char *text = NULL;

	(void)state;
	read_plan(&p, (const char *const[]){ "txqueuelen=10,1", NULL });
	/* The first kernel has nothing left to measure, the second one lacks its last cell. */
	for (size_t i = 0; i < 4; i++)
		p.cells[i].skip = str_dup("for the test");
	p.cells[7].skip = str_dup("for the test");
	text = visits_text(&p);
	assert_string_equal(text, "B1: tap/q10 tap/q1 | vhost/q10\n");
}

static const struct {
	const char *sets[5];
	size_t boots;
	size_t guests;
	double seconds;
} costs[] = {
	/* boots at 9 s, guests at 16 s and the warm-up, samples at traffic and 2 s, of raw 1.5 s */
	{ { NULL },                                           2, 4,  2 * 9 + 4 * 18 + 16 * 7 },
	{ { "samples=3", NULL },                              2, 4,  2 * 9 + 4 * 18 + 48 * 7 },
	{ { "samples=3", "order=interleaved", NULL },         6, 12, 6 * 9 + 12 * 18 + 48 * 7 },
	{ { "samples=2", "boots=3", NULL },                   6, 12, 6 * 9 + 12 * 18 + 96 * 7 },
	{ { "probe.seconds=2", "probe.warmup=0", NULL },      2, 4,  2 * 9 + 4 * 16 + 16 * 4 },
	{ { "backend=tap", "txqueuelen=1", NULL },            2, 2,  2 * 9 + 2 * 18 + 2 * 7 },
	{ { "probe.name=raw", "backend=tap", NULL },           2, 0,  2 * 9 + 8 * 6.5 }, /* warms nothing up */
	{ { "probe.name=raw", "backend=tap", "host.accel=icount", NULL }, 2, 0, 2 * (2 * 9 + 8 * 6.5) },
	{ { "probe.name=raw", "backend=tap", "host.accel=kvm-or-icount", NULL }, 2, 0, 2 * (2 * 9 + 8 * 6.5) }, /* at worst */
	{ { "host=local", "backend=tap", "txqueuelen=1", NULL }, 2, 2, 2 * 18 + 2 * 7 },
	/* 40000 packets a second; the seconds lengthen the deadline */
	{ { "probe.name=raw", "backend=tap", "probe.packets=200000", NULL }, 2, 0, 2 * 9 + 8 * 6.5 },
	{ { "probe.name=raw", "backend=tap", "probe.packets=200000", "probe.seconds=240", NULL }, 2, 0, 2 * 9 + 8 * 6.5 },
};

static void the_estimate_counts_boots_guests_and_samples(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(costs); i++) {
		_cleanup_(plan_free) struct plan p = { 0 };
		size_t guests = 0, n;
		struct visit *v;

		read_plan(&p, costs[i].sets);
		n = matrix_visits(&p, &v);
		for (size_t j = 0; j < n; j++)
			guests += matrix_visit_guests(&p, &v[j]);
		matrix_visits_free(v, n);
		print_message("  row %zu\n", i);
		assert_int_equal(n, costs[i].boots);
		assert_int_equal(guests, costs[i].guests);
		assert_true(fabs(matrix_seconds(&p) - costs[i].seconds) < 1e-6);
	}
}

static void the_estimate_knows_that_a_debug_kernel_is_slow(void **state)
{
	_cleanup_(plan_free) struct plan p = { 0 };

	(void)state;
	assert_int_equal(plan_read("tests/plans/soak.yaml", &p), 0);
	assert_true(fabs(matrix_seconds(&p) - (9 + 600 * (100000.0 / 3000 + 1.5))) < 1e-6);
}

static void the_estimate_of_a_resumed_run_is_of_what_is_left(void **state)
{
	_cleanup_(plan_free) struct plan p = { 0 };
	struct visit *v;
	size_t n;

	(void)state;
	read_plan(&p, (const char *const[]){ NULL });
	n = matrix_visits(&p, &v);
	assert_int_equal(n, 2);
	v[0].n_cells = 0;
	v[1].n_cells = 3;
	assert_true(fabs(matrix_visits_seconds(&p, v, n) - (9 + 18 + 3 * 7)) < 1e-6);
	matrix_visits_free(v, n);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_kernel_stands_at_every_point_once),
		cmocka_unit_test(cells_are_in_order_of_kernel_guest_and_the_plans_values),
		cmocka_unit_test(sorted_means_one_boot_a_kernel_and_rounds_inside_a_guest),
		cmocka_unit_test(interleaved_means_a_boot_a_sample_forward_and_backward),
		cmocka_unit_test(boots_and_samples_in_each_make_blocks_of_rounds),
		cmocka_unit_test(a_seed_shuffles_each_block_alike_for_all_kernels_and_guests_stay_whole),
		cmocka_unit_test(sorted_stays_sorted_whatever_the_seed),
		cmocka_unit_test(without_a_guest_a_visit_is_one_round_after_the_other),
		cmocka_unit_test(impossible_points_are_skipped),
		cmocka_unit_test(skipped_cells_are_in_no_visit),
		cmocka_unit_test(the_estimate_counts_boots_guests_and_samples),
		cmocka_unit_test(the_estimate_knows_that_a_debug_kernel_is_slow),
		cmocka_unit_test(the_estimate_of_a_resumed_run_is_of_what_is_left),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
