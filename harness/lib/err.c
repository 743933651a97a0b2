// SPDX-License-Identifier: GPL-2.0-only
/* err.c - the last error, as a number and as a sentence */
#include "lib/err.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* Long enough for the last lines of a compiler; a longer text is cut, never overrun. */
static _Thread_local char text[4096];

static void put(const char *fmt, va_list ap)
{
	vsnprintf(text, sizeof(text), fmt, ap);
}

int err_set(int err, const char *fmt, ...)
{
	char sentence[sizeof(text) - 128];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(sentence, sizeof(sentence), fmt, ap);
	va_end(ap);
	snprintf(text, sizeof(text), "%s: %s", sentence, strerror(err));
	return -err;
}

int err_say(int err, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	put(fmt, ap);
	va_end(ap);
	return -err;
}

int err_wrap(int ret, const char *fmt, ...)
{
	char old[sizeof(text)];
	char context[512];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(context, sizeof(context), fmt, ap);
	va_end(ap);
	memcpy(old, text, sizeof(old));
	if (snprintf(text, sizeof(text), "%s: %s", context, old) >= (int)sizeof(text))
		text[sizeof(text) - 1] = '\0';
	return ret;
}

const char *err_text(void)
{
	return text;
}

void err_restore(const char *sentence)
{
	snprintf(text, sizeof(text), "%s", sentence);
}

void err_clear(void)
{
	text[0] = '\0';
}
