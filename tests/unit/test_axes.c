// SPDX-License-Identifier: GPL-2.0-only
/* test_axes.c - values of axes, cells, and the words of the messages */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "lib/cleanup.h"
#include "lib/err.h"
#include "lib/str.h"
#include "plan/axes.h"
#include "plan/cell.h"
#include "plan/words.h"

static void every_axis_is_found_and_takes_its_default(void **state)
{
	(void)state;
	for (enum axis a = 0; a < AXIS_COUNT; a++) {
		const struct axis_def *d = axis_def(a);
		struct axis_value v;

		assert_int_equal(axis_find(d->name), a);
		assert_int_equal(axis_parse(a, d->fallback, &v), 0);
		assert_string_equal(v.word, d->fallback);
		assert_true(d->help && *d->help);
	}
	assert_int_equal(axis_find("txqueuelength"), AXIS_COUNT);
	assert_int_equal(axis_find(""), AXIS_COUNT);
}

static const struct {
	enum axis axis;
	const char *text;
	const char *word;
	long num;
} right[] = {
	{ AXIS_BACKEND,    "vhost",   "vhost",   0 },
	{ AXIS_QDISC,      "noqueue", "noqueue", 0 },
	{ AXIS_TXQUEUELEN, "0",       "0",       0 },
	{ AXIS_TXQUEUELEN, "1",       "1",       1 },
	{ AXIS_TXQUEUELEN, "10000",   "10000",   10000 },
	{ AXIS_TXQUEUELEN, "0010",    "10",      10 }, /* one value has one name */
	{ AXIS_STREAMS,    "16",      "16",      16 },
	{ AXIS_DELAY,      "1000",    "1000",    1000 },
};

static void accepted_values_are_read(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(right); i++) {
		struct axis_value v;

		print_message("  %s\n", right[i].text);
		assert_int_equal(axis_parse(right[i].axis, right[i].text, &v), 0);
		assert_string_equal(v.word, right[i].word);
		assert_int_equal(v.num, right[i].num);
	}
}

static const struct {
	enum axis axis;
	const char *text;
	const char *message;
} wrong[] = {
	{ AXIS_BACKEND,    "vhots",  "backend: wrong value \"vhots\"; did you mean vhost? accepted: tap, vhost, tun, macvtap" },
	{ AXIS_BACKEND,    "",       "backend: wrong value \"\"; accepted: tap, vhost, tun, macvtap" },
	{ AXIS_BACKEND,    "TAP",    "backend: wrong value \"TAP\"; accepted: tap, vhost, tun, macvtap" },
	{ AXIS_NIC,        "e1000",  "nic: wrong value \"e1000\"; accepted: virtio" },
	{ AXIS_TXQUEUELEN, "10001",  "txqueuelen: wrong value \"10001\"; accepted: 0 to 10000" },
	{ AXIS_TXQUEUELEN, "-1",     "txqueuelen: wrong value \"-1\"; accepted: 0 to 10000" },
	{ AXIS_TXQUEUELEN, "+1",     "txqueuelen: wrong value \"+1\"; accepted: 0 to 10000" },
	{ AXIS_TXQUEUELEN, " 1",     "txqueuelen: wrong value \" 1\"; accepted: 0 to 10000" },
	{ AXIS_TXQUEUELEN, "1k",     "txqueuelen: wrong value \"1k\"; accepted: 0 to 10000" },
	{ AXIS_TXQUEUELEN, "1.0",    "txqueuelen: wrong value \"1.0\"; accepted: 0 to 10000" },
	{ AXIS_TXQUEUELEN, "18446744073709551617",
	  "txqueuelen: wrong value \"18446744073709551617\"; accepted: 0 to 10000" },
	{ AXIS_QDISC,      "fqcodel",
	  "qdisc: wrong value \"fqcodel\"; did you mean fq_codel? accepted: noqueue, pfifo_fast, pfifo, fq_codel, fq" },
	{ AXIS_DELAY,      "1001",   "delay: wrong value \"1001\"; accepted: 0 to 1000" },
	{ AXIS_STREAMS,    "17",     "streams: wrong value \"17\"; accepted: 1 to 16" },
	{ AXIS_QUEUES,     "5",      "queues: wrong value \"5\"; accepted: 1 to 4" },
	{ AXIS_READER,     "epol",   "reader: wrong value \"epol\"; did you mean epoll? accepted: read, poll, epoll, epoll-et, io_uring, vhost" },
	{ AXIS_SENDERS,    "0",      "senders: wrong value \"0\"; accepted: 1 to 8" },
};

