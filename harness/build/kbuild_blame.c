// SPDX-License-Identifier: GPL-2.0-only
/* kbuild_blame.c - whose fault a failed build of a kernel is: its source's, or this machine's */
#include <errno.h>
#include <string.h>

#include "build/kbuild.h"
#include "lib/cleanup.h"

/* Most lines of a compiler that are shown: the error, the line of code, the place in it, a note. */
#define SHOWN_LINES 8

/*
 * In this order: a full disk makes compilers fail too, and a missing header of a program that is run here (in scripts/,
 * tools/) is no fault of the kernel's.
 */
static const struct {
	const char *has;
	const char *also; /* in the same line */
	int blame;
} signs[] = {
	{ "No space left on device",	 NULL,			  ENOSPC  },
	{ "Killed signal terminated",	 NULL,			  EIO	  },
	{ "virtual memory exhausted",	 NULL,			  EIO	  },
	{ ": not found",		 "/bin/sh:",		  EIO	  },
	{ "scripts/",			 ": fatal error: ",	  EIO	  },
	{ "tools/",			 ": fatal error: ",	  EIO	  },
	{ "certs/",			 ": fatal error: ",	  EIO	  },
	{ ": error: ",			 NULL,			  ENOEXEC },
	{ ": fatal error: ",		 NULL,			  ENOEXEC },
	{ ": undefined reference to",	 NULL,			  ENOEXEC },
	{ "undefined symbol: ",		 "ld.lld",		  ENOEXEC },
	{ "ERROR: modpost: ",		 NULL,			  ENOEXEC },
	{ "error: objtool",		 NULL,			  ENOEXEC },
	{ "No rule to make target",	 NULL,			  ENOEXEC },
};

static bool line_has(const char *line, size_t len, const char *word)
{
	return !word || memmem(line, len, word, strlen(word));
}

static const char *find_line(const char *output, const char *has, const char *also)
{
	for (const char *l = output; *l; l += strcspn(l, "\n"), l += *l == '\n') {
		size_t len = strcspn(l, "\n");

		if (line_has(l, len, has) && line_has(l, len, also))
			return l;
	}
	return NULL;
}

/* From the line on to where make speaks again. */
static size_t said_from(const char *line)
{
	const char *at = line;

	for (int n = 0; n < SHOWN_LINES && *at; n++) {
		if (n && !strncmp(at, "make", 4))
			break;
		at += strcspn(at, "\n");
		at += *at == '\n';
	}
	while (at > line && at[-1] == '\n')
		at--;
	return (size_t)(at - line);
}

int kbuild_blame(const char *output, const char **ret_lines, size_t *ret_length)
{
	for (size_t i = 0; i < ARRAY_SIZE(signs); i++) {
		const char *line = find_line(output, signs[i].has, signs[i].also);

		if (!line)
			continue;
		*ret_lines = line;
		*ret_length = said_from(line);
		return signs[i].blame;
	}
	return EPROTO;
}
