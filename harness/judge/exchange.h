/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * exchange.h - a stored run as text: out of one store, into another
 *
 *	{"tapbed run": 1}
 *	{"run": {"id": "20261127-0031-7f3a", "plan": "vm-test", ...}}
 *	{"kernel": {"n": 0, "name": "stock", ...}}
 *	...
 *	{"name": "good"}
 *	{"end": 214}
 *
 * JSON objects, one a line, and a line is a row of the store's table that is its key, without what is NULL; the last says how many
 * there are before it, so that a file that was cut is seen.
 * So a run can be mailed, kept beside a page that was made of it, and gone on with on another machine.
 */
#ifndef JUDGE_EXCHANGE_H
#define JUDGE_EXCHANGE_H

#include "judge/store.h"

/**
 * exchange_write() - a run as text
 * @s:   the store
 * @run: a name of tapbed baseline, or a run as store_load() takes it
 * @ret: the lines are added
 *
 * All but the raw output of its samples, which stays in the run's folder. Numbers have 12 digits, as in the JSON report.
 * Return: 0; -ENOENT; other -errno.
 */
int exchange_write(struct store *s, const char *run, struct strbuf *ret);

/** enum exchange_news - what exchange_read() found */
enum exchange_news { EXCHANGE_NEW, EXCHANGE_KNOWN };

/**
 * exchange_read() - store a run that was written as text, with its names
 * @s:    the store
 * @text: what exchange_write() wrote; of this tapbed or an older one
 * @what: where it is from, for the sentences: a path
 * @ret_id: the run's id, to be freed
 * @ret_news: whether the same was there already; then nothing is changed
 *
 * A name that another run has stays with that one, with a warning. A run that does not fit is not stored at all.
 * Return: 0; -EBADMSG with a sentence for what is no run, or one of a newer tapbed; -EEXIST when the run is there
 * with other numbers: it went on, here or there; other -errno.
 */
int exchange_read(struct store *s, const char *text, const char *what, char **ret_id, enum exchange_news *ret_news);

#endif
