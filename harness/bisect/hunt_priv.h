/* SPDX-License-Identifier: GPL-2.0-only */
/* hunt_priv.h - what hunt.c and hunt_verify.c share */
#ifndef BISECT_HUNT_PRIV_H
#define BISECT_HUNT_PRIV_H

#include "bisect/hunt.h"
#include "bisect/search_priv.h"

void hunt_tell(const struct hunt *h, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/** hunt_build() - have a state ready, or skipped. Return: 0, or -errno: the test bed is broken, or an end does not build. */
int hunt_build(struct hunt *h, size_t at);

/**
 * hunt_settle() - which state to boot for @at: one whose change alters nothing is the one before it, and of several that
 * turned out to be the same when they were built it is the first
 * Return: 0 and *@at, built or skipped; -errno as hunt_build().
 */
int hunt_settle(struct hunt *h, size_t *at);

/** hunt_boot() - one boot of a state that is built. Return: 0 or -errno. */
int hunt_boot(struct hunt *h, size_t at);

#endif
