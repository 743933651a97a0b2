// SPDX-License-Identifier: GPL-2.0-only
/* test_page.c - the page of tapbed reproduce against tests/golden/reproduce; GOLDEN_UPDATE=1 rewrites those files */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "lib/fs.h"
#include "reproduce/page.h"
#include "reproductions.h"

static char *print(const struct reproduction *r, enum doc_form form)
{
	char *text = NULL;
	size_t len;
	FILE *f = open_memstream(&text, &len);

	assert_non_null(f);
	page_print(r, form, f);
	assert_int_equal(fclose(f), 0);
	return text;
}

static void check_golden(const char *name, const struct reproduction *r)
{
	static const char *const ends[] = { [DOC_TEXT] = "text", [DOC_MARKDOWN] = "md" };

	for (enum doc_form form = DOC_TEXT; form <= DOC_MARKDOWN; form++) {
		_cleanup_(freep) char *path = str_fmt("tests/golden/reproduce/%s.%s", name, ends[form]);
		_cleanup_(freep) char *golden = NULL, *text = print(r, form);

		if (getenv("GOLDEN_UPDATE")) {
			assert_int_equal(fs_mkdirs("tests/golden/reproduce"), 0);
			assert_int_equal(fs_write(path, text, strlen(text), 0644), 0);
			continue;
		}
		assert_int_equal(fs_read(path, &golden, NULL), 0);
		assert_string_equal(text, golden);
	}
}

/* How a side does at a row, of 1: what the test makes up. */
static const struct {
	const char *row;
	double throughput[5], retrans_per_mb[5]; /* stock, nodrop-v3, backpressure, linux-7.3, with the flag */
} made_up[] = {
	{ "1000", { 700, 690, 720, 640, 655 },	   { 0, 0, 0, 0, 0 } },
	{ "100",  { 650, 700, 710, 600, 650 },	   { 2.5, 0, 0, 2.2, 0 } },
	{ "10",	  { 400, 610, 640, 380, 590 },	   { 7.5, 0, 0, 7.1, 0.0005 } },
	{ "1",	  { 1.6, 500, 560, 1.4, 480 },	   { 190, 0.012, 0, 201, 0 } },
};

static const struct contender_side sides[] = {
	{ "stock", "off" }, { "nodrop-v3", "off" }, { "backpressure", "off" }, { "linux-7.3", "off" }, { "linux-7.3", "on" },
};

static void add_samples(struct run_cell *c, double mbit, double retrans, int n)
{
	for (int i = 0; i < n; i++) {
		cell_add_sample(c, mbit * (1 + 0.01 * i), NAN, NAN);
		c->samples[i].value[METRIC_RETRANS_PER_MB] = retrans;
		c->samples[i].value[METRIC_RTT_US] = 1500 + 100 * i;
	}
}

static void add_queues(struct run_result *r, enum experiment e, int n)
{
	repro_make(r, e);
	for (size_t s = 0; s < ARRAY_SIZE(sides); s++)
		for (size_t i = 0; i < ARRAY_SIZE(made_up); i++)
			add_samples(repro_cell(r, e, &sides[s], NULL, made_up[i].row), made_up[i].throughput[s], made_up[i].retrans_per_mb[s], n);
	judge_run(r);
}

static void add_vpn(struct run_result *r, int n)
{
	const struct published *p;

	repro_make(r, EXPERIMENT_VPN_RTT);
	r->n_kernels = 3; /* as in its plan */
	for (size_t i = 0; (p = published_row(EXPERIMENT_VPN_RTT, i)); i++)
		for (size_t s = 0; s < 3; s++) {
			struct run_cell *c = repro_cell(r, EXPERIMENT_VPN_RTT, &sides[s], p->group, p->row);

			add_samples(c, s ? 20 : 18, 0.5, n);
			for (int k = 0; k < n; k++)
				c->samples[k].value[METRIC_IDLE_RTT_US] = 1e3 * atof(p->row) * (i ? 1.01 : 1.2);
		}
	judge_run(r);
	r->n_kernels = 4;
}

static void add_shaping(struct run_result *r, int n)
{
	static const char *const rows[] = { "tbf", "htb" };

	repro_make(r, EXPERIMENT_SHAPING);
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		for (size_t s = 0; s < ARRAY_SIZE(sides); s++) {
			struct run_cell *c = repro_cell(r, EXPERIMENT_SHAPING, &sides[s], NULL, rows[i]);
			bool is_held = s == 1 || s == 2 || s == 4;

			for (int k = 0; k < n; k++)
				repro_sample(c, METRIC_QDISC_BACKLOG, is_held ? 10 + k : k % 2);
		}
	judge_run(r);
}

