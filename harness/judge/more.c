// SPDX-License-Identifier: GPL-2.0-only
/* more.c - which cells of a judged run need more samples */
#include "judge/more.h"

/** has_of() - Return: boots of a cell, in what the run's sequence counts. */
static size_t has_of(const struct run_result *r, const struct run_cell *c)
{
	return r->per_boot ? run_cell_boots(c) : c->n_samples;
}

/** poorest_at() - Return: boots of the cell at the point of @c that has fewest, of those that can get more. */
static size_t poorest_at(const struct run_result *r, const struct run_cell *c)
{
	size_t n = has_of(r, c);

	for (size_t i = 0; i < r->n_cells; i++)
		if (r->cells[i].event == VERDICT_PASS && cell_same_point(&r->cells[i].cell, &c->cell) && has_of(r, &r->cells[i]) < n)
			n = has_of(r, &r->cells[i]);
	return n;
}

/** is_hopeless() - the machine never left a cell at this point alone. */
static bool is_hopeless(const struct run_result *r, const struct run_cell *c)
{
	unsigned int limit = hygiene_limit(r->sequence.cap * r->per_boot);

	for (size_t i = 0; i < r->n_cells; i++)
		if (r->cells[i].n_invalid >= limit && cell_same_point(&r->cells[i].cell, &c->cell))
			return true;
	return false;
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

		if (!more || is_hopeless(r, c))
			continue;
		mark_point(r, c, cells);
		if (more > most)
			most = more;
	}
	return most;
}
