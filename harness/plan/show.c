// SPDX-License-Identifier: GPL-2.0-only
/* show.c - a plan as text */
#include "plan/show.h"

#include <math.h>
#include <string.h>

#include "lib/cleanup.h"
#include "plan/matrix.h"

/*
 * The smallest p that the exact Mann-Whitney test can give for two sides of n samples is
 * 1 / C(2n, n): 0.014 for 4, 0.004 for 5.
 */
#define SAMPLES_FOR_1_PERCENT 5

static const char *plural(size_t n)
{
	return n == 1 ? "" : "s";
}

struct show_cost show_cost(const struct plan *p)
{
	struct visit *v;
	struct show_cost c = { .host_boots = matrix_visits(p, &v), .seconds = matrix_seconds(p) };

	for (size_t i = 0; i < c.host_boots; i++) {
		c.guest_boots += matrix_visit_guests(p, &v[i]);
		c.samples += v[i].n_cells;
	}
	matrix_visits_free(v, c.host_boots);
	return c;
}

char *show_duration(double seconds)
{
	long s = lround(seconds / 10) * 10;
	long min = lround(seconds / 60);

	if (s < 60)
		return str_fmt("%ld s", s < 10 ? 10 : s);
	if (s < 3600)
		return s % 60 ? str_fmt("%ld min %ld s", s / 60, s % 60) : str_fmt("%ld min", s / 60);
	return min % 60 ? str_fmt("%ld h %ld min", min / 60, min % 60) : str_fmt("%ld h", min / 60);
}

static char *join_values(const struct plan_axis *l)
{
	struct strbuf b = { 0 };

	for (size_t i = 0; i < l->n; i++)
		strbuf_fmt(&b, "%s%s", i ? ", " : "", l->v[i].word);
	return b.data;
}

static void add_where(struct strbuf *b, const struct plan_expect *e)
{
	const char *lead = ", where";

	for (enum axis a = 0; a < AXIS_COUNT; a++) {
		_cleanup_(freep) char *values = e->where[a].n ? join_values(&e->where[a]) : NULL;

		if (!values)
			continue;
		strbuf_fmt(b, "%s %s is %s", lead, axis_def(a)->name, values);
		lead = " and";
	}
}

/* "at least 0.5 times that of stock"; times one is left out: "at least that of stock". */
static void add_bound(struct strbuf *b, const char *which, double ratio, const char *than)
{
	if (isnan(ratio))
		return;
	strbuf_fmt(b, "%s ", which);
	if (ratio != 1)
		strbuf_fmt(b, "%g times ", ratio);
	strbuf_fmt(b, "that of %s", than);
}

char *show_expect(const struct plan *p, const struct plan_expect *e)
{
	const char *than = e->fails ? "" : p->kernels[e->than].name;
	bool has_most = !isnan(e->at_most) || !isnan(e->at_most_abs);
	struct strbuf b = { 0 };

	if (e->fails) {
		strbuf_fmt(&b, "%s is known to fail%s", p->kernels[e->kernel].name,
			   e->fails == PLAN_FAILS_SOMETIMES ? " sometimes" : "");
		add_where(&b, e);
		return b.data;
	}
	strbuf_fmt(&b, "the %s of %s is ", metric_def(e->metric)->name, p->kernels[e->kernel].name);
	add_bound(&b, "at least", e->at_least, than);
	if (!isnan(e->at_least) && has_most)
		strbuf_fmt(&b, " and ");
	add_bound(&b, "at most", e->at_most, than);
	if (!isnan(e->at_most_abs))
		strbuf_fmt(&b, "%sat most %.10g", isnan(e->at_most) ? "" : " or ", e->at_most_abs);
	add_where(&b, e);
	return b.data;
}

static size_t count_skipped(const struct plan *p, const char *reason)
{
	size_t n = 0;

	for (size_t i = 0; i < p->n_cells; i++)
		n += p->cells[i].skip && (!reason || !strcmp(p->cells[i].skip, reason));
	return n;
}

/* What is promised of numbers, without the failures that are known. */
static size_t count_promises(const struct plan *p)
{
	size_t n = 0;

	for (size_t i = 0; i < p->n_expects; i++)
		n += !p->expects[i].fails;
	return n;
}

static size_t count_covered(const struct plan *p, const struct plan_expect *e)
{
	size_t n = 0;

	for (size_t i = 0; i < p->n_cells; i++)
		n += !p->cells[i].skip && plan_expect_covers(e, &p->cells[i]);
	return n;
}

