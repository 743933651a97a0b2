// SPDX-License-Identifier: GPL-2.0-only
/* scenario.c - the table of what is done to a device while packets flow */
#include "ring/scenario.h"

#include <errno.h>

#include "lib/cleanup.h"
#include "lib/err.h"
#include "lib/str.h"
#include "ring/scenario_priv.h"

static const struct scenario table[] = {
	{ "none", "steady traffic", "", NULL, scenario_none },
};

const struct scenario *scenario_at(size_t n)
{
	return n < ARRAY_SIZE(table) ? &table[n] : NULL;
}

const struct scenario *scenario_find(const char *name)
{
	struct strbuf names = { 0 };

	for (size_t i = 0; i < ARRAY_SIZE(table); i++) {
		if (str_eq(table[i].name, name))
			return &table[i];
		strbuf_fmt(&names, "%s%s", i ? ", " : "", table[i].name);
	}
	(void)err_say(EINVAL, "no scenario is called '%s'; there is: %s", name, strbuf_text(&names));
	strbuf_free(&names);
	return NULL;
}
