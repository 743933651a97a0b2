// SPDX-License-Identifier: GPL-2.0-only
/* test_splat.c - kernels' reports about themselves, and texts that are none */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>

#include <cmocka.h>

#include "scratch.h"
#include "lab/splat.h"
#include "lib/cleanup.h"
#include "lib/str.h"

#define BOOT                                                                  \
	"[    0.000000] Linux version 6.12.117+deb12-cloud-amd64 (debian-kernel@lists.debian.org)\n" \
	"[    0.531201] tun: Universal TUN/TAP device driver, 1.6\n"

/* A report after an ordinary boot, and the reason that it becomes. */
static const struct {
	const char *name;
	const char *text;
	const char *reason;
} reports[] = {
	{ "panic",
	  "[    1.402211] Kernel panic - not syncing: VFS: Unable to mount root fs on unknown-block(0,0)\r\n"
	  "[    1.402933] CPU: 1 UID: 0 PID: 1 Comm: swapper/0 Not tainted 6.12.117+deb12-cloud-amd64 #1\r\n"
	  "[    1.403712] Hardware name: QEMU Standard PC (Q35 + ICH9, 2009), BIOS 1.16.2-debian-1.16.2-1\r\n"
	  "[    1.404510] Call Trace:\r\n",
	  "Kernel panic - not syncing: VFS: Unable to mount root fs on unknown-block(0,0) | "
	  "CPU: 1 UID: 0 PID: 1 Comm: swapper/0 Not tainted 6.12.117+deb12-cloud-amd64 #1 | "
	  "Hardware name: QEMU Standard PC (Q35 + ICH9, 2009), BIOS 1.16.2-debian-1.16.2-1" },
	{ "a panic that ends the log",
	  "[    4.117020] Kernel panic - not syncing: corrupted stack end detected inside scheduler",
	  "Kernel panic - not syncing: corrupted stack end detected inside scheduler" },
	{ "NULL pointer",
	  "[   12.778301] BUG: kernel NULL pointer dereference, address: 0000000000000018\n"
	  "[   12.779102] #PF: supervisor read access in kernel mode\n"
	  "[   12.779655] #PF: error_code(0x0000) - not-present page\n"
	  "[   12.780213] PGD 0 P4D 0\n"
	  "[   12.780561] Oops: Oops: 0000 [#1] PREEMPT SMP NOPTI\n",
	  "BUG: kernel NULL pointer dereference, address: 0000000000000018 | "
	  "#PF: supervisor read access in kernel mode | #PF: error_code(0x0000) - not-present page" },
	{ "int3",
	  "[    7.310442] Oops: int3: 0000 [#1] PREEMPT SMP NOPTI\n",
	  "Oops: int3: 0000 [#1] PREEMPT SMP NOPTI" },
	{ "general protection",
	  "[    9.120001] general protection fault, probably for non-canonical address 0xdead000000000108: 0000 [#1] PREEMPT SMP NOPTI\n",
	  "general protection fault, probably for non-canonical address 0xdead000000000108: 0000 [#1] PREEMPT SMP NOPTI" },
	{ "WARN_ON",
	  "[   21.034877] ------------[ cut here ]------------\n"
	  "[   21.035310] WARNING: CPU: 0 PID: 412 at drivers/net/tun.c:1021 tun_net_xmit+0x3c1/0x4b0 [tun]\n"
	  "[   21.036021] Modules linked in: vhost_net vhost tun tap kvm_amd\n"
	  "[   21.036700] CPU: 0 UID: 0 PID: 412 Comm: iperf3 Not tainted 6.12.117+deb12-cloud-amd64 #1\n",
	  "WARNING: CPU: 0 PID: 412 at drivers/net/tun.c:1021 tun_net_xmit+0x3c1/0x4b0 [tun] | "
	  "Modules linked in: vhost_net vhost tun tap kvm_amd | "
	  "CPU: 0 UID: 0 PID: 412 Comm: iperf3 Not tainted 6.12.117+deb12-cloud-amd64 #1" },
	{ "WARN_ON since 6.19", /* 28ea295f941e put the place first */
	  "[   21.034877] ------------[ cut here ]------------\n"
	  "[   21.035310] WARNING: drivers/net/tun.c:1021 at tun_net_xmit+0x3c1/0x4b0 [tun], CPU#0: iperf3/412\n"
	  "[   21.036021] Modules linked in: vhost_net vhost tun tap kvm_amd\n",
	  "WARNING: drivers/net/tun.c:1021 at tun_net_xmit+0x3c1/0x4b0 [tun], CPU#0: iperf3/412 | "
	  "Modules linked in: vhost_net vhost tun tap kvm_amd" },
	{ "WARN with a sentence",
	  "[   30.000001] ------------[ cut here ]------------\n"
	  "[   30.000002] refcount_t: underflow; use-after-free.\n"
	  "[   30.000003] WARNING: CPU: 1 PID: 98 at lib/refcount.c:28 refcount_warn_saturate+0xba/0x110\n",
	  "refcount_t: underflow; use-after-free. | "
	  "WARNING: CPU: 1 PID: 98 at lib/refcount.c:28 refcount_warn_saturate+0xba/0x110" },
	{ "BUG_ON",
	  "[    5.500000] ------------[ cut here ]------------\n"
	  "[    5.500001] kernel BUG at net/core/skbuff.c:2211!\n"
	  "[    5.500002] Oops: invalid opcode: 0000 [#1] PREEMPT SMP NOPTI\n",
	  "kernel BUG at net/core/skbuff.c:2211! | Oops: invalid opcode: 0000 [#1] PREEMPT SMP NOPTI" },
	{ "lockdep",
	  "[   15.200001] ======================================================\n"
	  "[   15.200002] WARNING: possible circular locking dependency detected\n"
	  "[   15.200003] 6.12.117 #1 Not tainted\n"
	  "[   15.200004] ------------------------------------------------------\n",
	  "WARNING: possible circular locking dependency detected | 6.12.117 #1 Not tainted | "
	  "------------------------------------------------------" },
	{ "lockdep, sleeping in the wrong place",
	  "[   15.300001] [ BUG: Invalid wait context ]\n",
	  "[ BUG: Invalid wait context ]" },
	{ "lockdep, unlock of what is not locked",
	  "[   15.400001] WARNING: bad unlock balance detected!\n",
	  "WARNING: bad unlock balance detected!" },
	{ "RCU usage",
	  "[   16.000001] =============================\n[   16.000002] WARNING: suspicious RCU usage\n",
	  "WARNING: suspicious RCU usage" },
	{ "RCU stall, another processor",
	  "[   81.200001] rcu: INFO: rcu_preempt detected stalls on CPUs/tasks:\n"
	  "[   81.200002] rcu: \t1-...!: (0 ticks this GP) idle=0b9c/0/0x0 softirq=1712/1712 fqs=0 (false positive?)\n",
	  "rcu: INFO: rcu_preempt detected stalls on CPUs/tasks: | "
	  "rcu: \t1-...!: (0 ticks this GP) idle=0b9c/0/0x0 softirq=1712/1712 fqs=0 (false positive?)" },
	{ "RCU stall, itself",
	  "[   81.300001] rcu: INFO: rcu_sched self-detected stall on CPU\n",
	  "rcu: INFO: rcu_sched self-detected stall on CPU" },
	{ "hung task",
	  "[  242.700001] INFO: task vhost-389:391 blocked for more than 120 seconds.\n"
	  "[  242.700002]       Not tainted 6.12.117+deb12-cloud-amd64 #1\n",
	  "INFO: task vhost-389:391 blocked for more than 120 seconds. | "
	  "Not tainted 6.12.117+deb12-cloud-amd64 #1" },
	{ "soft lockup",
	  "[   54.000001] watchdog: BUG: soft lockup - CPU#1 stuck for 26s! [iperf3:511]\n",
	  "watchdog: BUG: soft lockup - CPU#1 stuck for 26s! [iperf3:511]" },
	{ "KASAN",
	  "[   33.000001] ==================================================================\n"
	  "[   33.000002] BUG: KASAN: slab-use-after-free in tun_do_read+0x1d3/0x940 [tun]\n"
	  "[   33.000003] Read of size 8 at addr ffff888104a3c018 by task qemu-system-x86/455\n"
	  "[   33.000004]\n",
	  "BUG: KASAN: slab-use-after-free in tun_do_read+0x1d3/0x940 [tun] | "
	  "Read of size 8 at addr ffff888104a3c018 by task qemu-system-x86/455" },
	{ "UBSAN",
	  "[    3.000001] UBSAN: array-index-out-of-bounds in drivers/net/tap.c:411:9\n",
	  "UBSAN: array-index-out-of-bounds in drivers/net/tap.c:411:9" },
};

