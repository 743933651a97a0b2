/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * gc.h - what a cache holds, and removing it
 *
 *	gc_scan("/home/me/.cache/tapbed", &l);
 *	gc_sweep(&l, &(struct gc_wish){ .before = time(NULL) - 30 * 86400 });
 *	...				each item's fate tells what became of it
 *	gc_free(&l);
 *
 * Only what this program puts into a cache is ever seen, and nothing is removed from a folder that
 * held something else before: a wrong --cache costs nothing.
 */
#ifndef BUILD_GC_H
#define BUILD_GC_H

#include <stdbool.h>
#include <stddef.h>
#include <time.h>

struct gc_kind;

/*
 * GC_IN_USE: a run holds it, or it is being built. GC_WOULD_GO: chosen, but it was only asked.
 */
enum gc_fate { GC_KEPT, GC_REMOVED, GC_WOULD_GO, GC_IN_USE, GC_FAILED, GC_FATE_COUNT };

/**
 * struct gc_item - one artifact, or one thing that artifacts share
 * @kind:       its kind
 * @name:       first digits of its hash; of something shared its name
 * @what:       what it is, for people
 * @size_bytes: what it takes on the disk
 * @used:       when it was last got
 * @is_left:    left by a build that was killed, with no artifact; chosen by every wish
 * @fate:       what gc_sweep() did
 * @why:        why it is GC_FAILED
 */
struct gc_item {
	const struct gc_kind *kind;
	char *name;
	char *what;
	long long size_bytes;
	time_t used;
	bool is_left;
	enum gc_fate fate;
	char *why;
};

/** struct gc_list - what is in the cache @dir, by kind */
struct gc_list {
	char *dir;
	struct gc_item *items;
	size_t n;
};

/**
 * struct gc_wish - what shall go
 * @all:    everything
 * @before: else what was last used before
 * @is_dry: nothing goes, the fates tell what would
 */
struct gc_wish {
	bool all;
	time_t before;
	bool is_dry;
};

/** gc_scan() - list a cache; a missing one is empty. @ret: gc_free() it in any case. Return: 0 or -errno. */
int gc_scan(const char *dir, struct gc_list *ret);

/** gc_sweep() - remove what is wished and nobody uses, and set every item's fate. Return: 0; -EPERM for a cache that is not tagged; the first failure. */
int gc_sweep(struct gc_list *l, const struct gc_wish *wish);

/**
 * gc_forget() - keep few of one kind that is made again in no time
 * @dir:  the cache
 * @kind: "kit"
 * @keep: so many that were used last stay, and what somebody uses
 *
 * For whoever adds to the cache: it is no failure of theirs that something cannot go.
 */
void gc_forget(const char *dir, const char *kind, size_t keep);

/** gc_kind_name() - Return: "kernel", "image", ... */
const char *gc_kind_name(const struct gc_item *i);

/** gc_fate_name() - Return: "kept", "removed", "would go", "in use" or "failed". */
const char *gc_fate_name(enum gc_fate f);

void gc_free(struct gc_list *l);

#endif
