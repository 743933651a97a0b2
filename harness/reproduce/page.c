// SPDX-License-Identifier: GPL-2.0-only
/* page.c - the page of tapbed reproduce: its beginning, its claims, what went wrong */
#include "reproduce/page.h"

#include <math.h>
#include <string.h>

#include "lib/cleanup.h"
#include "lib/version.h"
#include "reproduce/page_priv.h"

static const char *plural(size_t n)
{
	return n == 1 ? "" : "s";
}

static const char intro[] =
	"The tables that were published with \"TUN/TAP: improving throughput and latency by avoiding SKB drops\" (version 3, August 2025), "
	"with what was measured here beside them, and each of its claims with a verdict of its own. The published numbers are of one run a cell and one flow, "
	"on a laptop, default and patched being two builds of 6.17-rc1. nodrop-v3 is our own reproduction of the published behaviour, and the verdicts are about it; "
	"backpressure is our own series; linux-7.3 is Linux 7.3 with IFF_BACKPRESSURE over the same kernel without.";

static const char is_quick[] =
	"This is a quick run: one short sample a cell. It shows that the experiments work, and tells a collapse from none; for anything else it says "
	"\"cannot be judged here\". It is not a result to quote.";

static const char is_full[] =
	"Each claim is judged by itself at 95 %: of sixty lines, one or two may be wrong by luck.";

static const char is_emulated[] =
	"The host under test ran in QEMU's emulator, TCG. Its throughput says nothing about hardware and is not shown: ratios of two kernels "
	"that were emulated alike are.";

static const char is_virtual[] =
	"Where the host was icount, it ran in the emulator in virtual time: an instruction takes two nanoseconds, whatever else the machine does, and a rate "
	"is one over the instructions of a packet.";

static const struct run_result *first_run(const struct reproduction *r)
{
	for (enum experiment e = 0; e < EXPERIMENT_COUNT; e++)
		if (r->has[e])
			return &r->run[e];
	return NULL;
}

static const char *fact(const json_t *obj, const char *name)
{
	const char *text = json_string_value(json_object_get(obj, name));

	return text ? text : "?";
}

static long number(const json_t *obj, const char *name)
{
	return (long)json_number_value(json_object_get(obj, name));
}

static const json_t *guest_of(const struct reproduction *r)
{
	for (enum experiment e = 0; e < EXPERIMENT_COUNT; e++)
		if (r->has[e] && json_object_size(r->run[e].guest))
			return r->run[e].guest;
	return NULL;
}

/** struct shown_fact - of a run's host as it is stored; NULL for @of: of the host itself */
static const struct shown_fact {
	const char *of;
	const char *name;
} machine_shown[] = {
	{ "machine", "cpu" }, { "machine", "cpus" }, { "machine", "memory_mib" }, { "machine", "kernel" }, { NULL, "qemu" }, { NULL, "libvirt" },
};

/** same_machine() - of two runs, as far as the page tells of it. */
static bool same_machine(const struct run_result *a, const struct run_result *b)
{
	for (size_t i = 0; i < ARRAY_SIZE(machine_shown); i++) {
		const struct shown_fact *f = &machine_shown[i];
		const json_t *x = json_object_get(f->of ? json_object_get(a->host, f->of) : a->host, f->name);
		const json_t *y = json_object_get(f->of ? json_object_get(b->host, f->of) : b->host, f->name);

		if (x != y && !json_equal(x, y))
			return false;
	}
	return true;
}

/** machine() - that of experiment @e, unless an earlier one told of it; which experiments it ran, unless it is all. */
static void machine(const struct doc *d, const struct reproduction *r, enum experiment e)
{
	const struct run_result *run = &r->run[e];
	const json_t *m = json_object_get(run->host, "machine");
	_cleanup_(strv_free) struct strv names = { 0 };
	_cleanup_(freep) char *list = NULL, *ran = NULL;
	size_t n_runs = 0;

	for (enum experiment i = 0; i < EXPERIMENT_COUNT; i++) {
		if (!r->has[i])
			continue;
		n_runs++;
		if (!same_machine(&r->run[i], run))
			continue;
		if (i < e)
			return;
		strv_add(&names, experiment_def(i)->name);
	}
	list = strv_join(&names, ", ");
	ran = names.n < n_runs ? str_fmt(" (%s)", list) : str_dup("");
	doc_item(d, "machine", "%s, %ld CPUs, %ld MiB, Linux %s, QEMU %s, libvirt %s%s", fact(m, "cpu"), number(m, "cpus"),
		 number(m, "memory_mib"), fact(m, "kernel"), fact(run->host, "qemu"), fact(run->host, "libvirt"), ran);
}

