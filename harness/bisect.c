// SPDX-License-Identifier: GPL-2.0-only
/* bisect.c - the folder of a bisect: journal, report and the log of git bisect */
#include "bisect.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <time.h>

#include "bisect/tell.h"
#include "build/lock.h"
#include "judge/runid.h"
#include "lib/cleanup.h"
#include "lib/dirs.h"
#include "lib/err.h"
#include "lib/fs.h"
#include "lib/log.h"
#include "lib/stop.h"

int bisect_note(struct bisect *b, const json_t *line)
{
	_cleanup_(freep) char *path = str_fmt("%s/journal", b->dir);
	_cleanup_(freep) char *text = json_dumps(line, JSON_COMPACT), *whole = text ? str_fmt("%s\n", text) : NULL;
	_cleanup_(closep) int fd = -1;
	int err = whole ? fs_append(path, whole, strlen(whole)) : err_say(EINVAL, "%s: a line cannot be written", path);

	if (err)
		return err;
	json_array_append_new(b->journal, json_deep_copy(line));
	b->told = json_array_size(b->journal);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	return fd < 0 || fsync(fd) ? err_set(errno, "%s: sync", path) : 0;
}

/* A line that was cut off by a crash is the last one, and is forgotten. */
static int read_journal(struct bisect *b)
{
	_cleanup_(freep) char *path = str_fmt("%s/journal", b->dir), *text = NULL;
	char *save = NULL;
	size_t whole;
	int err = fs_read(path, &text, NULL);

	if (err)
		return err_wrap(err, "bisect %s has no journal", b->id);
	whole = strrchr(text, '\n') ? (size_t)(strrchr(text, '\n') + 1 - text) : 0;
	if (text[whole])
		err = fs_write(path, text, whole, 0644);
	text[whole] = '\0';
	for (char *l = strtok_r(text, "\n", &save); l && !err; l = strtok_r(NULL, "\n", &save)) {
		json_error_t e;
		json_t *line = json_loads(l, 0, &e);

		if (!line)
			return err_say(EINVAL, "%s: %s in: %s", path, e.text, l);
		json_array_append_new(b->journal, line);
	}
	return err;
}

/* "latest" is the last by name, which begins with the time. */
static int find_folder(const char *all, const char *name, char **ret)
{
	_cleanup_(closedirp) DIR *d = opendir(all);

	for (struct dirent *e = d ? readdir(d) : NULL; e; e = readdir(d)) {
		bool is_meant = isdigit((unsigned char)e->d_name[0]) && (str_eq(name, "latest") || str_eq(name, e->d_name));

		if (is_meant && (!*ret || strcmp(e->d_name, *ret) > 0))
			str_set(ret, e->d_name);
	}
	return *ret ? 0 : err_say(ENOENT, "no bisect %s in %s", name, all);
}

int bisect_folder(struct bisect *b)
{
	_cleanup_(freep) char *state = dirs_state(b->options->state);
	_cleanup_(freep) char *all = str_fmt("%s/bisect", state), *lock = NULL;
	int err = fs_mkdirs(all);

	b->journal = json_array();
	if (!err)
		err = b->options->resume ? find_folder(all, b->options->resume, &b->id) :
					   runid_claim(all, time(NULL), runid_draw, &b->id);
	if (err)
		return err;
	b->dir = str_fmt("%s/%s", all, b->id);
	lock = str_fmt("%s/lock", b->dir);
	b->lock = lock_own(lock);
	if (b->lock < 0)
		return err_wrap(b->lock, "bisect %s goes on in another process", b->id);
	return b->options->resume ? read_journal(b) : 0;
}

/* A word for a shell. */
static void quote(struct strbuf *b, const char *word)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_./:=,+@~^";

	if (*word && !word[strspn(word, plain)]) {
		strbuf_fmt(b, " %s", word);
		return;
	}
	strbuf_fmt(b, " '");
	for (; *word; word++)
		strbuf_fmt(b, *word == '\'' ? "'\\''" : "%c", *word);
	strbuf_fmt(b, "'");
}

static char *command_of(const struct bisect_options *o)
{
	struct strbuf b = { 0 };

	strbuf_fmt(&b, "tapbed");
	for (int i = 0; i < o->argc; i++)
		quote(&b, o->argv[i]);
	return b.data;
}

static int keep(const struct bisect *b, const char *name, const char *text)
{
	_cleanup_(freep) char *path = str_fmt("%s/%s", b->dir, name);

	return fs_write(path, text, strlen(text), 0644);
}

int bisect_report(struct bisect *b, enum search_what end)
{
	_cleanup_(freep) char *cell = cell_name(&b->plan.cells[0]), *command = command_of(b->options);
	struct tell t = {
		.hunt = &b->hunt, .plan = b->plan.name, .cell = cell, .command = command, .end = end,
		.confidence = b->confidence, .seconds = time_now() - b->began, .around = b->around,
	};
	_cleanup_(freep) char *report = tell_report(&t), *log = tell_git_log(&t);
	int err = keep(b, "report", report);

	if (!err)
		err = keep(b, "git-bisect-log", log);
	fputs(report, stdout);
	log_info("kept in %s: report, git-bisect-log, journal; its runs: tapbed list --state %s", b->dir, b->dir);
	return err;
}
