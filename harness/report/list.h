/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * list.h - the text report of a run of scenarios: what each of them found
 *
 *	resize-zero
 *	  stock      PASS
 *	  nodrop-v3  FAIL (expected)  no packet for 2.0 s while the reader waits: txq 0 is
 *	                              stopped, its ring is empty
 */
#ifndef REPORT_LIST_H
#define REPORT_LIST_H

#include <stdbool.h>
#include <stdio.h>

#include "judge/result.h"

/** LIST_WIDTH - columns where nobody says how many there are */
#define LIST_WIDTH 78

/** list_is_for() - Return: whether @r is a run of scenarios: numbers do not matter there. */
bool list_is_for(const struct run_result *r);

/** list_print() - every cell, under its point; reasons are wrapped to @width columns, 0 for LIST_WIDTH. */
void list_print(const struct run_result *r, size_t width, FILE *f);

#endif
