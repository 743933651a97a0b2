// SPDX-License-Identifier: GPL-2.0-only
/* test_hygiene.c - when a sample is invalid, and what a machine did beside it */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "lib/cleanup.h"
#include "lib/str.h"
#include "measure/load.h"
#include "measure/machine.h"
#include "plan/hygiene.h"

static const struct {
	enum hygiene first;
	double value;
	enum hygiene second;
	double other;
	const char *why; /* NULL: valid */
} rows[] = {
	{ HYGIENE_STEAL, 0, HYGIENE_LOAD, 0, NULL },
	{ HYGIENE_STEAL, 0.05, HYGIENE_LOAD, 0.05, NULL },
	{ HYGIENE_STEAL, 0.06, HYGIENE_LOAD, 0.01, "this machine's hypervisor took 6 % of its CPU time (steal)" },
	{ HYGIENE_LOAD, 0.31, HYGIENE_STEAL, 0.06, "other processes of this machine had 31 % of the CPU time that QEMU wanted" },
	{ HYGIENE_CLOCK_S, 0.09, HYGIENE_HOST_CLOCK_S, 0.09, NULL },
	{ HYGIENE_CLOCK_S, 3600, HYGIENE_STEAL, 0.5, "the clock of this machine was set by 3600.0 s, or the machine slept" },
	{ HYGIENE_HOST_CLOCK_S, 0.2, HYGIENE_STEAL, NAN, "the clock of the host under test was set by 0.2 s" },
	{ HYGIENE_HOST_STEAL, 0.2, HYGIENE_STEAL, NAN, "the host under test was without 20 % of its CPU time (steal)" },
	{ HYGIENE_HOST_LOAD, 0.5, HYGIENE_STEAL, NAN, "other processes had 50 % of the CPU time of the host under test" },
	{ HYGIENE_MISSING, 0.1, HYGIENE_STEAL, NAN, NULL },
	{ HYGIENE_MISSING, 0.4, HYGIENE_STEAL, NAN, "the traffic ended early: 40 % of its time are missing" },
};

static void a_sample_is_invalid_beyond_a_limit_and_says_why(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		_cleanup_(freep) char *why = NULL;
		double value[HYGIENE_COUNT];

		hygiene_init(value);
		value[rows[i].first] = rows[i].value;
		value[rows[i].second] = rows[i].other;
		why = hygiene_why(value);
		if (!str_eq(why, rows[i].why))
			fail_msg("row %zu: %s", i, why ? why : "valid");
	}
}

static void what_is_not_known_makes_nothing_invalid(void **state)
{
	double value[HYGIENE_COUNT], back[HYGIENE_COUNT];

	(void)state;
	hygiene_init(value);
	assert_null(hygiene_why(value));
	assert_null(hygiene_to_json(value));
	hygiene_from_json(NULL, back);
	for (enum hygiene h = 0; h < HYGIENE_COUNT; h++)
		assert_true(isnan(back[h]));
}

static void numbers_survive_json(void **state)
{
	double value[HYGIENE_COUNT], back[HYGIENE_COUNT];
	_cleanup_(json_decrefp) json_t *obj = NULL;

	(void)state;
	hygiene_init(value);
	value[HYGIENE_LOAD] = 0.25;
	value[HYGIENE_MISSING] = 0;
	obj = hygiene_to_json(value);
	assert_int_equal(json_object_size(obj), 2);
	hygiene_from_json(obj, back);
	assert_true(back[HYGIENE_LOAD] == 0.25 && back[HYGIENE_MISSING] == 0 && isnan(back[HYGIENE_STEAL]));
}

static void a_cell_may_have_as_many_invalid_samples_as_good_ones_and_three_at_least(void **state)
{
	(void)state;
	assert_int_equal(hygiene_limit(0), 3);
	assert_int_equal(hygiene_limit(1), 3);
	assert_int_equal(hygiene_limit(7), 7);
}

/* Ten seconds of a machine with two CPUs and 100 ticks a second. */
static struct load later(const struct load *before, uint64_t others, uint64_t steal, uint64_t ours, double waited_s)
{
	struct load l = *before;

	l.at += 10;
	l.time.busy += others + ours;
	l.others += others;
	l.time.steal += steal;
	l.ours += ours;
	l.waited_ns += (uint64_t)(waited_s * 1e9);
	return l;
}

static const struct load before = {
	.is_known = true, .at = 1000, .wall_s = 1.7e9, .tick = 100, .time = { 5000, 100, 2 }, .has_ours = true,
	.ours = 700, .others = 300, .waited_ns = 1000000000,
};