static void machines(const struct doc *d, const struct reproduction *r, const struct run_result *first)
{
	const json_t *guest = guest_of(r);

	doc_heading(d, 2, "The machine");
	for (enum experiment e = 0; e < EXPERIMENT_COUNT; e++)
		if (r->has[e])
			machine(d, r, e);
	doc_item(d, "host under test", "%ld vCPUs, %ld MiB", number(first->host, "vcpus"), number(first->host, "memory_mib"));
	if (guest)
		doc_item(d, "guest", "%s on it, %ld vCPU, %ld MiB, QEMU %s", fact(guest, "accel"), number(guest, "vcpus"),
			 number(guest, "memory_mib"), fact(guest, "qemu"));
}

static bool same_kernel(const struct run_kernel *a, const struct run_kernel *b)
{
	return str_eq(a->name, b->name) && str_eq(a->hash, b->hash);
}

/** is_shown() - does another run tell of the same kernel: an earlier one, or one that has booted it when this one has not? */
static bool is_shown(const struct reproduction *r, enum experiment e, const struct run_kernel *k)
{
	for (enum experiment i = 0; i < EXPERIMENT_COUNT; i++)
		for (size_t n = 0; r->has[i] && n < r->run[i].n_kernels; n++) {
			const struct run_kernel *other = &r->run[i].kernels[n];
			bool is_better = *other->release && !*k->release;

			if (same_kernel(other, k) && (is_better || (i < e && (*other->release || !*k->release))))
				return true;
		}
	return false;
}

static void kernels(const struct doc *d, const struct reproduction *r)
{
	for (enum experiment e = 0; e < EXPERIMENT_COUNT; e++)
		for (size_t k = 0; r->has[e] && k < r->run[e].n_kernels; k++) {
			const struct run_kernel *n = &r->run[e].kernels[k];

			if (!is_shown(r, e, n))
				doc_item(d, n->name, "%s, %s%s%s", *n->release ? n->release : "not booted", n->package,
					 n->series ? ", series " : "", n->series ? n->series : "");
		}
}

/** load_text() - how busy the machine was before the run, beside what the run itself needs; to be freed. */
static char *load_text(const struct run_result *run)
{
	const json_t *load = json_object_get(json_object_get(run->host, "machine"), "load");

	return json_is_number(load) ? str_fmt("%.1f", json_number_value(load)) : str_dup("-");
}

static void runs(const struct doc *d, const struct reproduction *r)
{
	static const char *const heads[] = { "experiment", "run", "started", "host", "samples", "seconds each", "missing", "load before", "took" };
	_cleanup_(grid_free) struct grid g = { .n_cols = ARRAY_SIZE(heads) };

	for (size_t i = 0; i < ARRAY_SIZE(heads); i++)
		grid_add(&g, "%s", heads[i]);
	for (enum experiment e = 0; e < EXPERIMENT_COUNT; e++) {
		const struct run_result *run = reproduction_run(r, e);
		_cleanup_(freep) char *load = run ? load_text(run) : NULL;

		grid_add(&g, "%s", experiment_def(e)->name);
		grid_add(&g, "%s", run ? run->id : "not run yet");
		grid_add(&g, "%s", run ? run->started : "-");
		grid_add(&g, "%s", run ? fact(run->host, "accel") : "-");
		grid_add(&g, "%u", r->samples[e]);
		grid_add(&g, "%g", r->seconds[e]);
		if (run)
			grid_add(&g, "%zu", reproduction_lacks(run, r->samples[e]));
		else
			grid_add(&g, "all");
		grid_add(&g, "%s", run ? load : "-");
		if (run)
			grid_add(&g, "%.0f min", ceil(run->wall_s / 60));
		else
			grid_add(&g, "-");
	}
	doc_grid(d, &g);
}

static bool has_accel(const struct reproduction *r, const char *name)
{
	for (enum experiment e = 0; e < EXPERIMENT_COUNT; e++)
		if (r->has[e] && !strcmp(fact(r->run[e].host, "accel"), name))
			return true;
	return false;
}

