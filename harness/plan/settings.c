// SPDX-License-Identifier: GPL-2.0-only
/* settings.c - the table of what a plan can say */
#include "plan/settings.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "lib/cleanup.h"
#include "lib/err.h"
#include "plan/plan_check.h"
#include "plan/setting_types.h"
#include "plan/words.h"

#define IN_PLAN(member)   offsetof(struct plan, member)
#define IN_KERNEL(member) offsetof(struct plan_kernel, member)
#define IN_EXPECT(member) offsetof(struct plan_expect, member)

static const char *const host_words[] = { "vm", "local", NULL };
static const char *const each_words[] = { "no", "series", NULL };
static const char *const order_words[] = { "sorted", "interleaved", NULL };
static const char *const hygiene_words[] = { "off", "on", NULL };
static const char *const fails_words[] = { "false", "true", "sometimes", NULL };
static const char *const profile_words[] = { "lean", "full", NULL };

_Static_assert(ARRAY_SIZE(fails_words) == PLAN_FAILS_COUNT + 1, "a word for each");

static const struct setting kernel_rows[] = {
	{ .name = "name", .type = &setting_name, .offset = IN_KERNEL(name), .required = true,
	  .help = "what the plan and the reports call it" },
	{ .name = "package", .type = &setting_name, .offset = IN_KERNEL(package),
	  .help = "Debian package of the kernel (linux-image-...); without a full release, the newest of it" },
	{ .name = "source", .type = &setting_name, .offset = IN_KERNEL(source),
	  .help = "or a Debian package of source, such as linux-source-6.12, built whole" },
	{ .name = "tree", .type = &setting_line, .offset = IN_KERNEL(tree),
	  .help = "or the path of a git tree, built whole; with package: its tun, tap and vhost, as modules of the package" },
	{ .name = "commit", .type = &setting_commit, .offset = IN_KERNEL(commit),
	  .help = "what of the tree: a commit, tag or branch; HEAD if it is left out" },
	{ .name = "config", .shape = SETTING_MANY, .type = &setting_lines, .offset = IN_KERNEL(config),
	  .help = "source and tree: fragments of kernel-config, or paths; base and host if it is left out" },
	{ .name = "version", .type = &setting_version, .offset = IN_KERNEL(version),
	  .help = "version of the package; the newest if it is left out" },
	{ .name = "suite", .type = &setting_name, .offset = IN_KERNEL(suite),
	  .help = "another suite of the machine's mirror, such as trixie-backports" },
	{ .name = "series", .type = &setting_line, .offset = IN_KERNEL(series),
	  .help = "patch series: a folder of kernel-config/patches, or a path" },
	{ .name = "each", .type = &setting_second, .offset = IN_KERNEL(each_patch), .words = each_words,
	  .help = "series: one kernel for each patch of it, with those before: NAME-1of4 to NAME-4of4" },
	{ .name = "cmdline", .type = &setting_line, .offset = IN_KERNEL(cmdline),
	  .help = "added to the kernel's command line" },
	{ 0 }
};

static const struct setting probe_rows[] = {
	{ .name = "name", .type = &setting_probe, .offset = IN_PLAN(probe.kind), .fallback = "iperf3",
	  .help = "what makes the traffic" },
	{ .name = "seconds", .type = &setting_real, .offset = IN_PLAN(probe.seconds), .fallback = "5",
	  .min = 1, .max = 3600, .help = "length of a sample" },
	{ .name = "warmup", .type = &setting_real, .offset = IN_PLAN(probe.warmup_s), .fallback = "2",
	  .min = 0, .max = 60, .help = "seconds of traffic before the first sample of a guest's boot; vpn: before every sample" },
	{ .name = "size", .type = &setting_int, .offset = IN_PLAN(probe.size), .fallback = "1024",
	  .min = 64, .max = 1400, .help = "raw, pktgen, udp, shaping: bytes of UDP payload" },
	{ .name = "rate", .type = &setting_int, .offset = IN_PLAN(probe.rate_pps), .fallback = "0",
	  .min = 0, .max = 1e8, .help = "raw, pktgen, udp, shaping: packets a second and sender; 0: as many as go, of shaping 500" },
	{ .name = "packets", .type = &setting_real, .offset = IN_PLAN(probe.packets), .fallback = "0",
	  .min = 0, .max = 1e12, .help = "raw: a sample goes on until so many are received, or none for 10 s; 0: seconds count" },
	{ .name = "seed", .type = &setting_int, .offset = IN_PLAN(probe.seed), .fallback = "0",
	  .min = 0, .max = 2147483647, .help = "raw: of a scenario that is random; 0: another one each time, told in the raw output" },
	{ 0 }
};

