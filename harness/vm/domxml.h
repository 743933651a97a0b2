/* SPDX-License-Identifier: GPL-2.0-only */
/* domxml.h - a machine described, to libvirt's domain XML; pure */
#ifndef VM_DOMXML_H
#define VM_DOMXML_H

#include <stdbool.h>
#include <stddef.h>

#include "vm/accel.h"
#include "vm/nic.h"

#define VM_DISKS    4
#define VM_CHANNELS 3
#define VM_CPU_WITHOUT 4

/** struct vm_disk - a virtio disk, in the order vda, vdb, ...; an empty @path ends the list */
struct vm_disk {
	const char *path;
	const char *format; /* "raw" or "qcow2" */
	bool is_block;	    /* a block device, not a file */
	bool readonly;
};

/** struct vm_channel - a virtio-serial port; an empty @name ends the list */
struct vm_channel {
	const char *name;
	const char *socket; /* UNIX socket that QEMU listens on; NULL: libvirt keeps it for itself */
};

/**
 * struct vm_spec - a machine
 * @name:       libvirt's name for it
 * @accel:      kvm or tcg
 * @cpu_without: features that its processors shall not have
 * @vcpus:      processors
 * @memory_mib: memory
 * @kernel:     kernel file
 * @initrd:     initramfs
 * @cmdline:    kernel command line
 * @console:    file that takes the first serial port
 * @nic:        the NIC under test; not in the XML, see vm/nic.h
 */
struct vm_spec {
	const char *name;
	enum accel accel;
	const char *cpu_without[VM_CPU_WITHOUT];
	int vcpus;
	int memory_mib;
	const char *kernel;
	const char *initrd;
	const char *cmdline;
	const char *console;
	struct vm_disk disks[VM_DISKS];
	struct vm_channel channels[VM_CHANNELS];
	struct vm_nic nic;
};

/** domxml_write() - Return: domain XML, to be freed. */
char *domxml_write(const struct vm_spec *s);

#endif
