// SPDX-License-Identifier: GPL-2.0-only
/* snmp.c - the text of /proc/net/snmp, of this network namespace or of a guest */
#include "measure/snmp.h"

#include <ctype.h>
#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "lib/err.h"

/* Return: the line's text behind "Tcp:", NULL if the line is of another MIB. */
static const char *line_of(const char *line, const char *mib)
{
	size_t len = strlen(mib);

	return !strncmp(line, mib, len) && line[len] == ':' ? line + len + 1 : NULL;
}

/* Steps to the next word of a line. Return: its length, 0 at the line's end. */
static size_t next_word(const char **at)
{
	*at += strspn(*at, " \t\r");
	return strcspn(*at, " \t\r\n");
}

static const char *line_after(const char *line)
{
	const char *nl = strchr(line, '\n');

	return nl ? nl + 1 : line + strlen(line);
}

/* Walks names and numbers side by side. Return: whether @name is there with a number. */
static bool find(const char *names, const char *numbers, const char *name, uint64_t *ret)
{
	size_t a, b;

	while ((a = next_word(&names)) && (b = next_word(&numbers))) {
		if (a == strlen(name) && !strncmp(names, name, a)) {
			if (!isdigit((unsigned char)*numbers))
				return false;
			*ret = strtoull(numbers, NULL, 10);
			return true;
		}
		names += a;
		numbers += b;
	}
	return false;
}

int snmp_find(const char *text, const char *mib, const char *name, uint64_t *ret)
{
	for (const char *line = text; *line; line = line_after(line)) {
		const char *names = line_of(line, mib);
		const char *numbers = names ? line_of(line_after(line), mib) : NULL;

		if (numbers && find(names, numbers, name, ret))
			return 0;
	}
	return err_say(EBADMSG, "snmp: no %s%s in '%.60s'", mib, name, text);
}
