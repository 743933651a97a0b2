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

/** enum accel - ACCEL_ICOUNT: TCG in virtual time, which goes on by the instruction and not by the clock */
enum accel { ACCEL_KVM, ACCEL_TCG, ACCEL_ICOUNT, ACCEL_COUNT };

/** ACCEL_ICOUNT_ARG - QEMU's -icount: an instruction takes 2^1 ns, and who waits for a timer has it at once */
#define ACCEL_ICOUNT_ARG "shift=1,sleep=off"

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

/** accel_is_emulated() - Return: whether every instruction is translated; what dies may have died of that. */
static inline bool accel_is_emulated(enum accel a)
{
	return a != ACCEL_KVM;
}

/** accel_name() - Return: "kvm", "tcg" or "icount". */
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
