// SPDX-License-Identifier: GPL-2.0-only
/* more.c - which cells of a judged run need more samples */
#include "judge/more.h"

/** poorest_at() - Return: samples of the cell at the point of @c that has fewest, of those that can get more. */
static size_t poorest_at(const struct run_result *r, const struct run_cell *c)
{
	size_t n = c->n_samples;

	for (size_t i = 0; i < r->n_cells; i++)
		if (r->cells[i].event == VERDICT_PASS && cell_same_point(&r->cells[i].cell, &c->cell) && r->cells[i].n_samples < n)
			n = r->cells[i].n_samples;
	return n;
}

static void mark_point(const struct run_result *r, const struct run_cell *c, bool *cells)
{
	for (size_t i = 0; i < r->n_cells; i++)
		cells[i] |= r->cells[i].event == VERDICT_PASS && cell_same_point(&r->cells[i].cell, &c->cell);
}

unsigned int more_wanted(const struct run_result *r, bool *cells)
{
	unsigned int most = 0;

	for (size_t i = 0; i < r->n_cells; i++)
		cells[i] = false;
	for (size_t i = 0; i < r->n_cells; i++) {
		const struct run_cell *c = &r->cells[i];
		unsigned int more = sequence_more(&r->sequence, c->verdict, (unsigned int)poorest_at(r, c));

		if (more)
			mark_point(r, c, cells);
		if (more > most)
			most = more;
	}
	return most;
}
