/* SPDX-License-Identifier: GPL-2.0-only */
/* ring_state.h - in words: what each queue, ring and reader does now */
#ifndef RING_RING_STATE_H
#define RING_RING_STATE_H

#include <stdint.h>

#include "lib/str.h"
#include "net/nl.h"
#include "ring/rig.h"

struct ring;

/** ring_backlogs() - packets in the qdisc of each queue's descriptor, 0 where there is none. Return: the sum. */
uint32_t ring_backlogs(const struct ring *r, struct nl *nl, uint32_t ret[RIG_QUEUES_MAX]);

/**
 * ring_state_text() - "queue 0: txq 0, ring empty, reader poll waits, qdisc backlog 37 | queue 1: ..."
 *
 * By the thread that changes the rig, or with the lock held.
 */
void ring_state_text(const struct ring *r, struct nl *nl, struct strbuf *ret);

#endif
