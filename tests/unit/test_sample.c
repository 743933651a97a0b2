// SPDX-License-Identifier: GPL-2.0-only
/* test_sample.c - samples as JSON, and the table of metrics */
#include <errno.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "lib/cleanup.h"
#include "lib/err.h"
#include "lib/str.h"
#include "plan/sample.h"

static char *to_text(const struct sample *s)
{
	json_t *obj = sample_to_json(s);
	char *text = json_dumps(obj, JSON_COMPACT);

	json_decref(obj);
	return text;
}

static int from_text(const char *text, struct sample *ret)
{
	json_t *obj = json_loads(text, JSON_DECODE_ANY, NULL);
	int err;

	assert_non_null(obj);
	err = sample_from_json(obj, ret);
	json_decref(obj);
	return err;
}

static void every_metric_is_found_again(void **state)
{
	(void)state;
	for (enum metric m = 0; m < METRIC_COUNT; m++) {
		assert_int_equal(metric_find(metric_def(m)->name), m);
		assert_true(metric_def(m)->scale > 0);
		assert_true(*metric_def(m)->title && *metric_def(m)->unit);
	}
	assert_int_equal(metric_find("throughput"), METRIC_COUNT);
}

static const enum metric more[] = { METRIC_THROUGHPUT_BPS, METRIC_PPS, METRIC_PRIO_PERCENT };
static const enum metric info[] = {
	METRIC_QDISC_DROPS, METRIC_QDISC_BACKLOG, METRIC_RTT_US, METRIC_SENT_PPS, METRIC_IDLE_RTT_US,
	METRIC_TX_PACKETS, METRIC_CPU_SOFTIRQ_S, METRIC_CPU_SOFTIRQ_MAX_S, METRIC_CPU_VHOST_S, METRIC_CPU_QEMU_S,
	METRIC_CTXT_SWITCHES, METRIC_KVM_EXITS, METRIC_GUEST_IRQS, METRIC_PACKETS_PER_IRQ,
	METRIC_CPU0_SOFTIRQ_S, METRIC_CPU1_SOFTIRQ_S, METRIC_CPU2_SOFTIRQ_S, METRIC_CPU3_SOFTIRQ_S, METRIC_GUEST_QUEUES,
	METRIC_DSACK_SEGS, METRIC_FAR_RCVBUF_DROPS,
};

static bool is_among(const enum metric *l, size_t n, enum metric m)
{
	for (size_t i = 0; i < n; i++)
		if (l[i] == m)
			return true;
	return false;
}

static void metrics_know_which_way_is_better(void **state)
{
	(void)state;
	for (enum metric m = 0; m < METRIC_COUNT; m++) {
		enum metric_direction want = METRIC_LESS_IS_BETTER;

		if (is_among(more, ARRAY_SIZE(more), m))
			want = METRIC_MORE_IS_BETTER;
		if (is_among(info, ARRAY_SIZE(info), m))
			want = METRIC_IS_INFO;
		assert_int_equal(metric_def(m)->direction, want);
	}
}

static void an_empty_sample_has_no_metric_in_its_json(void **state)
{
	_cleanup_(freep) char *text = NULL;
	struct sample s;

	(void)state;
	sample_init(&s);
	text = to_text(&s);
	assert_string_equal(text, "{\"boot\":0,\"nth\":0}");
}

static void whole_numbers_are_integers_and_what_was_not_measured_is_left_out(void **state)
{
	_cleanup_(freep) char *text = NULL;
	struct sample s;

	(void)state;
	sample_init(&s);
	s.boot = 1;
	s.nth = 7;
	s.value[METRIC_THROUGHPUT_BPS] = 352e6;
	s.value[METRIC_RETRANSMITS] = 0;
	s.value[METRIC_RETRANS_PER_MB] = 0.5;
	s.value[METRIC_RTT_US] = INFINITY;
	s.raw = str_dup("samples/0007.json");
	text = to_text(&s);
	assert_string_equal(text, "{\"boot\":1,\"nth\":7,\"throughput_bps\":352000000,\"retransmits\":0,"
			    "\"retrans_per_mb\":0.5,\"raw\":\"samples/0007.json\"}");
	sample_free(&s);
}

static void a_sample_survives_json(void **state)
{
	_cleanup_(freep) char *text = NULL;
	struct sample s, back;

	(void)state;
	sample_init(&s);
	s.boot = 3;
	s.nth = 41;
	s.raw = str_dup("samples/0041.json");
	for (enum metric m = 0; m < METRIC_COUNT; m++)
		s.value[m] = m % 3 == 0 ? NAN : (double)m / 7 + 1e9;
	text = to_text(&s);
	assert_int_equal(from_text(text, &back), 0);
	assert_int_equal(back.boot, 3);
	assert_int_equal(back.nth, 41);
	assert_string_equal(back.raw, s.raw);
	for (enum metric m = 0; m < METRIC_COUNT; m++)
		assert_true(m % 3 == 0 ? isnan(back.value[m]) : back.value[m] == s.value[m]);
	sample_free(&s);
	sample_free(&back);
}

static const struct {
	const char *json;
	const char *message; /* NULL: it is accepted */
} texts[] = {
	{ "{}", NULL },
	{ "{\"boot\": 1, \"of_a_later_version\": [1]}", NULL },
	{ "{\"rtt_us\": null}", NULL },
	{ "[]", "sample: not a JSON object" },
	{ "null", "sample: not a JSON object" },
	{ "{\"throughput_bps\": \"fast\"}", "sample: throughput_bps is not a number" },
	{ "{\"stall_s\": {}}", "sample: stall_s is not a number" },
};

static void json_that_is_no_sample_is_refused(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
		struct sample s = { .boot = 99 };
		int ret = from_text(texts[i].json, &s);

		print_message("  %s\n", texts[i].json);
		assert_int_equal(ret, texts[i].message ? -EINVAL : 0);
		if (texts[i].message) {
			assert_string_equal(err_text(), texts[i].message);
			assert_int_equal(s.boot, 99);
		} else {
			assert_true(isnan(s.value[METRIC_RTT_US]));
			assert_null(s.raw);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_metric_is_found_again),
		cmocka_unit_test(metrics_know_which_way_is_better),
		cmocka_unit_test(an_empty_sample_has_no_metric_in_its_json),
		cmocka_unit_test(whole_numbers_are_integers_and_what_was_not_measured_is_left_out),
		cmocka_unit_test(a_sample_survives_json),
		cmocka_unit_test(json_that_is_no_sample_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
