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

#define NIC(m, n, ...) { .model = (m), .mac = "52:54:00:74:62:01", .queues = (n), __VA_ARGS__ }

static const struct {
	const char *golden;
	struct vm_spec spec;
} machines[] = {
	{ "host-tcg.xml",    HOST(ACCEL_TCG) },
	{ "host-kvm.xml",    HOST(ACCEL_KVM) },
	{ "host-icount.xml", HOST(ACCEL_ICOUNT) },
	{ "guest.xml",       GUEST(NIC("virtio", 1), NULL) },
	{ "guest-tcg.xml",   GUEST(NIC("virtio", 1), "xsave") },
};

static const struct {
	const char *golden;
	struct vm_nic nic;
} nics[] = {
	{ "tap.json",       NIC("virtio", 1, .vhost = false) },
	{ "vhost.json",     NIC("virtio", 1, .vhost = true) },
	{ "queues.json",    NIC("virtio", 4, .vhost = true) },
	{ "mtu-iommu.json", NIC("virtio", 1, .mtu = 9000, .iommu_platform = true) },
	{ "e1000.json",     NIC("e1000", 1, .vhost = false) },
};

static void nics_are_told_to_qemu_as_they_should(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(nics); i++) {
		json_t *both = json_pack("{so so}", "netdev_add", nic_netdev(&nics[i].nic), "device_add",
					 nic_device(&nics[i].nic));
		_cleanup_(freep) char *text = json_dumps(both, JSON_INDENT(2));
		_cleanup_(freep) char *lines = str_fmt("%s\n", text);
		_cleanup_(freep) char *golden = str_fmt("nic/%s", nics[i].golden);

		assert_golden(golden, lines);
		json_decref(both);
	}
}

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
	};
	_cleanup_(freep) char *xml = domxml_write(&s);
	int n = 0;

	(void)state;
	assert_null(strstr(xml, nasty));
	for (const char *at = xml; (at = strstr(at, "a&amp;b&lt;c&gt;d&apos;e&quot;f")); at++)
		n++;
	assert_int_equal(n, 8);
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
	assert_non_null(strstr(xml, "<cmdline></cmdline>"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(machines_are_written_as_they_should),
		cmocka_unit_test(nics_are_told_to_qemu_as_they_should),
		cmocka_unit_test(special_characters_stay_inside_their_texts),
		cmocka_unit_test(a_machine_without_extras_has_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
