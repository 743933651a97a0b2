/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * nic.h - the NIC under test, as commands to QEMU's monitor; pure
 *
 * What the NIC hangs on is opened by us and handed over as descriptors, which a domain's XML
 * cannot say: libvirt opens a TAP by its name, and the flags of a TAP (IFF_BACKPRESSURE) are
 * those of whoever attached to it last. So the machine is made without the NIC, paused, gets it,
 * and starts:
 *
 *	getfd "queue0" ... - netdev_add - device_add - cont
 */
#ifndef VM_NIC_H
#define VM_NIC_H

#include <stdbool.h>

#include <jansson.h>

#define VM_QUEUES 4

/** VM_NIC_SLOT - where it sits on the bus of the machine, see domxml.c */
#define VM_NIC_SLOT 9

/**
 * struct vm_nic - the NIC under test; an empty @model means none
 * @model:  "virtio", "e1000"
 * @mac:    its address
 * @queues: how many; virtio may have more than one
 * @fds:    of the TAP or macvtap, one a queue; they stay the caller's
 * @vhost:  virtio only: served by vhost_net, else by QEMU
 * @mtu:    virtio only: told to the guest; 0: nothing is told
 * @iommu_platform: virtio only: the guest gives addresses of its DMA interface, not of its memory
 */
struct vm_nic {
	const char *model;
	const char *mac;
	int queues;
	int fds[VM_QUEUES];
	bool vhost;
	int mtu;
	bool iommu_platform;
};

/** nic_netdev() - Return: arguments of netdev_add; descriptors are called queue0, vhost0, ...; a new reference. */
json_t *nic_netdev(const struct vm_nic *n);

/** nic_device() - Return: arguments of device_add; a new reference. */
json_t *nic_device(const struct vm_nic *n);

#endif
