// SPDX-License-Identifier: GPL-2.0-only
/* test_iperf3.c - the decoder against recorded output of iperf3 3.12 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <errno.h>

#include "lib/cleanup.h"
#include "lib/err.h"
#include "lib/fs.h"
#include "lib/str.h"
#include "measure/iperf3.h"

static char *recorded(const char *name)
{
	_cleanup_(freep) char *path = str_fmt("tests/data/iperf3/%s.json", name);
	char *text = NULL;

	if (fs_read(path, &text, NULL))
		fail_msg("%s", err_text());
	return text;
}

static const struct {
	const char *file;
	double throughput_bps, retransmits, retrans_per_mb, rtt_us, stall_s;
	bool is_receivers;
} results[] = {
	{ "one-stream",          15870502668.022425, 0,   0,                  122,   0, true },
	{ "four-streams",        14204934656.160568, 402, 402 / 5327.814656,  462.5, 0, true },
	{ "nothing-arrived",     0,                  0,   0,                  17,    3, true },
	{ "stall-of-5-s",        3300826283.0517435, 280, 280 / 2888.741640,  427,   5, true },
	{ "reverse",             5242473.708287608,  0,   0,                  48,    0, true }, /* the guest sends */
	{ "server-without-json", 14724721948.93722,  0,   0,                  122,   0, false },
};

static void recorded_results_are_decoded(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(results); i++) {
		_cleanup_(freep) char *text = recorded(results[i].file);
		struct sample s;
		bool is_receivers = !results[i].is_receivers;

		sample_init(&s);
		print_message("  %s\n", results[i].file);
		assert_int_equal(iperf3_decode(text, &s, &is_receivers), 0);
		assert_true(s.value[METRIC_THROUGHPUT_BPS] == results[i].throughput_bps);
		assert_true(s.value[METRIC_RETRANSMITS] == results[i].retransmits);
		assert_true(fabs(s.value[METRIC_RETRANS_PER_MB] - results[i].retrans_per_mb) < 1e-9);
		assert_true(s.value[METRIC_RTT_US] == results[i].rtt_us);
		assert_true(s.value[METRIC_STALL_S] == results[i].stall_s);
		assert_int_equal(is_receivers, results[i].is_receivers);
		assert_true(isnan(s.value[METRIC_TX_DROPPED]));
	}
}

#define SAMPLE(bytes, retransmits, end)                                                            \
	"{\"start\":{\"tcp_mss_default\":1000},"                                                   \
	"\"intervals\":[{\"sum\":{\"seconds\":1.0,\"bytes\":9}},{\"sum\":{\"seconds\":0.01,\"bytes\":0}}]," \
	"\"end\":{\"streams\":[],\"sum_sent\":{" retransmits "},"                                  \
	"\"sum_received\":{\"bytes\":" bytes ",\"bits_per_second\":8e6}}" end "}\n"

/* Small texts that iperf3 3.12 does not write, and others do; NAN: not measured. */
static const struct {
	const char *what, *text;
	double retransmits, retrans_per_mb;
} texts[] = {
	{ "plain",              SAMPLE("2000000", "\"retransmits\":4", ""), 4, 2 },
	{ "warning before",     "warning: {this} is no JSON\n" SAMPLE("1000000", "\"retransmits\":4", ""), 4, 4 },
	{ "brace line before",  "{ not JSON\n" SAMPLE("1000000", "\"retransmits\":4", ""), 4, 4 },
	{ "object twice",       SAMPLE("1000000", "\"retransmits\":4", "") SAMPLE("1000000", "\"retransmits\":4", ""), 4, 4 },
	{ "text behind",        SAMPLE("1000000", "\"retransmits\":4", "") "iperf Done.\n", 4, 4 },
	{ "no retransmits",     SAMPLE("1000000", "\"x\":1", ""), NAN, NAN },
	{ "nothing arrived",    SAMPLE("0", "\"retransmits\":4", ""), 4, 4000 },
	{ "less than a segment", SAMPLE("10", "\"retransmits\":4", ""), 4, 4000 },
	{ "nothing, no loss",   SAMPLE("0", "\"retransmits\":0", ""), 0, 0 },
};

static bool same(double a, double b)
{
	return isnan(a) ? isnan(b) : fabs(a - b) < 1e-9;
}

static void other_versions_and_corner_cases_are_decoded(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
		struct sample s;

		sample_init(&s);
		print_message("  %s\n", texts[i].what);
		assert_int_equal(iperf3_decode(texts[i].text, &s, NULL), 0);
		assert_true(same(s.value[METRIC_RETRANSMITS], texts[i].retransmits));
		assert_true(same(s.value[METRIC_RETRANS_PER_MB], texts[i].retrans_per_mb));
		assert_true(isnan(s.value[METRIC_RTT_US]));
		/* the second interval is a rest of 10 ms, no second without a byte */
		assert_true(s.value[METRIC_STALL_S] == 0);
	}
}

static const struct {
	const char *file;
	double throughput_bps, received, lost, sent, seconds, lost_percent, jitter_us;
} datagrams[] = {
	{ "udp-20-mbit", 19994402.63530089, 4882, 0, 4882 / 2.000112, 2.000227, 0, 12.506213688199421 },
	{ "udp-lossy", 371547991.11827046, 101666 - 56279, 56279, 101740 / 1.000044, 1.000706, 55.31649302142717,
	  5.346968774987517 },
};

