// SPDX-License-Identifier: GPL-2.0-only
/* test_netlink.c - requests as bytes (GOLDEN_UPDATE=1 rewrites them), answers read */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <linux/gen_stats.h>
#include <linux/pkt_sched.h>

#include "lib/cleanup.h"
#include "lib/err.h"
#include "lib/fs.h"
#include "lib/str.h"
#include "net/link.h"
#include "net/qdisc.h"

#define INDEX 7

static void build_get(struct nl_msg *m)
{
	link_msg_get(m, INDEX);
}

static void build_txqueuelen(struct nl_msg *m)
{
	link_msg_set(m, INDEX, IFLA_TXQLEN, 10);
}

static void build_mtu(struct nl_msg *m)
{
	link_msg_set(m, INDEX, IFLA_MTU, 1500);
}

static void build_up(struct nl_msg *m)
{
	link_msg_up(m, INDEX, true);
}

static void build_down(struct nl_msg *m)
{
	link_msg_up(m, INDEX, false);
}

static void build_delete(struct nl_msg *m)
{
	link_msg_delete(m, INDEX);
}

static void build_addr(struct nl_msg *m)
{
	assert_int_equal(link_msg_addr(m, INDEX, "10.1.0.1/24"), 0);
}

static void build_qdisc_set(struct nl_msg *m)
{
	qdisc_msg_set(m, INDEX, TC_H_ROOT, "fq_codel", 0x10000);
}

static void build_qdisc_queue(struct nl_msg *m)
{
	qdisc_msg_set(m, INDEX, TC_H_MAKE(0x10000, 2), "fq_codel", 0x50000);
}

static void build_quiet(struct nl_msg *m)
{
	link_msg_quiet(m, INDEX, true);
}

static void build_veth(struct nl_msg *m)
{
	link_msg_veth(m, "ring0l", "ring0p");
}

static void build_macvtap(struct nl_msg *m)
{
	link_msg_macvtap(m, "ring0", INDEX);
}

static void build_bridge(struct nl_msg *m)
{
	link_msg_bridge(m, "br0");
}

static void build_no_addr(struct nl_msg *m)
{
	assert_int_equal(link_msg_no_addr(m, INDEX, "10.1.0.1/24"), 0);
}

static void build_spec(struct nl_msg *m, const char *text)
{
	struct qdisc_spec s;

	assert_int_equal(qdisc_spec_parse(text, &s), 0);
	qdisc_msg_set(m, INDEX, TC_H_ROOT, s.kind, 0x10000);
	s.def->put(m, s.value);
}

static void build_pfifo(struct nl_msg *m)
{
	build_spec(m, "pfifo limit 100");
}

static void build_tbf(struct nl_msg *m)
{
	build_spec(m, "tbf rate 100mbit");
}

static void build_htb(struct nl_msg *m)
{
	build_spec(m, "htb rate 100mbit");
}

static void build_htb_class(struct nl_msg *m)
{
	qdisc_msg_htb_class(m, INDEX, 0x10010, 0x10001, 50e6, 100e6);
}

static void build_icmp_filter(struct nl_msg *m)
{
	qdisc_msg_icmp_filter(m, INDEX, 0x10000, 0x10002);
}

static void build_netem(struct nl_msg *m)
{
	qdisc_msg_set(m, INDEX, TC_H_ROOT, "netem", 0x10000);
	qdisc_put_netem(m, 0.03, 100000);
}

static void build_qdisc_dump(struct nl_msg *m)
{
	qdisc_msg_dump(m);
}

static const struct {
	const char *name;
	void (*build)(struct nl_msg *m);
} requests[] = {
	{ "link-get",        build_get },
	{ "link-txqueuelen", build_txqueuelen },
	{ "link-mtu",        build_mtu },
	{ "link-up",         build_up },
	{ "link-down",       build_down },
	{ "link-delete",     build_delete },
	{ "link-addr",       build_addr },
	{ "qdisc-set",       build_qdisc_set },
	{ "qdisc-queue",     build_qdisc_queue },
	{ "qdisc-dump",      build_qdisc_dump },
	{ "qdisc-netem",     build_netem },
	{ "link-quiet",      build_quiet },
	{ "link-veth",       build_veth },
	{ "link-macvtap",    build_macvtap },
	{ "link-bridge",     build_bridge },
	{ "link-no-addr",    build_no_addr },
	{ "qdisc-pfifo",     build_pfifo },
	{ "qdisc-tbf",       build_tbf },
	{ "qdisc-htb",       build_htb },
	{ "qdisc-htb-class", build_htb_class },
	{ "qdisc-icmp",      build_icmp_filter },
};

