// SPDX-License-Identifier: GPL-2.0-only
/* test_procstat.c - /proc/stat, /proc/PID/stat and /proc/interrupts as they are seen */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "lib/cleanup.h"
#include "lib/err.h"
#include "lib/str.h"
#include "measure/procstat.h"

#define STAT                                                             \
	"cpu  4705 150 1120 16250 520 30 73 0 0 0\n"                     \
	"cpu0 2353 75 560 8125 260 15 40 0 0 0\n"                        \
	"cpu1 2352 75 560 8125 260 15 33 0 0 0\n"                        \
	"intr 114930548 113199788 3 0 5\n"                               \
	"ctxt 1990473\n"                                                 \
	"btime 1062191376\n"

static void softirq_is_told_of_every_cpu(void **state)
{
	uint64_t cpus[PROCSTAT_CPUS];

	(void)state;
	assert_int_equal(procstat_softirq(STAT, cpus), 2);
	assert_int_equal(cpus[0], 40);
	assert_int_equal(cpus[1], 33);
	assert_int_equal(cpus[2], 0);
	assert_int_equal(procstat_softirq("cpu0 1 2 3 4 5 6 7", cpus), 1);
	assert_int_equal(cpus[0], 7);
	assert_int_equal(procstat_softirq("cpu0 1 2 3 4 5 6\ncpu1 1 2 3 4 5 6 7\n", cpus), -EBADMSG);
	assert_int_equal(procstat_softirq("cpu  1 2 3 4 5 6 7\n", cpus), -EBADMSG);
	assert_string_equal(err_text(), "/proc/stat: no CPU in 'cpu  1 2 3 4 5 6 7\n'");
}

static void context_switches_are_found(void **state)
{
	uint64_t n = 0;

	(void)state;
	assert_int_equal(procstat_switches(STAT, &n), 0);
	assert_int_equal(n, 1990473);
	assert_int_equal(procstat_switches("xctxt 5\nctxt\n", &n), -EBADMSG);
	assert_int_equal(procstat_switches("", &n), -EBADMSG);
}

static const struct {
	const char *text;
	int ret;
	uint64_t ticks;
} tasks[] = {
	{ "812 (qemu-system-x86) S 1 812 812 0 -1 4194624 5 6 7 8 300 41 0 0 20 0 4 0 9", 0, 341 },
	{ "13 (vhost-812) S 2 0 0 0 -1 2129984 0 0 0 0 0 77 0 0 20 0 1 0 99", 0, 77 },
	{ "13 (a) b) (c) R 2 0 0 0 -1 2129984 0 0 0 0 1 2 0 0", 0, 3 }, /* a name may hold anything */
	{ "13 (cut) R 2 0 0 0 -1 2129984 0 0 0 0 1", -EBADMSG, 0 },
	{ "13 no name", -EBADMSG, 0 },
	{ "", -EBADMSG, 0 },
};

static void user_and_system_time_of_a_task_are_added(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(tasks); i++) {
		uint64_t ticks = 0;

		print_message("  %s\n", tasks[i].text);
		assert_int_equal(procstat_task(tasks[i].text, &ticks), tasks[i].ret);
		assert_int_equal(ticks, tasks[i].ticks);
	}
}

static void time_of_a_machine_is_what_ran_and_what_was_taken(void **state)
{
	struct procstat_time t;

	(void)state;
	assert_int_equal(procstat_time(STAT, &t), 0);
	assert_int_equal(t.busy, 4705 + 150 + 1120 + 30 + 73);
	assert_int_equal(t.steal, 0);
	assert_int_equal(t.cpus, 2);
	assert_int_equal(procstat_time("cpu  1 2 3 4 5 6 7 8 9 10\ncpu0 1 2 3 4 5 6 7 8 9 10\n", &t), 0);
	assert_int_equal(t.busy, 1 + 2 + 3 + 6 + 7); /* guests are in user and nice already */
	assert_int_equal(t.steal, 8);
	assert_int_equal(procstat_time("cpu0 1 2 3 4 5 6 7 8\n", &t), -EBADMSG);
	assert_int_equal(procstat_time("cpu  1 2 3 4 5 6 7\ncpu0 1 2 3 4 5 6 7\n", &t), -EBADMSG);
	assert_int_equal(procstat_time("", &t), -EBADMSG);
}

