// SPDX-License-Identifier: GPL-2.0-only
/*
 * reader_vhost.c - the reader vhost: /dev/vhost-net fills a virtio ring of our own
 *
 *	tx_ring --> vhost worker --> our buffers, used ring --> call (eventfd) --> reader_take()
 *	                 ^------------ avail ring, kick (eventfd) <---------------- buffer again
 *
 * What runs is the receive path of vhost_net as with a guest, without the guest: vhost takes our
 * memory for the guest's, at the same addresses. No feature is negotiated, that is the simplest
 * ring there is: no VIRTIO_F_VERSION_1 and no VIRTIO_NET_F_MRG_RXBUF, so that a packet is one
 * buffer and its header the 10 bytes that a TAP has by itself; no VHOST_NET_F_VIRTIO_NET_HDR, so
 * that the header comes from the TAP. Nothing is sent, and the tx ring has no backend.
 *
 * vhost stops to watch a queue for good if it finds it detached (EPOLLERR, vhost_poll_start()).
 * QEMU takes the backend away before it detaches a queue; here nobody tells us. While nothing
 * comes we look at the queue ourselves, and set the backend anew once it is attached again. It
 * is never set anew for other reasons, for that would cover a wakeup that the kernel lost.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/if_tun.h>
#include <linux/vhost.h>
#include <linux/virtio_net.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/mman.h>

#include "lib/cleanup.h"
#include "lib/err.h"
#include "ring/reader.h"
#include "ring/vring.h"

#define DEVICE	"/dev/vhost-net"
#define RX	0   /* number of the receive ring */
#define BUFFERS 256 /* what QEMU gives its guests */
#define LOOK_MS 20  /* how often an idle reader looks whether its queue is attached */

/* Buffers need not begin with a cache line, but should not begin with the same one of each page. */
#define BUFFER_SIZE ((READER_PACKET_MAX + 63) / 64 * 64)

struct vhost {
	int fd, kick, call;
	void *mem;
	size_t size;
	struct vring_rx rx;
};

static int has(void)
{
	_cleanup_(closep) int fd = open(DEVICE, O_RDWR | O_CLOEXEC);

	return fd < 0 ? err_say(ENOTSUP, DEVICE ": %m (modprobe vhost_net)") : 0;
}

static int check_header(int fd)
{
	int size;

	if (ioctl(fd, TUNGETVNETHDRSZ, &size))
		return err_set(errno, "vhost: TUNGETVNETHDRSZ");
	if (size != sizeof(struct virtio_net_hdr))
		return err_say(EINVAL, "vhost: the queue's header has %d bytes, this ring needs %zu",
			       size, sizeof(struct virtio_net_hdr));
	return 0;
}

