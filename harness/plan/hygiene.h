/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * hygiene.h - the table of what makes a sample invalid: the machine did something else meanwhile
 *
 * An invalid sample is not a slow one. It is kept and told, counts for nothing, and another one is
 * taken in its place.
 */
#ifndef PLAN_HYGIENE_H
#define PLAN_HYGIENE_H

#include <jansson.h>

/* Each is read for the time of the traffic alone; NAN where it cannot be known. */
enum hygiene {
	HYGIENE_STEAL,	    /* of the CPU time of the outer machine: what its hypervisor gave to others */
	HYGIENE_LOAD,	    /* of the CPU time that QEMU wanted: what other processes had while it waited */
	HYGIENE_CLOCK_S,    /* how far the wall clock of the outer machine was set, or the machine slept */
	HYGIENE_HOST_STEAL, /* as steal, on the host under test */
	HYGIENE_HOST_LOAD,  /* of the CPU time of the host under test: what processes had that are not the bed's */
	HYGIENE_HOST_CLOCK_S, /* how far the wall clock of the host under test was set */
	HYGIENE_MISSING,    /* of the time that traffic was asked for: what the probe did without */
	HYGIENE_COUNT
};

/**
 * struct hygiene_def - one row
 * @name:  as in the store and in JSON: "steal"
 * @limit: a sample with more is invalid; why so much: docs/judge.md
 * @scale: number times this is what the sentence shows, with so many @digits behind the point
 * @before: the sentence up to its number
 * @after: the rest of it
 */
struct hygiene_def {
	const char *name;
	double limit;
	double scale;
	int digits;
	const char *before;
	const char *after;
};

const struct hygiene_def *hygiene_def(enum hygiene h);

/** hygiene_init() - nothing is known: every value NAN. */
void hygiene_init(double value[HYGIENE_COUNT]);

/** hygiene_worst() - Return: what is furthest beyond its limit; HYGIENE_COUNT when nothing is, and the sample valid. */
enum hygiene hygiene_worst(const double value[HYGIENE_COUNT]);

/** hygiene_why() - Return: why a sample with these numbers is invalid, by the worst of them, to be freed; NULL: it is valid. */
char *hygiene_why(const double value[HYGIENE_COUNT]);

/** hygiene_to_json() - Return: {"steal": 0.01, ...} with what is known, NULL when that is nothing; a new reference. */
json_t *hygiene_to_json(const double value[HYGIENE_COUNT]);

/** hygiene_from_json() - the reverse; what is not there is NAN, also of NULL. */
void hygiene_from_json(const json_t *obj, double ret[HYGIENE_COUNT]);

/**
 * hygiene_limit() - how many invalid samples a cell may have before no more are taken in their place
 * @samples: that the plan wants of it
 * Return: as many as that, and three at least.
 */
unsigned int hygiene_limit(unsigned int samples);

#endif
