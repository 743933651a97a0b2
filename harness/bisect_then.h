/* SPDX-License-Identifier: GPL-2.0-only */
/* bisect_then.h - from the package that was found to the commits between it and the one before */
#ifndef BISECT_THEN_H
#define BISECT_THEN_H

#include "bisect.h"

/**
 * bisect_then() - bisect those commits in a tree that has both as tags, in a process of its own
 * @b: a search of packages with options->tree, ended at one package
 * Return: exit status of the other bisect; EXIT_SKIP if the tree does not have both; EXIT_BROKEN.
 */
int bisect_then(const struct bisect *b);

#endif
