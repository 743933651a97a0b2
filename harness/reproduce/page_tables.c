// SPDX-License-Identifier: GPL-2.0-only
/* page_tables.c - the page of tapbed reproduce: every published table with ours beside it */
#include <math.h>

#include "lib/cleanup.h"
#include "reproduce/page_priv.h"

/* Beside the ratio of the throughput, what is shown of whom; in the order of the page. */
static const struct {
	enum experiment experiment;
	enum metric metric;
	const char *title;
} shown[] = {
	{ EXPERIMENT_TAP_QUEUE,	  METRIC_RETRANS_PER_MB, "Retransmits per MB:" },
	{ EXPERIMENT_TAP_QUEUE,	  METRIC_RTT_US,	 "Round trip of the sending socket, smoothed, ms:" },
	{ EXPERIMENT_TAP_DELAY,	  METRIC_RETRANS_PER_MB, "Retransmits per MB:" },
	{ EXPERIMENT_TAP_DELAY,	  METRIC_RETRANSMITS,	 "Retransmits of a sample:" },
	{ EXPERIMENT_TAP_DELAY,	  METRIC_DSACK_SEGS,	 "Segments of a sample that the receiver had already (DSACK: retransmits that no loss asked for):" },
	{ EXPERIMENT_TAP_DELAY,	  METRIC_RTT_US,	 "Round trip of the sending socket, smoothed, ms:" },
	{ EXPERIMENT_TAP_DELAY,	  METRIC_IDLE_RTT_US,	 "Idle round trip, ms:" },
	{ EXPERIMENT_VHOST_QUEUE, METRIC_RETRANS_PER_MB, "Retransmits per MB:" },
	{ EXPERIMENT_VHOST_QUEUE, METRIC_RTT_US,	 "Round trip of the sending socket, smoothed, ms:" },
	{ EXPERIMENT_VHOST_DELAY, METRIC_RETRANS_PER_MB, "Retransmits per MB:" },
	{ EXPERIMENT_VHOST_DELAY, METRIC_RETRANSMITS,	 "Retransmits of a sample:" },
	{ EXPERIMENT_VHOST_DELAY, METRIC_DSACK_SEGS,	 "Segments of a sample that the receiver had already (DSACK: retransmits that no loss asked for):" },
	{ EXPERIMENT_VHOST_DELAY, METRIC_RTT_US,	 "Round trip of the sending socket, smoothed, ms:" },
	{ EXPERIMENT_VHOST_DELAY, METRIC_IDLE_RTT_US,	 "Idle round trip, ms:" },
	{ EXPERIMENT_VPN_RTT,	  METRIC_RETRANS_PER_MB, "Retransmits per MB:" },
	{ EXPERIMENT_VPN_RTT,	  METRIC_TX_DROPPED,	 "Lost by the ring of the TUN, packets of a sample:" },
	{ EXPERIMENT_VPN_RTT,	  METRIC_FAR_RCVBUF_DROPS, "Lost by the socket of the far daemon, datagrams of a sample:" },
	{ EXPERIMENT_VPN_RTT,	  METRIC_IDLE_RTT_US,	 "Idle round trip through the tunnel, ms:" },
	{ EXPERIMENT_VPN_QUEUE,	  METRIC_RETRANS_PER_MB, "Retransmits per MB:" },
	{ EXPERIMENT_VPN_QUEUE,	  METRIC_TX_DROPPED,	 "Lost by the ring of the TUN, packets of a sample:" },
	{ EXPERIMENT_VPN_QUEUE,	  METRIC_FAR_RCVBUF_DROPS, "Lost by the socket of the far daemon, datagrams of a sample:" },
	{ EXPERIMENT_VPN_QUEUE,	  METRIC_IDLE_RTT_US,	 "Idle round trip through the tunnel, ms:" },
	{ EXPERIMENT_SHAPING,	  METRIC_QDISC_BACKLOG,	 "Largest backlog of the qdisc, packets:" },
	{ EXPERIMENT_SHAPING,	  METRIC_RR_P99_US,	 "Requests with priority, 99th percentile, ms:" },
	{ EXPERIMENT_SHAPING,	  METRIC_PRIO_PERCENT,	 "Datagrams with priority that arrived, %:" },
	{ EXPERIMENT_LATENCY,	  METRIC_PING_P50_US,	 "Echoes beside eight flows, median, ms:" },
	{ EXPERIMENT_LATENCY,	  METRIC_PING_P99_US,	 "Echoes beside eight flows, 99th percentile, ms:" },
	{ EXPERIMENT_LATENCY,	  METRIC_RR_P50_US,	 "Requests over TCP beside eight flows, median, ms:" },
};

