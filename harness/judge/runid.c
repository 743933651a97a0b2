// SPDX-License-Identifier: GPL-2.0-only
/* runid.c - a run's id, claimed by making its folder */
#include "judge/runid.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>

#include "lib/cleanup.h"
#include "lib/err.h"
#include "lib/str.h"

bool runid_is(const char *text)
{
	return strlen(text) == strlen("YYYYMMDD-HHMM-xxxx") && text[8] == '-' && text[13] == '-' &&
	       !text[strspn(text, "0123456789abcdef-")];
}

uint16_t runid_draw(void)
{
	uint16_t n = 0;

	/* Cannot fail for so few bytes; should it, mkdir still tells two runs apart. */
	(void)!getrandom(&n, sizeof(n), 0);
	return n;
}

int runid_claim(const char *runs, time_t now, uint16_t (*draw)(void), char **ret)
{
	char minute[32];
	struct tm tm;

	gmtime_r(&now, &tm);
	strftime(minute, sizeof(minute), "%Y%m%d-%H%M", &tm);
	for (int i = 0; i < 100; i++) {
		_cleanup_(freep) char *id = str_fmt("%s-%04x", minute, draw());
		_cleanup_(freep) char *dir = str_fmt("%s/%s", runs, id);

		if (!mkdir(dir, 0755)) {
			*ret = take_ptr(&id);
			return 0;
		}
		if (errno != EEXIST)
			return err_set(errno, "%s: make folder", dir);
	}
	return err_say(EEXIST, "%s: no free run id for %s", runs, minute);
}