static char *hex(const void *data, size_t len)
{
	const uint8_t *byte = data;
	struct strbuf b = { 0 };

	for (size_t i = 0; i < len; i++)
		strbuf_fmt(&b, "%02x%c", byte[i], i % 16 == 15 || i + 1 == len ? '\n' : ' ');
	return b.data;
}

static void requests_have_the_golden_bytes(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(requests); i++) {
		_cleanup_(freep) char *path = str_fmt("tests/golden/netlink/%s.hex", requests[i].name);
		_cleanup_(freep) char *want = NULL;
		_cleanup_(freep) char *got = NULL;
		struct nl_msg m;

		memset(&m, 0xee, sizeof(m)); /* what the builder forgets to set shows */
		requests[i].build(&m);
		got = hex(&m.h, m.h.nlmsg_len);
		if (getenv("GOLDEN_UPDATE"))
			assert_int_equal(fs_write(path, got, strlen(got), 0644), 0);
		if (fs_read(path, &want, NULL))
			fail_msg("%s", err_text());
		print_message("  %s\n", requests[i].name);
		assert_string_equal(got, want);
	}
}

static const struct {
	const char *text;
	const char *kind;
	double value;
	const char *message; /* NULL: it is accepted */
} specs[] = {
	{ "fq_codel",          "fq_codel", 0,   NULL },
	{ "mq",                "mq",       0,   NULL }, /* in no row: the kernel decides */
	{ "pfifo",             "pfifo",    0,   NULL },
	{ "pfifo limit 100",   "pfifo",    100, NULL },
	{ "tbf rate 1.5mbit",  "tbf",      1.5e6, NULL },
	{ "htb rate 1gbit",    "htb",      1e9, NULL },
	{ "tbf",               "", 0, "qdisc 'tbf': not of the form 'tbf rate NUMBER'" },
	{ "tbf rate",          "", 0, "qdisc 'tbf rate': not of the form 'tbf rate NUMBER'" },
	{ "tbf limit 100",     "", 0, "qdisc 'tbf limit 100': not of the form 'tbf rate NUMBER'" },
	{ "tbf rate 100",      "", 0, "qdisc 'tbf rate 100': not of the form 'tbf rate NUMBER'" },
	{ "pfifo limit 0",     "", 0, "qdisc 'pfifo limit 0': not of the form 'pfifo limit NUMBER'" },
	{ "fq_codel limit 10", "", 0, "qdisc 'fq_codel limit 10': its kind alone was expected" },
	{ "htb rate 1gbit x",  "", 0, "qdisc 'htb rate 1gbit x': not of the form 'htb rate NUMBER'" },
};

static void a_qdisc_is_read_from_its_text(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(specs); i++) {
		struct qdisc_spec s = { .kind = "kept" };
		int ret = qdisc_spec_parse(specs[i].text, &s);

		print_message("  %s\n", specs[i].text);
		assert_int_equal(ret, specs[i].message ? -EINVAL : 0);
		if (specs[i].message) {
			assert_string_equal(err_text(), specs[i].message);
			assert_string_equal(s.kind, "kept");
			continue;
		}
		assert_string_equal(s.kind, specs[i].kind);
		assert_true(s.value == specs[i].value);
	}
}

static void what_is_no_address_is_refused(void **state)
{
	static const char *const wrong[] = {
		"", "10.1.0.1", "10.1.0.1/", "10.1.0.1/33", "10.1.0.1/-1", "10.1.0/24", "10.1.0.256/24",
		"10.1.0.1/24x", "10.1.0.1/240", "fd00::1/64", "host/24",
	};
	struct nl_msg m;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(wrong); i++) {
		print_message("  '%s'\n", wrong[i]);
		assert_int_equal(link_msg_addr(&m, INDEX, wrong[i]), -EINVAL);
		assert_non_null(strstr(err_text(), "10.1.0.1/24"));
	}
}

/* An NLMSG_ERROR as the kernel makes it: the request echoed unless capped, the sentence behind it. */
static void build_error(struct nl_msg *m, int err, bool is_capped, const char *sentence)
{
	struct nlmsgerr *e = nl_msg_init(m, NLMSG_ERROR, 0, sizeof(*e));

	m->h.nlmsg_flags = (uint16_t)((is_capped ? NLM_F_CAPPED : 0) | (sentence ? NLM_F_ACK_TLVS : 0));
	e->error = err;
	e->msg.nlmsg_len = NLMSG_HDRLEN + sizeof(struct tcmsg);
	if (!is_capped)
		m->h.nlmsg_len += sizeof(struct tcmsg);
	if (sentence)
		mnl_attr_put_strz(&m->h, NLMSGERR_ATTR_MSG, sentence);
}

