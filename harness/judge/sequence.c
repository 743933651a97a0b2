// SPDX-License-Identifier: GPL-2.0-only
/* sequence.c - when a cell is NOISY: look again after more samples, without more false alarms */
#include "judge/sequence.h"

#include <math.h>

unsigned int sequence_at(const struct sequence *s, unsigned int look)
{
	unsigned int n = s->first * look;

	return n < s->cap ? n : s->cap;
}

unsigned int sequence_looks(const struct sequence *s)
{
	if (!s->first || s->cap <= s->first)
		return 1;
	return (s->cap + s->first - 1) / s->first;
}

unsigned int sequence_look(const struct sequence *s, unsigned int samples)
{
	unsigned int look = sequence_looks(s);

	while (look && samples < sequence_at(s, look))
		look--;
	return look;
}

static double spent(double t)
{
	return log1p((M_E - 1) * t);
}

double sequence_share(const struct sequence *s, unsigned int look)
{
	double cap = s->cap;

	if (sequence_looks(s) == 1)
		return 1;
	return spent(sequence_at(s, look) / cap) - spent(sequence_at(s, look - 1) / cap);
}

unsigned int sequence_more(const struct sequence *s, enum verdict v, unsigned int samples)
{
	unsigned int next = sequence_at(s, sequence_look(s, samples) + 1);

	return v == VERDICT_NOISY && next > samples ? next - samples : 0;
}
