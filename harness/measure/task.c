// SPDX-License-Identifier: GPL-2.0-only
/* task.c - the processes behind a guest */
#include "measure/task.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "lib/cleanup.h"
#include "lib/err.h"
#include "lib/fs.h"
#include "lib/str.h"
#include "measure/procstat.h"

#define QEMU "qemu-system-x86" /* the kernel keeps 15 letters */

/**
 * add_named() - ticks of the tasks of a folder whose name is @comm
 * @dir:     "/proc", or "/proc/PID/task"
 * @ret:     is added to; NULL: only look
 * @ret_pid: the last one's; may be NULL
 * Return: how many there are, or -errno. One that has just ended is none.
 */
static int add_named(const char *dir, const char *comm, uint64_t *ret, long *ret_pid)
{
	_cleanup_(closedirp) DIR *d = opendir(dir);
	struct dirent *e;
	int n = 0;

	while (d && (e = readdir(d))) {
		_cleanup_(freep) char *path = str_fmt("%s/%s/comm", dir, e->d_name);
		_cleanup_(freep) char *stat_path = str_fmt("%s/%s/stat", dir, e->d_name);
		_cleanup_(freep) char *name = NULL;
		_cleanup_(freep) char *text = NULL;
		uint64_t ticks;

		if (!isdigit((unsigned char)*e->d_name) || fs_read(path, &name, NULL))
			continue;
		name[strcspn(name, "\n")] = '\0';
		if (strcmp(name, comm) || fs_read(stat_path, &text, NULL) || procstat_task(text, &ticks))
			continue;
		if (ret)
			*ret += ticks;
		if (ret_pid)
			*ret_pid = strtol(e->d_name, NULL, 10);
		n++;
	}
	err_clear();
	return n;
}

/* Return: pid of QEMU, or -ENODATA when there is not exactly one: whose guest would be measured? */
static long find_qemu(uint64_t *ret)
{
	uint64_t ticks = 0;
	long pid = 0;

	if (add_named("/proc", QEMU, &ticks, &pid) != 1)
		return -ENODATA;
	if (ret)
		*ret = ticks;
	return pid;
}

int task_vhost(uint64_t *ret)
{
	long pid = find_qemu(NULL);
	_cleanup_(freep) char *name = str_fmt("vhost-%ld", pid);
	_cleanup_(freep) char *dir = str_fmt("/proc/%ld/task", pid);
	uint64_t ticks = 0;
	int n;

	if (pid < 0)
		return -ENODATA;
	n = add_named(dir, name, &ticks, NULL);
	if (!n)
		n = add_named("/proc", name, &ticks, NULL);
	if (!n)
		return -ENODATA;
	*ret = ticks;
	return 0;
}

int task_qemu(uint64_t *ret)
{
	uint64_t ticks, vhost = 0;
	long pid = find_qemu(&ticks);
	_cleanup_(freep) char *name = str_fmt("vhost-%ld", pid);
	_cleanup_(freep) char *dir = str_fmt("/proc/%ld/task", pid);

	if (pid < 0)
		return -ENODATA;
	(void)add_named(dir, name, &vhost, NULL);
	*ret = ticks > vhost ? ticks - vhost : 0;
	return 0;
}
