// SPDX-License-Identifier: GPL-2.0-only
/* jsonl.c - JSON objects, one a line, over a descriptor */
#include "lib/jsonl.h"

#include <errno.h>
#include <poll.h>
#include <string.h>

#include "lib/cleanup.h"
#include "lib/err.h"
#include "lib/stop.h"

int jsonl_write(struct jsonl *c, const json_t *obj)
{
	_cleanup_(freep) char *line = json_dumps(obj, JSON_COMPACT);
	size_t len, at = 0;

	if (!line)
		return err_say(EINVAL, "an object cannot be written as JSON");
	len = strlen(line);
	line[len] = '\n'; /* the NUL's place: the length is known */
	while (at <= len) {
		ssize_t n = write(c->fd, line + at, len + 1 - at);

		if (n > 0) {
			at += (size_t)n;
		} else if (errno == EAGAIN) {
			struct pollfd p = { .fd = c->fd, .events = POLLOUT };

			(void)poll(&p, 1, 1000);
		} else if (errno != EINTR) {
			return err_set(errno, "agent channel: write");
		}
	}
	return 0;
}

/* Takes one line out of the buffer. Return: 1 and *ret, 0 when there is no whole line yet, -EBADMSG. */
static int next_line(struct jsonl *c, json_t **ret)
{
	char *nl = c->in.len ? memchr(c->in.data, '\n', c->in.len) : NULL;
	json_error_t e;
	json_t *obj;
	size_t len;

	if (!nl)
		return 0;
	len = (size_t)(nl - c->in.data);
	obj = json_loadb(c->in.data, len, 0, &e);
	if (!obj)
		err_say(EBADMSG, "agent channel: not JSON (%s): %.*s", e.text,
			(int)(len < 200 ? len : 200), c->in.data);
	c->in.len -= len + 1;
	memmove(c->in.data, nl + 1, c->in.len);
	c->in.data[c->in.len] = '\0';
	if (!obj)
		return -EBADMSG;
	*ret = obj;
	return 1;
}

int jsonl_read(struct jsonl *c, double deadline, json_t **ret)
{
	char chunk[65536];
	int got;

	while (!(got = next_line(c, ret))) {
		int ready = stop_wait(c->fd, deadline);
		ssize_t n;

		if (ready < 0)
			return ready;
		if (!ready)
			return err_say(ETIMEDOUT, "agent channel: no answer in time");
		n = read(c->fd, chunk, sizeof(chunk));
		if (n < 0 && (errno == EAGAIN || errno == EINTR))
			continue;
		if (n < 0 && errno != ECONNRESET)
			return err_set(errno, "agent channel: read");
		if (n <= 0)
			return err_say(EPIPE, "agent channel: the other end is gone");
		strbuf_add(&c->in, chunk, (size_t)n);
	}
	return got < 0 ? got : 0;
}

void jsonl_free(struct jsonl *c)
{
	strbuf_free(&c->in);
}

const char *json_str(const json_t *obj, const char *key, const char *otherwise)
{
	const char *s = json_string_value(json_object_get(obj, key));

	return s ? s : otherwise;
}

double json_num(const json_t *obj, const char *key, double otherwise)
{
	const json_t *v = json_object_get(obj, key);

	return json_is_number(v) ? json_number_value(v) : otherwise;
}

json_t *json_at(const json_t *obj, const char *path)
{
	_cleanup_(freep) char *copy = str_dup(path);
	char *save = NULL;

	for (char *step = strtok_r(copy, ".", &save); step && obj; step = strtok_r(NULL, ".", &save))
		obj = json_is_array(obj) ? json_array_get(obj, (size_t)strtoul(step, NULL, 10)) :
					   json_object_get(obj, step);
	return (json_t *)obj;
}
