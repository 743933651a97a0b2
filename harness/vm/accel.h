/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * accel.h - which accelerator really works, decided by booting
 *
 * A /dev/kvm that opens proves nothing: a nested hypervisor may create VMs and never run an
 * ordinary guest. So a kernel with our init is booted with a deadline; the init says that it is
 * alive and powers off. The answer is kept, by running kernel, QEMU version and access to
 * /dev/kvm.
 */
#ifndef VM_ACCEL_H
#define VM_ACCEL_H

#include <stdbool.h>

enum accel { ACCEL_KVM, ACCEL_TCG, ACCEL_COUNT };

/**
 * struct accel_answer - what was found
 * @accel:  the one to use
 * @reason: why it is not kvm, "" when it is; owned
 * @qemu:   version of QEMU, "7.2.22"; owned
 * @cached: whether nothing was booted for it now
 */
struct accel_answer {
	enum accel accel;
	char *reason;
	char *qemu;
	bool cached;
};

/** accel_name() - Return: "kvm" or "tcg". */
const char *accel_name(enum accel a);

/** accel_find() - Return: the accelerator of that name, ACCEL_COUNT if there is none. */
enum accel accel_find(const char *name);

/**
 * accel_decide() - find the accelerator
 * @cache_dir: folder for the kept answer; NULL: always boot
 * @kernel:    kernel for the trial
 * @initrd:    initramfs with our init
 * @ret:       the answer
 * Return: 0; -ENODEV when nothing boots, with what QEMU said; -ENOENT without QEMU; other -errno.
 */
int accel_decide(const char *cache_dir, const char *kernel, const char *initrd, struct accel_answer *ret);

void accel_free(struct accel_answer *a);

#endif