static void a_report_becomes_one_line(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(reports); i++) {
		_cleanup_(freep) char *text = str_fmt(BOOT "%s", reports[i].text);
		_cleanup_(freep) char *reason = splat_find(text);
		_cleanup_(freep) char *got = str_fmt("%s: %s", reports[i].name, reason ? reason : "nothing");
		_cleanup_(freep) char *want = str_fmt("%s: %s", reports[i].name, reports[i].reason);

		assert_string_equal(got, want);
	}
}

/* Lines of real boots and of programs that write to the console. */
static const char *const innocent[] = {
	"",
	"[    0.058213] Spectre V2 : WARNING: Unprivileged eBPF is enabled with eIBRS on, data leaks possible via Spectre v2 BHB attacks!\n",
	"[    0.000000] [Firmware Bug]: TSC doesn't count with P0 frequency!\n",
	"[    0.310022] ACPI BIOS Warning (bug): Optional FADT field Pm2ControlBlock has valid Length but zero Address\n",
	"[    0.401100] clocksource: Long readout interval, skipping watchdog check: cs_nsec: 1011211100\n",
	"[    0.402000] rcu: Preemptible hierarchical RCU implementation.\n[    0.402100] rcu: \tRCU restricting CPUs from NR_CPUS=512 to nr_cpu_ids=2.\n",
	"[    0.500000] kasan: KernelAddressSanitizer initialized\n",
	"[    2.100000] Virtual device tap0 asks to queue packet!\n",
	"[    2.200000] traps: qemu-system-x86[388] general protection fault ip:7f2d1c0a11d0 sp:7ffe2b1f3c18 error:0 in libc.so.6[7f2d1bf9e000+155000]\n",
	"[    2.300000] iperf3[401]: segfault at 0 ip 00005581e3f7a1c4 sp 00007ffd0b7c5a70 error 4 in iperf3\n",
	"[    2.400000] kvm: Nested Virtualization enabled\n[    2.410000] SVM: kvm: Nested Paging enabled\n",
	"DEBUG: BUGS: none\n",
	"tapbed-init: DEBUG: waiting for /dev/vda\n",
	"dpkg: warning: files list file for package 'x' missing\n",
	"WARNING: terminal is not fully functional\n",
	"[    5.000000] tapbed[1]: INFO: tasks to do: 3\n",
};

