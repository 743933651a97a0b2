// SPDX-License-Identifier: GPL-2.0-only
/* guest.c - the guest on the host under test, as a cell wants it */
#include "lab/guest.h"

#include <string.h>

#include "lab/kvmhold.h"
#include "lib/cleanup.h"
#include "lib/str.h"

#define GUEST_MAC "52:54:00:77:00:02"

static bool is_on(const struct cell *c, enum axis a)
{
	return str_eq(c->at[a].word, "on");
}

/*
 * TCG does not let KVM see a guest's XSETBV, so that the sizes of XSAVE do not fit: a warning, and
 * half a second of its dump. Its AMD is of a family whose kernels scan every PCI device twice for
 * the aperture of its AGP, at an exit a word: 3.5 s, but for pci=noearly.
 */
static bool is_nested_in_tcg(const struct session_config *cfg)
{
	return cfg->accel == ACCEL_KVM && kvmhold_is_wanted();
}

static struct vm_spec guest_spec(const struct session_config *cfg, const struct cell *c, const struct device *d,
				 const char *disk, const char *cmdline)
{
	struct vm_spec spec = {
		.name = "guest", .accel = cfg->accel, .vcpus = cfg->vcpus,
		.memory_mib = cfg->memory_mib, .kernel = cfg->kernel, .initrd = cfg->initrd,
		.cmdline = cmdline, .console = cfg->console,
		.disks = { { .path = disk, .format = "qcow2" } },
		.channels = { { .name = "org.qemu.guest_agent.0" } },
		.nic = { .model = c->at[AXIS_NIC].word, .mac = GUEST_MAC, .queues = d->queues,
			 .vhost = device_has_vhost(c),
			 .iommu_platform = is_on(c, AXIS_IOMMU_PLATFORM) },
	};

	memcpy(spec.nic.fds, d->fds, sizeof(spec.nic.fds));
	/* The usual one is not told: that is what a guest is given everywhere. */
	if (!cell_is_usual(c, AXIS_MTU))
		spec.nic.mtu = (int)c->at[AXIS_MTU].num;
	if (is_nested_in_tcg(cfg)) {
		spec.cpu_without[0] = "xsave";
		/* 7.3 uses it in GHASH without a look at xsave: an invalid opcode at boot. */
		spec.cpu_without[1] = "avx";
	}
	return spec;
}

int guest_start(struct vmm *m, const struct session_config *cfg, const struct cell *c, const struct device *d,
		const char *disk, struct vm **ret)
{
	_cleanup_(freep) char *cmdline =
		str_fmt("console=ttyS0 quiet panic=-1 oops=panic root=/dev/vda rw net.ifnames=0 tapbed.role=guest "
			"tapbed.profile=%s tapbed.addr=" GUEST_ADDR "/24%s", cfg->profile,
			is_nested_in_tcg(cfg) ? " pci=noearly" : "");
	struct vm_spec spec = guest_spec(cfg, c, d, disk, cmdline);

	return vm_start(m, &spec, ret);
}
