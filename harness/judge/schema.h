/* SPDX-License-Identifier: GPL-2.0-only */
/* schema.h - the tables of the store; their axis and metric columns come from the tables of plan/ */
#ifndef JUDGE_SCHEMA_H
#define JUDGE_SCHEMA_H

#include <sqlite3.h>

#include "lib/str.h"

/**
 * schema_prepare() - make the tables of a new store, add columns for axes and metrics that it lacks
 * Return: 0; -EPROTO for a store of a newer tapbed; other -errno.
 */
int schema_prepare(sqlite3 *db);

/** schema_axes() - append ', "backend", "nic", ...': a column an axis, in the order of enum axis. */
void schema_axes(struct strbuf *b);

/** schema_metrics() - append ', "throughput_bps", ...': a column a metric, in the order of enum metric. */
void schema_metrics(struct strbuf *b);

#endif
