/* SPDX-License-Identifier: GPL-2.0-only */
/* search_priv.h - what search.c and the strategies share */
#ifndef BISECT_SEARCH_PRIV_H
#define BISECT_SEARCH_PRIV_H

#include "bisect/search.h"

/** search_present() - Return: the ends of the present epoch. */
struct oracle *search_present(struct search *s);

/** search_is_skip() - Return: whether a state cannot be measured. */
bool search_is_skip(const struct search *s, size_t at);

/** search_binary_culprit() - what halving has left. Return: as search_culprit(). */
struct search_culprit search_binary_culprit(struct search *s);

#endif
