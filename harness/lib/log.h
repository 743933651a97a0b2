/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * log.h - what a person should know while it happens
 *
 * Results go to stdout and are printed by the verbs. Everything here goes to stderr, and to
 * the run's log file once there is one.
 */
#ifndef LIB_LOG_H
#define LIB_LOG_H

#include <stdio.h>

enum log_level { LOG_ERROR, LOG_WARN, LOG_INFO, LOG_DEBUG };

/** log_set_level() - show messages up to @level on stderr; LOG_INFO at start. */
void log_set_level(enum log_level level);

/**
 * log_set_file() - also write every message, of any level, with the time, to @f
 * @f: an open file, or NULL to stop; stays the caller's
 */
void log_set_file(FILE *f);

/**
 * log_set_before() - called before a message is put on stderr, so that a progress line can
 * be cleared first
 */
void log_set_before(void (*fn)(void));

void log_at(enum log_level level, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

#define log_error(...) log_at(LOG_ERROR, __VA_ARGS__)
#define log_warn(...)  log_at(LOG_WARN, __VA_ARGS__)
#define log_info(...)  log_at(LOG_INFO, __VA_ARGS__)
#define log_debug(...) log_at(LOG_DEBUG, __VA_ARGS__)

#endif
