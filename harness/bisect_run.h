/* SPDX-License-Identifier: GPL-2.0-only */
/* bisect_run.h - one bisect from its first boot to its report */
#ifndef BISECT_RUN_H
#define BISECT_RUN_H

#include "bisect.h"

/**
 * bisect_search() - search the range, and if that ends at a merge, what is inside of it
 * @end: how the last search ended; b->hunt and b->range are of it
 * Return: 0; -EINTR; -ENOEXEC an end does not build; other -errno: the test bed is broken.
 */
int bisect_search(struct bisect *b, enum search_what *end);

#endif
