// SPDX-License-Identifier: GPL-2.0-only
/* macvtap.c - a macvtap above a veth pair, and the character device of its queues */
#include "net/macvtap.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/if_tun.h>
#include <net/if.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

#include "lib/cleanup.h"
#include "lib/err.h"
#include "lib/fs.h"
#include "lib/str.h"
#include "net/link.h"

int macvtap_make(struct nl *nl, const char *ifname, const char *lower, const char *peer)
{
	int ret = link_add_veth(nl, lower, peer);

	if (ret)
		return ret;
	ret = link_add_macvtap(nl, ifname, lower);
	if (ret) {
		_cleanup_(freep) char *why = str_dup(err_text());

		(void)link_delete(nl, lower);
		err_restore(why);
	}
	return ret;
}

/*
 * A sysfs of our own: the one at /sys shows the network namespace of its maker. It is mounted
 * nowhere and goes with its descriptor. Without the right to mount, /sys has to do.
 */
static int open_sysfs(void)
{
	_cleanup_(closep) int fs = fsopen("sysfs", FSOPEN_CLOEXEC);
	int fd = -1;

	if (fs >= 0 && !fsconfig(fs, FSCONFIG_CMD_CREATE, NULL, NULL, 0))
		fd = fsmount(fs, FSMOUNT_CLOEXEC, MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV | MOUNT_ATTR_NOEXEC);
	return fd >= 0 ? fd : open("/sys", O_PATH | O_DIRECTORY | O_CLOEXEC);
}

/* Return: the device number that a file of sysfs has, 0 if there is no such file. */
static dev_t number_in(int sysfs, const char *path)
{
	_cleanup_(closep) int fd = openat(sysfs, path, O_RDONLY | O_CLOEXEC);
	unsigned int major_no, minor_no;
	char text[32] = "";

	if (fd < 0 || read(fd, text, sizeof(text) - 1) <= 0 || sscanf(text, "%u:%u", &major_no, &minor_no) != 2)
		return 0;
	return makedev(major_no, minor_no);
}

static dev_t number_of(int sysfs, const char *ifname, int index)
{
	_cleanup_(freep) char *path = str_fmt("class/net/%s/macvtap/tap%d/dev", ifname, index);
	_cleanup_(freep) char *flat = str_fmt("class/net/%s/tap%d/dev", ifname, index);
	dev_t number = number_in(sysfs, path);

	return number ? number : number_in(sysfs, flat);
}

/* devtmpfs names a node by the link's number, which is another link's in another namespace. */
static bool is_node(const char *path, dev_t number)
{
	struct stat st;

	return !stat(path, &st) && S_ISCHR(st.st_mode) && (!number || st.st_rdev == number);
}

static int open_made_node(const char *ifname, dev_t number)
{
	char dir[] = "/tmp/tapbed-node-XXXXXX";
	_cleanup_(freep) char *path = NULL;
	int fd;

	if (!mkdtemp(dir))
		return err_set(errno, "macvtap %s: folder for its device node", ifname);
	path = str_fmt("%s/tap", dir);
	if (mknod(path, S_IFCHR | 0600, number))
		fd = err_set(errno, "macvtap %s: mknod %u:%u", ifname, major(number), minor(number));
	else if ((fd = open(path, O_RDWR | O_CLOEXEC)) < 0)
		fd = err_set(errno, "macvtap %s: open device %u:%u", ifname, major(number), minor(number));
	(void)fs_remove(dir);
	return fd;
}

static int open_node(const char *ifname, int index)
{
	_cleanup_(closep) int sysfs = open_sysfs();
	_cleanup_(freep) char *path = str_fmt("/dev/tap%d", index);
	dev_t number = number_of(sysfs, ifname, index);
	int fd;

	if (is_node(path, number)) {
		fd = open(path, O_RDWR | O_CLOEXEC);
		return fd < 0 ? err_set(errno, "macvtap %s: open %s", ifname, path) : fd;
	}
	if (!number)
		return err_say(ENOENT, "macvtap %s: neither sysfs nor %s says which device it is", ifname, path);
	return open_made_node(ifname, number);
}

int macvtap_open(const char *ifname, uint16_t flags, int *ret_fd)
{
	struct ifreq ifr = { .ifr_flags = (short)flags }, is = { 0 };
	int index = link_index(ifname);
	_cleanup_(closep) int fd = -1;

	if (index < 0)
		return index;
	fd = open_node(ifname, index);
	if (fd < 0)
		return fd;
	if (ioctl(fd, TUNSETIFF, &ifr))
		return err_set(errno, "macvtap %s: ioctl TUNSETIFF", ifname);
	if (ioctl(fd, TUNGETIFF, &is) || !str_eq(is.ifr_name, ifname))
		return err_say(ENODEV, "macvtap %s: its device node leads to '%s'", ifname, is.ifr_name);
	*ret_fd = take_fd(&fd);
	return 0;
}