static void a_process_is_the_kernels_or_not(void **state)
{
	struct procstat_process p;

	(void)state;
	assert_int_equal(procstat_process("812 (cron job)) S 1 812 812 0 -1 4194624 5 6 7 8 300 41 5 2 20 0 4 0 9", &p), 0);
	assert_string_equal(p.name, "cron job)");
	assert_false(p.is_kernel);
	assert_int_equal(p.ticks, 341);
	assert_int_equal(p.reaped, 7);
	assert_int_equal(procstat_process("13 (vhost-812) S 2 0 0 0 -1 2129984 0 0 0 0 0 77 0 0 20 0 1 0 99", &p), 0);
	assert_true(p.is_kernel);
	assert_int_equal(p.ticks, 77);
	assert_int_equal(procstat_process("13 (cut) R 2 0 0 0 -1 2129984 0 0 0 0 1 2 3", &p), -EBADMSG);
	assert_int_equal(procstat_process("", &p), -EBADMSG);
}

static void a_task_waits_for_a_cpu(void **state)
{
	uint64_t ns = 0;

	(void)state;
	assert_int_equal(procstat_waited("60113526218 5107339 29461\n", &ns), 0);
	assert_int_equal(ns, 5107339);
	assert_int_equal(procstat_waited("0\n", &ns), -EBADMSG);
}

#define INTERRUPTS                                                              \
	"           CPU0       CPU1       \n"                                   \
	"  0:         38          0   IO-APIC   2-edge      timer\n"            \
	" 25:          0          0   PCI-MSI 65536-edge      virtio1-config\n" \
	" 26:       1200         34   PCI-MSI 65537-edge      virtio1-input.0\n" \
	" 27:          5          6   PCI-MSI 65538-edge      virtio1-output.0\n" \
	" 28:          7          0   PCI-MSI 65539-edge      virtio1-input.1\n" \
	"LOC:       9000       8000   Local timer interrupts\n"                 \
	"ERR:          2\n"

static void interrupts_of_all_queues_and_cpus_are_added(void **state)
{
	uint64_t n = 0;

	(void)state;
	assert_int_equal(procstat_interrupts(INTERRUPTS, "-input.", &n), 0);
	assert_int_equal(n, 1241);
	assert_int_equal(procstat_interrupts(INTERRUPTS, "virtio1-output", &n), 0);
	assert_int_equal(n, 11);
	assert_int_equal(procstat_interrupts(INTERRUPTS, "Local timer", &n), 0);
	assert_int_equal(n, 17000);
	assert_int_equal(procstat_interrupts(INTERRUPTS, "eth9", &n), -ENODATA);
	assert_int_equal(procstat_interrupts("", "eth9", &n), -ENODATA);
	assert_int_equal(procstat_interrupts("ERR:", "ERR", &n), 0);
	assert_int_equal(n, 0);
}

static void interrupts_of_each_queue_are_told_apart(void **state)
{
	uint64_t lines[PROCSTAT_LINES];

	(void)state;
	assert_int_equal(procstat_lines(INTERRUPTS, "-input.", lines), 2);
	assert_int_equal(lines[0], 1234);
	assert_int_equal(lines[1], 7);
	assert_int_equal(procstat_lines(INTERRUPTS, "eth9", lines), 0);
}

static void more_queues_than_there_is_room_for_are_left_out(void **state)
{
	_cleanup_(strbuf_free) struct strbuf b = { 0 };
	uint64_t lines[PROCSTAT_LINES + 1] = { [PROCSTAT_LINES] = 99 };

	(void)state;
	for (int i = 0; i < PROCSTAT_LINES + 3; i++)
		strbuf_fmt(&b, " %d: %d PCI-MSI x virtio1-input.%d\n", 30 + i, i, i);
	assert_int_equal(procstat_lines(strbuf_text(&b), "-input.", lines), PROCSTAT_LINES);
	assert_int_equal(lines[PROCSTAT_LINES - 1], PROCSTAT_LINES - 1);
	assert_int_equal(lines[PROCSTAT_LINES], 99);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(softirq_is_told_of_every_cpu),
		cmocka_unit_test(context_switches_are_found),
		cmocka_unit_test(user_and_system_time_of_a_task_are_added),
		cmocka_unit_test(time_of_a_machine_is_what_ran_and_what_was_taken),
		cmocka_unit_test(a_process_is_the_kernels_or_not),
		cmocka_unit_test(a_task_waits_for_a_cpu),
		cmocka_unit_test(interrupts_of_all_queues_and_cpus_are_added),
		cmocka_unit_test(interrupts_of_each_queue_are_told_apart),
		cmocka_unit_test(more_queues_than_there_is_room_for_are_left_out),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