void show_limits(const struct plan *p, struct strv *ret)
{
	const struct probe_def *probe = probe_def(p->probe.kind);
	int n = p->boots ? p->boots : p->samples;

	if (count_skipped(p, NULL) == p->n_cells)
		strv_add(ret, "nothing is measured: every cell is skipped");
	if (!count_promises(p))
		strv_add(ret, probe->finds_faults ?
			 "nothing is promised: a cell fails only for what the probe itself finds wrong" :
			 "nothing is promised: the run measures, and judges nothing");
	else if (n < SAMPLES_FOR_1_PERCENT)
		strv_fmt(ret, "%d %s%s a side: fewer than %d can never reach p < 0.01 (exact Mann-Whitney), so only a collapse is FAIL",
			 n, p->boots ? "boot" : "sample", plural((size_t)n), SAMPLES_FOR_1_PERCENT);
	else if (!plan_is_interleaved(p))
		strv_add(ret, "one boot a side: what differs between boots looks as what differs between kernels, so only a collapse is FAIL; order: interleaved boots for each sample");
	if (p->cap > n && !plan_is_interleaved(p))
		strv_add(ret, "cap: more samples of the one boot tell nothing more; order: interleaved boots for each");
	for (size_t i = 0; i < p->n_expects; i++) {
		_cleanup_(freep) char *promise = NULL;

		if (count_covered(p, &p->expects[i]))
			continue;
		promise = show_expect(p, &p->expects[i]);
		strv_fmt(ret, "whether %s: no cell of this matrix is meant", promise);
	}
}

/* Names are padded to the longest, so that what stands behind them begins in one column. */
static int kernel_width(const struct plan *p)
{
	size_t w = 0;

	for (size_t i = 0; i < p->n_kernels; i++)
		if (strlen(p->kernels[i].name) > w)
			w = strlen(p->kernels[i].name);
	return (int)w;
}

static void add_config(struct strbuf *b, const struct plan_kernel *k)
{
	_cleanup_(freep) char *names = strv_join(&k->config, ", ");

	if (k->config.n)
		strbuf_fmt(b, " with config %s", names);
}

static void add_kernels(struct strbuf *b, const struct plan *p)
{
	int width = kernel_width(p);

	strbuf_fmt(b, "\nkernels\n");
	for (size_t i = 0; i < p->n_kernels; i++) {
		const struct plan_kernel *k = &p->kernels[i];

		strbuf_fmt(b, "  %-*s  %s", width, k->name,
			   plan_kernel_origin(k) ? plan_kernel_origin(k) : "as this machine has booted it");
		if (k->commit)
			strbuf_fmt(b, " at %s", k->commit);
		if (k->version)
			strbuf_fmt(b, " %s", k->version);
		if (k->suite)
			strbuf_fmt(b, " from %s", k->suite);
		add_config(b, k);
		if (k->series)
			strbuf_fmt(b, " with series %s", k->series);
		if (k->cmdline)
			strbuf_fmt(b, " and \"%s\"", k->cmdline);
		strbuf_fmt(b, "\n");
	}
}

/* What means nothing to the probe is shown only when the plan says something of it. */
static bool axis_is_shown(const struct plan *p, enum axis a)
{
	return probe_def(p->probe.kind)->uses[a] || p->matrix[a].n > 1 ||
	       strcmp(p->matrix[a].v[0].word, axis_def(a)->fallback);
}

static int axis_width(const struct plan *p)
{
	size_t w = 0;

	for (enum axis a = 0; a < AXIS_COUNT; a++)
		if (axis_is_shown(p, a) && strlen(axis_def(a)->name) > w)
			w = strlen(axis_def(a)->name);
	return (int)w;
}

static void add_axes(struct strbuf *b, const struct plan *p)
{
	int width = axis_width(p);

	strbuf_fmt(b, "\naxes\n");
	for (enum axis a = 0; a < AXIS_COUNT; a++) {
		_cleanup_(freep) char *values = axis_is_shown(p, a) ? join_values(&p->matrix[a]) : NULL;

		if (values)
			strbuf_fmt(b, "  %-*s  %s\n", width, axis_def(a)->name, values);
	}
}

static bool is_told(const struct plan *p, size_t cell)
{
	for (size_t i = 0; i < cell; i++)
		if (p->cells[i].skip && !strcmp(p->cells[i].skip, p->cells[cell].skip))
			return true;
	return false;
}

static void add_skipped(struct strbuf *b, const struct plan *p)
{
	if (count_skipped(p, NULL))
		strbuf_fmt(b, "\nskipped\n");
	for (size_t i = 0; i < p->n_cells; i++) {
		size_t n;

		if (!p->cells[i].skip || is_told(p, i))
			continue;
		n = count_skipped(p, p->cells[i].skip);
		strbuf_fmt(b, "  %zu cell%s: %s\n", n, plural(n), p->cells[i].skip);
	}
}

