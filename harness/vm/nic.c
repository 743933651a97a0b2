// SPDX-License-Identifier: GPL-2.0-only
/* nic.c - the NIC under test, as commands to QEMU's monitor; pure */
#include "vm/nic.h"

#include "lib/cleanup.h"
#include "lib/str.h"

/* "queue0:queue1" */
static char *names(const char *stem, int n)
{
	struct strbuf b = { 0 };

	for (int i = 0; i < n; i++)
		strbuf_fmt(&b, "%s%s%d", i ? ":" : "", stem, i);
	return b.data;
}

json_t *nic_netdev(const struct vm_nic *n)
{
	_cleanup_(freep) char *fds = names("queue", n->queues);
	_cleanup_(freep) char *vhostfds = names("vhost", n->queues);
	json_t *obj = json_pack("{ss ss ss}", "type", "tap", "id", "wire", "fds", fds);

	if (n->vhost)
		json_object_update_new(obj, json_pack("{sb ss}", "vhost", true, "vhostfds", vhostfds));
	return obj;
}

/* romfile: without it, firmware would run the NIC's boot program. */
json_t *nic_device(const struct vm_nic *n)
{
	_cleanup_(freep) char *slot = str_fmt("0x%x", VM_NIC_SLOT);
	bool is_virtio = str_eq(n->model, "virtio");
	json_t *obj = json_pack("{ss ss ss ss ss ss ss}", "driver", is_virtio ? "virtio-net-pci" : n->model,
				"id", "nic", "netdev", "wire", "mac", n->mac, "bus", "pci.0", "addr", slot,
				"romfile", "");

	if (!is_virtio)
		return obj;
	/* An interrupt for each direction of a queue, one for configuration, one for control. */
	if (n->queues > 1)
		json_object_update_new(obj, json_pack("{sb si}", "mq", true, "vectors", 2 * n->queues + 2));
	if (n->mtu)
		json_object_set_new(obj, "host_mtu", json_integer(n->mtu));
	if (n->iommu_platform)
		json_object_update_new(obj, json_pack("{sb ss}", "iommu_platform", true, "disable-legacy", "on"));
	return obj;
}
