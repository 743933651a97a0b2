// SPDX-License-Identifier: GPL-2.0-only
/* test_pktgen.c - what pktgen says of itself */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "lib/cleanup.h"
#include "lib/err.h"
#include "measure/pktgen.h"

#define HEAD                                                                                       \
	"Params: count 0  min_pkt_size: 1066  max_pkt_size: 1066\n"                                \
	"     frags: 0  delay: 0  clone_skb: 0  ifname: ring0@0\n"                                 \
	"Current:\n     pkts-sofar: 1000  errors: 0\n"

static const struct {
	const char *text;
	int ret;
	double pps;
} rows[] = {
	{ HEAD "Result: OK: 1000133(c1000133+d0) usec, 461210 (1066byte,0frags)\n"
	  "  461148pps 3932Mb/sec (3932669144bps) errors: 0\n", 0, 461148 },
	{ HEAD "Result: OK: 1(c1+d0) usec, 0 (60byte,0frags)\n  0pps 0Mb/sec (0bps) errors: 12\n", 0, 0 },
	{ HEAD "Result: Idle\n", -EBADMSG, -1 },
	{ HEAD "Result: OK: pps 3\n", -EBADMSG, -1 },
	{ "", -EBADMSG, -1 },
};

static void the_rate_is_found_behind_the_result(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		double pps = -1;

		print_message("  row %zu\n", i);
		assert_int_equal(pktgen_rate(rows[i].text, &pps), rows[i].ret);
		assert_true(pps == rows[i].pps);
	}
	assert_string_equal(err_text(), "pktgen: no rate in ''");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_rate_is_found_behind_the_result),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
