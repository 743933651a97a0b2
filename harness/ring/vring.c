// SPDX-License-Identifier: GPL-2.0-only
/* vring.c - the driver's side of a virtio receive ring; pure */
#include "ring/vring.h"

#include <errno.h>

#include "lib/err.h"

#define ALIGN 4096

/* Buffers begin where a page does. */
static size_t ring_bytes(unsigned int num)
{
	return (vring_size(num, ALIGN) + ALIGN - 1) & ~(size_t)(ALIGN - 1);
}

size_t vring_rx_bytes(unsigned int num, size_t buffer_size)
{
	return ring_bytes(num) + num * buffer_size;
}

/* Return: whether the device wants to be kicked for it. */
static bool offer(struct vring_rx *v, uint16_t id)
{
	struct vring *r = &v->ring;

	r->avail->ring[v->offered++ & (r->num - 1)] = id;
	__atomic_store_n(&r->avail->idx, v->offered, __ATOMIC_RELEASE);
	/* The device clears its flag, then looks at avail->idx once more. */
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
	return !(__atomic_load_n(&r->used->flags, __ATOMIC_RELAXED) & VRING_USED_F_NO_NOTIFY);
}

void vring_rx_init(struct vring_rx *v, void *mem, unsigned int num, size_t buffer_size)
{
	*v = (struct vring_rx){ .buffers = (uint8_t *)mem + ring_bytes(num), .buffer_size = buffer_size };
	vring_init(&v->ring, num, mem, ALIGN);
	vring_rx_disarm(v);
	for (unsigned int i = 0; i < num; i++) {
		v->ring.desc[i] = (struct vring_desc){
			.addr = (uintptr_t)(v->buffers + i * buffer_size),
			.len = (uint32_t)buffer_size,
			.flags = VRING_DESC_F_WRITE,
		};
		(void)offer(v, (uint16_t)i);
	}
}

static bool is_empty(const struct vring_rx *v)
{
	return __atomic_load_n(&v->ring.used->idx, __ATOMIC_ACQUIRE) == v->taken;
}

int vring_rx_get(struct vring_rx *v, struct vring_packet *ret)
{
	const struct vring *r = &v->ring;
	struct vring_used_elem e;

	if (is_empty(v))
		return 0;
	e = r->used->ring[v->taken & (r->num - 1)];
	if (e.id >= r->num || e.len > v->buffer_size)
		return err_say(EPROTO, "vring: the device used buffer %u of %u with %u bytes of %zu",
			       e.id, r->num, e.len, v->buffer_size);
	v->taken++;
	*ret = (struct vring_packet){ v->buffers + e.id * v->buffer_size, e.len, (uint16_t)e.id };
	return 1;
}

bool vring_rx_put(struct vring_rx *v, const struct vring_packet *p)
{
	return offer(v, p->id);
}

bool vring_rx_arm(struct vring_rx *v)
{
	__atomic_store_n(&v->ring.avail->flags, 0, __ATOMIC_RELAXED);
	/* The device moves used->idx, then looks at our flag. */
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
	return is_empty(v);
}

void vring_rx_disarm(struct vring_rx *v)
{
	__atomic_store_n(&v->ring.avail->flags, VRING_AVAIL_F_NO_INTERRUPT, __ATOMIC_RELAXED);
}