static int make(struct vhost *v)
{
	v->fd = open(DEVICE, O_RDWR | O_CLOEXEC);
	if (v->fd < 0)
		return err_set(errno, DEVICE ": open");
	v->kick = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	v->call = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (v->kick < 0 || v->call < 0)
		return err_set(errno, "vhost: eventfd");
	v->size = vring_rx_bytes(BUFFERS, BUFFER_SIZE);
	v->mem = mmap(NULL, v->size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (v->mem == MAP_FAILED)
		return err_set(errno, "vhost: %zu bytes for a ring", v->size);
	vring_rx_init(&v->rx, v->mem, BUFFERS, BUFFER_SIZE);
	return 0;
}

/* What a device is told before its backend; a step that fails names itself. */
#define STEP(request, arg) { request, #request, arg }

static int set_up(const struct vhost *v)
{
	const struct vring *ring = &v->rx.ring;
	uint64_t features = 0;
	union {
		struct vhost_memory table;
		uint8_t room[sizeof(struct vhost_memory) + sizeof(struct vhost_memory_region)];
	} memory = { .table.nregions = 1 };
	struct vhost_vring_state num = { RX, BUFFERS }, base = { RX, 0 };
	struct vhost_vring_addr addr = {
		.index = RX, .desc_user_addr = (uintptr_t)ring->desc,
		.avail_user_addr = (uintptr_t)ring->avail, .used_user_addr = (uintptr_t)ring->used,
	};
	struct vhost_vring_file kick = { RX, v->kick }, call = { RX, v->call };
	const struct {
		unsigned long request;
		const char *name;
		void *arg;
	} steps[] = {
		STEP(VHOST_SET_OWNER, NULL),
		STEP(VHOST_SET_FEATURES, &features),
		STEP(VHOST_SET_MEM_TABLE, &memory.table),
		STEP(VHOST_SET_VRING_NUM, &num),
		STEP(VHOST_SET_VRING_BASE, &base),
		STEP(VHOST_SET_VRING_ADDR, &addr),
		STEP(VHOST_SET_VRING_KICK, &kick),
		STEP(VHOST_SET_VRING_CALL, &call),
	};

	memory.table.regions[0] = (struct vhost_memory_region){
		.guest_phys_addr = (uintptr_t)v->mem, .userspace_addr = (uintptr_t)v->mem,
		.memory_size = v->size,
	};
	for (size_t i = 0; i < ARRAY_SIZE(steps); i++)
		if (ioctl(v->fd, steps[i].request, steps[i].arg))
			return err_set(errno, DEVICE ": %s", steps[i].name);
	return 0;
}

static int set_backend(const struct vhost *v, int fd)
{
	struct vhost_vring_file backend = { RX, fd };

	if (ioctl(v->fd, VHOST_NET_SET_BACKEND, &backend))
		return err_set(errno, DEVICE ": VHOST_NET_SET_BACKEND");
	return 0;
}

/* Detached, closed, or its device is gone. */
static bool is_gone(int fd)
{
	struct pollfd p = { .fd = fd };

	return poll(&p, 1, 0) > 0 && (p.revents & (POLLERR | POLLNVAL));
}

/* Return: 0 with the queue as backend; -ECANCELED when the reader shall stop; other -errno. */
static int attach(const struct vhost *v, struct reader *r)
{
	while (set_backend(v, r->fd)) {
		int ret;

		/* Attached again meanwhile, or the failure is another one. */
		if (!is_gone(r->fd))
			return set_backend(v, r->fd);
		ret = reader_retry(r);
		if (ret)
			return ret;
	}
	return 0;
}

static int kick(const struct vhost *v)
{
	return eventfd_write(v->kick, 1) ? err_set(errno, "vhost: kick") : 0;
}

/* Takes a ring full at most, so that a stop is seen. Return: packets taken, or -errno. */
static int take(struct vhost *v, struct reader *r)
{
	struct vring_packet p;
	int n = 0, ret;

	while (n < BUFFERS && (ret = vring_rx_get(&v->rx, &p))) {
		if (ret < 0)
			return ret;
		n++;
		reader_take(r, p.data, p.len);
		if (vring_rx_put(&v->rx, &p)) {
			ret = kick(v);
			if (ret)
				return ret;
		}
	}
	return n;
}

/* Return: 0 once it is worth to look at the ring, -errno. */
static int wait_call(struct vhost *v, struct reader *r)
{
	struct pollfd p[] = { { .fd = v->call, .events = POLLIN }, { .fd = r->stop_fd, .events = POLLIN } };
	eventfd_t calls;
	int n = 1;

	reader_waits(r);
	if (vring_rx_arm(&v->rx))
		n = poll(p, ARRAY_SIZE(p), LOOK_MS);
	vring_rx_disarm(&v->rx);
	if (n < 0)
		return errno == EINTR ? 0 : err_set(errno, "vhost: poll");
	if (n == 0 && is_gone(r->fd)) {
		(void)set_backend(v, -1);
		return attach(v, r);
	}
	if (n > 0)
		reader_works(r);
	if (p[0].revents)
		(void)eventfd_read(v->call, &calls);
	return 0;
}

static int loop(struct vhost *v, struct reader *r)
{
	int ret = attach(v, r), n;

	while (!ret && !reader_stop_wanted(r)) {
		n = take(v, r);
		ret = n ? (n < 0 ? n : 0) : wait_call(v, r);
	}
	if (ret && ret != -ECANCELED)
		return ret;
	/* What vhost has handed over is received, even when the reader stops. */
	ret = set_backend(v, -1);
	n = ret ? ret : take(v, r);
	return n < 0 ? n : 0;
}

static int run(struct reader *r)
{
	struct vhost v = { -1, -1, -1, .mem = MAP_FAILED };
	int ret = check_header(r->fd);

	if (!ret)
		ret = make(&v);
	if (!ret)
		ret = set_up(&v);
	if (!ret)
		ret = loop(&v, r);
	closep(&v.fd);
	closep(&v.kick);
	closep(&v.call);
	if (v.mem != MAP_FAILED)
		munmap(v.mem, v.size);
	return ret;
}

const struct reader_def reader_vhost = {
	.name = "vhost", .help = "/dev/vhost-net into a virtio ring, as for a guest",
	.has = has, .run = run, .needs_vnet = true,
};
