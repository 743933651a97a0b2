// SPDX-License-Identifier: GPL-2.0-only
/* test_listen.c - listening sockets in /proc/net/tcp and tcp6 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "lab/listen.h"

/* iperf3 -s (5201 is 1451) on 127.0.0.1 with a client, something on 22, as the kernel writes it. */
static const char tcp[] =
	"  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode                                                     \n"
	"   0: 00000000:0016 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 17337 1 0000000000000000 100 0 0 10 0                     \n"
	"   1: 0100007F:1451 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 30521 1 0000000000000000 100 0 0 10 0                     \n"
	"   2: 0100007F:9C40 0100007F:1451 01 00000000:00000000 00:00000000 00000000     0        0 30533 1 0000000000000000 20 4 30 10 -1                    \n"
	"  13: 0100007F:1452 0100007F:9C40 01 00000000:00000000 02:000AF5D9 00000000     0        0 30534 2 0000000000000000 20 4 1 10 -1                     \n"
	"  14: 024D000A:1453 014D000A:9C42 06 00000000:00000000 03:000016B7 00000000     0        0 0 3 0000000000000000                                      \n";

static const char tcp6[] =
	"  sl  local_address                         remote_address                        st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n"
	"   0: 00000000000000000000000000000000:1451 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 1398 1 0000000000000000 100 0 0 10 0\n"
	"   1: 0000000000000000FFFF0000024D000A:1452 0000000000000000FFFF0000014D000A:9C40 01 00000000:00000000 02:000AFC86 00000000     0        0 1404 2 0000000000000000 20 4 30 10 -1\n";

static void a_listening_socket_is_found_with_its_inode(void **state)
{
	(void)state;
	assert_int_equal(listen_find(tcp, 5201), 30521);
	assert_int_equal(listen_find(tcp, 22), 17337);
	assert_int_equal(listen_find(tcp6, 5201), 1398);
}

static void sockets_in_other_states_do_not_count(void **state)
{
	(void)state;
	assert_int_equal(listen_find(tcp, 0x1452), 0); /* established */
	assert_int_equal(listen_find(tcp, 0x1453), 0); /* TIME_WAIT */
	assert_int_equal(listen_find(tcp, 0x9c40), 0); /* a client's own port */
	assert_int_equal(listen_find(tcp6, 0x1452), 0);
}

static void the_port_is_compared_whole(void **state)
{
	(void)state;
	assert_int_equal(listen_find(tcp, 0x145), 0);
	assert_int_equal(listen_find(tcp, 0x451), 0);
	assert_int_equal(listen_find(tcp, 0), 0); /* the remote port of a listener */
}

static void a_text_without_sockets_has_none(void **state)
{
	(void)state;
	assert_int_equal(listen_find("", 5201), 0);
	assert_int_equal(listen_find("\n\n", 5201), 0);
	assert_int_equal(listen_find("   0: 0100007F:1451", 5201), 0);
	assert_int_equal(listen_find("5201 LISTEN 1451 0A", 5201), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_listening_socket_is_found_with_its_inode),
		cmocka_unit_test(sockets_in_other_states_do_not_count),
		cmocka_unit_test(the_port_is_compared_whole),
		cmocka_unit_test(a_text_without_sockets_has_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
