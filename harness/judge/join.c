// SPDX-License-Identifier: GPL-2.0-only
/* join.c - two kernels that were measured in different runs, side by side */
#include "judge/join.h"

#include <math.h>
#include <stdint.h>
#include <string.h>

#include "judge/evidence.h"
#include "judge/promise.h"
#include "lib/cleanup.h"

/*
 * What any kernel promises to any other. at_least of the throughput is the caller's.
 * Retransmits: one good kernel, three samples: 0, 45 and 0, so twice as many say nothing
 * while they are few; 45 of those 487 MB are 0.09 per MB.
 */
static const struct {
	enum probe probe;
	enum metric metric;
	bool has_at_least;
	double at_most;
	double at_most_abs;
} promises[] = {
	{ PROBE_IPERF3, METRIC_THROUGHPUT_BPS, true,  NAN, NAN },
	{ PROBE_IPERF3, METRIC_RETRANS_PER_MB, false, 2,   0.1 },
	{ PROBE_RAW,    METRIC_PPS,	       true,  NAN, NAN },
	{ PROBE_LATENCY, METRIC_THROUGHPUT_BPS, true, NAN, NAN },
	{ PROBE_LATENCY, METRIC_RR_P99_US,     false, 2,   NAN },
	{ PROBE_UDP,    METRIC_THROUGHPUT_BPS, true,  NAN, NAN },
	{ PROBE_SHAPING, METRIC_THROUGHPUT_BPS, true, NAN, NAN },
	{ PROBE_PKTGEN, METRIC_PPS,	       true,  NAN, NAN },
	{ PROBE_SHAPING, METRIC_RR_P99_US,     false, 2,   NAN },
	{ PROBE_VPN,    METRIC_THROUGHPUT_BPS, true,  NAN, NAN },
	{ PROBE_VPN,    METRIC_RETRANS_PER_MB, false, 2,   0.1 },
};

/* Facts that make numbers incomparable, or at least doubtful, when they differ. */
static const struct {
	const char *of;
	const char *name;
} facts[] = {
	{ "host",  "kind" },
	{ "host",  "accel" },
	{ "host",  "vcpus" },
	{ "host",  "memory_mib" },
	{ "host",  "qemu" },
	{ "guest", "accel" },
	{ "guest", "image" },
	{ "guest", "kernel" },
};

static bool is_candidate(const struct join_side *s, size_t k)
{
	return !s->kernel || !strcmp(s->kernel, s->run->kernels[k].name);
}

static size_t count_candidates(const struct join_side *s)
{
	size_t n = 0;

	for (size_t k = 0; k < s->run->n_kernels; k++)
		n += is_candidate(s, k);
	return n;
}

bool join_is_pair(const struct join_side *a, size_t ka, const struct join_side *b, size_t kb)
{
	if (!is_candidate(a, ka) || !is_candidate(b, kb))
		return false;
	return !strcmp(a->run->kernels[ka].name, b->run->kernels[kb].name) ||
	       (count_candidates(a) == 1 && count_candidates(b) == 1);
}

static struct run_kernel kernel_dup(const struct run_kernel *k, const char *side)
{
	return (struct run_kernel){
		.name = str_fmt("%s%s", side, k->name),
		.release = str_dup(k->release),
		.package = str_dup(k->package),
		.series = str_dup(k->series),
		.hash = str_dup(k->hash),
	};
}

static struct sample *samples_dup(const struct sample *samples, size_t n)
{
	struct sample *all = mem_zalloc(n * sizeof(*all));

	for (size_t i = 0; i < n; i++) {
		all[i] = samples[i];
		all[i].raw = str_dup(samples[i].raw);
		all[i].invalid = str_dup(samples[i].invalid);
	}
	return all;
}

static struct run_cell cell_dup(const struct run_cell *c, size_t kernel)
{
	struct run_cell d = {
		.cell.kernel = kernel,
		.cell.probe = c->cell.probe,
		.n_samples = c->n_samples,
		.n_invalid = c->n_invalid,
		.event = c->event,
		.event_reason = str_dup(c->event_reason),
	};

	memcpy(d.cell.at, c->cell.at, sizeof(d.cell.at));
	memcpy(d.floor, c->floor, sizeof(d.floor));
	d.samples = samples_dup(c->samples, c->n_samples);
	d.invalid = samples_dup(c->invalid, c->n_invalid);
	return d;
}

/** struct end - one kernel of one run */
struct end {
	const struct run_result *run;
	size_t kernel;
};

/** add_cells() - the cells of one end at points that the other has too, as kernel @as; says what is left out. */
static void add_cells(struct run_result *ret, size_t as, const struct end *own, const struct end *other,
		      struct strv *notes)
{
	_cleanup_(freep) char *first = NULL;
	size_t n_alone = 0;

	for (size_t i = 0; i < own->run->n_cells; i++) {
		const struct run_cell *c = &own->run->cells[i];

		if (c->cell.kernel != own->kernel)
			continue;
		if (run_cell_other(other->run, c, other->kernel))
			ret->cells[ret->n_cells++] = cell_dup(c, as);
		else if (!n_alone++)
			first = cell_name(&c->cell);
	}
	if (n_alone)
		strv_fmt(notes, "only %s has %zu point%s: %s%s", ret->kernels[as].name, n_alone,
			 n_alone == 1 ? "" : "s", first, n_alone == 1 ? "" : ", ...");
}

