/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * published.h - the numbers that were published, and nothing of ours
 *
 * Source: "TUN/TAP: improving throughput and latency by avoiding SKB drops", version 3, posted to the
 * kernel's networking list in August 2025: the tables of its cover letter and, for what the tables
 * leave out (retransmits, round trips), the iperf3 JSON that its authors published beside them.
 */
#ifndef REPRODUCE_PUBLISHED_H
#define REPRODUCE_PUBLISHED_H

#include <stddef.h>

#include "plan/metric.h"
#include "reproduce/experiment.h"

enum published_side { PUBLISHED_DEFAULT, PUBLISHED_PATCHED, PUBLISHED_SIDES };

/** PUBLISHED_S - seconds of each published run of a VM */
#define PUBLISHED_S 300

/** struct published_number - @mbit: received, Mbit/s; @retransmits: of the whole run; @rtt_ms: mean, smoothed; NAN where none was published */
struct published_number {
	double mbit;
	double retransmits;
	double rtt_ms;
};

/** struct published - one row of one table; @group: of tables that have several daemons, else NULL */
struct published {
	enum experiment experiment;
	const char *group;
	const char *row;
	struct published_number side[PUBLISHED_SIDES];
};

/** published_row() - Return: row number @n of the table of @e, in its order; NULL after the last. */
const struct published *published_row(enum experiment e, size_t n);

/** published_find() - Return: the row of that name, NULL if there is none. */
const struct published *published_find(enum experiment e, const char *group, const char *row);

/** published_value() - Return: in the unit of the metric (bit/s, retransmits per MB, us); NAN where it was not published, or @p is NULL. */
double published_value(const struct published *p, enum published_side side, enum metric m);

#endif
