/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * backlog.h - the largest backlog of a qdisc while a probe runs
 *
 *	struct backlog b = { .nl = &nl, .ifname = "tap0" };
 *	struct probe_args a = { ..., .tick = backlog_poll, .tick_arg = &b, .tick_s = BACKLOG_S };
 *
 *	ret = probe_run(&a, &sample, &raw, &command);
 *	backlog_end(&b, &sample);
 *
 * A poll is one netlink message and its answer, no thread: what is measured must not be
 * slowed by its being watched. The maximum of the polls is a lower bound of the true one.
 */
#ifndef MEASURE_BACKLOG_H
#define MEASURE_BACKLOG_H

#include "net/nl.h"
#include "plan/sample.h"

/** BACKLOG_S - seconds between two polls */
#define BACKLOG_S 0.2

/**
 * struct backlog - a sampler; set @nl and @ifname, the rest zeroed
 * @nl:          rtnetlink
 * @ifname:      whose root qdisc
 * @max_packets: largest backlog seen
 * @polls:       readings that worked
 */
struct backlog {
	struct nl *nl;
	const char *ifname;
	unsigned int max_packets;
	unsigned int polls;
};

/** backlog_poll() - look once; @arg is the struct backlog. A tick of probe_run(). */
void backlog_poll(void *arg);

/** backlog_end() - put the maximum into a sample; NAN if not one reading worked. */
void backlog_end(const struct backlog *b, struct sample *s);

#endif
