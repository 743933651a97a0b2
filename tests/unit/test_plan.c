// SPDX-License-Identifier: GPL-2.0-only
/* test_plan.c - plans read, refused and changed */
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
#include "lib/fs.h"
#include "lib/str.h"
#include "plan/plan.h"
#include "plan/settings.h"

#define VM_TEST "tests/plans/vm-test.yaml"

static char dir[] = "/tmp/tapbed-test-plan-XXXXXX";

static int make_dir(void **state)
{
	(void)state;
	return mkdtemp(dir) ? 0 : -1;
}

static int remove_dir(void **state)
{
	(void)state;
	return fs_remove(dir);
}

static int read_bytes(const void *data, size_t len, struct plan *p)
{
	_cleanup_(freep) char *path = str_fmt("%s/p.yaml", dir);

	assert_int_equal(fs_write(path, data, len, 0644), 0);
	return plan_read(path, p);
}

static int read_text(const char *text, struct plan *p)
{
	return read_bytes(text, strlen(text), p);
}

/* The last sentence without the path before it: "5: samples: wrong value ..." */
static const char *sentence(void)
{
	_cleanup_(freep) char *path = str_fmt("%s/p.yaml:", dir);

	if (!str_starts(err_text(), path))
		fail_msg("no file and line: %s", err_text());
	return err_text() + strlen(path);
}

static void must_read(const char *path, struct plan *p)
{
	if (plan_read(path, p))
		fail_msg("%s", err_text());
}

static void must_set(struct plan *p, const char *word)
{
	if (plan_set(p, word))
		fail_msg("%s", err_text());
}

/* The shortest plan there is, 4 lines; what a test adds begins in line 5. */
#define SHORT "plan: t\nkernels:\n  - {name: a, package: pkg}\n  - {name: b, package: pkg}\n"

static void a_plan_that_says_little_gets_the_defaults(void **state)
{
	_cleanup_(plan_free) struct plan p = { 0 };

	(void)state;
	assert_int_equal(read_text(SHORT, &p), 0);
	assert_string_equal(p.name, "t");
	assert_null(p.about);
	assert_string_equal(p.text, SHORT);
	assert_int_equal(p.probe.kind, PROBE_IPERF3);
	assert_true(p.probe.size == PROBE_SIZE && !p.probe.rate_pps && p.probe.packets == 0);
	assert_true(p.probe.seconds == 5 && p.probe.warmup_s == 2);
	assert_int_equal(p.samples, 1);
	assert_false(p.interleaved || p.host_is_local);
	assert_int_equal(p.host.vcpus, 2);
	assert_int_equal(p.host.memory_mib, 4096);
	assert_int_equal(p.guest.vcpus, 1);
	assert_int_equal(p.guest.memory_mib, 512);
	assert_string_equal(p.guest.profile, "lean");
	assert_null(p.guest_package);
	assert_int_equal(p.n_cells, 2);
	for (enum axis a = 0; a < AXIS_COUNT; a++) {
		assert_int_equal(p.matrix[a].n, 1);
		assert_string_equal(p.matrix[a].v[0].word, axis_def(a)->fallback);
	}
}

static void group_fallbacks_are_accepted(const struct setting_group *g)
{
	for (const struct setting *s = g->rows; s->name; s++) {
		_cleanup_(plan_free) struct plan p = { 0 };

		if (s->fallback && setting_parse(s, s->fallback, &p, &p))
			fail_msg("%s", err_text());
		assert_true(s->help && *s->help);
		if (s->group)
			group_fallbacks_are_accepted(s->group);
	}
}

static void every_default_in_the_table_is_accepted(void **state)
{
	(void)state;
	group_fallbacks_are_accepted(&setting_top);
}

static const char all_keys[] =
	"expect:\n"
	"  - {kernel: b-1.2+x_y, than: a, metric: stall_s, at_most: 1e0, at_most_abs: 0.5,\n"
	"     where: {txqueuelen: [10, 1], qdisc: fq}}\n"
	"order: interleaved\n"
	"samples: 1000\n"
	"probe:\n"
	"  name: iperf3\n"
	"  seconds: 2.5\n"
	"  warmup: 0\n"
	"matrix: {qdisc: [fq, pfifo], txqueuelen: [10, 100, 1], streams: \"4\"}\n"
	"guest: {vcpus: 2, memory_mib: 1024, profile: full, kernel: linux-image-amd64}\n"
	"host: {vcpus: 4, memory_mib: 8192}\n"
	"kernels:\n"
	"  - name: a\n"
	"    package: linux-image-7.3-cloud-amd64\n"
	"    version: 6.12.117-1~deb12u1\n"
	"    suite: trixie-backports\n"
	"    series: ../my series\n"
	"    cmdline: preempt=full quiet\n"
	"  - {name: b-1.2+x_y, package: p}\n"
	"about: >\n"
	"  a long question\n"
	"  on two lines?\n"
	"plan: all\n";