static const struct setting host_rows[] = {
	{ .name = "vcpus", .type = &setting_int, .offset = IN_PLAN(host.vcpus), .fallback = "2",
	  .min = 1, .max = 64, .help = "virtual CPUs of the host under test" },
	{ .name = "memory_mib", .type = &setting_int, .offset = IN_PLAN(host.memory_mib), .fallback = "4096",
	  .min = 512, .max = 262144, .help = "its memory, MiB" },
	{ .name = "profile", .type = &setting_word, .offset = IN_PLAN(host.profile), .fallback = "lean",
	  .words = profile_words, .help = "its userland: the smallest one, or systemd" },
	{ .name = "accel", .type = &setting_word, .offset = IN_PLAN(host_accel), .fallback = PLAN_ACCEL_ANY,
	  .words = plan_accel_words,
	  .help = "what it runs on: the fastest that boots, QEMU's emulator, or that in virtual time, by the instruction" },
	{ 0 }
};

static const struct setting guest_rows[] = {
	{ .name = "vcpus", .type = &setting_int, .offset = IN_PLAN(guest.vcpus), .fallback = "1",
	  .min = 1, .max = 64, .help = "virtual CPUs of the guest" },
	{ .name = "memory_mib", .type = &setting_int, .offset = IN_PLAN(guest.memory_mib), .fallback = "512",
	  .min = 128, .max = 131072, .help = "its memory, MiB" },
	{ .name = "profile", .type = &setting_word, .offset = IN_PLAN(guest.profile), .fallback = "lean",
	  .words = profile_words, .help = "its userland: the smallest one, or systemd" },
	{ .name = "kernel", .type = &setting_name, .offset = IN_PLAN(guest_package),
	  .help = "its kernel package; left out: that of the first kernel that is a package, for e1000 linux-image-6.12-amd64" },
	{ 0 }
};

static const struct setting expect_rows[] = {
	{ .name = "kernel", .type = &setting_kernel, .offset = IN_EXPECT(kernel), .required = true,
	  .help = "the kernel that must keep the promise" },
	{ .name = "fails", .type = &setting_choice, .offset = IN_EXPECT(fails), .words = fails_words,
	  .help = "true: the kernel is known to fail there, and what does not fail is a failure; sometimes: it may" },
	{ .name = "than", .type = &setting_than, .offset = IN_EXPECT(than),
	  .help = "the kernel that it is compared with; before, of a kernel with each: of each patch the one before" },
	{ .name = "metric", .type = &setting_metric, .offset = IN_EXPECT(metric),
	  .help = "what is compared: median over median" },
	{ .name = "at_least", .type = &setting_real, .offset = IN_EXPECT(at_least),
	  .min = 0, .max = 1e9, .help = "smallest ratio that passes" },
	{ .name = "at_most", .type = &setting_real, .offset = IN_EXPECT(at_most),
	  .min = 0, .max = 1e9, .help = "largest ratio that passes" },
	{ .name = "at_most_abs", .type = &setting_real, .offset = IN_EXPECT(at_most_abs),
	  .min = 0, .max = 1e15, .help = "a number that passes whatever the ratio is" },
	{ .name = "where", .shape = SETTING_AXES, .offset = IN_EXPECT(where),
	  .help = "axis values that the promise is limited to" },
	{ 0 }
};

static const struct setting_group kernel_group = {
	.rows = kernel_rows, .add = plan_kernel_add, .check = plan_kernel_check,
};
static const struct setting_group expect_group = {
	.rows = expect_rows, .add = plan_expect_add, .check = plan_expect_check,
};
static const struct setting_group probe_group = { .rows = probe_rows, .check = plan_probe_check };
static const struct setting_group host_group = { .rows = host_rows };
static const struct setting_group guest_group = { .rows = guest_rows };

