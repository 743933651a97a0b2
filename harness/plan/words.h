/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * words.h - lists of accepted words, and what to say of a word that is not in one
 *
 *	return words_refuse("matrix: unknown key", "txqueulen", &names);
 *
 * says: matrix: unknown key "txqueulen"; did you mean txqueuelen? accepted: backend, nic, ...
 */
#ifndef PLAN_WORDS_H
#define PLAN_WORDS_H

#include <stdbool.h>

#include "lib/str.h"

/** words_nearest() - Return: the word that @typo most likely means, owned by @accepted; NULL if none is near. */
const char *words_nearest(const struct strv *accepted, const char *typo);

/**
 * words_refuse() - describe a word that is not accepted
 * @what:     what is wrong: "qdisc: wrong value"
 * @got:      what was written
 * @accepted: what would be right: words, or a range in words such as "1 to 16"
 * Return: -EINVAL.
 */
int words_refuse(const char *what, const char *got, const struct strv *accepted);

/** words_is_line() - Return: whether @text is free of line breaks and control characters. */
bool words_is_line(const char *text);

#endif
