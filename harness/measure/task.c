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

/** add_thread() - "CPU 0/KVM in kvm_vcpu_block"; a thread that has ended meanwhile is left out. */
static void add_thread(const char *dir, const char *tid, struct strv *list)
{
	_cleanup_(freep) char *name_path = str_fmt("%s/%s/comm", dir, tid), *where_path = str_fmt("%s/%s/wchan", dir, tid);
	_cleanup_(freep) char *name = NULL, *where = NULL;

	if (fs_read(name_path, &name, NULL) || fs_read(where_path, &where, NULL))
		return;
	name[strcspn(name, "\n")] = '\0';
	if (!*where || str_eq(where, "0"))
		strv_fmt(list, "%s runs", name);
	else
		strv_fmt(list, "%s in %s", name, where);
}

char *task_tell(void)
{
	long pid = find_qemu(NULL);
	_cleanup_(freep) char *dir = str_fmt("/proc/%ld/task", pid);
	_cleanup_(closedirp) DIR *d = pid < 0 ? NULL : opendir(dir);
	_cleanup_(strv_free) struct strv list = { 0 };

	for (struct dirent *e = d ? readdir(d) : NULL; e; e = readdir(d))
		if (isdigit((unsigned char)*e->d_name))
			add_thread(dir, e->d_name, &list);
	err_clear();
	return list.n ? strv_join(&list, ", ") : NULL;
}
