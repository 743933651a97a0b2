/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * progress.h - what is being done, how far, and how long it should still take
 *
 * On a terminal one line that is rewritten; elsewhere a plain line a step. It goes to stderr.
 */
#ifndef LIB_PROGRESS_H
#define LIB_PROGRESS_H

/** progress_start() - from now on there is progress to show; elapsed time counts from here. */
void progress_start(void);

/**
 * progress_set() - the state of things
 * @done:   parts done
 * @total:  parts in all; 0 where it is not known: neither is shown
 * @left_s: seconds that it should still take; negative where that is not known
 */
void progress_set(unsigned int done, unsigned int total, double left_s);

/** progress_say() - what is being done now; a new step. */
void progress_say(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/** progress_detail() - a small step of it: shown on a terminal only. */
void progress_detail(const char *detail);

/** progress_end() - clear the line; nothing is shown until the next start. */
void progress_end(void);

#endif
