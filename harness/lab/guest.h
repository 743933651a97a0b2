/* SPDX-License-Identifier: GPL-2.0-only */
/* guest.h - the guest on the host under test, as a cell wants it */
#ifndef LAB_GUEST_H
#define LAB_GUEST_H

#include "lab/device.h"
#include "lab/session.h"
#include "vm/vm.h"

#define GUEST_ADDR "10.77.0.2"

/**
 * guest_start() - describe the guest and start it; its agent answers later
 * @c:      the cell: NIC, vhost, queues, MTU
 * @d:      the device that the NIC hangs on, up
 * @disk:   its disk, qcow2
 * @ret:    vm_stop() it
 * Return: 0 or -errno.
 */
int guest_start(struct vmm *m, const struct session_config *cfg, const struct cell *c, const struct device *d,
		const char *disk, struct vm **ret);

#endif
