/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * raw.h - the probe raw: the ring itself, without a guest
 *
 * What is measured and what is a fault is decided in ring/; here a cell becomes a struct
 * ring_spec, and what came out of it a sample and a finding.
 */
#ifndef MEASURE_RAW_H
#define MEASURE_RAW_H

#include "measure/probe.h"
#include "ring/ring.h"

/** raw_run() - the row's function; see probe_run(). Needs @a->traffic, @a->cell and @a->nl. */
int raw_run(const struct probe_args *a, struct probe_result *r);

/** raw_spec() - what a cell and the plan's traffic mean to the ring; its texts are theirs. Return: 0, or -EINVAL for a backend that is no device. */
int raw_spec(const struct plan_probe *p, const struct cell *c, struct ring_spec *ret);

/** raw_metrics() - set what a run of the ring gave in a sample. */
void raw_metrics(const struct ring_result *r, struct sample *s);

/** raw_command() - Return: what measures the cell again, in the folder of its run; to be freed. */
char *raw_command(const struct plan_probe *p, const struct cell *c);

#endif