static void other_values_are_refused_and_the_message_shows_what_is_accepted(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(wrong); i++) {
		struct axis_value v = { .num = 7, .word = "kept" };

		assert_int_equal(axis_parse(wrong[i].axis, wrong[i].text, &v), -EINVAL);
		assert_string_equal(err_text(), wrong[i].message);
		assert_string_equal(v.word, "kept");
		assert_int_equal(v.num, 7);
	}
}

static const struct {
	const char *typo;
	const char *nearest;
} typos[] = {
	{ "txqueulen",      "txqueuelen" },
	{ "tx_queue_len",   "txqueuelen" },
	{ "back-end",       "backend" },
	{ "qdsic",          "qdisc" },
	{ "del",            "delay" }, /* a beginning */
	{ "stream",         "streams" },
	{ "colour",         NULL },
	{ "",               NULL },
	{ "txqueuelentxqueuelentxqueuelentxqueuelentxqueuelentxqueuelentxqueuelen", NULL },
};

static void a_typo_is_told_from_a_word_that_means_nothing(void **state)
{
	_cleanup_(strv_free) struct strv names = { 0 };

	(void)state;
	for (enum axis a = 0; a < AXIS_COUNT; a++)
		strv_add(&names, axis_def(a)->name);
	for (size_t i = 0; i < ARRAY_SIZE(typos); i++) {
		const char *nearest = words_nearest(&names, typos[i].typo);

		print_message("  %s\n", typos[i].typo);
		assert_string_equal(nearest ? nearest : "(none)", typos[i].nearest ? typos[i].nearest : "(none)");
	}
}

