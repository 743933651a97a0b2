/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * snmp.h - the text of /proc/net/snmp or /proc/net/netstat, of this network namespace or of a guest
 *
 *	Tcp: RtoAlgorithm RtoMin ... OutSegs RetransSegs InErrs	names
 *	Tcp: 1 200 ... 5113 17 0					and below them the numbers
 */
#ifndef MEASURE_SNMP_H
#define MEASURE_SNMP_H

#include <stdint.h>

/**
 * snmp_find() - one number out of the text
 * @text: the whole file
 * @mib:  "Tcp"
 * @name: "RetransSegs"
 * @ret:  the number
 * Return: 0, or -EBADMSG with the beginning of a text that does not have it.
 */
int snmp_find(const char *text, const char *mib, const char *name, uint64_t *ret);

#endif
