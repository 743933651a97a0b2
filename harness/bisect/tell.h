/* SPDX-License-Identifier: GPL-2.0-only */
/* tell.h - how a search ended, as a text to mail and as the log of git bisect */
#ifndef BISECT_TELL_H
#define BISECT_TELL_H

#include "bisect/hunt.h"

/**
 * struct tell - what the report needs beside the hunt
 * @plan:       its name
 * @cell:       as reports call it
 * @command:    the line that does it again
 * @end:        how the search ended
 * @confidence: of the answer
 * @seconds:    that it took
 * @around:     what was said of the range around a merge, NULL for none
 */
struct tell {
	struct hunt *hunt;
	const char *plan;
	const char *cell;
	const char *command;
	enum search_what end;
	double confidence;
	double seconds;
	const char *around;
};

/** tell_report() - Return: text to mail; to be freed. */
char *tell_report(const struct tell *t);

/** tell_git_log() - Return: what "git bisect log" would say, to be freed: git bisect replay takes it for commits. */
char *tell_git_log(const struct tell *t);

/** tell_metric() - Return: the name of what is looked at: "panic" for METRIC_COUNT. */
const char *tell_metric(enum metric m);

#endif