static void facts(struct run_result *r, const char *cpu)
{
	json_object_update_new(r->host, json_pack("{s:i, s:s, s:s, s:{s:s, s:i, s:i, s:s, s:f}}", "memory_mib", 4096, "qemu", "7.2.22",
						  "libvirt", "9.0.0", "machine", "cpu", cpu, "cpus", 2,
						  "memory_mib", 24064, "kernel", "6.1.0", "load", 0.25));
	json_object_update_new(r->guest, json_pack("{s:i, s:i, s:s}", "vcpus", 1, "memory_mib", 512, "qemu", "7.2.22"));
}

static void plans(struct reproduction *r, unsigned int samples)
{
	for (enum experiment e = 0; e < EXPERIMENT_COUNT; e++) {
		r->samples[e] = samples;
		r->seconds[e] = r->is_quick ? experiment_def(e)->quick_s : 10;
	}
}

static void a_page_of_five_boots_with_what_is_missing(void **state)
{
	_cleanup_(reproduction_free) struct reproduction r = { 0 };

	(void)state;
	plans(&r, 5);
	add_queues(&r.run[EXPERIMENT_TAP_QUEUE], EXPERIMENT_TAP_QUEUE, 5);
	add_vpn(&r.run[EXPERIMENT_VPN_RTT], 5);
	add_shaping(&r.run[EXPERIMENT_SHAPING], 5);
	r.has[EXPERIMENT_TAP_QUEUE] = r.has[EXPERIMENT_VPN_RTT] = r.has[EXPERIMENT_SHAPING] = true;
	facts(&r.run[EXPERIMENT_TAP_QUEUE], "Some CPU at 3 GHz");
	facts(&r.run[EXPERIMENT_VPN_RTT], "Another CPU");
	facts(&r.run[EXPERIMENT_SHAPING], "Another CPU");
	cell_set_event(&r.run[EXPERIMENT_TAP_QUEUE].cells[2], VERDICT_TIMEOUT, "iperf3: not done after 40 s");
	for (size_t i = 5; i < 8; i++)
		cell_set_event(&r.run[EXPERIMENT_TAP_QUEUE].cells[i], VERDICT_BROKEN, "not measured: stopped by signal 15");
	str_set(&r.run[EXPERIMENT_TAP_QUEUE].kernels[1].release, "");
	check_golden("full", &r);
	assert_int_equal(reproduction_verdict(&r), VERDICT_FAIL);
}

static void a_quick_page_says_what_it_is(void **state)
{
	_cleanup_(reproduction_free) struct reproduction r = { .is_quick = true };
	_cleanup_(freep) char *text = NULL;

	(void)state;
	plans(&r, 1);
	add_queues(&r.run[EXPERIMENT_VHOST_QUEUE], EXPERIMENT_VHOST_QUEUE, 1);
	r.has[EXPERIMENT_VHOST_QUEUE] = true;
	facts(&r.run[EXPERIMENT_VHOST_QUEUE], "Some CPU at 3 GHz");
	check_golden("quick", &r);
	text = print(&r, DOC_MARKDOWN);
	assert_non_null(strstr(text, "It is not a result to quote."));
	assert_null(strstr(text, "700")); /* what stock has at 1000, in Mbit/s under emulation */
}

static void nothing_at_all_is_a_page_too(void **state)
{
	_cleanup_(reproduction_free) struct reproduction r = { 0 };
	size_t n[CLAIM_VERDICTS];

	(void)state;
	plans(&r, 5);
	check_golden("empty", &r);
	reproduction_count(&r, n);
	assert_int_equal(n[CLAIM_REPRODUCED] + n[CLAIM_NOT_REPRODUCED], 0);
	assert_int_equal(reproduction_verdict(&r), VERDICT_BROKEN);
}

static void no_line_of_the_text_is_wider_than_it_has_to_be(void **state)
{
	_cleanup_(reproduction_free) struct reproduction r = { 0 };
	_cleanup_(freep) char *text = NULL;

	(void)state;
	plans(&r, 5);
	add_queues(&r.run[EXPERIMENT_TAP_QUEUE], EXPERIMENT_TAP_QUEUE, 5);
	r.has[EXPERIMENT_TAP_QUEUE] = true;
	text = print(&r, DOC_TEXT);
	for (const char *line = text; *line; line += strcspn(line, "\n") + 1)
		assert_true(strcspn(line, "\n") <= 120);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_page_of_five_boots_with_what_is_missing),
		cmocka_unit_test(a_quick_page_says_what_it_is),
		cmocka_unit_test(nothing_at_all_is_a_page_too),
		cmocka_unit_test(no_line_of_the_text_is_wider_than_it_has_to_be),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