static void ordinary_texts_contain_no_report(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(innocent); i++) {
		_cleanup_(freep) char *text = str_fmt(BOOT "%s", innocent[i]);
		_cleanup_(freep) char *reason = splat_find(text);

		if (reason)
			fail_msg("taken for a report: %s", reason);
	}
}

static void the_first_of_several_is_told(void **state)
{
	_cleanup_(freep) char *reason = splat_find(
		"[    1.0] DEBUG: not this\n[    2.0] BUG: sleeping function called from invalid context\n"
		"[    3.0] x\n[    4.0] y\n[    5.0] Kernel panic - not syncing: later\n");

	(void)state;
	assert_string_equal(reason, "BUG: sleeping function called from invalid context | x | y");
}

/* /dev/kmsg gives one record a read(2), as a packet socket does. */
static void kernel_messages_lose_their_prefixes(void **state)
{
	static const char *const records[] = {
		"6,339,5140900,-;NET: Registered PF_INET6 protocol family\n",
		"4,340,5690716,-;tun: a; b\n SUBSYSTEM=net\n DEVICE=+net:tap0\n",
		"no record\n",
	};
	_cleanup_(freep) char *text = NULL, *none = NULL;
	int fd[2];

	(void)state;
	assert_int_equal(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_NONBLOCK, 0, fd), 0);
	for (size_t i = 0; i < ARRAY_SIZE(records); i++)
		assert_int_equal(write(fd[1], records[i], strlen(records[i])), strlen(records[i]));
	text = splat_read_kmsg(fd[0]);
	none = splat_read_kmsg(fd[0]);
	close(fd[0]);
	close(fd[1]);
	assert_string_equal(text, "NET: Registered PF_INET6 protocol family\ntun: a; b\n");
	assert_string_equal(none, "");
}

static void the_last_lines_of_a_console_stand_behind_what_went_wrong(void **state)
{
	_cleanup_(scratch_free) char *dir = scratch_new();
	_cleanup_(freep) char *console = scratch_put(dir, "console", "1\n2\n3\n4\r\n5\n6\n");
	_cleanup_(freep) char *empty = scratch_put(dir, "empty", "");

	(void)state;
	assert_int_equal(splat_add_console(err_say(EPIPE, "it ended"), console), -EPIPE);
	assert_string_equal(err_text(), "it ended; last words on its console: 2 | 3 | 4 | 5 | 6");
	assert_int_equal(splat_add_console(err_say(EPIPE, "it ended"), empty), -EPIPE);
	assert_string_equal(err_text(), "it ended; last words on its console: none");
	assert_int_equal(splat_add_console(err_say(EPIPE, "it ended"), "/nonexistent/console"), -EPIPE);
	assert_string_equal(err_text(), "it ended");
}