static void a_long_word_is_cut_in_the_message(void **state)
{
	struct axis_value v;
	char text[200];

	(void)state;
	memset(text, 'x', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	assert_int_equal(axis_parse(AXIS_BACKEND, text, &v), -EINVAL);
	assert_non_null(strstr(err_text(), "xxx...\"; accepted: tap, vhost, tun, macvtap"));
	assert_true(strlen(err_text()) < 150);
}

static struct cell cell_of(const char *backend, const char *txqueuelen, const char *qdisc, const char *streams)
{
	const char *words[AXIS_COUNT] = {
		[AXIS_BACKEND] = backend, [AXIS_TXQUEUELEN] = txqueuelen,
		[AXIS_QDISC] = qdisc, [AXIS_STREAMS] = streams,
	};
	struct cell c = { 0 };

	for (enum axis a = 0; a < AXIS_COUNT; a++)
		assert_int_equal(axis_parse(a, words[a] ? words[a] : axis_def(a)->fallback, &c.at[a]), 0);
	return c;
}

static void a_cell_is_named_by_its_point(void **state)
{
	struct cell plain = cell_of("tap", "10", "fq_codel", "1");
	struct cell more = cell_of("vhost", "1", "noqueue", "8");
	_cleanup_(freep) char *plain_name = cell_name(&plain);
	_cleanup_(freep) char *more_name = cell_name(&more);

	(void)state;
	assert_string_equal(plain_name, "tap/virtio/q10/fq_codel");
	assert_string_equal(more_name, "vhost/virtio/q1/noqueue+streams=8");
}

static void a_cell_without_a_guest_has_no_nic_in_its_name_and_its_reader(void **state)
{
	struct cell c = cell_of("tap", "10", "fq_codel", "1");
	_cleanup_(freep) char *plain = NULL, *more = NULL;

	(void)state;
	c.probe = PROBE_RAW;
	plain = cell_name(&c);
	assert_string_equal(plain, "tap/q10/fq_codel/read");
	assert_int_equal(axis_parse(AXIS_READER, "epoll-et", &c.at[AXIS_READER]), 0);
	assert_int_equal(axis_parse(AXIS_SENDERS, "4", &c.at[AXIS_SENDERS]), 0);
	assert_int_equal(axis_parse(AXIS_STREAMS, "4", &c.at[AXIS_STREAMS]), 0);
	assert_int_equal(axis_parse(AXIS_SCENARIO, "resize-zero", &c.at[AXIS_SCENARIO]), 0);
	more = cell_name(&c);
	assert_string_equal(more, "tap/q10/fq_codel/epoll-et+streams=4+senders=4+scenario=resize-zero");
}

static void cells_share_a_guest_when_nothing_that_needs_another_one_differs(void **state)
{
	struct cell a = cell_of("tap", "10", "fq_codel", "1");
	struct cell b = cell_of("tap", "1", "noqueue", "8");
	struct cell c = cell_of("vhost", "10", "fq_codel", "1");
	struct cell d = a;

	(void)state;
	d.kernel = 1;
	assert_true(cell_same_guest(&a, &b));
	assert_false(cell_same_guest(&a, &c));
	a.probe = c.probe = PROBE_RAW; /* needs none */
	assert_true(cell_same_guest(&a, &c));
	assert_false(cell_same_point(&a, &b));
	assert_true(cell_same_point(&a, &d));
}

static void a_cell_survives_json(void **state)
{
	struct cell c = cell_of("vhost", "100", "pfifo", "4");
	struct cell back = { .kernel = 3 };
	json_t *obj = cell_to_json(&c);

	(void)state;
	assert_true(json_is_integer(json_object_get(obj, "txqueuelen")));
	assert_true(json_is_string(json_object_get(obj, "backend")));
	assert_int_equal(json_object_size(obj), 7);
	assert_null(json_object_get(obj, "reader")); /* means nothing to iperf3 */
	assert_int_equal(cell_from_json(obj, &back), 0);
	assert_true(cell_same_point(&c, &back));
	assert_int_equal(back.at[AXIS_TXQUEUELEN].num, 100);
	assert_int_equal(back.kernel, 3);
	json_decref(obj);
}

static const struct {
	const char *json;
	const char *message; /* NULL: it is accepted */
} cell_texts[] = {
	{ "{}", NULL },
	{ "{\"backend\": \"vhost\", \"kernel\": \"stock\"}", NULL },
	{ "{\"txqueuelen\": \"10\"}", NULL },
	{ "[]", "cell: not a JSON object" },
	{ "{\"txqueuelen\": 10001}", "cell: txqueuelen: wrong value \"10001\"; accepted: 0 to 10000" },
	{ "{\"txqueuelen\": 1.5}", "cell: txqueuelen: neither a word nor a whole number" },
	{ "{\"streams\": null}", "cell: streams: neither a word nor a whole number" },
	{ "{\"backend\": 1}", "cell: backend: wrong value \"1\"; accepted: tap, vhost, tun, macvtap" },
};

static void json_that_is_no_cell_is_refused(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(cell_texts); i++) {
		json_t *obj = json_loads(cell_texts[i].json, 0, NULL);
		struct cell c = { 0 };
		int ret = cell_from_json(obj, &c);

		print_message("  %s\n", cell_texts[i].json);
		assert_int_equal(ret, cell_texts[i].message ? -EINVAL : 0);
		if (cell_texts[i].message)
			assert_string_equal(err_text(), cell_texts[i].message);
		else
			assert_string_equal(c.at[AXIS_QDISC].word, axis_def(AXIS_QDISC)->fallback);
		json_decref(obj);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_axis_is_found_and_takes_its_default),
		cmocka_unit_test(accepted_values_are_read),
		cmocka_unit_test(other_values_are_refused_and_the_message_shows_what_is_accepted),
		cmocka_unit_test(a_typo_is_told_from_a_word_that_means_nothing),
		cmocka_unit_test(a_long_word_is_cut_in_the_message),
		cmocka_unit_test(a_cell_is_named_by_its_point),
		cmocka_unit_test(a_cell_without_a_guest_has_no_nic_in_its_name_and_its_reader),
		cmocka_unit_test(cells_share_a_guest_when_nothing_that_needs_another_one_differs),
		cmocka_unit_test(a_cell_survives_json),
		cmocka_unit_test(json_that_is_no_cell_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