static void a_refusal_has_the_kernels_sentence(void **state)
{
	const char *kind = "Specified qdisc kind is unknown";
	struct nl_msg m;

	(void)state;
	build_error(&m, 0, true, NULL);
	assert_int_equal(nl_ack_read(&m.h), 0);
	build_error(&m, -ENOENT, true, kind);
	assert_int_equal(nl_ack_read(&m.h), -ENOENT);
	assert_string_equal(err_text(), "Specified qdisc kind is unknown: No such file or directory");
	err_clear();
	build_error(&m, -ENOENT, false, kind);
	assert_int_equal(nl_ack_read(&m.h), -ENOENT);
	assert_string_equal(err_text(), "Specified qdisc kind is unknown: No such file or directory");
	build_error(&m, -EPERM, false, NULL);
	assert_int_equal(nl_ack_read(&m.h), -EPERM);
	assert_string_equal(err_text(), "the kernel refused: Operation not permitted");
}

static void an_acknowledgement_that_is_cut_is_not_read(void **state)
{
	struct nl_msg m;

	(void)state;
	build_error(&m, -EPERM, true, NULL);
	m.h.nlmsg_len = NLMSG_HDRLEN + 2;
	assert_int_equal(nl_ack_read(&m.h), -EBADMSG);
	build_error(&m, -EPERM, false, NULL);
	m.h.nlmsg_flags = NLM_F_ACK_TLVS;
	m.h.nlmsg_len -= 8; /* the echo is cut: no sentence behind it */
	assert_int_equal(nl_ack_read(&m.h), -EPERM);
}

static void a_qdisc_is_read_with_its_counters(void **state)
{
	const struct gnet_stats_queue queue = { .qlen = 3, .backlog = 4542, .drops = 17, .requeues = 5, .overlimits = 6 };
	const struct gnet_stats_basic basic = { .bytes = 99, .packets = 98 };
	struct qdisc_state q;
	struct nl_msg m;
	struct tcmsg *tc = nl_msg_init(&m, RTM_NEWQDISC, 0, sizeof(*tc));
	struct nlattr *nest;

	(void)state;
	tc->tcm_handle = 0x80010000;
	tc->tcm_ifindex = INDEX;
	tc->tcm_parent = TC_H_ROOT;
	mnl_attr_put_strz(&m.h, TCA_KIND, "fq_codel");
	nest = mnl_attr_nest_start(&m.h, TCA_STATS2);
	mnl_attr_put(&m.h, TCA_STATS_BASIC, sizeof(basic), &basic);
	mnl_attr_put(&m.h, TCA_STATS_QUEUE, sizeof(queue), &queue);
	mnl_attr_nest_end(&m.h, nest);
	assert_true(qdisc_parse(&m.h, INDEX, TC_H_ROOT, &q));
	assert_string_equal(q.kind, "fq_codel");
	assert_int_equal(q.handle, 0x80010000);
	assert_int_equal(q.backlog_packets, 3);
	assert_int_equal(q.backlog_bytes, 4542);
	assert_int_equal(q.drops, 17);
	assert_int_equal(q.requeues, 5);
	assert_int_equal(q.overlimits, 6);
}

static void qdiscs_of_other_links_and_inner_ones_are_passed_over(void **state)
{
	struct qdisc_state q = { .kind = "noop" };
	struct nl_msg m;
	struct tcmsg *tc = nl_msg_init(&m, RTM_NEWQDISC, 0, sizeof(*tc));

	(void)state;
	tc->tcm_ifindex = INDEX + 1;
	tc->tcm_parent = TC_H_ROOT;
	mnl_attr_put_strz(&m.h, TCA_KIND, "fq_codel");
	assert_false(qdisc_parse(&m.h, INDEX, TC_H_ROOT, &q));
	tc->tcm_ifindex = INDEX;
	tc->tcm_parent = 0x80010001; /* below mq */
	assert_false(qdisc_parse(&m.h, INDEX, TC_H_ROOT, &q));
	assert_string_equal(q.kind, "noop");
	assert_true(qdisc_parse(&m.h, INDEX, 0x80010001, &q));
	assert_string_equal(q.kind, "fq_codel");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(requests_have_the_golden_bytes),
		cmocka_unit_test(a_qdisc_is_read_from_its_text),
		cmocka_unit_test(what_is_no_address_is_refused),
		cmocka_unit_test(a_refusal_has_the_kernels_sentence),
		cmocka_unit_test(an_acknowledgement_that_is_cut_is_not_read),
		cmocka_unit_test(a_qdisc_is_read_with_its_counters),
		cmocka_unit_test(qdiscs_of_other_links_and_inner_ones_are_passed_over),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
