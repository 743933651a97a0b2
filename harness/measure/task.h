/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * task.h - the processes behind a guest, and the CPU time that they took
 *
 * Up to Linux 6.3 vhost's worker is a thread of the kernel, from 6.4 on a thread of QEMU: its
 * time is then part of QEMU's, and is taken off it here.
 */
#ifndef MEASURE_TASK_H
#define MEASURE_TASK_H

#include <stdint.h>

/** task_qemu() - ticks of the QEMU that runs here, without vhost. Return: 0; -ENODATA when none runs; other -errno. */
int task_qemu(uint64_t *ret);

/**
 * task_tell() - what the threads of the QEMU that runs here do, for a guest that does not answer
 * Return: text to be freed, "qemu-system-x86 in do_sys_poll, CPU 0/KVM in kvm_vcpu_block": the function of the
 * kernel that each sleeps in, as /proc/PID/wchan has it, or "runs"; NULL when not exactly one QEMU runs.
 */
char *task_tell(void);

/** task_vhost() - ticks of its vhost workers. Return: 0; -ENODATA when there is none; other -errno. */
int task_vhost(uint64_t *ret);

#endif