static void beginning(const struct doc *d, const struct reproduction *r)
{
	const struct run_result *run = first_run(r);
	size_t n[CLAIM_VERDICTS];

	reproduction_count(r, n);
	doc_heading(d, 1, r->is_quick ? "The published experiments, reproduced: a quick run" : "The published experiments, reproduced");
	doc_para(d, "%s", intro);
	doc_para(d, "%s", r->is_quick ? is_quick : is_full);
	doc_para(d, "Of %zu claims: reproduced %zu, not reproduced %zu, cannot be judged here %zu.",
		 n[CLAIM_REPRODUCED] + n[CLAIM_NOT_REPRODUCED] + n[CLAIM_CANNOT], n[CLAIM_REPRODUCED],
		 n[CLAIM_NOT_REPRODUCED], n[CLAIM_CANNOT]);
	if (run) {
		machines(d, r, run);
		kernels(d, r);
		doc_end_list(d);
	}
	if (has_accel(r, "tcg"))
		doc_para(d, "%s", is_emulated);
	if (has_accel(r, "icount"))
		doc_para(d, "%s", is_virtual);
	runs(d, r);
}

/** label() - "TAP, queue 10", "VPN, openvpn, 20 ms"; to be freed. */
static char *label(const struct claim *c)
{
	const struct experiment_def *e = experiment_def(c->experiment);
	_cleanup_(freep) char *row = page_row(c->experiment, c->daemon, c->of.row);

	return str_fmt("%s, %s", e->what, row);
}

/** here_text() - "2.90 (2.51 to 3.38)", of counts "14 against 0 packets (...)"; to be freed. */
static char *here_text(const struct claim *c, const struct ruling *a)
{
	_cleanup_(freep) char *estimate = page_ratio(a->here.estimate), *low = page_ratio(a->here.low), *high = page_ratio(a->here.high);
	const struct metric_def *m = metric_def(c->metric);

	/* Of counts the ratio is one to the least that matters: by itself it would hide a 0. */
	if (!isnan(a->of) && m->kind == METRIC_IS_A_COUNT)
		return isnan(a->here.low) ? str_fmt("%.6g against %.6g %s", a->of, a->over, m->unit) :
					    str_fmt("%.6g against %.6g %s (%s to %s times; fewer than %g count as %g)", a->of, a->over, m->unit,
						    low, high, m->matters, m->matters);
	return isnan(a->here.low) ? take_ptr(&estimate) : str_fmt("%s (%s to %s)", estimate, low, high);
}

/** others() - what the other contenders have: "; backpressure 3.02 (...)"; to be freed. */
static char *others(const struct claim *c, const struct run_result *run)
{
	_cleanup_(strbuf_free) struct strbuf b = { 0 };
	bool is_of_default = c->of.side == PUBLISHED_DEFAULT;

	for (size_t i = 1; i < CONTENDERS; i++) {
		_cleanup_(ruling_free) struct ruling a = claim_rule(c, run, i);
		_cleanup_(freep) char *here = here_text(c, &a);

		/* Two of them have the same default. */
		if (isnan(a.here.estimate) || (is_of_default && str_eq(contenders[i].side[0].kernel, contenders[0].side[0].kernel)))
			continue;
		strbuf_fmt(&b, "; %s%s %s", contenders[i].name, is_of_default ? " without the flag" : "", here);
	}
	return str_dup(strbuf_text(&b));
}

static void line(const struct doc *d, const struct reproduction *r, const struct claim *c)
{
	const struct run_result *run = reproduction_run(r, c->experiment);
	_cleanup_(ruling_free) struct ruling a = claim_rule(c, run, 0);
	_cleanup_(freep) char *what = label(c), *here = here_text(c, &a), *published = page_ratio(claim_published(c));
	_cleanup_(freep) char *rest = run ? others(c, run) : str_dup("");
	bool has_number = !isnan(a.here.estimate);

	doc_item(d, claim_word(a.verdict), "%s: %s: %s%s%s%s%s%s%s%s", what, c->says, has_number ? here : "no number",
		 isnan(claim_published(c)) ? "" : ", published ", isnan(claim_published(c)) ? "" : published,
		 claim_is_published(c) ? "" : ", which is not what is claimed", *a.why ? " (" : "", a.why, *a.why ? ")" : "", rest);
}

static void claims(const struct doc *d, const struct reproduction *r)
{
	_cleanup_(freep) struct claim *list = NULL;
	size_t n = claim_list(&list);

	doc_heading(d, 2, "The claims");
	for (size_t i = 0; i < n; i++) {
		const struct claim_group *g = claim_group(list[i].group);

		if (!i || list[i].group != list[i - 1].group) {
			doc_heading(d, 3, g->title);
			doc_para(d, "Reproduced: %s.", g->bar);
			if (g->but)
				doc_para(d, "The published data: %s", g->but);
		}
		line(d, r, &list[i]);
		if (i + 1 == n || list[i].group != list[i + 1].group)
			doc_end_list(d);
	}
}

