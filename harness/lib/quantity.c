// SPDX-License-Identifier: GPL-2.0-only
/* quantity.c - a number and its unit, as text */
#include "lib/quantity.h"

#include <stdlib.h>
#include <string.h>

const struct quantity_unit quantity_rate[] = {
	{ "bit", 1 }, { "kbit", 1e3 }, { "mbit", 1e6 }, { "gbit", 1e9 }, { 0 }
};
const struct quantity_unit quantity_ms[] = { { "", 1 }, { "ms", 1 }, { "s", 1e3 }, { 0 } };
const struct quantity_unit quantity_us[] = { { "", 1 }, { "us", 1 }, { "ms", 1e3 }, { "s", 1e6 }, { 0 } };
const struct quantity_unit quantity_bytes[] = {
	{ "", 1 }, { "k", 1024 }, { "m", 1048576 }, { "g", 1073741824 }, { 0 }
};
const struct quantity_unit quantity_count[] = { { "", 1 }, { 0 } };

/* Digits first: strtod() would also take blanks, signs, hexadecimal and infinity. */
bool quantity_parse(const char *text, const struct quantity_unit *units, double *ret)
{
	size_t digits = strspn(text, "0123456789"), len = digits;
	double v;

	if (!digits)
		return false;
	if (text[len] == '.')
		len += 1 + strspn(text + len + 1, "0123456789");
	if (len == digits + 1)
		return false;
	v = strtod(text, NULL);
	for (; units->name; units++) {
		if (strcmp(text + len, units->name))
			continue;
		*ret = v * units->worth;
		return true;
	}
	return false;
}