/* Kernels and matrix stand before expect, which names them. */
static const struct setting top_rows[] = {
	{ .name = "plan", .type = &setting_name, .offset = IN_PLAN(name), .required = true,
	  .help = "its name" },
	{ .name = "about", .type = &setting_line, .offset = IN_PLAN(about),
	  .help = "the question that it answers" },
	{ .name = "host", .shape = SETTING_MAP, .group = &host_group, .type = &setting_second,
	  .offset = IN_PLAN(host_is_local), .fallback = "vm", .words = host_words,
	  .help = "the host under test: a VM, or this machine as it is" },
	{ .name = "guest", .shape = SETTING_MAP, .group = &guest_group,
	  .help = "the VM that runs on it" },
	{ .name = "kernels", .shape = SETTING_LIST, .group = &kernel_group, .required = true,
	  .help = "what the host runs, one after the other" },
	{ .name = "matrix", .shape = SETTING_AXES, .offset = IN_PLAN(matrix),
	  .help = "what is varied; each axis takes one value or a list" },
	{ .name = "probe", .shape = SETTING_MAP, .group = &probe_group, .offset = IN_PLAN(probe),
	  .help = "the traffic" },
	{ .name = "samples", .type = &setting_int, .offset = IN_PLAN(samples), .fallback = "1",
	  .min = 1, .max = 1000, .help = "samples a cell; with boots: in each of them" },
	{ .name = "boots", .type = &setting_int, .offset = IN_PLAN(boots), .fallback = "0",
	  .min = 0, .max = 1000, .help = "boots of each kernel, in A B B A order; 0: as order says" },
	{ .name = "cap", .type = &setting_int, .offset = IN_PLAN(cap), .fallback = "0",
	  .min = 0, .max = 1000, .help = "boots that a NOISY cell may be sampled in at most, where boots are interleaved; 0: no more than at first" },
	{ .name = "order", .type = &setting_second, .offset = IN_PLAN(interleaved), .fallback = "sorted",
	  .words = order_words, .help = "one boot a kernel, or one boot a sample with the kernels in A B B A order" },
	{ .name = "seed", .type = &setting_int, .offset = IN_PLAN(seed), .fallback = "0",
	  .min = 0, .max = 2147483647, .help = "of the order of cells in each boot, where boots are interleaved; 0: another one each run, recorded with it" },
	{ .name = "hygiene", .type = &setting_second, .offset = IN_PLAN(checks_hygiene), .fallback = "on",
	  .words = hygiene_words, .help = "on: a sample is invalid, and taken again, when the machine did something else meanwhile" },
	{ .name = "expect", .shape = SETTING_LIST, .group = &expect_group,
	  .help = "promises that are judged" },
	{ 0 }
};

const struct setting_group setting_top = { .rows = top_rows };

const struct setting *setting_find(const struct setting_group *g, const char *name)
{
	for (const struct setting *s = g->rows; s->name; s++)
		if (!strcmp(s->name, name))
			return s;
	return NULL;
}

const struct setting *setting_find_path(const char *path)
{
	const char *dot = strchr(path, '.');
	_cleanup_(freep) char *first = dot ? str_fmt("%.*s", (int)(dot - path), path) : str_dup(path);
	const struct setting *s = setting_find(&setting_top, first);

	if (s && dot)
		s = s->shape == SETTING_MAP ? setting_find(s->group, dot + 1) : NULL;
	return s && s->type ? s : NULL;
}

void setting_paths(struct strv *ret)
{
	for (enum axis a = 0; a < AXIS_COUNT; a++)
		strv_add(ret, axis_def(a)->name);
	for (const struct setting *s = top_rows; s->name; s++) {
		if (s->type)
			strv_add(ret, s->name);
		if (s->shape != SETTING_MAP)
			continue;
		for (const struct setting *in = s->group->rows; in->name; in++)
			strv_fmt(ret, "%s.%s", s->name, in->name);
	}
}

int setting_parse(const struct setting *s, const char *text, void *base, const struct plan *p)
{
	_cleanup_(strv_free) struct strv right = { 0 };
	_cleanup_(freep) char *what = NULL;

	if (s->type->parse(s, text, (char *)base + s->offset, p))
		return 0;
	what = str_fmt("%s: wrong value", s->name);
	setting_accepts(s, p, &right);
	return words_refuse(what, text, &right);
}

void setting_accepts(const struct setting *s, const struct plan *p, struct strv *ret)
{
	if (s->type)
		s->type->accepts(s, p, ret);
	if (s->group)
		setting_keys(s->group, ret);
	for (enum axis a = 0; s->shape == SETTING_AXES && a < AXIS_COUNT; a++)
		strv_add(ret, axis_def(a)->name);
}

void setting_keys(const struct setting_group *g, struct strv *ret)
{
	for (const struct setting *s = g->rows; s->name; s++)
		strv_add(ret, s->name);
}

int setting_axis_add(struct plan_axis *l, enum axis a, const char *text)
{
	struct axis_value v;
	int ret = axis_parse(a, text, &v);

	if (ret)
		return ret;
	for (size_t i = 0; i < l->n; i++)
		if (!strcmp(l->v[i].word, v.word))
			return err_say(EINVAL, "%s: %s is there twice; accepted: each value once", axis_def(a)->name, v.word);
	l->v = mem_grow(l->v, l->n + 1, sizeof(*l->v));
	l->v[l->n++] = v;
	return 0;
}

static void group_defaults(const struct setting_group *g, struct plan *p)
{
	for (const struct setting *s = g->rows; s->name; s++) {
		if (s->fallback) /* it is accepted: test_plan reads every one */
			(void)setting_parse(s, s->fallback, p, p);
		if (s->shape == SETTING_MAP)
			group_defaults(s->group, p);
	}
}

void setting_defaults(struct plan *p)
{
	group_defaults(&setting_top, p);
	for (enum axis a = 0; a < AXIS_COUNT; a++)
		(void)setting_axis_add(&p->matrix[a], a, axis_def(a)->fallback);
}
