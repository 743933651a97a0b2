// SPDX-License-Identifier: GPL-2.0-only
/*
 * test_readers.c - every kind of reader on a queue of a real TAP
 *
 * In a user and network namespace of its own; exits 77 where that is not possible. A kind that
 * this kernel lacks is a skipped test.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <sched.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include <cmocka.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <linux/virtio_net.h>

#include "lib/cleanup.h"
#include "lib/err.h"
#include "lib/stop.h"
#include "net/link.h"
#include "net/tap.h"
#include "ring/reader.h"
#include "namespaces.h"

#define TAP	   "tap-readers"
#define ETHERTYPE  0x88b5 /* for experiments */
#define DEADLINE_S 10
#define BURST	   200 /* fits into the ring of 1000 */

static struct nl nl;

/* A reader on a TAP, and what it has been handed. */
struct bench {
	struct reader r;
	size_t header;
	int socket;
	uint32_t sent;
	int enough; /* eventfd: as many came as were sent */
	atomic_uint wanted, got, wrong;
};

static void check(int ret)
{
	if (ret)
		fail_msg("%s", err_text());
}

/* The stack sends packets of its own into a new link: they are not ours. */
static void take(void *arg, int queue, const void *packet, size_t len)
{
	struct bench *b = arg;
	const uint8_t *frame = (const uint8_t *)packet + b->header;
	const struct ethhdr *eth = (const void *)frame;
	uint32_t n;

	if (len < b->header + ETH_HLEN + sizeof(n) || eth->h_proto != htons(ETHERTYPE))
		return;
	memcpy(&n, frame + ETH_HLEN, sizeof(n));
	if (n != atomic_load(&b->got) || queue != 0 || len != b->header + 1000)
		atomic_fetch_add(&b->wrong, 1);
	if (atomic_fetch_add(&b->got, 1) + 1 == atomic_load(&b->wanted))
		(void)eventfd_write(b->enough, 1);
}

/* Return: 0, or -1 with a sentence. */
static int bench_up(struct bench *b, const struct reader_def *def)
{
	struct sockaddr_ll at = { .sll_family = AF_PACKET };
	uint16_t flags = IFF_MULTI_QUEUE | (def->needs_vnet ? IFF_VNET_HDR : 0);

	*b = (struct bench){
		.r = { .def = def, .fd = -1, .take = take, .take_arg = b },
		.header = def->needs_vnet ? sizeof(struct virtio_net_hdr) : 0,
		.enough = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK),
		.socket = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0),
	};
	if (b->enough < 0 || b->socket < 0)
		return err_set(errno, "bench");
	if (tap_open(TAP, flags, &b->r.fd) || link_set_up(&nl, TAP))
		return -1;
	at.sll_ifindex = link_index(TAP);
	return bind(b->socket, (struct sockaddr *)&at, sizeof(at)) ? err_set(errno, "bench: bind") : 0;
}

static void bench_down(struct bench *b)
{
	(void)reader_stop(&b->r);
	closep(&b->r.fd);
	closep(&b->socket);
	closep(&b->enough);
}

static void send_frames(struct bench *b, uint32_t n)
{
	uint8_t frame[1000] = { 2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2, ETHERTYPE >> 8, ETHERTYPE & 0xff };

	for (; n; n--, b->sent++) {
		memcpy(frame + ETH_HLEN, &b->sent, sizeof(b->sent));
		if (send(b->socket, frame, sizeof(frame), 0) != sizeof(frame))
			fail_msg("frame %u: %s", b->sent, strerror(errno));
	}
}

static void send_and_receive(struct bench *b, uint32_t n)
{
	eventfd_t unused;

	atomic_store(&b->wanted, b->sent + n);
	send_frames(b, n);
	if (stop_wait(b->enough, time_now() + DEADLINE_S) != 1)
		fail_msg("reader %s: %u sent, %u received; state %d", b->r.def->name, b->sent,
			 atomic_load(&b->got), atomic_load(&b->r.state));
	(void)eventfd_read(b->enough, &unused);
	assert_int_equal(atomic_load(&b->got), b->sent);
	assert_int_equal(atomic_load(&b->wrong), 0);
}

static void attach(const struct bench *b, bool on)
{
	struct ifreq ifr = { .ifr_flags = on ? IFF_ATTACH_QUEUE : IFF_DETACH_QUEUE };

	if (ioctl(b->r.fd, TUNSETQUEUE, &ifr))
		fail_msg("TUNSETQUEUE %d: %s", on, strerror(errno));
}