/* Return: to be freed. */
static char *order_text(const struct plan *p)
{
	if (!plan_is_interleaved(p))
		return str_dup("one after the other");
	if (!p->seed)
		return str_dup("interleaved, cells of each boot in an order that the run draws");
	return str_fmt("interleaved, cells of each boot in the order of seed %d", p->seed);
}

static void add_boots(struct strbuf *b, const struct plan *p, const struct show_cost *c)
{
	bool has_guest = probe_def(p->probe.kind)->has_guest;
	_cleanup_(freep) char *order = order_text(p);
	_cleanup_(freep) char *guests = has_guest ? str_fmt("%zu of a guest", c->guest_boots) : str_dup("no guest");

	if (p->host_is_local)
		strbuf_fmt(b, "  this machine is measured as it is, %zu boot%s of a guest\n",
			   c->guest_boots, plural(c->guest_boots));
	else
		strbuf_fmt(b, "  %zu boot%s of the host, %s, kernels %s\n", c->host_boots, plural(c->host_boots),
			   guests, order);
}

static void add_cost(struct strbuf *b, const struct plan *p)
{
	struct show_cost c = show_cost(p);
	_cleanup_(freep) char *duration = show_duration(c.seconds);
	size_t n = p->n_cells - count_skipped(p, NULL);

	strbuf_fmt(b, "\ncost\n");
	strbuf_fmt(b, "  %zu cell%s, %d sample%s each%s: %zu sample%s of %g s of %s\n",
		   n, plural(n), p->samples, plural((size_t)p->samples), p->boots ? " in each boot" : "", c.samples,
		   plural(c.samples), p->probe.seconds, probe_def(p->probe.kind)->name);
	add_boots(b, p, &c);
	if (plan_cap(p) > plan_boots(p))
		strbuf_fmt(b, "  up to %d boots for a cell that is NOISY, and of its point: that comes on top\n", p->cap);
	if (!p->checks_hygiene)
		strbuf_fmt(b, "  hygiene is off: a sample counts whatever else the machine does meanwhile\n");
	strbuf_fmt(b, "  about %s with warm caches\n", duration);
}

static void add_expects(struct strbuf *b, const struct plan *p)
{
	if (p->n_expects)
		strbuf_fmt(b, count_promises(p) ? "\npromises\n" : "\nexpected\n");
	for (size_t i = 0; i < p->n_expects; i++) {
		_cleanup_(freep) char *promise = show_expect(p, &p->expects[i]);
		size_t n = count_covered(p, &p->expects[i]);

		strbuf_fmt(b, "  %s (%zu cell%s)\n", promise, n, plural(n));
	}
}

static void add_limits(struct strbuf *b, const struct plan *p)
{
	_cleanup_(strv_free) struct strv limits = { 0 };

	show_limits(p, &limits);
	if (limits.n)
		strbuf_fmt(b, "\ncannot tell\n");
	for (size_t i = 0; i < limits.n; i++)
		strbuf_fmt(b, "  %s\n", limits.v[i]);
}

char *show_plan(const struct plan *p)
{
	struct strbuf b = { 0 };

	strbuf_fmt(&b, "%s%s%s\n", p->name, p->about ? ": " : "", p->about ? p->about : "");
	add_kernels(&b, p);
	add_axes(&b, p);
	add_skipped(&b, p);
	add_cost(&b, p);
	add_expects(&b, p);
	add_limits(&b, p);
	return b.data;
}

char *show_order(const struct plan *p)
{
	struct strbuf b = { 0 };
	struct visit *v;
	size_t n = matrix_visits(p, &v);

	for (size_t i = 0; i < n; i++) {
		strbuf_fmt(&b, "boot %d: %s\n", v[i].boot, p->kernels[v[i].kernel].name);
		for (size_t k = 0; k < v[i].n_cells; k++) {
			const struct cell *c = &p->cells[v[i].cells[k]];
			_cleanup_(freep) char *name = cell_name(c);

			strbuf_fmt(&b, "  %s%s\n", name,
				   k && !cell_same_guest(c, &p->cells[v[i].cells[k - 1]]) ? "  (another guest)" : "");
		}
	}
	matrix_visits_free(v, n);
	return b.data ? b.data : str_dup("");
}

char *show_cells(const struct plan *p)
{
	int width = kernel_width(p);
	struct strbuf b = { 0 };

	for (size_t i = 0; i < p->n_cells; i++) {
		_cleanup_(freep) char *name = cell_name(&p->cells[i]);

		strbuf_fmt(&b, "%4zu  %-*s  %s%s%s\n", i + 1, width, p->kernels[p->cells[i].kernel].name, name,
			   p->cells[i].skip ? "  SKIP: " : "", p->cells[i].skip ? p->cells[i].skip : "");
	}
	return b.data;
}
