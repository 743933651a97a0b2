// SPDX-License-Identifier: GPL-2.0-only
/* test_ping.c - echo packets, and what many round trips come to */
#include <arpa/inet.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "lib/cleanup.h"
#include "measure/ping.h"

#define IP_HEADER 20

/* The sum over a packet with its checksum is 0xffff: RFC 1071. */
static uint32_t sum_of(const uint8_t *packet)
{
	uint32_t sum = 0;

	for (size_t i = 0; i < PING_BYTES; i += 2)
		sum += (uint32_t)packet[i] << 8 | packet[i + 1];
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return sum;
}

static void a_request_is_an_echo_with_a_right_checksum(void **state)
{
	static const uint32_t numbers[] = { 0, 1, 255, 256, 65535, 65536, 0xfffffffe };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(numbers); i++) {
		uint8_t packet[PING_BYTES];

		ping_request(packet, 0x1234, numbers[i]);
		assert_int_equal(packet[0], 8);
		assert_int_equal(packet[1], 0);
		assert_int_equal(packet[4] << 8 | packet[5], 0x1234);
		assert_int_equal(packet[6] << 8 | packet[7], numbers[i] & 0xffff);
		assert_int_equal(sum_of(packet), 0xffff);
	}
}

/* An answer as it comes: an IP header of @header bytes, the request with type 0. */
static size_t answer(uint8_t *packet, size_t header, uint16_t id, uint32_t n)
{
	memset(packet, 0, header);
	packet[0] = (uint8_t)(0x40 | header / 4);
	ping_request(packet + header, id, n);
	packet[header] = 0;
	return header + PING_BYTES;
}

static void an_answer_tells_its_number(void **state)
{
	uint8_t packet[128];
	uint32_t n = 0;

	(void)state;
	assert_true(ping_is_reply(packet, answer(packet, IP_HEADER, 7, 70000), 7, &n));
	assert_int_equal(n, 70000);
	assert_true(ping_is_reply(packet, answer(packet, IP_HEADER + 40, 7, 3), 7, &n));
	assert_int_equal(n, 3);
}

static void what_is_no_answer_of_ours_is_left_alone(void **state)
{
	uint8_t packet[128];
	size_t len = answer(packet, IP_HEADER, 7, 5);
	uint32_t n = 99;

	(void)state;
	assert_false(ping_is_reply(packet, len, 8, &n));
	assert_false(ping_is_reply(packet, 0, 7, &n));
	assert_false(ping_is_reply(packet, IP_HEADER, 7, &n));
	assert_false(ping_is_reply(packet, IP_HEADER + 15, 7, &n));
	packet[IP_HEADER] = 8; /* the request itself, on a loopback */
	assert_false(ping_is_reply(packet, len, 7, &n));
	packet[IP_HEADER] = 0;
	packet[IP_HEADER + 8] ^= 1; /* somebody else's echo with our id */
	assert_false(ping_is_reply(packet, len, 7, &n));
	assert_int_equal(n, 99);
}

/* The example of nearest rank at Wikipedia, "Percentile", and the edges. */
static void a_percentile_is_the_nearest_rank(void **state)
{
	static const double five[] = { 15, 20, 35, 40, 50 };
	static const double ten[] = { 3, 6, 7, 8, 8, 10, 13, 15, 16, 20 };
	static const struct {
		const double *v;
		size_t n;
		unsigned int percent;
		double want;
	} rows[] = {
		{ five, 5, 5, 15 }, { five, 5, 30, 20 }, { five, 5, 40, 20 }, { five, 5, 50, 35 },
		{ five, 5, 100, 50 }, { ten, 10, 25, 7 }, { ten, 10, 50, 8 }, { ten, 10, 75, 15 },
		{ ten, 10, 100, 20 }, { five, 1, 1, 15 }, { five, 1, 99, 15 }, { five, 2, 50, 15 },
		{ five, 2, 51, 20 },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		assert_true(ping_percentile(rows[i].v, rows[i].n, rows[i].percent) == rows[i].want);
	assert_true(isnan(ping_percentile(five, 0, 50)));
}

static void of_a_hundred_the_99th_is_the_last_but_one(void **state)
{
	double v[100];
	struct sample s;

	(void)state;
	sample_init(&s);
	for (int i = 0; i < 100; i++)
		v[i] = (i * 37) % 100 + 1;
	ping_sum(PING_ICMP, v, 100, &s);
	assert_true(s.value[METRIC_PING_P50_US] == 50);
	assert_true(s.value[METRIC_PING_P95_US] == 95);
	assert_true(s.value[METRIC_PING_P99_US] == 99);
	assert_true(s.value[METRIC_PING_LOST] == 0);
	assert_true(isnan(s.value[METRIC_RR_P50_US]) && isnan(s.value[METRIC_RR_LOST]));
	ping_sum(PING_TCP, v, 100, &s);
	assert_true(s.value[METRIC_RR_P50_US] == 50);
	assert_true(s.value[METRIC_RR_P95_US] == 95);
	assert_true(s.value[METRIC_RR_P99_US] == 99);
	assert_true(s.value[METRIC_RR_LOST] == 0);
	sample_free(&s);
}

static void the_lost_are_counted_apart(void **state)
{
	double some[] = { NAN, 30, NAN, 10, 20, NAN }, none[] = { NAN, NAN };
	struct sample s;

	(void)state;
	sample_init(&s);
	ping_sum(PING_ICMP, some, ARRAY_SIZE(some), &s);
	assert_true(s.value[METRIC_PING_P50_US] == 20);
	assert_true(s.value[METRIC_PING_P99_US] == 30);
	assert_true(s.value[METRIC_PING_LOST] == 3);
	ping_sum(PING_ICMP, none, ARRAY_SIZE(none), &s);
	assert_true(isnan(s.value[METRIC_PING_P50_US]));
	assert_true(s.value[METRIC_PING_LOST] == 2);
	ping_sum(PING_ICMP, NULL, 0, &s);
	assert_true(isnan(s.value[METRIC_PING_P99_US]));
	assert_true(s.value[METRIC_PING_LOST] == 0);
	sample_free(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_request_is_an_echo_with_a_right_checksum),
		cmocka_unit_test(an_answer_tells_its_number),
		cmocka_unit_test(what_is_no_answer_of_ours_is_left_alone),
		cmocka_unit_test(a_percentile_is_the_nearest_rank),
		cmocka_unit_test(of_a_hundred_the_99th_is_the_last_but_one),
		cmocka_unit_test(the_lost_are_counted_apart),
	};

	return cmocka_run_group_tests_name("ping", tests, NULL, NULL);
}
