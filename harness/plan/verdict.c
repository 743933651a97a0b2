// SPDX-License-Identifier: GPL-2.0-only
/* verdict.c - the six words, their order and their exit statuses */
#include "plan/verdict.h"

#include <string.h>

#include "lib/cleanup.h"

static const struct {
	const char *name;
	enum exit_status status;
} verdicts[] = {
	[VERDICT_PASS]    = { "PASS",    EXIT_PASS },
	[VERDICT_SKIP]    = { "SKIP",    EXIT_SKIP },
	[VERDICT_NOISY]   = { "NOISY",   EXIT_SKIP },
	[VERDICT_TIMEOUT] = { "TIMEOUT", EXIT_BROKEN },
	[VERDICT_BROKEN]  = { "BROKEN",  EXIT_BROKEN },
	[VERDICT_FAIL]    = { "FAIL",    EXIT_FAIL },
};
_Static_assert(ARRAY_SIZE(verdicts) == VERDICT_COUNT, "a row for every verdict");

const char *verdict_name(enum verdict v)
{
	return verdicts[v].name;
}

enum verdict verdict_find(const char *name)
{
	enum verdict v = 0;

	while (v < VERDICT_COUNT && strcmp(verdicts[v].name, name))
		v++;
	return v;
}

enum verdict verdict_all(const unsigned int seen[VERDICT_COUNT])
{
	/* The enum is in order of weight, but for SKIP: beside a PASS it weighs nothing. */
	for (enum verdict v = VERDICT_FAIL; v > VERDICT_SKIP; v--)
		if (seen[v])
			return v;
	return seen[VERDICT_PASS] ? VERDICT_PASS : VERDICT_SKIP;
}

enum exit_status verdict_exit(enum verdict v)
{
	return verdicts[v].status;
}
