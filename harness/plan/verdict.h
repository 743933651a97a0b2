/* SPDX-License-Identifier: GPL-2.0-only */
/* verdict.h - the six words, their order and their exit statuses */
#ifndef PLAN_VERDICT_H
#define PLAN_VERDICT_H

enum verdict {
	VERDICT_PASS,
	VERDICT_SKIP,	 /* does not apply here */
	VERDICT_NOISY,	 /* more samples are needed */
	VERDICT_TIMEOUT, /* a deadline of the test bed passed */
	VERDICT_BROKEN,	 /* the test bed failed; nothing is said of the kernel */
	VERDICT_FAIL,	 /* the kernel under test did worse */
	VERDICT_COUNT
};

/**
 * How the reason of a SKIP begins that says nothing of the cell: the run could not measure it (a kernel that does not
 * build), or did not try, because the host had died at others like it.
 */
#define VERDICT_NOT_MEASURED "not measured: "
#define VERDICT_NOT_TRIED    "not tried: "

enum exit_status {
	EXIT_PASS = 0,
	EXIT_FAIL = 1,
	EXIT_SKIP = 125,   /* nothing could be judged */
	EXIT_BROKEN = 128, /* git bisect run aborts */
	EXIT_USAGE = 129,
};

/** verdict_name() - Return: "PASS", "SKIP", ... */
const char *verdict_name(enum verdict v);

/** verdict_find() - Return: the verdict of that name, VERDICT_COUNT if there is none. */
enum verdict verdict_find(const char *name);

/**
 * verdict_all() - join the verdicts of many cells
 * @seen: how many cells had each verdict
 *
 * BROKEN or TIMEOUT anywhere wins over everything but FAIL: a real failure stays one. PASS
 * only if at least one cell passed and the rest are PASS or SKIP.
 */
enum verdict verdict_all(const unsigned int seen[VERDICT_COUNT]);

/** verdict_exit() - Return: the exit status, as git bisect run wants it. */
enum exit_status verdict_exit(enum verdict v);

#endif