static void every_key_is_read_in_any_order(void **state)
{
	_cleanup_(plan_free) struct plan p = { 0 };
	const struct plan_expect *e;

	(void)state;
	if (read_text(all_keys, &p))
		fail_msg("%s", err_text());
	assert_string_equal(p.name, "all");
	assert_string_equal(p.about, "a long question on two lines?");
	assert_int_equal(p.n_kernels, 2);
	assert_string_equal(p.kernels[0].package, "linux-image-7.3-cloud-amd64");
	assert_string_equal(p.kernels[0].version, "6.12.117-1~deb12u1");
	assert_string_equal(p.kernels[0].suite, "trixie-backports");
	assert_string_equal(p.kernels[0].series, "../my series");
	assert_string_equal(p.kernels[0].cmdline, "preempt=full quiet");
	assert_int_equal(p.kernels[0].line, 14);
	assert_int_equal(p.kernels[1].line, 20);
	assert_null(p.kernels[1].series);
	assert_true(p.probe.seconds == 2.5 && p.probe.warmup_s == 0);
	assert_int_equal(p.samples, 1000);
	assert_true(p.interleaved);
	assert_int_equal(p.host.vcpus, 4);
	assert_int_equal(p.host.memory_mib, 8192);
	assert_int_equal(p.guest.vcpus, 2);
	assert_int_equal(p.guest.memory_mib, 1024);
	assert_string_equal(p.guest.profile, "full");
	assert_string_equal(p.guest_package, "linux-image-amd64");
	assert_int_equal(p.matrix[AXIS_STREAMS].v[0].num, 4);
	assert_int_equal(p.n_cells, 2 * 2 * 3);
	assert_int_equal(p.n_expects, 1);
	e = &p.expects[0];
	assert_int_equal(e->kernel, 1);
	assert_int_equal(e->than, 0);
	assert_int_equal(e->metric, METRIC_STALL_S);
	assert_true(isnan(e->at_least) && e->at_most == 1 && e->at_most_abs == 0.5);
	assert_int_equal(e->where[AXIS_TXQUEUELEN].n, 2);
	assert_int_equal(e->where[AXIS_QDISC].n, 1);
	assert_int_equal(e->where[AXIS_BACKEND].n, 0);
	assert_int_equal(e->line, 2);
}

static void a_promise_covers_its_kernel_inside_its_where(void **state)
{
	_cleanup_(plan_free) struct plan p = { 0 };
	size_t covered = 0;

	(void)state;
	assert_int_equal(read_text(all_keys, &p), 0);
	for (size_t i = 0; i < p.n_cells; i++) {
		const struct cell *c = &p.cells[i];

		if (!plan_expect_covers(&p.expects[0], c))
			continue;
		covered++;
		assert_int_equal(c->kernel, 1);
		assert_string_equal(c->at[AXIS_QDISC].word, "fq");
		assert_true(c->at[AXIS_TXQUEUELEN].num != 100);
	}
	assert_int_equal(covered, 2);
}

#define WHOLE "plan: whole\nkernels:\n"                                       \
	"  - {name: a, source: linux-source-6.12, suite: trixie-backports, config: [base, host, ./my.config]}\n" \
	"  - {name: b, tree: ../linux, commit: v6.12~3, config: base}\n"     \
	"  - {name: c, tree: /linux}\n"

static void a_kernel_may_be_built_whole(void **state)
{
	_cleanup_(plan_free) struct plan p = { 0 };

	(void)state;
	assert_int_equal(read_text(WHOLE, &p), 0);
	assert_string_equal(p.kernels[0].source, "linux-source-6.12");
	assert_int_equal(p.kernels[0].config.n, 3);
	assert_string_equal(p.kernels[0].config.v[2], "./my.config");
	assert_string_equal(p.kernels[1].commit, "v6.12~3");
	assert_int_equal(p.kernels[1].config.n, 1);
	assert_string_equal(plan_kernel_origin(&p.kernels[1]), "../linux");
	assert_int_equal(p.kernels[2].config.n, 0);
	assert_null(p.kernels[2].commit);
}

