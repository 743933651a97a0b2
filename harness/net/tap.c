// SPDX-License-Identifier: GPL-2.0-only
/* tap.c - TAP devices, made through /dev/net/tun */
#include "net/tap.h"

#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <string.h>
#include <sys/ioctl.h>

#include "lib/cleanup.h"
#include "lib/err.h"
#include "lib/str.h"

/* What the kernel means by an errno, and what helps; the empty row ends a table. */
struct cure {
	int err;
	const char *text;
};

static const struct cure open_cures[] = {
	{ ENOENT, "modprobe tun" },
	{ ENODEV, "modprobe tun" },
	{ ENXIO,  "modprobe tun" },
	{ EACCES, "its mode should be 0666" },
	{ EPERM,  "the device cgroup of this container forbids it" },
	{ 0 },
};

static const struct cure attach_cures[] = {
	{ EPERM,  "needs CAP_NET_ADMIN in this network namespace" },
	{ EBUSY,  "another process has it open" },
	{ EINVAL, "a link of this name is no such TAP, or the kernel does not know the flags" },
	{ 0 },
};

static int fail(const struct cure *c, int err, const char *ifname, const char *what)
{
	_cleanup_(freep) char *said = NULL;

	while (c->err && c->err != err)
		c++;
	err_set(err, "tap %s: %s", ifname, what);
	if (!c->err)
		return -err;
	said = str_dup(err_text());
	return err_say(err, "%s (%s)", said, c->text);
}

int tun_open(const char *ifname, uint16_t flags, int *ret_fd)
{
	_cleanup_(closep) int fd = open("/dev/net/tun", O_RDWR | O_CLOEXEC);
	struct ifreq ifr = { .ifr_flags = (short)flags };

	if (fd < 0)
		return fail(open_cures, errno, ifname, "open /dev/net/tun");
	if (strlen(ifname) >= sizeof(ifr.ifr_name))
		return err_say(EINVAL, "tap %s: a name has at most %zu letters", ifname,
			       sizeof(ifr.ifr_name) - 1);
	memcpy(ifr.ifr_name, ifname, strlen(ifname));
	if (ioctl(fd, TUNSETIFF, &ifr))
		return fail(attach_cures, errno, ifname, "ioctl TUNSETIFF");
	*ret_fd = take_fd(&fd);
	return 0;
}

int tap_open(const char *ifname, uint16_t flags, int *ret_fd)
{
	return tun_open(ifname, (uint16_t)(IFF_TAP | IFF_NO_PI | flags), ret_fd);
}

int tun_check_backpressure(void)
{
	_cleanup_(closep) int fd = open("/dev/net/tun", O_RDWR | O_CLOEXEC);
	unsigned int features;

	if (fd < 0)
		return fail(open_cures, errno, "device", "open /dev/net/tun");
	if (ioctl(fd, TUNGETFEATURES, &features))
		return err_set(errno, "tap device: ioctl TUNGETFEATURES");
	if (!(features & IFF_BACKPRESSURE))
		return err_say(ENOTSUP, "this kernel has no IFF_BACKPRESSURE (Linux 7.3 has)");
	return 0;
}

int tap_create(const char *ifname, uint16_t flags)
{
	_cleanup_(closep) int fd = -1;
	int ret = tap_open(ifname, flags, &fd);

	if (ret)
		return ret;
	if (ioctl(fd, TUNSETPERSIST, 1))
		return fail(attach_cures, errno, ifname, "ioctl TUNSETPERSIST");
	return 0;
}
