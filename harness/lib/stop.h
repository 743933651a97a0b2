/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * stop.h - ^C and SIGTERM as an event that every wait can see
 *
 * A signal never kills the process in the middle of a step. It makes stop_fd() readable and
 * the waits of this library return -EINTR, so that one loop undoes what was started.
 */
#ifndef LIB_STOP_H
#define LIB_STOP_H

#include <stdbool.h>

/** stop_init() - catch SIGINT, SIGTERM and SIGHUP; ignore SIGPIPE. Return: 0 or -errno. */
int stop_init(void);

/** stop_fd() - Return: a descriptor that is readable once a stop was asked for; -1 before stop_init(). */
int stop_fd(void);

/** stop_asked() - Return: whether a stop was asked for. */
bool stop_asked(void);

/** stop_signal() - Return: the signal that asked, 0 if none did. */
int stop_signal(void);

/**
 * stop_mask() - let the undoing run as if no stop had been asked for
 * @on: true while steps are undone: waits then do not return -EINTR
 */
void stop_mask(bool on);

/**
 * stop_wait() - wait until @fd is readable (or hung up), a deadline passes, or a stop is asked for
 * @fd:       descriptor, or -1 to wait for the deadline alone
 * @deadline: time_now() based, in seconds
 * Return: 1 readable, 0 deadline passed, -EINTR stop asked for, other -errno.
 */
int stop_wait(int fd, double deadline);

/** time_now() - Return: CLOCK_MONOTONIC in seconds. */
double time_now(void);

#endif