static void a_guest_boots_a_package_even_when_no_host_does(void **state)
{
	_cleanup_(plan_free) struct plan whole = { 0 }, mixed = { 0 }, own = { 0 };

	(void)state;
	assert_int_equal(read_text(WHOLE, &whole), 0);
	assert_int_equal(read_text(WHOLE "  - {name: d, package: q, version: 1, series: s}\n", &mixed), 0);
	assert_int_equal(read_text("guest: {kernel: g}\n" WHOLE, &own), 0);
	assert_string_equal(plan_guest_kernel(&whole).package, "linux-image-6.12-cloud-amd64");
	assert_string_equal(plan_guest_kernel(&mixed).package, "q");
	assert_string_equal(plan_guest_kernel(&mixed).version, "1");
	assert_null(plan_guest_kernel(&mixed).series);
	assert_string_equal(plan_guest_kernel(&own).package, "g");
}

static void a_guest_with_an_emulated_nic_boots_a_generic_kernel(void **state)
{
	_cleanup_(plan_free) struct plan generic = { 0 }, own = { 0 };

	(void)state;
	assert_int_equal(read_text(WHOLE "matrix: {nic: [virtio, e1000]}\n", &generic), 0);
	assert_int_equal(read_text("guest: {kernel: g}\n" WHOLE "matrix: {nic: e1000}\n", &own), 0);
	assert_string_equal(plan_guest_kernel(&generic).package, "linux-image-6.12-amd64");
	assert_string_equal(plan_guest_kernel(&own).package, "g");
}

static void a_local_host_needs_no_package(void **state)
{
	_cleanup_(plan_free) struct plan p = { 0 };

	(void)state;
	assert_int_equal(read_text("plan: lab\nkernels: [{name: mine}]\nhost: local\n", &p), 0);
	assert_true(p.host_is_local);
	assert_null(p.kernels[0].package);
}

#define TOP_KEYS "plan, about, host, guest, kernels, matrix, probe, samples, boots, cap, order, seed, hygiene, expect"
#define KERNEL_KEYS "name, package, source, tree, commit, config, version, suite, series, each, cmdline"
#define BESIDE_METRICS "ping_p95_us, rr_p50_us, rr_p95_us, rr_p99_us, rr_lost, tx_packets, cpu_softirq_s, " \
	"cpu_softirq_max_s, cpu_vhost_s, cpu_qemu_s, ctxt_switches, kvm_exits, guest_irqs, packets_per_irq, jitter_us, " \
	"lost_percent, prio_percent, cpu0_softirq_s, cpu1_softirq_s, cpu2_softirq_s, cpu3_softirq_s, guest_queues, dsack_segs, far_rcvbuf_drops"
#define AXES "backend, nic, txqueuelen, qdisc, delay_ms, streams, queues, " \
	"reader, sender, senders, reader_delay_us, backpressure, scenario, direction, mtu, offloads, " \
	"iommu_platform, congestion, tcp_rmem, tcp_wmem, vpn, shaper, shaper_mbit"

