// SPDX-License-Identifier: GPL-2.0-only
/* log.c - what a person should know while it happens */
#include "lib/log.h"

#include <stdarg.h>
#include <time.h>

static enum log_level shown = LOG_INFO;
static FILE *file;
static void (*before)(void);

static const char *const prefix[] = {
	[LOG_ERROR] = "tapbed: ",
	[LOG_WARN]  = "tapbed: warning: ",
	[LOG_INFO]  = "",
	[LOG_DEBUG] = "debug: ",
};

void log_set_level(enum log_level level)
{
	shown = level;
}

void log_set_file(FILE *f)
{
	file = f;
}

void log_set_before(void (*fn)(void))
{
	before = fn;
}

static void to_file(enum log_level level, const char *fmt, va_list ap)
{
	struct timespec now;
	struct tm tm;
	char at[32];

	clock_gettime(CLOCK_REALTIME, &now);
	gmtime_r(&now.tv_sec, &tm);
	strftime(at, sizeof(at), "%H:%M:%S", &tm);
	fprintf(file, "%s.%03ld %s", at, now.tv_nsec / 1000000, prefix[level]);
	vfprintf(file, fmt, ap);
	fputc('\n', file);
	fflush(file);
}

void log_at(enum log_level level, const char *fmt, ...)
{
	va_list ap;

	if (file) {
		va_start(ap, fmt);
		to_file(level, fmt, ap);
		va_end(ap);
	}
	if (level > shown)
		return;
	if (before)
		before();
	fputs(prefix[level], stderr);
	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	fputc('\n', stderr);
}