static const struct {
	const char *what;
	uint64_t others, steal, ours;
	double waited_s;
	double load, share;
} loads[] = {
	{ "QEMU alone, its threads in each other's way", 10, 0, 1890, 4, 0.1 / 19, 0 },
	{ "a build that takes one of both CPUs", 1000, 0, 1000, 9.5, 9.5 / 19.5, 0 },
	{ "others on CPUs that QEMU did not want", 1000, 0, 500, 0.1, 0.1 / 5.1, 0 },
	{ "fewer than before: one ended and took its time along", (uint64_t)-10, 0, 1000, 1, 0, 0 },
	{ "a hypervisor that takes a tenth", 0, 200, 1800, 1, 0, 0.1 },
};

static void load_is_what_others_had_while_qemu_waited(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(loads); i++) {
		struct load after = later(&before, loads[i].others, loads[i].steal, loads[i].ours, loads[i].waited_s);
		double h[HYGIENE_COUNT];

		hygiene_init(h);
		load_diff(&before, &after, h);
		if (!(fabs(h[HYGIENE_LOAD] - loads[i].load) < 1e-6) || !(fabs(h[HYGIENE_STEAL] - loads[i].share) < 1e-6))
			fail_msg("%s: load %f, steal %f", loads[i].what, h[HYGIENE_LOAD], h[HYGIENE_STEAL]);
		assert_true(isnan(h[HYGIENE_HOST_LOAD]) && isnan(h[HYGIENE_HOST_STEAL]));
		assert_true(h[HYGIENE_CLOCK_S] == 0);
	}
}

static void without_schedstat_others_count_whole_and_without_qemu_nothing(void **state)
{
	struct load from = before, to;
	double h[HYGIENE_COUNT];

	(void)state;
	from.waited_ns = 0;
	to = later(&from, 1000, 0, 1000, 0);
	hygiene_init(h);
	load_diff(&from, &to, h);
	assert_true(fabs(h[HYGIENE_LOAD] - 0.5) < 1e-9);
	to.has_ours = false;
	hygiene_init(h);
	load_diff(&from, &to, h);
	assert_true(isnan(h[HYGIENE_LOAD]));
	assert_true(h[HYGIENE_STEAL] == 0);
}

/* Of who ran, only one that had half of it is blamed; a process that has begun meanwhile had all of its ticks then. */
static const struct {
	uint64_t others;
	struct load_process from[3], to[3];
	const char *most;
} blamed[] = {
	{ 100, { { 1, 500, "init" }, { 7, 40, "make" } }, { { 1, 505, "init" }, { 7, 130, "make" } }, "make (7)" },
	{ 100, { { 1, 500, "init" } }, { { 1, 501, "init" }, { 9, 99, "cc1" } }, "cc1 (9)" },
	{ 100, { { 7, 40, "a" }, { 8, 40, "b" }, { 9, 40, "c" } }, { { 7, 73, "a" }, { 8, 73, "b" }, { 9, 74, "c" } }, NULL },
	{ 100, { { 7, 400, "old" } }, { { 7, 60, "new" } }, "new (7)" },
	{ 0, { { 7, 40, "a" } }, { { 7, 40, "a" } }, NULL },
	{ 100, { { 0 } }, { { 0 } }, NULL },
};

static void who_had_most_of_it_is_named(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(blamed); i++) {
		struct load from = before, to = later(&before, blamed[i].others, 0, 1000, 5);
		_cleanup_(freep) char *most = NULL;

		for (size_t n = 0; n < 3 && blamed[i].from[n].pid; n++)
			from.named[from.n_named++] = blamed[i].from[n];
		for (size_t n = 0; n < 3 && blamed[i].to[n].pid; n++)
			to.named[to.n_named++] = blamed[i].to[n];
		most = load_most_of(&from, &to);
		if (!str_eq(most, blamed[i].most))
			fail_msg("%zu: %s instead of %s", i, most ? most : "nobody", blamed[i].most ? blamed[i].most : "nobody");
	}
}

static void a_clock_that_is_set_shows_and_one_that_drifts_does_not(void **state)
{
	struct load to = later(&before, 1, 0, 1, 0);
	double h[HYGIENE_COUNT];

	(void)state;
	to.wall_s -= 2;
	hygiene_init(h);
	load_diff(&before, &to, h);
	assert_true(fabs(h[HYGIENE_CLOCK_S] - 1.995) < 1e-6);
	to.wall_s = before.wall_s + 0.004;
	load_diff(&before, &to, h);
	assert_true(h[HYGIENE_CLOCK_S] == 0);
}

