// SPDX-License-Identifier: GPL-2.0-only
/* trace.c - how often something happened in the kernel, counted by the kernel itself */
#include "ring/trace.h"

#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/cleanup.h"
#include "lib/err.h"
#include "lib/log.h"
#include "lib/str.h"

static int open_tracefs(void)
{
	_cleanup_(closep) int fs = fsopen("tracefs", FSOPEN_CLOEXEC);
	int fd;

	if (fs < 0)
		return err_set(errno, "no tracefs");
	if (fsconfig(fs, FSCONFIG_CMD_CREATE, NULL, NULL, 0))
		return err_set(errno, "tracefs cannot be mounted");
	fd = fsmount(fs, FSMOUNT_CLOEXEC, MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV | MOUNT_ATTR_NOEXEC);
	return fd < 0 ? err_set(errno, "tracefs cannot be mounted") : fd;
}

static int put(const struct trace *t, const char *path, int flags, const char *text)
{
	_cleanup_(closep) int fd = openat(t->root, path, O_WRONLY | O_CLOEXEC | flags);

	if (fd < 0 || write(fd, text, strlen(text)) < 0)
		return err_set(errno, "tracefs: %s to %s", text, path);
	return 0;
}

static int get(const struct trace *t, const char *path, struct strbuf *ret)
{
	_cleanup_(closep) int fd = openat(t->root, path, O_RDONLY | O_CLOEXEC);
	char buf[4096];
	ssize_t n = -1;

	if (fd >= 0)
		while ((n = read(fd, buf, sizeof(buf))) > 0)
			strbuf_add(ret, buf, (size_t)n);
	return n < 0 ? err_set(errno, "tracefs: read %s", path) : 0;
}

int trace_open(struct trace *t)
{
	static atomic_uint number;

	*t = (struct trace){ .root = open_tracefs() };
	if (t->root < 0)
		return t->root;
	snprintf(t->instance, sizeof(t->instance), "instances/tapbed-%d-%u", (int)getpid(), number++);
	if (mkdirat(t->root, t->instance, 0700)) {
		int ret = err_set(errno, "tracefs: an instance of our own");

		close(t->root);
		t->root = -1;
		return ret;
	}
	return 0;
}

/* The place of a file of the event, in our instance. To be freed. */
static char *event_path(const struct trace *t, const char *file)
{
	return str_fmt("%s/events/%s/%s", t->instance, t->event, file);
}

void trace_close(struct trace *t)
{
	_cleanup_(freep) char *why = str_dup(err_text());

	if (t->root < 0)
		return;
	if (t->trigger[0]) {
		_cleanup_(freep) char *path = event_path(t, "trigger");
		_cleanup_(freep) char *off = str_fmt("!%s", t->trigger);

		(void)put(t, path, 0, off);
	}
	if (unlinkat(t->root, t->instance, AT_REMOVEDIR))
		log_debug("tracefs: %s stays: %s", t->instance, strerror(errno));
	if (t->has_kprobe) {
		_cleanup_(freep) char *off = str_fmt("-:%s", t->event);

		(void)put(t, "kprobe_events", O_APPEND, off);
	}
	close(t->root);
	t->root = -1;
	err_restore(why);
}

int trace_count(struct trace *t, const char *event, const char *key, const char *filter)
{
	_cleanup_(freep) char *trigger = str_fmt("hist:keys=%s%s%s", key, filter ? " if " : "", filter ? filter : "");
	_cleanup_(freep) char *path = NULL;
	int ret;

	if (event)
		snprintf(t->event, sizeof(t->event), "%s", event);
	path = event_path(t, "trigger");
	ret = put(t, path, 0, trigger);
	if (!ret)
		snprintf(t->trigger, sizeof(t->trigger), "%s", trigger);
	return ret;
}

int trace_kprobe(struct trace *t, const char *function)
{
	_cleanup_(freep) char *line = str_fmt("p:tapbed/%s %s", function, function);
	int ret = put(t, "kprobe_events", O_APPEND, line);

	if (ret)
		return ret;
	t->has_kprobe = true;
	snprintf(t->event, sizeof(t->event), "tapbed/%s", function);
	return 0;
}

/* A line is "{ reason:         51 } hitcount:       1234"; the last one "    Dropped: 0". */
int trace_counts(const struct trace *t, void (*fn)(void *arg, unsigned long key, uint64_t count), void *arg)
{
	_cleanup_(freep) char *path = event_path(t, "hist");
	_cleanup_(strbuf_free) struct strbuf text = { 0 };
	int ret = get(t, path, &text);
	char *line, *rest = text.data;

	while (!ret && rest && (line = strsep(&rest, "\n"))) {
		unsigned long long count;
		unsigned long key;

		if (sscanf(line, "{ %*[^:]: %lu } hitcount: %llu", &key, &count) == 2)
			fn(arg, key, count);
		else if (sscanf(line, " Dropped: %llu", &count) == 1 && count)
			fn(arg, TRACE_UNTOLD, count);
	}
	return ret;
}

int trace_format(const struct trace *t, char **ret)
{
	_cleanup_(freep) char *path = str_fmt("events/%s/format", t->event);
	struct strbuf text = { 0 };
	int err = get(t, path, &text);

	if (err) {
		strbuf_free(&text);
		return err;
	}
	*ret = text.data ? text.data : str_dup("");
	return 0;
}