static char *fact_text(const struct run_result *r, size_t i)
{
	const json_t *of = !strcmp(facts[i].of, "host") ? r->host : r->guest;
	const json_t *v = json_object_get(of, facts[i].name);

	return v ? json_dumps(v, JSON_ENCODE_ANY) : str_dup("unknown");
}

static void note_facts(const struct run_result *a, const struct run_result *b, struct strv *notes)
{
	for (size_t i = 0; i < ARRAY_SIZE(facts); i++) {
		_cleanup_(freep) char *x = fact_text(a, i);
		_cleanup_(freep) char *y = fact_text(b, i);

		if (strcmp(x, y))
			strv_fmt(notes, "the runs differ: %s %s is %s and %s", facts[i].of, facts[i].name, x, y);
	}
}

static struct plan_expect promise_of(size_t i, double at_least)
{
	return (struct plan_expect){
		.kernel = 1,
		.than = 0,
		.metric = promises[i].metric,
		.at_least = promises[i].has_at_least ? at_least : NAN,
		.at_most = promises[i].at_most,
		.at_most_abs = promises[i].at_most_abs,
	};
}

/** boots_of() - boots of the cell at the point of @c, of the first metric that a comparison asks for; 0 if it has none. */
static size_t boots_of(const struct run_result *r, const struct run_cell *c, size_t kernel)
{
	const struct run_cell *own = run_cell_other(r, c, kernel);
	_cleanup_(freep) double *v = NULL;
	size_t i = 0;

	while (promises[i].probe != r->probe)
		i++;
	return own ? evidence_boot_values(own, promises[i].metric, &v) : 0;
}

static size_t promises_of(enum probe probe)
{
	size_t n = 0;

	for (size_t i = 0; i < ARRAY_SIZE(promises); i++)
		n += promises[i].probe == probe;
	return n;
}

double join_at_least(const struct run_result *a, size_t ka, const struct run_result *b, size_t kb)
{
	size_t points = 0, poorest = SIZE_MAX;

	for (size_t i = 0; i < a->n_cells; i++) {
		size_t x, y;

		if (a->cells[i].cell.kernel != ka)
			continue;
		x = boots_of(a, &a->cells[i], ka);
		y = boots_of(b, &a->cells[i], kb);
		points += x && y;
		if (x && y && x < poorest)
			poorest = x;
		if (x && y && y < poorest)
			poorest = y;
	}
	if (!points || poorest < evidence_boots(points * promises_of(b->probe), 1))
		return JOIN_AT_LEAST_FEW;
	return 1;
}

char *join_promises(enum probe probe, double at_least)
{
	struct strbuf b = { 0 };

	for (size_t i = 0; i < ARRAY_SIZE(promises); i++) {
		struct plan_expect e = promise_of(i, at_least);
		_cleanup_(freep) char *text = promise_text(&e);

		if (promises[i].probe != probe)
			continue;
		strbuf_fmt(&b, "%s%s %s", b.len ? ", " : "", metric_def(e.metric)->name, text);
	}
	return b.data;
}

static void set_head(struct run_result *r, const struct run_result *a, const struct run_result *b)
{
	r->id = str_eq(a->id, b->id) ? str_dup(a->id) : str_fmt("%s against %s", b->id, a->id);
	r->plan = str_dup(b->plan);
	r->probe = b->probe;
	r->about = str_fmt("%s is of run %s, %s is of run %s", r->kernels[0].name, a->id,
			   r->kernels[1].name, b->id);
	r->started = str_dup(b->started);
	r->host = json_incref(b->host);
	r->guest = json_incref(b->guest);
	r->phases = json_object();
}

void join_runs(const struct run_result *a, size_t ka, const struct run_result *b, size_t kb,
	       double at_least, struct run_result *ret, struct strv *ret_notes)
{
	bool is_same_name = !strcmp(a->kernels[ka].name, b->kernels[kb].name);
	struct run_result r = { .finished = a->finished && b->finished, .n_kernels = 2 };
	const struct end end_a = { a, ka }, end_b = { b, kb };

	r.kernels = mem_zalloc(2 * sizeof(*r.kernels));
	r.kernels[0] = kernel_dup(&a->kernels[ka], is_same_name ? "A:" : "");
	r.kernels[1] = kernel_dup(&b->kernels[kb], is_same_name ? "B:" : "");
	set_head(&r, a, b);
	r.cells = mem_zalloc((a->n_cells + b->n_cells) * sizeof(*r.cells));
	note_facts(a, b, ret_notes);
	add_cells(&r, 0, &end_a, &end_b, ret_notes);
	add_cells(&r, 1, &end_b, &end_a, ret_notes);
	r.expects = mem_zalloc(ARRAY_SIZE(promises) * sizeof(*r.expects));
	for (size_t i = 0; i < ARRAY_SIZE(promises); i++)
		if (promises[i].probe == b->probe)
			r.expects[r.n_expects++] = promise_of(i, at_least);
	*ret = r;
}