static void the_host_has_numbers_of_its_own(void **state)
{
	struct load from = before, to;
	double h[HYGIENE_COUNT];

	(void)state;
	from.is_host = true;
	to = later(&from, 300, 500, 1200, 0);
	hygiene_init(h);
	load_diff(&from, &to, h);
	assert_true(fabs(h[HYGIENE_HOST_LOAD] - 0.15) < 1e-9);
	assert_true(fabs(h[HYGIENE_HOST_STEAL] - 0.25) < 1e-9);
	assert_true(isnan(h[HYGIENE_LOAD]) && isnan(h[HYGIENE_STEAL]) && isnan(h[HYGIENE_CLOCK_S]));
}

/* Whatever this machine does just now: what is read makes sense. */
static void this_machine_can_be_read(void **state)
{
	struct load l[2], host;

	(void)state;
	load_read_outer("no process has this in its command line", &l[0]);
	load_read_outer("no process has this in its command line", &l[1]);
	assert_true(l[0].is_known && l[1].is_known);
	assert_false(l[0].has_ours);
	assert_true(l[0].time.cpus >= 1);
	assert_true(l[1].at >= l[0].at);
	assert_true(l[1].time.busy >= l[0].time.busy);
	assert_true(l[1].ours >= l[0].ours);
	load_read_host(&host);
	assert_true(host.is_known && host.is_host);
}

/* A process that takes 0.3 s of CPU time, and is still there. Return: its end to close. */
static int busy_process(void)
{
	int ready[2], end[2];
	char c = 0;

	assert_int_equal(pipe(ready) + pipe(end), 0);
	if (!fork()) {
		closep(&end[1]);
		while (clock() < CLOCKS_PER_SEC * 3 / 10)
			;
		(void)!write(ready[1], &c, 1);
		_exit(read(end[0], &c, 1) != 0);
	}
	closep(&end[0]);
	assert_int_equal(read(ready[0], &c, 1), 1);
	closep(&ready[0]);
	closep(&ready[1]);
	return end[1];
}

static void what_another_process_ran_is_told_from_what_we_ran(void **state)
{
	struct load from, to;
	_cleanup_(closep) int end = -1;

	(void)state;
	load_read_outer("no process has this in its command line", &from);
	end = busy_process();
	load_read_outer("no process has this in its command line", &to);
	assert_true((double)(to.others - from.others) >= 0.25 * to.tick);
	assert_true((double)(to.ours - from.ours) < 0.25 * to.tick);
	closep(&end);
	wait(NULL);
}

static void facts_of_a_machine_are_found_in_its_texts(void **state)
{
	_cleanup_(json_decrefp) json_t *facts = machine_facts(0.5);
	_cleanup_(freep) char *cpu = machine_cpu("processor\t: 0\nmodel name\t: Some CPU @ 3 GHz\nmodel name\t: other\n");
	_cleanup_(freep) char *off = machine_mitigations("root=/dev/sda mitigations=off quiet\n");
	_cleanup_(freep) char *none = machine_mitigations("root=/dev/sda\n");

	(void)state;
	assert_string_equal(cpu, "Some CPU @ 3 GHz");
	assert_null(machine_cpu("processor\t: 0\n"));
	assert_string_equal(off, "off");
	assert_string_equal(none, "default");
	assert_true(json_is_string(json_object_get(facts, "mitigations")));
	assert_true(json_integer_value(json_object_get(facts, "cpus")) > 0);
	assert_true(json_number_value(json_object_get(facts, "load")) == 0.5);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_sample_is_invalid_beyond_a_limit_and_says_why),
		cmocka_unit_test(what_is_not_known_makes_nothing_invalid),
		cmocka_unit_test(numbers_survive_json),
		cmocka_unit_test(a_cell_may_have_as_many_invalid_samples_as_good_ones_and_three_at_least),
		cmocka_unit_test(load_is_what_others_had_while_qemu_waited),
		cmocka_unit_test(without_schedstat_others_count_whole_and_without_qemu_nothing),
		cmocka_unit_test(who_had_most_of_it_is_named),
		cmocka_unit_test(a_clock_that_is_set_shows_and_one_that_drifts_does_not),
		cmocka_unit_test(the_host_has_numbers_of_its_own),
		cmocka_unit_test(this_machine_can_be_read),
		cmocka_unit_test(what_another_process_ran_is_told_from_what_we_ran),
		cmocka_unit_test(facts_of_a_machine_are_found_in_its_texts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
