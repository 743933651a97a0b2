// SPDX-License-Identifier: GPL-2.0-only
/* test_vring.c - a virtio receive ring, with a device of the test's own at the other side */
#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "lib/err.h"
#include "lib/stop.h"
#include "lib/str.h"
#include "ring/vring.h"

#define NUM  8
#define SIZE 192

/* As vhost does it, drivers/vhost/vhost.c: indices of its own, flags as in the standard. */
struct device {
	const struct vring *r;
	uint8_t *mem;	/* of the ring and its buffers */
	uint16_t avail; /* buffers taken from the available ring */
};

struct rig {
	struct vring_rx v;
	struct device d;
	void *mem;
};

static int set_up(void **state)
{
	struct rig *rig = mem_zalloc(sizeof(*rig));
	size_t bytes = (vring_rx_bytes(NUM, SIZE) + 4095) / 4096 * 4096;

	rig->mem = aligned_alloc(4096, bytes);
	if (!rig->mem) {
		free(rig);
		return -1;
	}
	memset(rig->mem, 0, bytes);
	vring_rx_init(&rig->v, rig->mem, NUM, SIZE);
	rig->d = (struct device){ .r = &rig->v.ring, .mem = rig->mem };
	*state = rig;
	return 0;
}

static int take_down(void **state)
{
	struct rig *rig = *state;

	free(rig->mem);
	free(rig);
	return 0;
}

static bool device_has_buffer(const struct device *d)
{
	return __atomic_load_n(&d->r->avail->idx, __ATOMIC_ACQUIRE) != d->avail;
}

static void device_use(struct device *d, uint32_t id, uint32_t len)
{
	d->r->used->ring[d->r->used->idx & (NUM - 1)] = (struct vring_used_elem){ id, len };
	__atomic_store_n(&d->r->used->idx, (uint16_t)(d->r->used->idx + 1), __ATOMIC_RELEASE);
}

/* Return: whether the driver wants a call. */
static bool device_receive(struct device *d, const void *packet, uint32_t len)
{
	uint16_t id = d->r->avail->ring[d->avail++ & (NUM - 1)];
	const struct vring_desc *desc = &d->r->desc[id];

	memcpy(d->mem + (desc->addr - (uintptr_t)d->mem), packet, len);
	device_use(d, id, len);
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
	return !(__atomic_load_n(&d->r->avail->flags, __ATOMIC_RELAXED) & VRING_AVAIL_F_NO_INTERRUPT);
}

/* Return: whether there are buffers after all. */
static bool device_wants_kicks(struct device *d)
{
	__atomic_store_n(&d->r->used->flags, 0, __ATOMIC_RELAXED);
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
	return device_has_buffer(d);
}

static void device_wants_no_kicks(struct device *d)
{
	__atomic_store_n(&d->r->used->flags, VRING_USED_F_NO_NOTIFY, __ATOMIC_RELAXED);
}

static void every_buffer_is_offered_and_lies_in_the_memory(void **state)
{
	const struct rig *rig = *state;
	const struct vring *r = &rig->v.ring;
	uintptr_t from = (uintptr_t)rig->mem, to = from + vring_rx_bytes(NUM, SIZE);

	assert_int_equal(r->avail->idx, NUM);
	assert_int_equal((uintptr_t)r->used % VRING_USED_ALIGN_SIZE, 0);
	for (unsigned int i = 0; i < NUM; i++) {
		assert_int_equal(r->avail->ring[i], i);
		assert_int_equal(r->desc[i].flags, VRING_DESC_F_WRITE);
		assert_int_equal(r->desc[i].len, SIZE);
		assert_in_range(r->desc[i].addr, (uintptr_t)&r->used->ring[NUM], to - SIZE);
		assert_true(i == 0 || r->desc[i].addr == r->desc[i - 1].addr + SIZE);
	}
}

static void packets_come_as_they_were_written(void **state)
{
	struct rig *rig = *state;
	struct vring_packet p;

	assert_int_equal(vring_rx_get(&rig->v, &p), 0);
	device_receive(&rig->d, "one", 4);
	device_receive(&rig->d, "three", 6);
	assert_int_equal(vring_rx_get(&rig->v, &p), 1);
	assert_int_equal(p.len, 4);
	assert_string_equal(p.data, "one");
	assert_int_equal(vring_rx_get(&rig->v, &p), 1);
	assert_int_equal(p.len, 6);
	assert_string_equal(p.data, "three");
	assert_int_equal(vring_rx_get(&rig->v, &p), 0);
}

static void buffers_come_back_in_any_order(void **state)
{
	struct rig *rig = *state;
	struct vring_packet p[NUM];

	for (int i = 0; i < NUM; i++)
		device_receive(&rig->d, &i, sizeof(i));
	assert_false(device_has_buffer(&rig->d));
	for (int i = 0; i < NUM; i++)
		assert_int_equal(vring_rx_get(&rig->v, &p[i]), 1);
	for (int i = NUM - 1; i >= 0; i--) {
		assert_int_equal(*(const int *)p[i].data, i);
		vring_rx_put(&rig->v, &p[i]);
	}
	for (int i = NUM - 1; i >= 0; i--)
		assert_int_equal(rig->v.ring.avail->ring[rig->d.avail++ & (NUM - 1)], p[i].id);
	assert_false(device_has_buffer(&rig->d));
}

