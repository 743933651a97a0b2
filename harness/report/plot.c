// SPDX-License-Identifier: GPL-2.0-only
/* plot.c - a history as a plot of characters */
#include "report/plot.h"

#include <math.h>
#include <string.h>

#include "judge/stats.h"
#include "lib/cleanup.h"
#include "lib/str.h"
#include "report/report.h"

#define COLUMNS 31

/** struct scale - what the first and the last column stand for */
struct scale {
	double low;
	double high;
};

static struct scale scale_of(const struct history *h)
{
	struct scale s = { INFINITY, -INFINITY };

	for (size_t i = 0; i < h->n_points; i++) {
		s.low = fmin(s.low, h->points[i].value);
		s.high = fmax(s.high, h->points[i].value);
	}
	return s;
}

static int column_of(const struct scale *s, double value)
{
	if (!(s->high > s->low))
		return COLUMNS / 2;
	return (int)lround((value - s->low) / (s->high - s->low) * (COLUMNS - 1));
}

static void print_change(const struct history *h, size_t i, FILE *f)
{
	size_t at = h->changes[i].at;
	double before = history_level(h, i ? h->changes[i - 1].at : 0, at);
	double after = history_level(h, at, i + 1 < h->n_changes ? h->changes[i + 1].at : h->n_points);
	_cleanup_(freep) char *from = run_number_text(h->metric, before);
	_cleanup_(freep) char *to = run_number_text(h->metric, after);
	_cleanup_(freep) char *change = report_change(stats_ratio(after, before));

	fprintf(f, "-- %s to %s, %s, p = %.2g --\n", from, to, change, h->changes[i].p);
}

static void print_point(const struct history_point *p, enum metric m, const struct scale *s, FILE *f)
{
	_cleanup_(freep) char *value = run_number_text(m, p->value);
	int column = column_of(s, p->value);

	fprintf(f, "%.10s %.5s  %-18s  %7s  |%*s*%*s|\n", p->started, strlen(p->started) > 11 ? p->started + 11 : "",
		p->run, value, column, "", COLUMNS - 1 - column, "");
}

void plot_print(const struct history *h, FILE *f)
{
	_cleanup_(freep) char *kernel = report_line(h->kernel);
	const struct metric_def *d = metric_def(h->metric);
	struct scale s = scale_of(h);
	size_t change = 0;

	fprintf(f, "%s, %s, %s\n", kernel, d->name, d->scale == 1 ? d->unit : d->title);
	for (size_t i = 0; i < h->n_points; i++) {
		if (change < h->n_changes && h->changes[change].at == i)
			print_change(h, change++, f);
		print_point(&h->points[i], h->metric, &s, f);
	}
}