static const struct {
	const char *text;
	const char *message;
} wrong[] = {
	/* not a plan at all */
	{ "", "1: the file is empty; accepted: a plan, which begins with \"plan: NAME\"" },
	{ "# nothing\n", "1: the file is empty; accepted: a plan, which begins with \"plan: NAME\"" },
	{ "hello\n", "1: plan: one value where a map of keys is wanted; accepted: " TOP_KEYS },
	{ "- a\n- b\n", "1: plan: a list where a map of keys is wanted; accepted: " TOP_KEYS },
	{ "{}\n", "1: key \"plan\" is missing; accepted: a-z 0-9 . _ + -, a letter or digit first" },
	{ "plan: t\n", "1: key \"kernels\" is missing; accepted: " KERNEL_KEYS },

	/* YAML */
	{ SHORT "matrix:\n\tqdisc: fq\n", "6: a tab in the indentation; accepted: blanks" },
	{ SHORT "matrix: {qdisc: fq\n",
	  "6: not YAML: while parsing a flow mapping, did not find expected ',' or '}'; "
	  "accepted: a map of keys such as \"plan: NAME\"" },
	{ SHORT "about: a: b\n", "5: not YAML: mapping values are not allowed in this context; "
	  "accepted: a map of keys such as \"plan: NAME\"" },
	{ SHORT "about: \xff\xfe\n", "5: not YAML: invalid leading UTF-8 octet; "
	  "accepted: a map of keys such as \"plan: NAME\"" },
	{ SHORT "---\nplan: u\n", "5: a second document; accepted: one plan a file" },
	{ SHORT "about: &x hello\n",
	  "5: an anchor (&); accepted: values written out, quoted if they begin with & * or !" },
	{ SHORT "about: *x\n", "5: an alias (*); accepted: values written out, quoted if they begin with & * or !" },
	{ SHORT "samples: !!int 5\n",
	  "5: a tag (!); accepted: values written out, quoted if they begin with & * or !" },
	{ SHORT "about: [[[[[[[[[[[[[[[[[[[[\n", "5: nested too deep; accepted: up to 16 levels" },
	{ SHORT "<<: {samples: 3}\n", "5: unknown key \"<<\"; accepted: " TOP_KEYS },
	{ SHORT "about: \"a\\eb\"\n",
	  "5: about: a line break or a control character; accepted: text of one line, a long one folded with >" },
	{ SHORT "about: \"a\\0b\"\n",
	  "5: about: a line break or a control character; accepted: text of one line, a long one folded with >" },
	{ SHORT "about: |\n  a\n  b\n",
	  "5: about: a line break or a control character; accepted: text of one line, a long one folded with >" },

	/* keys */
	{ SHORT "sample: 3\n", "5: unknown key \"sample\"; did you mean samples? accepted: " TOP_KEYS },
	{ SHORT "colour: red\n", "5: unknown key \"colour\"; accepted: " TOP_KEYS },
	{ SHORT "\"samples\\n\": 3\n", "5: unknown key \"samples\"; did you mean samples? accepted: " TOP_KEYS },
	{ SHORT "samples: 1\norder: sorted\nsamples: 2\n",
	  "7: samples: key is there twice, in line 5 too; accepted: each key once" },
	{ SHORT "? [a]\n: 1\n", "5: unknown key: a list where one value is wanted; accepted: a key" },
	{ SHORT "matrix:\n  backend: tap\n  txqueulen: 1\n",
	  "7: matrix: unknown key \"txqueulen\"; did you mean txqueuelen? accepted: " AXES },
	{ SHORT "probe: {second: 3}\n",
	  "5: probe: unknown key \"second\"; did you mean seconds? accepted: name, seconds, warmup, size, rate, packets, seed" },
	{ "plan: t\nkernels:\n  - name: a\n    pakage: p\n", "4: kernels: unknown key \"pakage\"; "
	  "did you mean package? accepted: " KERNEL_KEYS },
	{ SHORT "host: {disk: 5}\n", "5: host: unknown key \"disk\"; accepted: vcpus, memory_mib, profile, accel" },

	/* shapes */
	{ SHORT "samples: [1, 2]\n", "5: samples: a list where one value is wanted; accepted: 1 to 1000" },
	{ SHORT "samples: {a: 1}\n", "5: samples: a map of keys where one value is wanted; accepted: 1 to 1000" },
	{ SHORT "matrix: [tap]\n", "5: matrix: a list where a map of keys is wanted; accepted: " AXES },
	{ SHORT "matrix:\n", "5: matrix: one value where a map of keys is wanted; accepted: " AXES },
	{ SHORT "matrix: {qdisc: {a: 1}}\n", "5: qdisc: a map of keys where one value is wanted; "
	  "accepted: noqueue, pfifo_fast, pfifo, fq_codel, fq, cake, "
	  "pfifo limit PACKETS, tbf rate 100mbit, htb rate 100mbit" },
	{ SHORT "matrix: {qdisc: [[fq]]}\n", "5: qdisc: a list where one value is wanted; "
	  "accepted: noqueue, pfifo_fast, pfifo, fq_codel, fq, cake, "
	  "pfifo limit PACKETS, tbf rate 100mbit, htb rate 100mbit" },
	{ SHORT "probe: iperf3\n",
	  "5: probe: one value where a map of keys is wanted; accepted: name, seconds, warmup, size, rate, packets, seed" },
	{ "plan: t\nkernels: stock\n", "2: kernels: one value where a list is wanted; accepted: " KERNEL_KEYS },
	{ "plan: t\nkernels:\n  - stock\n", "3: kernels: one value where a map of keys is wanted; accepted: " KERNEL_KEYS },
	{ "plan: t\nkernels: []\n", "2: kernels: the list is empty; accepted: at least one element" },
	{ SHORT "expect: []\n", "5: expect: the list is empty; accepted: at least one element" },
	{ SHORT "matrix:\n  txqueuelen: []\n", "6: txqueuelen: the list is empty; accepted: 0 to 10000" },
	{ SHORT "host: []\n", "5: host: a list where a map of keys is wanted; accepted: vm, local, vcpus, memory_mib, profile, accel" },

	/* values */
	{ SHORT "samples: 0\n", "5: samples: wrong value \"0\"; accepted: 1 to 1000" },
	{ SHORT "samples: 1001\n", "5: samples: wrong value \"1001\"; accepted: 1 to 1000" },
	{ SHORT "samples: 99999999999999999999\n",
	  "5: samples: wrong value \"99999999999999999999\"; accepted: 1 to 1000" },
	{ SHORT "samples: many\n", "5: samples: wrong value \"many\"; accepted: 1 to 1000" },
	{ SHORT "samples:\n", "5: samples: wrong value \"\"; accepted: 1 to 1000" },
	{ SHORT "about:\n", "5: about: wrong value \"\"; accepted: a text of one line" },
	{ SHORT "about: null\n", "5: about: wrong value \"\"; accepted: a text of one line" },
	{ SHORT "order: interleave\n",
	  "5: order: wrong value \"interleave\"; did you mean interleaved? accepted: sorted, interleaved" },
	{ SHORT "host: locla\n",
	  "5: host: wrong value \"locla\"; did you mean local? accepted: vm, local, vcpus, memory_mib, profile, accel" },
	{ SHORT "host: {vcpus: 0}\n", "5: vcpus: wrong value \"0\"; accepted: 1 to 64" },
	{ SHORT "guest: {profile: fat}\n", "5: profile: wrong value \"fat\"; accepted: lean, full" },
	{ SHORT "probe: {seconds: 0.5}\n", "5: seconds: wrong value \"0.5\"; accepted: 1 to 3600" },
	{ SHORT "probe: {seconds: nan}\n", "5: seconds: wrong value \"nan\"; accepted: 1 to 3600" },
	{ SHORT "probe: {seconds: 0x10}\n", "5: seconds: wrong value \"0x10\"; accepted: 1 to 3600" },
	{ SHORT "probe: {seconds: 1e}\n", "5: seconds: wrong value \"1e\"; accepted: 1 to 3600" },
	{ SHORT "probe: {warmup: 61}\n", "5: warmup: wrong value \"61\"; accepted: 0 to 60" },
	{ SHORT "probe: {name: netperf}\n", "5: name: wrong value \"netperf\"; accepted: iperf3, raw, latency, vpn, udp, shaping, pktgen" },
	{ SHORT "probe: {name: raw, size: 63}\n", "5: size: wrong value \"63\"; accepted: 64 to 1400" },
	{ SHORT "probe:\n  rate: 1000\n",
	  "6: probe: size, rate, packets and seed mean nothing to probe iperf3; accepted: name, seconds, warmup" },
	{ SHORT "probe:\n  name: udp\n  seed: 1\n",
	  "6: probe: packets and seed mean nothing to probe udp; accepted: name, seconds, warmup, size, rate" },
	{ SHORT "matrix:\n  txqueuelen:\n    - 1\n    - -1\n",
	  "8: txqueuelen: wrong value \"-1\"; accepted: 0 to 10000" },
	{ SHORT "matrix: {txqueuelen: [1, 01]}\n", "5: txqueuelen: 1 is there twice; accepted: each value once" },
	{ "plan: My plan\nkernels: [{name: a, package: p}]\n",
	  "1: plan: wrong value \"My plan\"; accepted: a-z 0-9 . _ + -, a letter or digit first" },

	/* kernels */
	{ "plan: t\nkernels:\n  - {package: p}\n",
	  "3: kernels: key \"name\" is missing; accepted: a-z 0-9 . _ + -, a letter or digit first" },
	{ "plan: t\nkernels:\n  - {name: a}\n", "3: kernels: key \"package\" is missing; "
	  "accepted: a Debian kernel package such as linux-image-6.12-cloud-amd64, or source or tree instead" },
	{ "plan: t\nkernels:\n  - {name: a, package: p, source: s}\n",
	  "3: kernels: \"a\" comes from more than one place; accepted: one of package, source and tree, or package with the modules of a tree" },
	{ "plan: t\nkernels:\n  - {name: a, source: s, commit: v6.12}\n",
	  "3: kernels: \"a\" has a commit but no tree; accepted: commit with tree" },
	{ "plan: t\nkernels:\n  - {name: a, package: p, each: series}\n",
	  "3: kernels: \"a\" has each but no series; accepted: each: series with a series" },
	{ "plan: t\nkernels:\n  - {name: a, package: p, series: \"s:2\", each: series}\n",
	  "3: kernels: \"a\" has each for a part of a series; accepted: each: series with a whole one" },
	{ "plan: t\nkernels:\n  - {name: a, package: p, each: patch}\n", "3: each: wrong value \"patch\"; accepted: no, series" },
	{ "plan: t\nkernels:\n  - {name: a, package: p, config: [base]}\n",
	  "3: kernels: \"a\" is a package, built with a config of its own; accepted: config with source or tree" },
	{ "plan: t\nkernels:\n  - {name: a, tree: /x, version: 1}\n",
	  "3: kernels: \"a\" is a git tree; accepted: version and suite with package or source" },
	{ "plan: t\nkernels:\n  - {name: a, tree: /x, commit: --all}\n",
	  "3: commit: wrong value \"--all\"; accepted: a commit, tag or branch as git calls it" },
	{ "plan: t\nkernels:\n  - {name: a, tree: /x, commit: v1..v2}\n",
	  "3: commit: wrong value \"v1..v2\"; accepted: a commit, tag or branch as git calls it" },
	{ "plan: t\nkernels:\n  - {name: a, source: s, config: []}\n",
	  "3: config: the list is empty; accepted: texts of one line, each once" },
	{ "plan: t\nkernels:\n  - {name: a, source: s, config: [base, base]}\n",
	  "3: config: wrong value \"base\"; accepted: texts of one line, each once" },
	{ "plan: t\nkernels:\n  - {name: a, source: s, config: {a: b}}\n",
	  "3: config: a map of keys where a list is wanted; accepted: texts of one line, each once" },
	{ "plan: t\nkernels:\n  - {name: a, source: s, config: [[base]]}\n",
	  "3: config: a list where one value is wanted; accepted: texts of one line, each once" },
	{ "plan: t\nkernels:\n  - {name: a, package: p}\n  - {name: a, package: q}\n",
	  "4: kernels: name \"a\" is there twice, in line 3 too; accepted: each name once" },
	{ "plan: t\nkernels:\n  - {name: Stock, package: p}\n",
	  "3: name: wrong value \"Stock\"; accepted: a-z 0-9 . _ + -, a letter or digit first" },
	{ "plan: t\nkernels:\n  - {name: -a, package: p}\n",
	  "3: name: wrong value \"-a\"; accepted: a-z 0-9 . _ + -, a letter or digit first" },
	{ "plan: t\nkernels:\n  - {name: a, package: --help}\n",
	  "3: package: wrong value \"--help\"; accepted: a-z 0-9 . _ + -, a letter or digit first" },
	{ "plan: t\nkernels:\n  - {name: a, package: p, version: 1 2}\n",
	  "3: version: wrong value \"1 2\"; accepted: letters, digits and . + ~ : -" },

	/* promises */
	{ SHORT "expect:\n  - {kernel: c, than: a, metric: stall_s, at_most: 1}\n",
	  "6: kernel: wrong value \"c\"; accepted: a, b" },
	{ SHORT "expect:\n  - {kernel: b, metric: stall_s, at_most: 1}\n",
	  "6: expect: key \"than\" is missing; accepted: a, b" },
	{ SHORT "expect:\n  - {kernel: a, than: a, metric: stall_s, at_most: 1}\n",
	  "6: expect: kernel \"a\" is compared with itself; accepted: another kernel of the plan as \"than\"" },
	{ SHORT "expect:\n  - {kernel: b, than: a, metric: throughput, at_least: 1}\n",
	  "6: metric: wrong value \"throughput\"; did you mean throughput_bps? accepted: throughput_bps, "
	  "retransmits, retrans_per_mb, host_retrans_segs, guest_retrans_segs, tx_dropped, qdisc_drops, "
	  "qdisc_backlog, rtt_us, stall_s, ping_p50_us, ping_p99_us, ping_lost, pps, lost_pps, sent_pps, refused, out_of_order, unaccounted, stalls, idle_rtt_us, " BESIDE_METRICS },
	{ SHORT "expect:\n  - {kernel: b, than: a, at_most: 1}\n", "6: expect: key \"metric\" is missing; accepted: throughput_bps, "
	  "retransmits, retrans_per_mb, host_retrans_segs, guest_retrans_segs, tx_dropped, qdisc_drops, "
	  "qdisc_backlog, rtt_us, stall_s, ping_p50_us, ping_p99_us, ping_lost, pps, lost_pps, sent_pps, refused, out_of_order, unaccounted, stalls, idle_rtt_us, " BESIDE_METRICS },
	{ SHORT "expect:\n  - {kernel: b, fails: yes}\n", "6: fails: wrong value \"yes\"; accepted: false, true, sometimes" },
	{ SHORT "expect:\n  - {kernel: b, fails: false}\n", "6: expect: key \"than\" is missing; accepted: a, b" },
	{ SHORT "expect:\n  - {kernel: b, fails: true, than: a}\n",
	  "6: expect: what is known to fail promises nothing; accepted: kernel, fails and where" },
	{ SHORT "expect:\n  - {kernel: b, fails: true, where: {scenario: resize-zero}}\n",
	  "6: where: the matrix has no scenario \"resize-zero\"; accepted: none" },
	{ SHORT "expect:\n  - {kernel: b, than: a, metric: stall_s}\n",
	  "6: expect: nothing is promised; accepted: at_least, at_most, at_most_abs" },
	{ SHORT "expect:\n  - {kernel: b, than: a, metric: stall_s, at_least: 2, at_most: 1}\n",
	  "6: expect: nothing can be at least 2 and at most 1; accepted: at_least below at_most" },
	{ SHORT "expect:\n  - {kernel: b, than: a, metric: stall_s, at_least: -1}\n",
	  "6: at_least: wrong value \"-1\"; accepted: 0 to 1000000000" },
	{ SHORT "matrix: {txqueuelen: [1, 10]}\nexpect:\n"
	  "  - {kernel: b, than: a, metric: stall_s, at_most: 1, where: {txqueuelen: 5}}\n",
	  "7: where: the matrix has no txqueuelen \"5\"; accepted: 1, 10" },
	{ SHORT "expect:\n  - {kernel: b, than: a, metric: stall_s, at_most: 1, where: {qdisc: fq}}\n",
	  "6: where: the matrix has no qdisc \"fq\"; accepted: fq_codel" },
	{ SHORT "expect:\n  - {kernel: b, than: a, metric: stall_s, at_most: 1, where: {kernel: b}}\n",
	  "6: where: unknown key \"kernel\"; accepted: " AXES },
};

