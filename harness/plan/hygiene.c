// SPDX-License-Identifier: GPL-2.0-only
/* hygiene.c - the table of what makes a sample invalid: the machine did something else meanwhile */
#include "plan/hygiene.h"

#include <math.h>

#include "lib/cleanup.h"
#include "lib/jsonl.h"
#include "lib/str.h"

#define TRIES_MIN 3

static const struct hygiene_def table[] = {
	[HYGIENE_STEAL] = { "steal", 0.05, 100, 0,
			    "this machine's hypervisor took ", " % of its CPU time (steal)" },
	[HYGIENE_LOAD] = { "load", 0.05, 100, 0,
			   "other processes of this machine had ", " % of the CPU time that QEMU wanted" },
	[HYGIENE_CLOCK_S] = { "clock_s", 0.1, 1, 1,
			      "the clock of this machine was set by ", " s, or the machine slept" },
	[HYGIENE_HOST_STEAL] = { "host_steal", 0.05, 100, 0,
				 "the host under test was without ", " % of its CPU time (steal)" },
	[HYGIENE_HOST_LOAD] = { "host_load", 0.05, 100, 0,
				"other processes had ", " % of the CPU time of the host under test" },
	[HYGIENE_HOST_CLOCK_S] = { "host_clock_s", 0.1, 1, 1,
				   "the clock of the host under test was set by ", " s" },
	[HYGIENE_MISSING] = { "missing", 0.1, 100, 0, "the traffic ended early: ", " % of its time are missing" },
};
_Static_assert(ARRAY_SIZE(table) == HYGIENE_COUNT, "a row for each");

const struct hygiene_def *hygiene_def(enum hygiene h)
{
	return &table[h];
}

void hygiene_init(double value[HYGIENE_COUNT])
{
	for (enum hygiene h = 0; h < HYGIENE_COUNT; h++)
		value[h] = NAN;
}

enum hygiene hygiene_worst(const double value[HYGIENE_COUNT])
{
	enum hygiene worst = HYGIENE_COUNT;
	double most = 1;

	for (enum hygiene h = 0; h < HYGIENE_COUNT; h++) {
		double times = value[h] / table[h].limit;

		if (times > most) {
			most = times;
			worst = h;
		}
	}
	return worst;
}

char *hygiene_why(const double value[HYGIENE_COUNT])
{
	enum hygiene worst = hygiene_worst(value);

	if (worst == HYGIENE_COUNT)
		return NULL;
	return str_fmt("%s%.*f%s", table[worst].before, table[worst].digits, value[worst] * table[worst].scale,
		       table[worst].after);
}

json_t *hygiene_to_json(const double value[HYGIENE_COUNT])
{
	json_t *obj = NULL;

	for (enum hygiene h = 0; h < HYGIENE_COUNT; h++) {
		if (!isfinite(value[h]))
			continue;
		if (!obj)
			obj = json_object();
		json_object_set_new(obj, table[h].name, json_real(value[h]));
	}
	return obj;
}

void hygiene_from_json(const json_t *obj, double ret[HYGIENE_COUNT])
{
	for (enum hygiene h = 0; h < HYGIENE_COUNT; h++)
		ret[h] = json_num(obj, table[h].name, NAN);
}

unsigned int hygiene_limit(unsigned int samples)
{
	return samples > TRIES_MIN ? samples : TRIES_MIN;
}
