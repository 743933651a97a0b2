// SPDX-License-Identifier: GPL-2.0-only
/* tcpmem.c - largest buffers of TCP sockets, at the sender and the receiver */
#include "lab/tcpmem.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/cleanup.h"
#include "lib/err.h"
#include "lib/fs.h"
#include "lib/log.h"
#include "lib/str.h"
#include "net/netns.h"

static const struct {
	enum axis axis;
	const char *file;
} sysctls[] = {
	{ AXIS_TCP_RMEM, "/proc/sys/net/ipv4/tcp_rmem" },
	{ AXIS_TCP_WMEM, "/proc/sys/net/ipv4/tcp_wmem" },
};
_Static_assert(ARRAY_SIZE(sysctls) == ARRAY_SIZE(((struct tcpmem *)0)->host), "room for each");

char *tcpmem_text(const char *before, long max)
{
	long least, first;

	if (sscanf(before, "%ld %ld", &least, &first) != 2)
		return NULL;
	return str_fmt("%ld %ld %ld", least < max ? least : max, first < max ? first : max, max);
}

/* A sysctl takes its text in one write, and has no file to be replaced. */
static int write_here(const char *file, const char *text)
{
	_cleanup_(closep) int fd = open(file, O_WRONLY | O_CLOEXEC);

	if (fd < 0 || write(fd, text, strlen(text)) < 0)
		return err_set(errno, "%s: write '%s'", file, text);
	return 0;
}

static int host_read(struct tcpmem *t, const char *file, char **ret)
{
	int back = -1;
	int err = path_enter(t->path, &back);

	if (!err)
		err = fs_read(file, ret, NULL);
	netns_leave(&back);
	return err;
}

static int host_write(struct tcpmem *t, const char *file, const char *text)
{
	int back = -1;
	int err = path_enter(t->path, &back);

	if (!err)
		err = write_here(file, text);
	netns_leave(&back);
	return err;
}

static int guest_read(struct tcpmem *t, const char *file, char **ret)
{
	return vm_agent_read_file(t->guest, file, ret);
}

static int guest_write(struct tcpmem *t, const char *file, const char *text)
{
	return vm_agent_write_file(t->guest, file, text);
}

typedef int read_fn(struct tcpmem *t, const char *file, char **ret);
typedef int write_fn(struct tcpmem *t, const char *file, const char *text);

static int change(struct tcpmem *t, const char *file, long max, read_fn *read_it, write_fn *write_it, char **saved)
{
	_cleanup_(freep) char *before = NULL, *text = NULL;
	int err = read_it(t, file, &before);

	if (err)
		return err;
	text = tcpmem_text(before, max);
	if (!text)
		return err_say(EPROTO, "%s: '%s' is no three sizes", file, before);
	err = write_it(t, file, text);
	if (!err)
		*saved = take_ptr(&before);
	return err;
}

int tcpmem_up(struct tcpmem *t, const struct path *path, struct vm *guest, const struct cell *c)
{
	int err = 0;

	*t = (struct tcpmem){ .path = path, .guest = guest };
	for (size_t i = 0; i < ARRAY_SIZE(sysctls) && !err; i++) {
		long max = c->at[sysctls[i].axis].num;

		if (!max)
			continue;
		err = change(t, sysctls[i].file, max, host_read, host_write, &t->host[i]);
		if (!err)
			err = change(t, sysctls[i].file, max, guest_read, guest_write, &t->in_guest[i]);
	}
	if (err) {
		_cleanup_(freep) char *why = str_dup(err_text());

		tcpmem_down(t);
		err_restore(why);
	}
	return err;
}

static void put_back(struct tcpmem *t, const char *file, write_fn *write_it, char **saved)
{
	if (*saved && write_it(t, file, *saved))
		log_warn("%s, ignoring", err_text());
	free(take_ptr(saved));
}

void tcpmem_down(struct tcpmem *t)
{
	for (size_t i = 0; i < ARRAY_SIZE(sysctls); i++) {
		put_back(t, sysctls[i].file, host_write, &t->host[i]);
		put_back(t, sysctls[i].file, guest_write, &t->in_guest[i]);
	}
}
