/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * axes.h - THE table of what a matrix can vary
 *
 * A new axis is one row in axes.c: its name in plans, --set, JSON, the store and the tables,
 * which words or numbers it takes, its default, and what has to be made anew when it changes.
 */
#ifndef PLAN_AXES_H
#define PLAN_AXES_H

#include <jansson.h>

#include "lib/quantity.h"

enum axis {
	AXIS_BACKEND,
	AXIS_NIC,
	AXIS_TXQUEUELEN,
	AXIS_QDISC,
	AXIS_DELAY_MS,
	AXIS_STREAMS,
	AXIS_QUEUES,
	AXIS_READER,
	AXIS_SENDER,
	AXIS_SENDERS,
	AXIS_READER_DELAY_US,
	AXIS_BACKPRESSURE,
	AXIS_SCENARIO,
	AXIS_DIRECTION,
	AXIS_MTU,
	AXIS_OFFLOADS,
	AXIS_IOMMU_PLATFORM,
	AXIS_CONGESTION,
	AXIS_TCP_RMEM,
	AXIS_TCP_WMEM,
	AXIS_VPN,
	AXIS_SHAPER,
	AXIS_SHAPER_MBIT,
	AXIS_COUNT
};

/** enum axis_scope - what a change of the value makes anew, the dearest first */
enum axis_scope {
	AXIS_NEW_GUEST, /* the guest boots again */
	AXIS_NEW_LINK,  /* the TAP is set again, the guest stays up */
};

#define AXIS_WORD_MAX 48

/**
 * struct axis_value - one value of one axis
 * @num:  the number, for numeric axes
 * @word: the text as it is printed, "1000" for a number too
 */
struct axis_value {
	long num;
	char word[AXIS_WORD_MAX];
};

/**
 * struct axis_phrase - a word that goes on with a parameter: "tbf rate 100mbit"
 * @word:  the first word
 * @param: the second one
 * @units: of the number that is the third
 * @min:   smallest number, in the unit that is worth 1
 * @max:   largest
 * @shown: as messages show it
 */
struct axis_phrase {
	const char *word;
	const char *param;
	const struct quantity_unit *units;
	double min, max;
	const char *shown;
};

/**
 * struct axis_def - one row
 * @name:     as in plans, --set, JSON and the store: "txqueuelen"
 * @help:     one line for people
 * @words:    NULL-terminated accepted words; NULL for a numeric axis
 * @phrases:  words with a parameter that are accepted beside @words; ends with an empty row, or NULL
 * @units:    numeric axes: units that a plan may write; the first is the axis' own. NULL: none
 * @min:      smallest number (numeric axes)
 * @max:      largest number
 * @fallback: value of a plan that does not name the axis
 * @scope:    what a change makes anew
 */
struct axis_def {
	const char *name;
	const char *help;
	const char *const *words;
	const struct axis_phrase *phrases;
	const struct quantity_unit *units;
	long min;
	long max;
	const char *fallback;
	enum axis_scope scope;
};

/** axis_def() - Return: the row of @a. */
const struct axis_def *axis_def(enum axis a);

/** axis_find() - Return: the axis called @name, AXIS_COUNT if there is none. */
enum axis axis_find(const char *name);

/** axis_parse() - read a value from text. Return: 0, or -EINVAL with a sentence that shows what is accepted. */
int axis_parse(enum axis a, const char *text, struct axis_value *ret);

/** axis_accepts() - Return: what the axis takes, for messages: "tap, vhost" or "1 to 10000"; to be freed. */
char *axis_accepts(enum axis a);

/** axis_to_json() - Return: the value as a JSON number or string; a new reference. */
json_t *axis_to_json(enum axis a, const struct axis_value *v);

#endif
