/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * table.h - the table of the text report
 *
 * One block for each kernel after the first, beside the first; a row a point:
 *
 *	                     ------- Mbit/s -------  - retransmits -  - tx_dropped --
 *	backend  txqueuelen  stock nodrop-v3 change  stock nodrop-v3  stock nodrop-v3
 *	tap               1    1.6       512   x320    286         0    286         0
 */
#ifndef REPORT_TABLE_H
#define REPORT_TABLE_H

#include <stdbool.h>
#include <stdio.h>

#include "judge/result.h"

/** Wider tables break in mails; past this width kernels are called K1, K2, ... */
#define TABLE_WIDTH_MAX 78

/**
 * table_print() - every block
 * Return: whether kernels had to be called K1, K2, ...: the reader has to be told who is who.
 */
bool table_print(const struct run_result *r, FILE *f);

/** table_axis_varies() - Return: whether not all cells have the same value of @a. */
bool table_axis_varies(const struct run_result *r, enum axis a);

#endif
