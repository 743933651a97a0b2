/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * vring.h - the driver's side of a virtio receive ring, in memory that the device shares
 *
 *	vring_rx_init(&v, mem, 256, size);			every buffer is offered
 *	...
 *	while ((ret = vring_rx_get(&v, &packet)) > 0) {
 *		... packet.data, packet.len ...
 *		if (vring_rx_put(&v, &packet))			offered again
 *			... kick the device ...
 *	}
 *	if (vring_rx_arm(&v))					still nothing: the device will call
 *		... wait for its call ...
 *	vring_rx_disarm(&v);
 *
 *	driver: desc[], avail  ---------->  device writes the packet, then used
 *
 * The split ring of virtio 0.9 and 1.0 without VIRTIO_F_VERSION_1: numbers in the byte order of
 * the machine. Nor VIRTIO_RING_F_EVENT_IDX: either side tells by a flag that it needs no event.
 * Both sides write an index or a flag and then read the other's, with a full barrier between
 * (virtio 1.2, 2.7.13.3 and 2.7.14): so one of the two always sees what the other has done.
 *
 * Pure: memory is the caller's, and so are the events.
 */
#ifndef RING_VRING_H
#define RING_VRING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <linux/virtio_ring.h>

/**
 * struct vring_rx - a receive ring; buffer n belongs to descriptor n for ever
 * @ring:        descriptors, available and used ring, laid out as the kernel's vring_init() does
 * @buffers:     the first buffer
 * @buffer_size: bytes of each
 * @offered:     buffers offered so far; what avail->idx is
 * @taken:       packets taken so far; follows used->idx
 */
struct vring_rx {
	struct vring ring;
	uint8_t *buffers;
	size_t buffer_size;
	uint16_t offered;
	uint16_t taken;
};

/** struct vring_packet - a packet, in its buffer until vring_rx_put() */
struct vring_packet {
	const void *data;
	size_t len;
	uint16_t id;
};

/** vring_rx_bytes() - Return: bytes of memory for a ring of @num (a power of two) with its buffers. */
size_t vring_rx_bytes(unsigned int num, size_t buffer_size);

/**
 * vring_rx_init() - lay out the ring and offer every buffer
 * @mem: vring_rx_bytes() zeroed bytes, aligned to a page; the device sees them at the same address
 */
void vring_rx_init(struct vring_rx *v, void *mem, unsigned int num, size_t buffer_size);

/**
 * vring_rx_get() - take the next packet
 * Return: 1 and *@ret; 0 when there is none; -EPROTO with a sentence when the device returned a
 * buffer that does not exist, or more bytes than it had.
 */
int vring_rx_get(struct vring_rx *v, struct vring_packet *ret);

/** vring_rx_put() - offer the packet's buffer again. Return: whether the device wants a kick. */
bool vring_rx_put(struct vring_rx *v, const struct vring_packet *p);

/** vring_rx_arm() - ask for calls. Return: whether there is still nothing, so that one will come. */
bool vring_rx_arm(struct vring_rx *v);

/** vring_rx_disarm() - no calls are needed while packets are taken. */
void vring_rx_disarm(struct vring_rx *v);

#endif
