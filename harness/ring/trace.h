/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * trace.h - how often something happened in the kernel, counted by the kernel itself
 *
 *	struct trace t;
 *
 *	ret = trace_open(&t);
 *	ret = trace_count(&t, "skb/kfree_skb", "reason", "protocol == 2048");
 *	...
 *	ret = trace_counts(&t, on_count, arg);		each key and its count
 *	trace_close(&t);
 *
 * Histogram triggers in an instance of tracefs that is ours; tracefs itself is mounted nowhere and goes
 * with its descriptor. Needs the right to mount it: root, outside of a user namespace.
 */
#ifndef RING_TRACE_H
#define RING_TRACE_H

#include <stdbool.h>
#include <stdint.h>

/* The key of what was counted though its own could not be noted. */
#define TRACE_UNTOLD ~0ul

/**
 * struct trace - one event that is counted
 * @root:     tracefs, -1 while closed
 * @event:    "skb/kfree_skb", "" before trace_count()
 * @has_kprobe: the event is a probe of ours
 */
struct trace {
	int root;
	char instance[48];
	char event[48];
	char trigger[160];
	bool has_kprobe;
};

/** trace_open() - an instance of ours. Return: 0, or -errno with a sentence when it cannot be had. */
int trace_open(struct trace *t);

/** trace_close() - remove all that was made; fine when nothing was. err_text() stays. */
void trace_close(struct trace *t);

/**
 * trace_count() - begin to count
 * @event:  NULL: that of trace_kprobe()
 * @key:    field of the event that is told apart
 * @filter: condition as tracefs has it, or NULL
 * Return: 0 or -errno.
 */
int trace_count(struct trace *t, const char *event, const char *key, const char *filter);

/** trace_kprobe() - make an event of each call of a kernel function: "tapbed/@function". Return: 0 or -errno. */
int trace_kprobe(struct trace *t, const char *function);

/** trace_counts() - call @fn for each key that was seen. Return: 0 or -errno. */
int trace_counts(const struct trace *t, void (*fn)(void *arg, unsigned long key, uint64_t count), void *arg);

/** trace_format() - the event's description, with the names of its numbers. Return: 0 and *@ret (to free), or -errno. */
int trace_format(const struct trace *t, char **ret);

#endif
