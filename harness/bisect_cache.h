/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * bisect_cache.h - numbers that an earlier bisect has measured: the same kernel, cell and machine
 *
 *	$STATE/bisect/results	a JSON line a sample
 *
 * The machine counts with its boot, and samples count for some hours. Those of the ends are measured again now
 * and then in any case, and what was found is always verified by fresh ones.
 */
#ifndef BISECT_CACHE_H
#define BISECT_CACHE_H

#include "bisect.h"

/** bisect_cache_take() - Return: whether there was a sample for a state that this bisect has not had yet; then *@ret is it. */
bool bisect_cache_take(struct bisect *b, size_t at, struct hunt_boot *ret);

/** bisect_cache_give() - keep a sample. */
void bisect_cache_give(struct bisect *b, size_t at, const struct hunt_boot *boot);

#endif