static void recorded_datagrams_are_decoded(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(datagrams); i++) {
		_cleanup_(freep) char *text = recorded(datagrams[i].file);
		struct sample s;

		sample_init(&s);
		print_message("  %s\n", datagrams[i].file);
		assert_int_equal(iperf3_decode_udp(text, &s), 0);
		assert_true(same(s.value[METRIC_THROUGHPUT_BPS], datagrams[i].throughput_bps));
		assert_true(same(s.value[METRIC_PPS], datagrams[i].received / datagrams[i].seconds));
		assert_true(same(s.value[METRIC_LOST_PPS], datagrams[i].lost / datagrams[i].seconds));
		assert_true(same(s.value[METRIC_SENT_PPS], datagrams[i].sent));
		assert_true(same(s.value[METRIC_LOST_PERCENT], datagrams[i].lost_percent));
		assert_true(same(s.value[METRIC_JITTER_US], datagrams[i].jitter_us));
		assert_true(s.value[METRIC_STALL_S] == 0);
		assert_true(isnan(s.value[METRIC_RETRANSMITS]));
	}
}

static void a_result_of_tcp_is_none_of_datagrams(void **state)
{
	_cleanup_(freep) char *tcp = recorded("one-stream");
	_cleanup_(freep) char *refused = recorded("error-refused");
	struct sample s;

	(void)state;
	sample_init(&s);
	assert_int_equal(iperf3_decode_udp(tcp, &s), -EBADMSG);
	assert_true(str_starts(err_text(), "iperf3: an incomplete result of UDP in its output '"));
	assert_int_equal(iperf3_decode_udp(refused, &s), -ECONNREFUSED);
	assert_true(isnan(s.value[METRIC_PPS]));
}

static const struct {
	const char *text;
	int err;
	const char *sentence;
} failures[] = {
	{ "{\"error\":\"unable to connect to server: Connection timed out\"}", ETIMEDOUT,
	  "iperf3: unable to connect to server: Connection timed out (the guest does not answer)" },
	{ "{\"error\":\"the server is busy running a test. try again later\"}", EBUSY, NULL },
	{ "{\"error\":\"unable to connect to server: No route to host\"}", EHOSTUNREACH, NULL },
	{ "{\"error\":\"something new\"}", EPROTO, "iperf3: something new" },
	{ SAMPLE("1", "\"retransmits\":0", ",\"error\":\"interrupted\""), EPROTO, "iperf3: interrupted" },
	{ SAMPLE("1", "\"retransmits\":0", "") "{\"error\":\"late\"}\n", EPROTO, "iperf3: late" },
	{ "", EBADMSG, "iperf3: no result in its output ''" },
	{ "Segmentation fault", EBADMSG, "iperf3: no result in its output 'Segmentation fault'" },
	{ "{\"start\":{}}", EBADMSG, "iperf3: no result in its output '{\"start\":{}}'" },
	{ "{\"end\":{\"sum_received\":{}}}", EBADMSG,
	  "iperf3: an incomplete result in its output '{\"end\":{\"sum_received\":{}}}'" },
	{ "{\"start\":", EBADMSG, NULL },
};

static void failures_are_sentences_and_leave_the_sample_alone(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(failures); i++) {
		struct sample s;

		sample_init(&s);
		assert_int_equal(iperf3_decode(failures[i].text, &s, NULL), -failures[i].err);
		print_message("  %s\n", err_text());
		if (failures[i].sentence)
			assert_string_equal(err_text(), failures[i].sentence);
		for (enum metric m = 0; m < METRIC_COUNT; m++)
			assert_true(isnan(s.value[m]));
	}
}

static void recorded_errors_are_sentences(void **state)
{
	_cleanup_(freep) char *refused = recorded("error-refused");
	_cleanup_(freep) char *killed = recorded("error-killed");
	struct sample s;

	(void)state;
	sample_init(&s);
	assert_int_equal(iperf3_decode(refused, &s, NULL), -ECONNREFUSED);
	assert_string_equal(err_text(), "iperf3: unable to connect to server: Connection refused "
			    "(no iperf3 -s listens in the guest)");
	assert_int_equal(iperf3_decode(killed, &s, NULL), -ECONNRESET);
}

static void an_output_that_was_cut_is_no_result(void **state)
{
	_cleanup_(freep) char *text = recorded("one-stream");
	struct sample s;

	(void)state;
	sample_init(&s);
	for (size_t len = strlen(text) - 4; len > 100; len -= 97) {
		text[len] = '\0';
		assert_int_equal(iperf3_decode(text, &s, NULL), -EBADMSG);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(recorded_results_are_decoded),
		cmocka_unit_test(other_versions_and_corner_cases_are_decoded),
		cmocka_unit_test(failures_are_sentences_and_leave_the_sample_alone),
		cmocka_unit_test(recorded_datagrams_are_decoded),
		cmocka_unit_test(a_result_of_tcp_is_none_of_datagrams),
		cmocka_unit_test(recorded_errors_are_sentences),
		cmocka_unit_test(an_output_that_was_cut_is_no_result),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
