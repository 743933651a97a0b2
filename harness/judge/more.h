/* SPDX-License-Identifier: GPL-2.0-only */
/* more.h - which cells of a judged run need more samples */
#ifndef JUDGE_MORE_H
#define JUDGE_MORE_H

#include "judge/result.h"

/**
 * more_wanted() - the next look
 * @r:     judged
 * @cells: r->n_cells flags: those that are to be sampled again: every kernel's cell at the point of a NOISY one, so
 *         that both sides grow; but none that an event has ended, and no point that has as many invalid samples as hygiene_limit() allows
 * Return: how many boots each of them needs, as many as the poorest does; 0 when there is nothing to be gained.
 */
unsigned int more_wanted(const struct run_result *r, bool *cells);

#endif
