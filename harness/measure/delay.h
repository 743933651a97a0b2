/* SPDX-License-Identifier: GPL-2.0-only */
/* delay.h - a path whose round trip is to be what its label says: how long netem has to wait; pure */
#ifndef MEASURE_DELAY_H
#define MEASURE_DELAY_H

/** DELAY_TOLERANCE - how far from the label a measured round trip may be, of 1 */
#define DELAY_TOLERANCE 0.05

/** DELAY_TRIES - corrections after which a path is given up */
#define DELAY_TRIES 10

/**
 * struct delay - of both netems of a path together, seconds
 * @label_s: the round trip that is wanted, 0 for none
 * @delay_s: what they add now
 * @trust:   how much of an error is corrected: all of the first, for the others are noise in part
 */
struct delay {
	double label_s;
	double delay_s;
	double trust;
};

/** delay_of() - Return: a path that has not been measured yet. */
struct delay delay_of(double label_s);

/**
 * delay_correct() - take what the rest of the path takes off
 * @rtt_s: measured, with the netems as they are
 * Return: 0: it is the label, or there is none; 1: set the netems to @delay_s and measure again;
 * -ERANGE: the rest alone takes longer, and nothing is changed.
 */
int delay_correct(struct delay *d, double rtt_s);

#endif
