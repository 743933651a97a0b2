/* SPDX-License-Identifier: GPL-2.0-only */
/* real.h - samples that were measured, for the proof of the judge: tests/data/samples */
#ifndef TESTS_REAL_H
#define TESTS_REAL_H

#include <stdio.h>
#include <string.h>

#include "lib/cleanup.h"
#include "lib/random.h"

#define REAL_FILE "tests/data/samples/flow-control.tsv"
#define REAL_CELLS 64
#define REAL_SAMPLES 32

/** struct real_sample - of one boot */
struct real_sample {
	double mbit;
	double retransmits;
};

/** struct real_cell - one kernel at one point */
struct real_cell {
	char name[96];
	struct real_sample samples[REAL_SAMPLES];
	size_t n;
};

struct real {
	struct real_cell cells[REAL_CELLS];
	size_t n;
};

static inline struct real_cell *real_cell_of(struct real *r, const char *name)
{
	size_t i = 0;

	while (i < r->n && strcmp(r->cells[i].name, name))
		i++;
	if (i == r->n) {
		assert_in_range(r->n, 0, REAL_CELLS - 1);
		snprintf(r->cells[r->n++].name, sizeof(r->cells[0].name), "%s", name);
	}
	return &r->cells[i];
}

/** real_read() - a line a sample: cell, Mbit/s, retransmits; lines that begin with # say where they are from. */
static inline void real_read(struct real *r)
{
	_cleanup_(fclosep) FILE *f = fopen(REAL_FILE, "re");
	char line[256], name[96];

	assert_non_null(f);
	while (fgets(line, sizeof(line), f)) {
		struct real_sample s;
		struct real_cell *c;

		if (*line == '#')
			continue;
		assert_int_equal(sscanf(line, "%95[^\t]\t%lf\t%lf", name, &s.mbit, &s.retransmits), 3);
		c = real_cell_of(r, name);
		assert_in_range(c->n, 0, REAL_SAMPLES - 1);
		c->samples[c->n++] = s;
	}
	assert_true(r->n > 0);
}

/** real_draw() - Return: one of the samples of a cell, with replacement; points beyond the last cell begin anew. */
static inline const struct real_sample *real_draw(const struct real *r, struct random *g, size_t point)
{
	const struct real_cell *c = &r->cells[point % r->n];

	return &c->samples[random_index(g, c->n)];
}

#endif
