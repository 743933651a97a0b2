// SPDX-License-Identifier: GPL-2.0-only
/* probe.c - the table of what makes traffic */
#include "measure/probe.h"

#include <errno.h>

#include "lib/cleanup.h"
#include "lib/err.h"
#include "lib/str.h"
#include "measure/iperf3.h"

static const struct probe_def table[] = {
	{ "iperf3", "TCP from the host to the guest, as fast as it goes", iperf3_run },
};

const struct probe_def *probe_find(const char *name)
{
	struct strbuf known = { 0 };

	for (size_t i = 0; i < ARRAY_SIZE(table); i++)
		if (str_eq(table[i].name, name))
			return &table[i];
	for (size_t i = 0; i < ARRAY_SIZE(table); i++)
		strbuf_fmt(&known, "%s%s", i ? ", " : "", table[i].name);
	err_say(EINVAL, "no probe is called '%s'; there is: %s", name ? name : "",
		strbuf_text(&known));
	strbuf_free(&known);
	return NULL;
}

int probe_run(const struct probe_args *a, struct sample *s, char **ret_raw, char **ret_command)
{
	const struct probe_def *p = probe_find(a->name);

	*ret_raw = NULL;
	*ret_command = NULL;
	return p ? p->run(a, s, ret_raw, ret_command) : -EINVAL;
}