/* The indices have 16 bits and never stop. */
static void indices_wrap(void **state)
{
	struct rig *rig = *state;
	struct vring_packet p;

	for (uint32_t i = 0; i < 70000; i++) {
		device_receive(&rig->d, &i, sizeof(i));
		assert_int_equal(vring_rx_get(&rig->v, &p), 1);
		assert_int_equal(*(const uint32_t *)p.data, i);
		vring_rx_put(&rig->v, &p);
	}
	assert_int_equal(vring_rx_get(&rig->v, &p), 0);
}

static void a_kick_is_wanted_unless_the_device_is_awake(void **state)
{
	struct rig *rig = *state;
	struct vring_packet p;

	device_receive(&rig->d, "a", 2);
	assert_int_equal(vring_rx_get(&rig->v, &p), 1);
	device_wants_no_kicks(&rig->d);
	assert_false(vring_rx_put(&rig->v, &p));
	device_receive(&rig->d, "b", 2);
	assert_int_equal(vring_rx_get(&rig->v, &p), 1);
	assert_true(device_wants_kicks(&rig->d));
	assert_true(vring_rx_put(&rig->v, &p));
}

static void a_call_is_wanted_only_while_armed(void **state)
{
	struct rig *rig = *state;
	struct vring_packet p;

	assert_false(device_receive(&rig->d, "a", 2));
	assert_int_equal(vring_rx_get(&rig->v, &p), 1);
	assert_true(vring_rx_arm(&rig->v));
	assert_true(device_receive(&rig->d, "b", 2));
	vring_rx_disarm(&rig->v);
	assert_false(device_receive(&rig->d, "c", 2));
}

/* The packet came between the last look and the wish for calls: nobody will call for it. */
static void arming_looks_once_more(void **state)
{
	struct rig *rig = *state;
	struct vring_packet p;

	assert_int_equal(vring_rx_get(&rig->v, &p), 0);
	assert_false(device_receive(&rig->d, "a", 2));
	assert_false(vring_rx_arm(&rig->v));
}

static void a_device_that_lies_is_named(void **state)
{
	struct rig *rig = *state;
	struct vring_packet p;

	device_use(&rig->d, NUM, 10);
	assert_int_equal(vring_rx_get(&rig->v, &p), -EPROTO);
	assert_string_equal(err_text(), "vring: the device used buffer 8 of 8 with 10 bytes of 192");
	rig->v.taken++;
	device_use(&rig->d, 3, SIZE + 1);
	assert_int_equal(vring_rx_get(&rig->v, &p), -EPROTO);
}

/*
 * Two threads, either of which waits only for the other's event, as the real ones do: a
 * notification that is lost shows as an event that does not come.
 */
#define PACKETS	   200000
#define DEADLINE_S 30

static atomic_uint calls, kicks;

static bool wait_event(atomic_uint *event)
{
	double deadline = time_now() + DEADLINE_S;

	while (!atomic_exchange(event, 0)) {
		if (time_now() > deadline)
			return false;
		sched_yield();
	}
	return true;
}

static void *device_thread(void *arg)
{
	static char lost[] = "a kick was lost";
	struct device *d = arg;

	for (uint32_t i = 0; i < PACKETS; i++) {
		while (!device_has_buffer(d)) {
			if (!device_wants_kicks(d) && !wait_event(&kicks))
				return lost;
			device_wants_no_kicks(d);
		}
		if (device_receive(d, &i, sizeof(i)))
			atomic_store(&calls, 1);
	}
	return NULL;
}

static void nothing_is_lost_between_two_threads(void **state)
{
	struct rig *rig = *state;
	struct vring_packet p;
	pthread_t thread;
	uint32_t want = 0;
	void *said;

	assert_int_equal(pthread_create(&thread, NULL, device_thread, &rig->d), 0);
	while (want < PACKETS) {
		while (vring_rx_get(&rig->v, &p) == 1) {
			assert_int_equal(*(const uint32_t *)p.data, want++);
			if (vring_rx_put(&rig->v, &p))
				atomic_store(&kicks, 1);
		}
		if (want < PACKETS && vring_rx_arm(&rig->v) && !wait_event(&calls))
			fail_msg("a call was lost after %u packets", want);
		vring_rx_disarm(&rig->v);
	}
	assert_int_equal(pthread_join(thread, &said), 0);
	assert_null(said);
}

#define WITH_RING(f) cmocka_unit_test_setup_teardown(f, set_up, take_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_RING(every_buffer_is_offered_and_lies_in_the_memory),
		WITH_RING(packets_come_as_they_were_written),
		WITH_RING(buffers_come_back_in_any_order),
		WITH_RING(indices_wrap),
		WITH_RING(a_kick_is_wanted_unless_the_device_is_awake),
		WITH_RING(a_call_is_wanted_only_while_armed),
		WITH_RING(arming_looks_once_more),
		WITH_RING(a_device_that_lies_is_named),
		WITH_RING(nothing_is_lost_between_two_threads),
	};

	return cmocka_run_group_tests_name("virtio ring", tests, NULL, NULL);
}
