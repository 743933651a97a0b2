// SPDX-License-Identifier: GPL-2.0-only
/* scenario.c - the table of what is done to a device while packets flow */
#include "ring/scenario.h"

#include <errno.h>

#include "lib/cleanup.h"
#include "lib/err.h"
#include "lib/str.h"
#include "ring/scenario_priv.h"

static const struct scenario table[] = {
	{ "none",           "steady traffic",                                             "",   fit_any,            scenario_none },
	{ "resize-zero",    "txqueuelen to 0, one packet, and back",                      "A4", fit_any,            scenario_resize_zero },
	{ "resize",         "txqueuelen up and down under load, 0 to 500",                "B4", fit_any,            scenario_resize },
	{ "resize-by-one",  "txqueuelen one more and one less below a backlog",           "",   fit_backlog,        scenario_resize_by_one },
	{ "down-up",        "the link down and up under load",                            "",   fit_any,            scenario_down_up },
	{ "reopen",         "a full queue is closed and opened again",                    "A5", fit_queues,         scenario_reopen },
	{ "detach",         "a full queue is detached and attached again",                "A6", fit_queues,         scenario_detach },
	{ "delete-macvtap", "a macvtap is deleted while it is open, then read",           "A1", fit_macvtap,        scenario_delete_macvtap },
	{ "macvtap-queue",  "reads from the second and later queues of a macvtap",        "A2", fit_macvtap_queues, scenario_macvtap_queue },
	{ "macvtap",        "whether reading a macvtap wakes a queue that nobody stops",  "A3", fit_macvtap,        scenario_macvtap },
	{ "noqueue",        "a short ring without a qdisc: is a sender refused?",         "A7", fit_noqueue,        scenario_noqueue },
	{ "poll-one",       "a poll reader and a ring of one packet, flooded",            "B1", fit_poll_one,       scenario_flood },
	{ "produce-fail",   "four senders into a ring of one packet, a blocking reader",  "B3", fit_produce_fail,   scenario_flood },
	{ "never-reads",    "one queue is never read: the others and the link go on",     "",   fit_queues,         scenario_never_reads },
	{ "unread",         "a reader hangs for 12 s, then its ring is made another one",  "",   fit_queues,         scenario_unread },
	{ "delete-vhost",   "a TAP is deleted while vhost_net reads it",                  "B5", fit_vhost,          scenario_delete_vhost },
	{ "dead-backend",   "a macvtap that is deleted is given to vhost_net",            "B6", fit_macvtap_vhost,  scenario_dead_backend },
	{ "vhost-detach",   "queues move while vhost_net reads them",                     "C1", fit_vhost_queues,   scenario_vhost_detach },
	{ "xdp-redirect",   "XDP keeps the ring full beside senders that use the queue",  "C2", fit_redirect,       scenario_redirect },
	{ "open-close",     "all queues are closed and opened again under load",          "",   fit_many_queues,    scenario_open_close },
	{ "everything",     "all that can be done to a device, in random order",          "",   fit_many_queues,    scenario_everything },
};

const struct scenario *scenario_at(size_t n)
{
	return n < ARRAY_SIZE(table) ? &table[n] : NULL;
}

static void say_names(const char *name)
{
	_cleanup_(strbuf_free) struct strbuf names = { 0 };

	for (size_t i = 0; i < ARRAY_SIZE(table); i++)
		strbuf_fmt(&names, "%s%s", i ? ", " : "", table[i].name);
	(void)err_say(EINVAL, "no scenario is called '%s'; there is: %s", name, strbuf_text(&names));
}

const struct scenario *scenario_find(const char *name)
{
	for (size_t i = 0; i < ARRAY_SIZE(table); i++)
		if (str_eq(table[i].name, name))
			return &table[i];
	say_names(name);
	return NULL;
}
