// SPDX-License-Identifier: GPL-2.0-only
/* test_domxml.c - machines as libvirt's XML; GOLDEN_UPDATE=1 rewrites the golden files */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "scratch.h"
#include "vm/domxml.h"

#define HOST(a)                                                               \
	{                                                                     \
		.name = "host", .accel = (a), .vcpus = 2, .memory_mib = 4096, \
		.kernel = "/c/kernel/ab/vmlinux", .initrd = "/c/initrd/cd/initrd", \
		.cmdline = "console=ttyS0 panic=-1 root=/dev/vda rw tapbed.role=host", \
		.console = "/s/run/console.log",                              \
		.disks = { { "/t/host.qcow2", "qcow2", false, false },        \
			   { "/c/guest.img", "raw", false, true },            \
			   { "/c/kit.img", "raw", false, true } },            \
		.channels = { { "org.tapbed.agent", "/t/agent.sock" },        \
			      { "org.tapbed.shell", "/t/shell.sock" } },      \
	}

#define GUEST(n, ...)                                                         \
	{                                                                     \
		.name = "guest", .accel = ACCEL_KVM, .cpu_without = { __VA_ARGS__ }, .vcpus = 1, .memory_mib = 1024, \
		.kernel = "/kit/guest/kernel", .initrd = "/kit/guest/initrd", \
		.cmdline = "console=ttyS0 root=/dev/vda rw tapbed.role=guest", \
		.console = "/run/guest.log",                                  \
		.disks = { { "/dev/vdb", "raw", true, false } },              \
		.channels = { { "org.qemu.guest_agent.0", NULL } },           \
		.nic = n,                                                     \
	}

#define NIC(...) { "tap0", __VA_ARGS__, "52:54:00:74:62:01" }

static const struct {
	const char *golden;
	struct vm_spec spec;
} machines[] = {
	{ "host-tcg.xml",    HOST(ACCEL_TCG) },
	{ "host-kvm.xml",    HOST(ACCEL_KVM) },
	{ "guest-tap.xml",   GUEST(NIC("virtio", false), NULL) },
	{ "guest-vhost.xml", GUEST(NIC("virtio", true), "xsavec") },
	{ "guest-e1000.xml", GUEST(NIC("e1000", false), NULL) },
};

static void machines_are_written_as_they_should(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(machines); i++) {
		_cleanup_(freep) char *xml = domxml_write(&machines[i].spec);
		_cleanup_(freep) char *golden = str_fmt("domxml/%s", machines[i].golden);

		assert_golden(golden, xml);
	}
}

static void special_characters_stay_inside_their_texts(void **state)
{
	const char *const nasty = "a&b<c>d'e\"f";
	const struct vm_spec s = {
		.name = nasty, .accel = ACCEL_TCG, .vcpus = 1, .memory_mib = 64, .kernel = nasty,
		.initrd = nasty, .cmdline = nasty, .console = nasty,
		.disks = { { nasty, "raw", false, false } },
		.channels = { { nasty, nasty } },
		.nic = { nasty, "virtio", false, nasty },
	};
	_cleanup_(freep) char *xml = domxml_write(&s);
	int n = 0;

	(void)state;
	assert_null(strstr(xml, nasty));
	for (const char *at = xml; (at = strstr(at, "a&amp;b&lt;c&gt;d&apos;e&quot;f")); at++)
		n++;
	assert_int_equal(n, 10);
	assert_golden("domxml/special-characters.xml", xml);
}

static void a_machine_without_extras_has_none(void **state)
{
	const struct vm_spec s = { .name = "n", .accel = ACCEL_TCG, .vcpus = 1, .memory_mib = 64,
				   .kernel = "k", .initrd = "i", .cmdline = "", .console = "c" };
	_cleanup_(freep) char *xml = domxml_write(&s);

	(void)state;
	assert_null(strstr(xml, "<disk"));
	assert_null(strstr(xml, "<channel"));
	assert_null(strstr(xml, "<interface"));
	assert_non_null(strstr(xml, "<cmdline></cmdline>"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(machines_are_written_as_they_should),
		cmocka_unit_test(special_characters_stay_inside_their_texts),
		cmocka_unit_test(a_machine_without_extras_has_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