static struct bench *bench_of(void **state)
{
	static struct bench b;

	check(bench_up(&b, *state));
	return &b;
}

static void every_frame_comes_in_order(void **state)
{
	struct bench *b = bench_of(state);

	check(reader_start(&b->r));
	for (int i = 0; i < 50; i++)
		send_and_receive(b, BURST);
	for (int i = 0; i < 500; i++)
		send_and_receive(b, 1);
	check(reader_stop(&b->r));
	assert_true(atomic_load(&b->r.packets) >= b->sent);
	bench_down(b);
}

static void a_descriptor_that_does_not_block_is_read_too(void **state)
{
	struct bench *b = bench_of(state);

	assert_int_equal(fcntl(b->r.fd, F_SETFL, O_RDWR | O_NONBLOCK), 0);
	check(reader_start(&b->r));
	for (int i = 0; i < 100; i++)
		send_and_receive(b, 10);
	check(reader_stop(&b->r));
	bench_down(b);
}

static void a_reader_that_has_nothing_to_do_stops_and_starts_again(void **state)
{
	struct bench *b = bench_of(state);

	for (int i = 0; i < 20; i++) {
		check(reader_start(&b->r));
		check(reader_stop(&b->r));
	}
	check(reader_start(&b->r));
	send_and_receive(b, BURST);
	check(reader_stop(&b->r));
	bench_down(b);
}

static void what_came_before_the_reader_is_read(void **state)
{
	struct bench *b = bench_of(state);

	atomic_store(&b->wanted, 2 * BURST);
	send_frames(b, BURST);
	check(reader_start(&b->r));
	send_and_receive(b, BURST);
	check(reader_stop(&b->r));
	bench_down(b);
}

/* A queue stays detached for a while, as the contract of rig_attach() has it. */
static void hold(void)
{
	(void)stop_wait(-1, time_now() + 0.1);
}

static void a_queue_that_is_detached_and_attached_is_read_on(void **state)
{
	struct bench *b = bench_of(state);

	check(reader_start(&b->r));
	for (int i = 0; i < 3; i++) {
		send_and_receive(b, BURST);
		attach(b, false);
		hold();
		attach(b, true);
		send_and_receive(b, BURST);
	}
	check(reader_stop(&b->r));
	attach(b, false);
	check(reader_start(&b->r));
	hold();
	attach(b, true);
	send_and_receive(b, BURST);
	attach(b, false);
	check(reader_stop(&b->r));
	bench_down(b);
}

static void a_device_that_is_deleted_ends_no_reader_in_error(void **state)
{
	struct bench *b = bench_of(state);

	check(reader_start(&b->r));
	send_and_receive(b, BURST);
	check(link_delete(&nl, TAP));
	hold();
	check(reader_stop(&b->r));
	bench_down(b);
}

static int can_run(void)
{
	_cleanup_(closep) int fd = -1;
	int ret = namespaces_enter(0);

	if (!ret)
		ret = tap_open(TAP, 0, &fd);
	return ret ? ret : nl_open(&nl);
}

static void this_kernel_has_it(void **state)
{
	const struct reader_def *def = *state;

	if (def->has && def->has()) {
		assert_int_not_equal(strlen(err_text()), 0);
		print_message("SKIP: reader %s: %s\n", def->name, err_text());
		skip();
	}
}

#define TEST(f) { #f, f, NULL, NULL, NULL }

static int run_kind(const struct reader_def *def)
{
	struct CMUnitTest tests[] = {
		TEST(this_kernel_has_it),
		TEST(every_frame_comes_in_order),
		TEST(a_descriptor_that_does_not_block_is_read_too),
		TEST(a_reader_that_has_nothing_to_do_stops_and_starts_again),
		TEST(what_came_before_the_reader_is_read),
		TEST(a_queue_that_is_detached_and_attached_is_read_on),
		TEST(a_device_that_is_deleted_ends_no_reader_in_error),
	};

	size_t n = def->has && def->has() ? 1 : ARRAY_SIZE(tests);

	for (size_t i = 0; i < n; i++)
		tests[i].initial_state = (void *)def;
	return _cmocka_run_group_tests(def->name, tests, n, NULL, NULL);
}

int main(void)
{
	const struct reader_def *def;
	int failed = 0;

	if (can_run()) {
		printf("SKIP: %s\n", err_text());
		return 77;
	}
	for (size_t i = 0; (def = reader_def_at(i)); i++)
		failed += run_kind(def);
	nl_close(&nl);
	return failed;
}