/* Whose levels are shown, in columns. */
static const struct {
	const char *head;
	struct contender_side who;
} sides[] = {
	{ "stock",	  { "stock",	    "off" } },
	{ "nodrop-v3",	  { "nodrop-v3",    "off" } },
	{ "backpressure", { "backpressure", "off" } },
	{ "linux-7.3",	  { "linux-7.3",    "off" } },
	{ "with flag",	  { "linux-7.3",    "on"  } },
};

/** struct rows - of one experiment: those that were published, or those of the run; texts are theirs */
struct rows {
	enum experiment experiment;
	const struct run_result *run;
	struct row {
		const char *group;
		const char *row;
		const struct published *published;
	} *v;
	size_t n;
};

static void rows_free(struct rows *r)
{
	free(r->v);
}

static void rows_add(struct rows *r, const char *group, const char *row, const struct published *p)
{
	for (size_t i = 0; i < r->n; i++)
		if (str_eq(r->v[i].group, group) && str_eq(r->v[i].row, row))
			return;
	r->v = mem_grow(r->v, r->n + 1, sizeof(*r->v));
	r->v[r->n++] = (struct row){ group, row, p };
}

static struct rows rows_of(enum experiment e, const struct run_result *run)
{
	struct rows r = { .experiment = e, .run = run };
	const struct experiment_def *x = experiment_def(e);
	const struct published *p;

	for (size_t i = 0; (p = published_row(e, i)); i++)
		rows_add(&r, p->group, p->row, p);
	for (size_t i = 0; run && !published_row(e, 0) && i < run->n_cells; i++) {
		const struct axis_value *at = run->cells[i].cell.at;

		rows_add(&r, x->group == AXIS_COUNT ? NULL : at[x->group].word, at[x->row].word, NULL);
	}
	return r;
}

char *page_row(enum experiment e, const char *group, const char *row)
{
	const char *is = experiment_def(e)->row_is, *place = is;
	_cleanup_(freep) char *text = NULL;

	while (*place && (place[0] != '%' || place[1] != 's'))
		place++;
	text = *place ? str_fmt("%.*s%s%s", (int)(place - is), is, row, place + 2) : str_dup(row);
	return group ? str_fmt("%s, %s", group, text) : take_ptr(&text);
}

char *page_ratio(double v)
{
	if (isnan(v))
		return str_dup("-");
	if (isinf(v))
		return str_dup("from 0");
	if (v >= 10 || v == 0)
		return str_fmt("%.0f", v);
	return v >= 0.1 ? str_fmt("%.2f", v) : str_fmt("%.2g", v);
}

static double ratio_here(const struct rows *r, const struct row *row, size_t contender)
{
	const struct claim c = {
		.experiment = r->experiment, .daemon = row->group, .metric = METRIC_THROUGHPUT_BPS, .want = CLAIM_KEEPS,
		.of = { PUBLISHED_PATCHED, row->row }, .over = { PUBLISHED_DEFAULT, row->row },
	};
	_cleanup_(ruling_free) struct ruling a = claim_rule(&c, r->run, contender);

	return a.here.estimate;
}

/* A table of VPNs has no linux-7.3. */
static bool has_contender(const struct rows *r, size_t contender)
{
	for (size_t i = 0; i < r->n && r->run; i++)
		if (experiment_cell(r->experiment, r->run, &contenders[contender].side[1], r->v[i].group, r->v[i].row))
			return true;
	return false;
}

static void add_ratio(struct grid *g, double v)
{
	_cleanup_(freep) char *text = page_ratio(v);

	grid_add(g, "%s", text);
}

static void ratio_heads(const struct rows *r, struct grid *g, bool is_published)
{
	static const char *const heads[] = { "default", "patched", "ratio" };

	grid_add(g, " ");
	for (size_t i = 0; i < ARRAY_SIZE(heads) && is_published; i++)
		grid_add(g, "%s", heads[i]);
	for (size_t i = 0; i < CONTENDERS; i++)
		if (has_contender(r, i))
			grid_add(g, "%s", contenders[i].name);
	g->n_cols = g->cells.n;
}

