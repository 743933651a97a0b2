/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * qdisc_spec.h - a qdisc as text, and as the options of a request; pure
 *
 *	"fq_codel"		as the kernel makes it
 *	"pfifo limit 100"	packets
 *	"tbf rate 100mbit"	a rate: a burst of 10 ms, and 50 ms of packets wait
 *	"htb rate 100mbit"	two classes of half the rate, which borrow from each other;
 *				ICMP has the second one to itself
 */
#ifndef NET_QDISC_SPEC_H
#define NET_QDISC_SPEC_H

#include <stdbool.h>

#include "lib/quantity.h"
#include "net/nl.h"

#define QDISC_KIND_MAX 32

/**
 * struct qdisc_def - one row of the table
 * @kind:   as the kernel calls it
 * @param:  word before the value that it takes, NULL if it takes none
 * @needs_value: it is nothing without
 * @units:  of the value
 * @option: kernel option that gives it, NULL if every kernel with networking has it
 * @help:   one line for people
 * @put:    puts options that come from the value into a request
 */
struct qdisc_def {
	const char *kind;
	const char *param;
	bool needs_value;
	const struct quantity_unit *units;
	const char *option;
	const char *help;
	void (*put)(struct nl_msg *m, double value);
};

/** struct qdisc_spec - a text, read; @value is 0 where there is none */
struct qdisc_spec {
	char kind[QDISC_KIND_MAX];
	const struct qdisc_def *def; /* NULL for a kind that is not in the table */
	double value;
};

/** qdisc_table() - Return: the rows; *@ret_n how many. */
const struct qdisc_def *qdisc_table(size_t *ret_n);

/** qdisc_spec_parse() - read a text. A kind that is in no row is left to the kernel. Return: 0 or -EINVAL. */
int qdisc_spec_parse(const char *text, struct qdisc_spec *ret);

/** qdisc_put_netem() - options of a netem that delays by @delay_s and holds @limit packets. */
void qdisc_put_netem(struct nl_msg *m, double delay_s, unsigned int limit);

/** qdisc_msg_htb_class() - a class of an htb. @rate_bps is its own, up to @ceil_bps it borrows. */
void qdisc_msg_htb_class(struct nl_msg *m, int index, uint32_t parent, uint32_t class, double rate_bps, double ceil_bps);

/** qdisc_msg_icmp_filter() - ICMP of a qdisc's packets into @class. */
void qdisc_msg_icmp_filter(struct nl_msg *m, int index, uint32_t parent, uint32_t class);

#endif
