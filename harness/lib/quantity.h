/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * quantity.h - a number and its unit, as text: "60ms", "1gbit", "4m"
 *
 *	double bits;
 *
 *	if (!quantity_parse("100mbit", quantity_rate, &bits)) ...
 */
#ifndef LIB_QUANTITY_H
#define LIB_QUANTITY_H

#include <stdbool.h>

/** struct quantity_unit - the name of a unit and what it is worth; a list ends with a NULL @name */
struct quantity_unit {
	const char *name;
	double worth;
};

extern const struct quantity_unit quantity_rate[];  /* bit/s: bit, kbit, mbit, gbit */
extern const struct quantity_unit quantity_ms[];    /* milliseconds; "" and ms, s */
extern const struct quantity_unit quantity_us[];    /* microseconds; "" and us, ms, s */
extern const struct quantity_unit quantity_bytes[]; /* bytes; "" and k, m, g, of 1024 each */
extern const struct quantity_unit quantity_count[]; /* "" alone */

/** quantity_parse() - digits, perhaps with a fraction, and one of @units. Return: whether it is that; only then *@ret is set. */
bool quantity_parse(const char *text, const struct quantity_unit *units, double *ret);

#endif
