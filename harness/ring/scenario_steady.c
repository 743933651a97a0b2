// SPDX-License-Identifier: GPL-2.0-only
/* scenario_steady.c - nothing is done to the device */
#include "ring/ring_priv.h"
#include "ring/scenario_priv.h"

/* The run itself lets the traffic flow until it is over. */
int scenario_none(struct ring *r)
{
	(void)r;
	return 0;
}
