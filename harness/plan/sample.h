/* SPDX-License-Identifier: GPL-2.0-only */
/* sample.h - what one measurement of one cell gave, and its JSON */
#ifndef PLAN_SAMPLE_H
#define PLAN_SAMPLE_H

#include <jansson.h>

#include "plan/hygiene.h"
#include "plan/metric.h"

/**
 * struct sample - one measurement
 * @boot:  which boot of the host, from 1
 * @nth:   position within the run, from 1
 * @value: one number a metric; NAN where it was not measured
 * @hygiene: what else the machine did meanwhile, NAN where it is not known
 * @invalid: why it counts for nothing, NULL for a sample that does count; owned
 * @raw:   file with the probe's untouched output, relative to the run's folder; owned
 */
struct sample {
	int boot;
	int nth;
	double value[METRIC_COUNT];
	double hygiene[HYGIENE_COUNT];
	char *invalid;
	char *raw;
};

/** sample_init() - empty: every value NAN. */
void sample_init(struct sample *s);
void sample_free(struct sample *s);

/**
 * sample_to_json() - Return: as in "samples" of the report's contract: boot, every measured
 * metric under its name (integers where they are whole), hygiene, invalid, raw; a new reference.
 */
json_t *sample_to_json(const struct sample *s);

/** sample_from_json() - the reverse; unknown members are ignored. Return: 0 or -EINVAL. */
int sample_from_json(const json_t *obj, struct sample *ret);

#endif