static void a_wrong_plan_is_refused_with_its_line_and_what_is_accepted(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(wrong); i++) {
		struct plan p = { .samples = 42 };

		print_message("  %s\n", wrong[i].message);
		assert_int_equal(read_text(wrong[i].text, &p), -EINVAL);
		assert_string_equal(sentence(), wrong[i].message);
		assert_int_equal(p.samples, 42); /* what was given is not touched */
		assert_null(p.text);
	}
}

static void what_is_no_file_is_refused(void **state)
{
	struct plan p;

	(void)state;
	assert_int_equal(plan_read("tests/plans", &p), -EISDIR);
	assert_string_equal(err_text(), "tests/plans: read: Is a directory");
	assert_int_equal(plan_read("tests/plans/none.yaml", &p), -ENOENT);
	assert_string_equal(err_text(), "tests/plans/none.yaml: open: No such file or directory");
}

static void a_binary_file_is_refused(void **state)
{
	static const unsigned char elf[] = "\x7f" "ELF\x02\x01\x01\0\0\0\0\0\0\0\0\0\x03\0>\0";
	struct plan p;

	(void)state;
	assert_int_equal(read_bytes(elf, sizeof(elf) - 1, &p), -EINVAL);
	assert_string_equal(sentence(), "1: not YAML: control characters are not allowed; "
			    "accepted: a map of keys such as \"plan: NAME\"");
}

