/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * scenario.h - the table of what is done to a device while packets flow
 *
 * A scenario takes the run's spec, changes what it needs (a shorter ring, a second queue, another
 * device), starts from steady traffic and then acts: resizes, closes, detaches, deletes. The
 * checks of every run hold during and after it: no stall, nothing lost to the ring where a
 * qdisc can hold it back, every packet accounted for, nothing in the kernel's log.
 */
#ifndef RING_SCENARIO_H
#define RING_SCENARIO_H

#include "ring/ring.h"

struct ring;

/**
 * struct scenario - one row
 * @name:  as plans call it: "resize-zero"
 * @about: what it does, one line for people
 * @fault: which published faults it shows: "A4"
 * @fit:   change @spec to what the scenario needs; Return: NULL, or why it does not apply to this
 *         spec (a sentence, static)
 * @act:   while traffic flows. Return: 0; -errno when the bed failed. What the kernel did wrong
 *         goes through ring_fault()
 */
struct scenario {
	const char *name;
	const char *about;
	const char *fault;
	const char *(*fit)(struct ring_spec *spec);
	int (*act)(struct ring *r);
};

/** scenario_find() - Return: the row called @name, NULL with a sentence if there is none. */
const struct scenario *scenario_find(const char *name);

/** scenario_at() - Return: row number @n, NULL past the last. */
const struct scenario *scenario_at(size_t n);

#endif
