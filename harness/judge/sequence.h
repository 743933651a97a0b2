/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * sequence.h - when a cell is NOISY: look again after more samples, without more false alarms
 *
 * Who looks several times errs several times. So each look has its share of the error, by the
 * spending function of Lan and DeMets (1983) that resembles Pocock's boundary:
 * of the whole error, log(1 + (e - 1) t) is spent when a fraction t of the samples is there. A look
 * is judged at its own share alone: the sum of the shares is 1, so by Bonferroni the whole
 * error is kept whatever the samples' distribution, also with an exact test on few of them.
 */
#ifndef JUDGE_SEQUENCE_H
#define JUDGE_SEQUENCE_H

#include "plan/verdict.h"

/** struct sequence - @first: samples a side at the first look; @cap: at the last one, at least @first */
struct sequence {
	unsigned int first;
	unsigned int cap;
};

/** sequence_at() - Return: samples a side at look number @look, from 1: first, two times first, ..., cap. */
unsigned int sequence_at(const struct sequence *s, unsigned int look);

/** sequence_looks() - Return: how many looks there are. */
unsigned int sequence_looks(const struct sequence *s);

/** sequence_look() - Return: the last look that @samples a side allow, 0 if there are too few for the first. */
unsigned int sequence_look(const struct sequence *s, unsigned int samples);

/** sequence_share() - Return: which part of the error look number @look may spend; all of it when there is one look. */
double sequence_share(const struct sequence *s, unsigned int look);

/**
 * sequence_more() - how many samples a side does a cell need now?
 * @s:       the plan's numbers
 * @v:       the cell's verdict
 * @samples: what it has on its poorer side
 * Return: 0 for any verdict but NOISY and once the cap is reached: it stays NOISY then.
 */
unsigned int sequence_more(const struct sequence *s, enum verdict v, unsigned int samples);

#endif