/* Every beginning of a plan, and every plan with one byte broken, is read or refused with a line. */
static void no_broken_file_brings_the_reader_down(void **state)
{
	size_t len = sizeof(all_keys) - 1;

	(void)state;
	for (size_t i = 0; i < 2 * len; i++) {
		_cleanup_(freep) char *text = str_dup(all_keys);
		_cleanup_(plan_free) struct plan p = { 0 };

		if (i >= len)
			text[i - len] = (char)(text[i - len] ^ 1 << (i % 8));
		if (!read_bytes(text, i < len ? i : len, &p))
			assert_true(p.n_cells > 0);
		else if (!strchr("123456789", *sentence()) || !strstr(err_text(), " accepted: "))
			fail_msg("byte %zu: %s", i, err_text());
	}
}

static void set_changes_axes_and_settings(void **state)
{
	_cleanup_(plan_free) struct plan p = { 0 };

	(void)state;
	must_read(VM_TEST, &p);
	must_set(&p, "txqueuelen=1,10");
	assert_int_equal(p.matrix[AXIS_TXQUEUELEN].n, 2);
	assert_int_equal(p.matrix[AXIS_TXQUEUELEN].v[1].num, 10);
	assert_int_equal(p.n_cells, 2 * 2 * 2);
	must_set(&p, "backend=vhost");
	assert_int_equal(p.n_cells, 2 * 2);
	must_set(&p, "samples=3");
	assert_int_equal(p.samples, 3);
	must_set(&p, "probe.seconds=2");
	must_set(&p, "probe.warmup=0");
	assert_true(p.probe.seconds == 2 && p.probe.warmup_s == 0);
	must_set(&p, "order=interleaved");
	assert_true(p.interleaved);
	must_set(&p, "guest.profile=full");
	assert_string_equal(p.guest.profile, "full");
	must_set(&p, "host=local");
	assert_true(p.host_is_local);
}

