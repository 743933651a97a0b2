/* SPDX-License-Identifier: GPL-2.0-only */
/* bisect_ahead.h - kernels that may be wanted next are built while one is measured, on CPUs that it leaves */
#ifndef BISECT_AHEAD_H
#define BISECT_AHEAD_H

#include <stddef.h>
#include <sys/types.h>

struct bisect;

/**
 * struct ahead - the child that builds
 * @pid: 0: there is none
 * @now: the state it is at, in memory that both see
 */
struct ahead {
	pid_t pid;
	volatile size_t *now;
};

/**
 * ahead_cpus() - how many CPUs may build beside a measurement when nobody says
 * @cpus: of the machine that we may use
 * @vcpus: of the host under test
 * Return: half of those that it leaves: QEMU has threads beside its vCPUs, and caches and memory are shared.
 */
unsigned int ahead_cpus(unsigned int cpus, unsigned int vcpus);

/** ahead_start() - begin with states in this order, unless others are still being built. A failure is told when the state is wanted. */
void ahead_start(struct bisect *b, const size_t *at, size_t n);

/** ahead_want() - @at is wanted now: whoever is building another one is stopped. */
void ahead_want(struct bisect *b, size_t at);

/** ahead_end() - stop, and give back. */
void ahead_end(struct bisect *b);

#endif
