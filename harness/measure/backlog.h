/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * backlog.h - the backlog of a qdisc while a probe runs: its largest, and where packets stand if it hangs
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

#include <stdint.h>

#include "net/nl.h"
#include "plan/sample.h"

/** BACKLOG_S - seconds between two polls */
#define BACKLOG_S 0.2

/**
 * struct backlog - a sampler; set @nl and @ifname, the rest zeroed
 * @nl:          rtnetlink
 * @ifname:      whose root qdisc
 * @max_packets: largest backlog seen
 * @packets:     backlog of the last poll
 * @polls:       readings that worked
 * @read, @read_at:       packets that the device's reader has taken, and when that last changed
 * @written, @written_at: the same of packets that it has written: from a guest, its answers
 */
struct backlog {
	struct nl *nl;
	const char *ifname;
	unsigned int max_packets;
	unsigned int packets;
	unsigned int polls;
	uint64_t read, written;
	double read_at, written_at;
};

/** backlog_poll() - look once; @arg is the struct backlog. A tick of probe_run(). */
void backlog_poll(void *arg);

/** backlog_end() - put the maximum into a sample; NAN if not one reading worked. */
void backlog_end(const struct backlog *b, struct sample *s);

/**
 * backlog_tell() - what stands still and what moves, for a probe that did not end
 * @now: time_now() of the last poll
 * Return: text to be freed, "3 packets wait in the qdisc; none was read for 12.4 s, none written for 12.6 s".
 */
char *backlog_tell(const struct backlog *b, double now);

#endif
