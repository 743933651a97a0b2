/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * plot.h - a history as a plot of characters, a line a run, a line between for each change
 *
 *	stock, throughput_bps in Mbit/s
 *	2026-11-23 03:31  20261123-0331-7f3a   637  |                            *  |
 *	2026-11-24 03:30  20261124-0330-01c4   641  |                             * |
 *	-- 639 to 402, -37 %, p = 0.005 --
 *	2026-11-25 03:30  20261125-0330-22aa   402  | *                             |
 */
#ifndef REPORT_PLOT_H
#define REPORT_PLOT_H

#include <stdio.h>

#include "judge/history.h"

/** plot_print() - @h, judged, to @f. */
void plot_print(const struct history *h, FILE *f);

#endif