#define SET_NAMES AXES ", plan, about, host, " \
	"host.vcpus, host.memory_mib, host.profile, host.accel, guest.vcpus, guest.memory_mib, guest.profile, guest.kernel, " \
	"probe.name, probe.seconds, probe.warmup, probe.size, probe.rate, probe.packets, probe.seed, samples, boots, cap, order, seed, hygiene"

static const struct {
	const char *word;
	const char *message;
} wrong_sets[] = {
	{ "txqueuelen=x", "txqueuelen: wrong value \"x\"; accepted: 0 to 10000" },
	{ "txqueuelen=", "txqueuelen: wrong value \"\"; accepted: 0 to 10000" },
	{ "txqueuelen=1,,10", "txqueuelen: wrong value \"\"; accepted: 0 to 10000" },
	{ "txqueuelen=1,10,1", "txqueuelen: 1 is there twice; accepted: each value once" },
	{ "samples=1,2", "samples: wrong value \"1,2\"; accepted: 1 to 1000" },
	{ "probe.seconds=0", "seconds: wrong value \"0\"; accepted: 1 to 3600" },
	{ "txqueulen=1", "unknown name \"txqueulen\"; did you mean txqueuelen? accepted: " SET_NAMES },
	{ "probe.packets=1e6", "probe: size, rate, packets and seed mean nothing to probe iperf3; accepted: name, seconds, warmup" },
	{ "probe.sec=1", "unknown name \"probe.sec\"; did you mean probe.seconds? accepted: " SET_NAMES },
	{ "kernels=a", "unknown name \"kernels\"; accepted: " SET_NAMES },
	{ "kernels.name=a", "unknown name \"kernels.name\"; accepted: " SET_NAMES },
	{ "probe=iperf3", "unknown name \"probe\"; did you mean probe.name? accepted: " SET_NAMES },
	{ "matrix=tap", "unknown name \"matrix\"; accepted: " SET_NAMES },
	{ "=1", "unknown name \"\"; accepted: " SET_NAMES },
	{ "samples", "not NAME=VALUE; accepted: txqueuelen=1,10 for instance, or samples=3" },
	{ "", "not NAME=VALUE; accepted: txqueuelen=1,10 for instance, or samples=3" },
};

