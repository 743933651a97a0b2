// SPDX-License-Identifier: GPL-2.0-only
/* words.c - lists of accepted words, and what to say of a word that is not in one */
#include "plan/words.h"

#include <errno.h>
#include <stdint.h>
#include <string.h>

#include "lib/cleanup.h"
#include "lib/err.h"

#define LONGEST 64 /* no key or word that we accept is longer; a longer typo is near to nothing */

static size_t min3(size_t a, size_t b, size_t c)
{
	size_t m = a < b ? a : b;

	return m < c ? m : c;
}

/* Levenshtein: letters to add, drop or replace to make @b of @a; one row of the table is kept. */
static size_t distance(const char *a, const char *b)
{
	size_t row[LONGEST + 1];
	size_t len = strlen(b);

	for (size_t j = 0; j <= len; j++)
		row[j] = j;
	for (size_t i = 0; a[i]; i++) {
		size_t diagonal = row[0];

		row[0] = i + 1;
		for (size_t j = 1; j <= len; j++) {
			size_t above = row[j];

			row[j] = min3(above + 1, row[j - 1] + 1, diagonal + (a[i] != b[j - 1]));
			diagonal = above;
		}
	}
	return row[len];
}

/* A beginning of the word counts as near: "throughput" means throughput_bps. */
static size_t badness(const char *typo, const char *word)
{
	if (strlen(word) > LONGEST)
		return SIZE_MAX;
	if (strlen(typo) >= 3 && str_starts(word, typo))
		return 1;
	return distance(typo, word);
}

const char *words_nearest(const struct strv *accepted, const char *typo)
{
	size_t len = strlen(typo);
	size_t best = 1 + (len < 4 ? 1 : len < 9 ? 2 : len / 3); /* the first that is too far */
	const char *nearest = NULL;

	if (len > LONGEST)
		return NULL;
	for (size_t i = 0; i < accepted->n; i++) {
		size_t bad = badness(typo, accepted->v[i]);

		if (bad < best && bad < len) { /* one letter at least is as in the word */
			best = bad;
			nearest = accepted->v[i];
		}
	}
	return nearest;
}

int words_refuse(const char *what, const char *got, const struct strv *accepted)
{
	_cleanup_(freep) char *all = strv_join(accepted, ", ");
	const char *nearest = words_nearest(accepted, got);

	return err_say(EINVAL, "%s \"%.80s%s\"; %s%s%saccepted: %s", what,
		       got, strlen(got) > 80 ? "..." : "",
		       nearest ? "did you mean " : "", nearest ? nearest : "", nearest ? "? " : "", all);
}

bool words_is_line(const char *text)
{
	for (; *text; text++)
		if ((unsigned char)*text < ' ' || *text == 0x7f)
			return false;
	return true;
}