/** has_trouble() - did something stop the cell, or is none of its samples valid? */
static bool has_trouble(const struct run_cell *c)
{
	if (c->event == VERDICT_PASS || c->event == VERDICT_SKIP)
		return !c->n_samples && c->n_invalid;
	return true;
}

static const char *trouble_reason(const struct run_cell *c)
{
	if (c->event_reason)
		return c->event_reason;
	return c->n_invalid ? c->invalid[c->n_invalid - 1].invalid : "no reason was given";
}

static bool same_trouble(const struct run_cell *a, const struct run_cell *b)
{
	return has_trouble(a) == has_trouble(b) && a->event == b->event && str_eq(a->event_reason, b->event_reason);
}

/** alike() - Return: how many cells from @i on have the same trouble; 0 when an earlier one has. */
static size_t alike(const struct run_result *r, size_t i)
{
	size_t n = 0;

	for (size_t k = 0; k < i; k++)
		if (same_trouble(&r->cells[k], &r->cells[i]))
			return 0;
	for (size_t k = i; k < r->n_cells; k++)
		n += same_trouble(&r->cells[k], &r->cells[i]);
	return n;
}

static size_t trouble(const struct doc *d, enum experiment e, const struct run_result *r)
{
	size_t shown = 0;

	for (size_t i = 0; i < r->n_cells; i++) {
		const struct run_cell *c = &r->cells[i];
		_cleanup_(freep) char *name = run_cell_label(r, c), *more = NULL;
		size_t n = has_trouble(c) ? alike(r, i) : 0;

		if (!n)
			continue;
		more = n > 1 ? str_fmt(" and %zu more", n - 1) : str_dup("");
		doc_item(d, c->event == VERDICT_PASS ? "invalid" : verdict_name(c->event), "%s: %s%s: %s (%zu sample%s)",
			 experiment_def(e)->name, name, more, trouble_reason(c), c->n_samples, plural(c->n_samples));
		shown++;
	}
	return shown;
}

static void troubles(const struct doc *d, const struct reproduction *r)
{
	size_t n = 0;

	doc_heading(d, 2, "What went wrong");
	for (enum experiment e = 0; e < EXPERIMENT_COUNT; e++)
		if (r->has[e])
			n += trouble(d, e, &r->run[e]);
	if (n)
		doc_end_list(d);
	else
		doc_para(d, "Nothing: no cell is BROKEN, TIMEOUT or FAIL, and each has a valid sample.");
}

static const char *const differences[] = {
	"Linux 6.12 and 7.3 of Debian, where 6.17-rc1 was built for the published runs; a guest with one virtual CPU, as there.",
	"fq_codel on the TAP and the TUN. What stood there was not published; noqueue, which libvirt gives a TAP, cannot push back.",
	"A delay is added by netem in a namespace behind a bridge, half in each direction, and the idle round trip is corrected until it is the label.",
	"Both VPN tables are of two network namespaces on one host. The published ones are of a lab and of a real network of about 120 ms.",
	"UDP sockets of the VPNs' host have a receive buffer of 7 MiB, as today's wireguard-go asks for by itself. With the default of 208 KiB the far daemon's socket lost what was lost, and the ring never filled. What the published runs had is not known.",
	"VPNs on Linux 7.3 are left out: the daemon makes the TUN, and neither wireguard-go nor OpenVPN asks for IFF_BACKPRESSURE.",
};

static void end(const struct doc *d, const struct reproduction *r)
{
	doc_heading(d, 2, "What differs from the published set-up");
	for (size_t i = 0; i < ARRAY_SIZE(differences); i++)
		doc_item(d, "", "%s", differences[i]);
	doc_end_list(d);
	doc_para(d, "tapbed " TAPBED_VERSION ", make reproduce%s; docs/reproduce.md has the rules.", r->is_quick ? " QUICK=1" : "");
}

void page_print(const struct reproduction *r, enum doc_form form, FILE *to)
{
	const struct doc d = { .form = form, .to = to };

	beginning(&d, r);
	page_tables(&d, r);
	claims(&d, r);
	troubles(&d, r);
	end(&d, r);
}