static void ratios(const struct doc *d, const struct rows *r)
{
	_cleanup_(grid_free) struct grid g = { 0 };
	bool is_published = r->n && r->v[0].published;

	ratio_heads(r, &g, is_published);
	for (size_t i = 0; i < r->n; i++) {
		const struct row *row = &r->v[i];
		_cleanup_(freep) char *name = page_row(r->experiment, row->group, row->row);
		double mbit[PUBLISHED_SIDES];

		grid_add(&g, "%s", name);
		for (enum published_side s = 0; s < PUBLISHED_SIDES && is_published; s++) {
			mbit[s] = row->published->side[s].mbit;
			grid_add(&g, "%.1f", mbit[s]);
		}
		if (is_published)
			add_ratio(&g, mbit[PUBLISHED_PATCHED] / mbit[PUBLISHED_DEFAULT]);
		for (size_t k = 0; k < CONTENDERS; k++)
			if (has_contender(r, k))
				add_ratio(&g, ratio_here(r, row, k));
	}
	doc_para(d, is_published ? "Throughput: published Mbit/s and their ratio, patched over default; then that ratio here." :
				   "Throughput here, patched over default:");
	doc_grid(d, &g);
}

static double level_here(const struct rows *r, const struct row *row, const struct contender_side *who, enum metric m)
{
	const struct run_cell *c = experiment_cell(r->experiment, r->run, who, row->group, row->row);

	return c ? c->median[m] : NAN;
}

static bool has_level(const struct rows *r, const struct contender_side *who, enum metric m)
{
	for (size_t i = 0; i < r->n; i++)
		if (!isnan(level_here(r, &r->v[i], who, m)))
			return true;
	return false;
}

static bool is_published(const struct rows *r, enum metric m)
{
	return r->n && !isnan(published_value(r->v[0].published, PUBLISHED_DEFAULT, m));
}

static void add_level(struct grid *g, enum metric m, double v)
{
	_cleanup_(freep) char *text = run_number_text(m, v);

	grid_add(g, "%s", text);
}

static void level_heads(const struct rows *r, struct grid *g, enum metric m)
{
	grid_add(g, " ");
	if (is_published(r, m)) {
		grid_add(g, "default");
		grid_add(g, "patched");
	}
	for (size_t i = 0; i < ARRAY_SIZE(sides); i++)
		if (has_level(r, &sides[i].who, m))
			grid_add(g, "%s", sides[i].head);
	g->n_cols = g->cells.n;
}

static void levels(const struct doc *d, const struct rows *r, enum metric m, const char *title)
{
	_cleanup_(grid_free) struct grid g = { 0 };

	level_heads(r, &g, m);
	/* Runs of an older tapbed do not have every metric. */
	if (g.n_cols < 2)
		return;
	for (size_t i = 0; i < r->n; i++) {
		const struct row *row = &r->v[i];
		_cleanup_(freep) char *name = page_row(r->experiment, row->group, row->row);

		grid_add(&g, "%s", name);
		for (enum published_side s = 0; s < PUBLISHED_SIDES && is_published(r, m); s++)
			add_level(&g, m, published_value(row->published, s, m));
		for (size_t k = 0; k < ARRAY_SIZE(sides); k++)
			if (has_level(r, &sides[k].who, m))
				add_level(&g, m, level_here(r, row, &sides[k].who, m));
	}
	doc_para(d, "%s%s", title, is_published(r, m) ? " published, then here." : "");
	doc_grid(d, &g);
}

static void table(const struct doc *d, enum experiment e, const struct run_result *run)
{
	_cleanup_(rows_free) struct rows r = rows_of(e, run);

	doc_heading(d, 3, experiment_def(e)->title);
	if (!run)
		doc_para(d, "Not run yet.");
	if (r.n)
		ratios(d, &r);
	for (size_t i = 0; i < ARRAY_SIZE(shown) && run; i++)
		if (shown[i].experiment == e)
			levels(d, &r, shown[i].metric, shown[i].title);
}

void page_tables(const struct doc *d, const struct reproduction *r)
{
	doc_heading(d, 2, "The tables");
	for (enum experiment e = 0; e < EXPERIMENT_COUNT; e++)
		table(d, e, reproduction_run(r, e));
}
