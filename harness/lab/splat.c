// SPDX-License-Identifier: GPL-2.0-only
/* splat.c - panics, oopses, warnings and lock reports in a kernel's words */
#include "lab/splat.h"

#include <ctype.h>
#include <errno.h>
#include <stdbool.h>
#include <string.h>
#include <unistd.h>

#include "lib/cleanup.h"
#include "lib/err.h"
#include "lib/fs.h"
#include "lib/str.h"

/* Stands before every WARN() and BUG(), whose own first lines have changed (28ea295f941e, 6.19). */
#define CUT "[ cut here ]"

#define PANIC "Kernel panic - not syncing"

/* What begins a report, wherever it stands in its line. */
static const char *const marks[] = {
	CUT,
	PANIC,
	"BUG: ",
	"Oops: ",
	"WARNING: CPU:",
	"WARNING: possible",	/* lockdep: circular locking, recursive locking, ... */
	"WARNING: suspicious RCU usage",
	"WARNING: inconsistent lock state",
	"WARNING: bad unlock balance",
	"INFO: task ",		/* hung task */
	"rcu: INFO: rcu_",	/* RCU stall */
	"watchdog: BUG: soft lockup",
	"general protection fault,",	/* of a program it is "general protection fault ip:" */
	"general protection fault:",
	"refcount_t: ",
	"UBSAN: ",
	"kernel BUG at ",
};

/* What TCG does to good kernels, as their reports name it (splat_is_emulators()). */
static const char *const emulators[] = { "Oops: int3:", " exc_debug_kernel+" };

/* How many lines of a report go into a reason. */
#define LINES 3

enum { CONSOLE_MAX = 256 << 10 };

static const char *line_start(const char *text, const char *at)
{
	while (at > text && at[-1] != '\n')
		at--;
	return at;
}

/* Skips "[    1.234567] " and the like. */
static const char *skip_stamp(const char *l)
{
	const char *end = *l == '[' ? strchr(l, ']') : NULL;

	return end && end - l < 24 ? end + 1 + strspn(end + 1, " ") : l;
}

/* A line that we began. The agent's words stand on the host's console too, and a guest's panic that it tells of is not the host's. */
static bool is_ours(const char *text, const char *at)
{
	return str_starts(line_start(text, at), "tapbed: ");
}

/* Finds a mark that is no part of a longer word: "DEBUG: " is none. */
static const char *mark_find(const char *text, const char *mark)
{
	const char *at = strstr(text, mark);

	while (at && ((at > text && isalnum((unsigned char)at[-1])) || is_ours(text, at)))
		at = strstr(at + 1, mark);
	return at;
}

static bool says_something(const char *line, int len)
{
	return len && !memmem(line, (size_t)len, CUT, strlen(CUT));
}

char *splat_find(const char *text)
{
	const char *first = NULL;
	struct strbuf b = { 0 };

	for (size_t i = 0; i < ARRAY_SIZE(marks); i++) {
		const char *at = mark_find(text, marks[i]);

		if (at && (!first || at < first))
			first = at;
	}
	if (!first)
		return NULL;
	first = line_start(text, first);
	for (int n = 0; n < LINES && *first;) {
		const char *l = skip_stamp(first);
		int len = (int)strcspn(l, "\r\n");

		if (says_something(l, len))
			strbuf_fmt(&b, "%s%.*s", n++ ? " | " : "", len, l);
		first += strcspn(first, "\n");
		first += *first == '\n';
	}
	return b.data ? b.data : str_dup("a report of which only the first line is left");
}

char *splat_read_kmsg(int fd)
{
	struct strbuf b = { 0 };
	char record[8192];
	ssize_t n;

	/* One record a read: "level,sequence,time,flags;text\n key=value\n". EPIPE: some were lost. */
	while ((n = read(fd, record, sizeof(record) - 1)) > 0 || (n < 0 && errno == EPIPE)) {
		char *text;

		if (n < 0)
			continue;
		record[n] = '\0';
		text = strchr(record, ';');
		if (text)
			strbuf_fmt(&b, "%.*s\n", (int)strcspn(text + 1, "\n"), text + 1);
	}
	return b.data ? b.data : str_dup("");
}

bool splat_is_emulators(const char *report)
{
	for (size_t i = 0; i < ARRAY_SIZE(emulators); i++)
		if (strstr(report, emulators[i]))
			return true;
	return false;
}

char *splat_last_words(const char *text)
{
	_cleanup_(freep) char *tail = str_dup(str_tail_lines(text, 5));
	struct strbuf b = { 0 };
	char *save = NULL;

	for (char *l = strtok_r(tail, "\r\n", &save); l; l = strtok_r(NULL, "\r\n", &save))
		strbuf_fmt(&b, "%s%s", b.len ? " | " : "", l);
	return b.data ? b.data : str_dup("none");
}

bool splat_panicked(const char *text)
{
	return mark_find(text, PANIC) != NULL;
}

char *splat_read_console(const char *file)
{
	char *text = NULL, *tail;
	size_t len;

	if (fs_read(file, &text, &len))
		return NULL;
	for (char *c = text; c < text + len; c++)
		if (!*c || (!isprint((unsigned char)*c) && !strchr("\r\n\t", *c)))
			*c = '?';
	tail = len > CONSOLE_MAX ? text + len - CONSOLE_MAX : text;
	memmove(text, tail, strlen(tail) + 1);
	return text;
}

int splat_add_console(int err, const char *console)
{
	_cleanup_(freep) char *said = str_dup(err_text()), *text = splat_read_console(console), *words = NULL;

	if (!text) {
		err_restore(said);
		return err;
	}
	words = splat_find(text);
	if (words)
		return err_say(-err, "%s; on its console: %s", said, words);
	words = splat_last_words(text);
	return err_say(-err, "%s; last words on its console: %s", said, words);
}
