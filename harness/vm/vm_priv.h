/* SPDX-License-Identifier: GPL-2.0-only */
/* vm_priv.h - a machine as vm.c and vm_agent.c know it */
#ifndef VM_VM_PRIV_H
#define VM_VM_PRIV_H

#include <libvirt/libvirt.h>

#include "vm/nic.h"

struct vm {
	virConnectPtr conn;
	virDomainPtr dom;
	char *name;
	int callbacks[2];
	int ended_fd; /* readable once the machine has ended */
	int ended_how; /* virDomainEventStoppedDetailType, or a negative number */
	int agent_fd; /* readable once qemu-guest-agent has connected */
};

/** vm_nic_plug() - give a machine that is paused before its start its NIC. Return: 0 or -errno. */
int vm_nic_plug(struct vm *v, const struct vm_nic *n);

/** vm_fail() - Return: -EIO with libvirt's last sentence about @what. */
int vm_fail(const char *what);

#endif
