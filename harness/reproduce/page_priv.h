/* SPDX-License-Identifier: GPL-2.0-only */
/* page_priv.h - what page.c and page_tables.c share */
#ifndef REPRODUCE_PAGE_PRIV_H
#define REPRODUCE_PAGE_PRIV_H

#include "reproduce/page.h"

/** page_tables() - every published table with ours beside it. */
void page_tables(const struct doc *d, const struct reproduction *r);

/** page_row() - Return: "queue 10", "openvpn, 20 ms"; to be freed. */
char *page_row(enum experiment e, const char *group, const char *row);

/** page_ratio() - Return: a ratio or a level as people read it: "0.0015", "0.92", "11", "from 0", "-"; to be freed. */
char *page_ratio(double v);

#endif