static void a_console_becomes_ascii_and_its_end_is_kept(void **state)
{
	_cleanup_(scratch_free) char *dir = scratch_new();
	_cleanup_(freep) char *odd = scratch_put(dir, "odd", "\033[2JSeaBIOS\r\n\tcaf\xc3\xa9 \xff\n");
	_cleanup_(freep) char *many = mem_zalloc(300 << 10), *large = NULL, *text = splat_read_console(odd), *end = NULL;

	(void)state;
	assert_string_equal(text, "?[2JSeaBIOS\r\n\tcaf?? ?\n");
	memset(many, 'x', (300 << 10) - 2);
	many[(300 << 10) - 2] = 'y';
	large = scratch_put(dir, "large", many);
	end = splat_read_console(large);
	assert_int_equal(strlen(end), 256 << 10);
	assert_int_equal(end[(256 << 10) - 1], 'y');
	assert_null(splat_read_console("/nonexistent/console"));
}

static void a_report_on_a_console_is_told_rather_than_its_last_words(void **state)
{
	_cleanup_(scratch_free) char *dir = scratch_new();
	_cleanup_(freep) char *console = scratch_put(dir, "console", BOOT
		"[    3.5] Oops: invalid opcode: 0000 [#1] SMP NOPTI\n[    3.6] CPU: 0 UID: 0 PID: 68 Comm: cryptomgr_test\n"
		"[    3.7] RIP: 0010:polyval_mul_pclmul_avx+0x0/0x80\n[    4.7] Kernel panic - not syncing: Fatal exception\n"
		"[    4.8] Kernel Offset: disabled\n");

	(void)state;
	assert_int_equal(splat_add_console(err_say(EPIPE, "it ended"), console), -EPIPE);
	assert_string_equal(err_text(), "it ended; on its console: Oops: invalid opcode: 0000 [#1] SMP NOPTI | "
					"CPU: 0 UID: 0 PID: 68 Comm: cryptomgr_test | RIP: 0010:polyval_mul_pclmul_avx+0x0/0x80");
}

#define QUOTED "tapbed: warning: the guest ended: Kernel panic - not syncing: Fatal exception, ignoring\n"

/* What the agent says of a guest stands on the host's console: the host must not be blamed for it. */
static void a_guest_s_panic_is_not_the_host_s(void **state)
{
	_cleanup_(freep) char *quoted = splat_find(BOOT QUOTED), *own = splat_find(BOOT QUOTED "[    9.1] Kernel panic - not syncing: its own\n");

	(void)state;
	assert_null(quoted);
	assert_false(splat_panicked(BOOT QUOTED));
	assert_string_equal(own, "Kernel panic - not syncing: its own");
	assert_true(splat_panicked(BOOT QUOTED "[    9.1] Kernel panic - not syncing: its own\n"));
}

/* The third is of 6.12.117 with icount, the fourth the same in the words of 6.19 and later. */
static void what_only_the_emulator_does_is_known(void **state)
{
	static const struct {
		const char *console;
		bool is_emulators;
	} rows[] = {
		{ "[    3.1] Oops: int3: 0000 [#1] PREEMPT SMP NOPTI\n"
		  "[    3.1] CPU: 0 UID: 0 PID: 18 Comm: rcu_preempt Not tainted 6.12.117\n", true },
		{ "[    3.1] BUG: kernel NULL pointer dereference, address: 0\n"
		  "[    3.1] Oops: 0000 [#1] PREEMPT SMP NOPTI\n", false },
		{ "[    9.1] ------------[ cut here ]------------\n"
		  "[    9.1] WARNING: CPU: 0 PID: 165 at arch/x86/kernel/traps.c:1120 exc_debug_kernel+0xca/0x160\n"
		  "[    9.1] Modules linked in: kvm_amd kvm vhost_net tun\n", true },
		{ "[    9.1] ------------[ cut here ]------------\n"
		  "[    9.1] WARNING: arch/x86/kernel/traps.c:1182 at exc_debug_kernel+0xca/0x160, CPU#0: tapbed/165\n", true },
		{ "[    9.1] WARNING: CPU: 0 PID: 165 at net/core/dev.c:1120 dev_queue_xmit+0xca/0x160\n", false },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		_cleanup_(freep) char *report = splat_find(rows[i].console);

		assert_non_null(report);
		assert_int_equal(splat_is_emulators(report), rows[i].is_emulators);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_report_becomes_one_line),
		cmocka_unit_test(ordinary_texts_contain_no_report),
		cmocka_unit_test(the_first_of_several_is_told),
		cmocka_unit_test(kernel_messages_lose_their_prefixes),
		cmocka_unit_test(what_only_the_emulator_does_is_known),
		cmocka_unit_test(the_last_lines_of_a_console_stand_behind_what_went_wrong),
		cmocka_unit_test(a_console_becomes_ascii_and_its_end_is_kept),
		cmocka_unit_test(a_report_on_a_console_is_told_rather_than_its_last_words),
		cmocka_unit_test(a_guest_s_panic_is_not_the_host_s),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
