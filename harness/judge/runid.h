/* SPDX-License-Identifier: GPL-2.0-only */
/* runid.h - a run's id, claimed by making its folder */
#ifndef JUDGE_RUNID_H
#define JUDGE_RUNID_H

#include <stdbool.h>
#include <stdint.h>
#include <time.h>

/**
 * runid_claim() - find an id that nobody has: "20261123-0331-7f3a"
 * @runs: folder of the run folders; it exists
 * @now:  the time in the id, as UTC
 * @draw: where its last four digits come from
 * @ret:  the id, to be freed; the folder @runs/ID was made by this call
 * Return: 0; -EEXIST after 100 draws that were all taken; other -errno.
 */
int runid_claim(const char *runs, time_t now, uint16_t (*draw)(void), char **ret);

/** runid_is() - Return: whether @text looks like an id: digits, lower case hexadecimal and dashes, and nothing that names another folder. */
bool runid_is(const char *text);

/** runid_draw() - Return: a random number. */
uint16_t runid_draw(void);

#endif
