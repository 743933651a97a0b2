// SPDX-License-Identifier: GPL-2.0-only
/* vm_nic.c - giving a machine that has not started yet its NIC, through QEMU's monitor */
#include <errno.h>
#include <fcntl.h>

#include <libvirt/libvirt-qemu.h>

#include "lib/cleanup.h"
#include "lib/err.h"
#include "lib/str.h"
#include "vm/vm_priv.h"

/* Takes the reference to @arguments. @fd: goes with the command, -1 for none. */
static int monitor(struct vm *v, const char *command, json_t *arguments, int fd)
{
	json_t *request = json_pack("{s:s, s:o}", "execute", command, "arguments", arguments);
	_cleanup_(freep) char *line = json_dumps(request, JSON_COMPACT);
	_cleanup_(freep) char *answer = NULL;
	json_t *reply, *error;
	int ret = 0;

	json_decref(request);
	if (virDomainQemuMonitorCommandWithFiles(v->dom, line, fd >= 0, &fd, NULL, NULL, &answer, 0))
		return err_wrap(vm_fail(command), "%s", v->name);
	reply = json_loads(answer, 0, NULL);
	error = json_object_get(reply, "error");
	if (error || !reply)
		ret = err_say(EIO, "%s: QEMU: %s: %s", v->name, line,
			      json_string_value(json_object_get(error, "desc")) ?: answer);
	json_decref(reply);
	return ret;
}

static int give_fd(struct vm *v, const char *stem, int nth, int fd)
{
	_cleanup_(freep) char *name = str_fmt("%s%d", stem, nth);

	return monitor(v, "getfd", json_pack("{ss}", "fdname", name), fd);
}

static int give_vhost(struct vm *v, int nth)
{
	_cleanup_(closep) int fd = open("/dev/vhost-net", O_RDWR | O_CLOEXEC);

	if (fd < 0)
		return err_say(errno, "/dev/vhost-net: open: %m (modprobe vhost_net)");
	return give_fd(v, "vhost", nth, fd);
}

int vm_nic_plug(struct vm *v, const struct vm_nic *n)
{
	int err = 0;

	for (int i = 0; i < n->queues && !err; i++) {
		err = give_fd(v, "queue", i, n->fds[i]);
		if (!err && n->vhost)
			err = give_vhost(v, i);
	}
	if (!err)
		err = monitor(v, "netdev_add", nic_netdev(n), -1);
	if (!err)
		err = monitor(v, "device_add", nic_device(n), -1);
	return err;
}
