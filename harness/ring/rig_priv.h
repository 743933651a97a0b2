/* SPDX-License-Identifier: GPL-2.0-only */
/* rig_priv.h - what rig.c needs of rig_macvtap.c */
#ifndef RING_RIG_PRIV_H
#define RING_RIG_PRIV_H

#include "ring/rig.h"

/** macvtap_make() - a veth pair and a macvtap on one end of it. Return: 0 or -errno; then nothing is left. */
int macvtap_make(struct nl *nl);

/** macvtap_open() - open the macvtap's character device, one more queue. @flags as TUNSETIFF's. Return: 0 or -errno. */
int macvtap_open(uint16_t flags, int *ret_fd);

#endif
