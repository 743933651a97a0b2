// SPDX-License-Identifier: GPL-2.0-only
/* kvmhold.c - keeps KVM of an emulated host from patching the kernel's text */
#include "lab/kvmhold.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/ioctl.h>
#include <linux/kvm.h>

#include "lib/cleanup.h"
#include "lib/err.h"
#include "lib/fs.h"

int kvmhold_is_wanted(void)
{
	_cleanup_(freep) char *text = NULL;

	return !fs_read("/proc/cpuinfo", &text, NULL) && strstr(text, "QEMU TCG");
}

static int make(struct kvmhold *h)
{
	h->kvm = open("/dev/kvm", O_RDWR | O_CLOEXEC);
	if (h->kvm < 0)
		return err_set(errno, "/dev/kvm: open");
	h->vm = ioctl(h->kvm, KVM_CREATE_VM, 0);
	if (h->vm < 0)
		return err_set(errno, "/dev/kvm: KVM_CREATE_VM");
	if (ioctl(h->vm, KVM_CREATE_IRQCHIP))
		return err_set(errno, "/dev/kvm: KVM_CREATE_IRQCHIP");
	h->vcpu = ioctl(h->vm, KVM_CREATE_VCPU, 0);
	return h->vcpu < 0 ? err_set(errno, "/dev/kvm: KVM_CREATE_VCPU") : 0;
}

int kvmhold_take(struct kvmhold *h)
{
	int err = make(h);

	if (err)
		kvmhold_drop(h);
	return err;
}

void kvmhold_drop(struct kvmhold *h)
{
	closep(&h->vcpu);
	closep(&h->vm);
	closep(&h->kvm);
	*h = (struct kvmhold){ -1, -1, -1 };
}
