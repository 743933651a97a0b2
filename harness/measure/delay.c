// SPDX-License-Identifier: GPL-2.0-only
/* delay.c - a path whose round trip is to be what its label says: how long netem has to wait */
#include "measure/delay.h"

#include <errno.h>
#include <math.h>

#include "lib/err.h"

struct delay delay_of(double label_s)
{
	return (struct delay){ .label_s = label_s, .delay_s = label_s, .trust = 1 };
}

int delay_correct(struct delay *d, double rtt_s)
{
	double delay_s = d->delay_s + (d->label_s - rtt_s) * d->trust;

	if (d->label_s <= 0 || fabs(rtt_s - d->label_s) <= d->label_s * DELAY_TOLERANCE)
		return 0;
	if (delay_s <= 0)
		return err_say(ERANGE, "delay_ms %.0f: the rest of the way alone takes %.1f ms; choose a longer delay",
			       d->label_s * 1e3, (rtt_s - d->delay_s) * 1e3);
	d->delay_s = delay_s;
	d->trust = 0.5;
	return 1;
}
