/* SPDX-License-Identifier: GPL-2.0-only */
/* page.h - the page of tapbed reproduce: published tables, ours beside them, and every claim */
#ifndef REPRODUCE_PAGE_H
#define REPRODUCE_PAGE_H

#include "reproduce/doc.h"
#include "reproduce/reproduction.h"

/** page_print() - the same page in either form; whether it was written is found by the caller, with ferror(). */
void page_print(const struct reproduction *r, enum doc_form form, FILE *to);

#endif
