/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * change.h - where a series of numbers changed: E-divisive (Matteson and James 2014)
 *
 * Each segment is cut where the energy distance between what is before and after is largest, if
 * at most one of twenty random orders of the segment can be cut as well; then both parts again.
 * It asks for no distribution, and finds changes of the spread too. (MongoDB's CI judges its history so:
 * Daly and others, ICPE 2020.)
 */
#ifndef JUDGE_CHANGE_H
#define JUDGE_CHANGE_H

#include <stddef.h>

/** A change leaves at least so many numbers on each side. */
#define CHANGE_SEGMENT_MIN 3

/** struct change - @at: the first number of the new level; @p: how often a random order looks as much changed */
struct change {
	size_t at;
	double p;
};

/**
 * change_find() - @v: @n numbers in the order of time
 * @ret: the changes, in the order of time, to be freed
 * Return: how many; the same numbers give the same changes.
 */
size_t change_find(const double *v, size_t n, struct change **ret);

#endif