static void a_wrong_set_is_refused_and_changes_nothing(void **state)
{
	_cleanup_(plan_free) struct plan p = { 0 };

	(void)state;
	must_read(VM_TEST, &p);
	for (size_t i = 0; i < ARRAY_SIZE(wrong_sets); i++) {
		_cleanup_(freep) char *want = str_fmt("--set %s: %s", wrong_sets[i].word, wrong_sets[i].message);

		assert_int_equal(plan_set(&p, wrong_sets[i].word), -EINVAL);
		assert_string_equal(err_text(), want);
		assert_int_equal(p.n_cells, 16);
		assert_int_equal(p.matrix[AXIS_TXQUEUELEN].n, 4);
		assert_true(p.probe.seconds == 5);
	}
	assert_int_equal(plan_set(&p, "about=\033[31m"), -EINVAL);
	assert_null(strchr(err_text(), '\033'));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_plan_that_says_little_gets_the_defaults),
		cmocka_unit_test(every_default_in_the_table_is_accepted),
		cmocka_unit_test(every_key_is_read_in_any_order),
		cmocka_unit_test(a_promise_covers_its_kernel_inside_its_where),
		cmocka_unit_test(a_kernel_may_be_built_whole),
		cmocka_unit_test(a_guest_boots_a_package_even_when_no_host_does),
		cmocka_unit_test(a_guest_with_an_emulated_nic_boots_a_generic_kernel),
		cmocka_unit_test(a_local_host_needs_no_package),
		cmocka_unit_test(a_wrong_plan_is_refused_with_its_line_and_what_is_accepted),
		cmocka_unit_test(what_is_no_file_is_refused),
		cmocka_unit_test(a_binary_file_is_refused),
		cmocka_unit_test(no_broken_file_brings_the_reader_down),
		cmocka_unit_test(set_changes_axes_and_settings),
		cmocka_unit_test(a_wrong_set_is_refused_and_changes_nothing),
	};

	return cmocka_run_group_tests(tests, make_dir, remove_dir);
}
