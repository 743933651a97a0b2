/* SPDX-License-Identifier: GPL-2.0-only */
/* scenario_priv.h - the functions of the table of scenarios */
#ifndef RING_SCENARIO_PRIV_H
#define RING_SCENARIO_PRIV_H

#include "ring/scenario.h"

int scenario_none(struct ring *r);

#endif
