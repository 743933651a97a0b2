/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * kvmhold.h - keeps KVM of an emulated host from patching the kernel's text
 *
 * KVM turns static keys on with the first VM and the first vCPU whose APIC is disabled, and off
 * with the last: each guest that starts or ends rewrites code that all CPUs run. Multi-threaded
 * TCG sometimes goes on with code it has translated while it was being rewritten, and a good
 * kernel dies of an int3 (seen in 2 of 14 boots of 6.12). An empty VM with one vCPU that never
 * runs keeps the keys on: they flip once, when the host is idle.
 */
#ifndef LAB_KVMHOLD_H
#define LAB_KVMHOLD_H

/** struct kvmhold - descriptors of the VM; start with { -1, -1, -1 } */
struct kvmhold {
	int kvm;
	int vm;
	int vcpu;
};

/** kvmhold_is_wanted() - Return: whether this machine's processor is emulated by TCG. */
int kvmhold_is_wanted(void);

/** kvmhold_take() - make the VM. Return: 0 or -errno; without KVM -ENODEV. */
int kvmhold_take(struct kvmhold *h);

void kvmhold_drop(struct kvmhold *h);

#endif
