// SPDX-License-Identifier: GPL-2.0-only
/* load.c - what a machine did beside a measurement */
#include "measure/load.h"

#include <ctype.h>
#include <dirent.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "lib/cleanup.h"
#include "lib/err.h"
#include "lib/fs.h"
#include "lib/str.h"

static double seconds_of(clockid_t clock)
{
	struct timespec t;

	clock_gettime(clock, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/** each_number() - call @visit for each folder of @dir that is a number; one that is gone meanwhile is none. */
static void each_number(const char *dir, void (*visit)(const char *path, void *arg), void *arg)
{
	_cleanup_(closedirp) DIR *d = opendir(dir);
	struct dirent *e;

	while (d && (e = readdir(d))) {
		_cleanup_(freep) char *path = str_fmt("%s/%s", dir, e->d_name);

		if (isdigit((unsigned char)*e->d_name))
			visit(path, arg);
	}
}

static char *text_of(const char *dir, const char *name, size_t *ret_len)
{
	_cleanup_(freep) char *path = str_fmt("%s/%s", dir, name);
	char *text = NULL;

	return fs_read(path, &text, ret_len) ? NULL : text;
}

/* Arguments end with a NUL each. */
static bool has_argument(const char *cmdline, size_t len, const char *mark)
{
	for (size_t at = 0; at < len; at += strlen(cmdline + at) + 1)
		if (strstr(cmdline + at, mark))
			return true;
	return false;
}

static void add_waited(const char *task, void *arg)
{
	struct load *l = arg;
	_cleanup_(freep) char *text = text_of(task, "schedstat", NULL);
	uint64_t ns;

	if (text && !procstat_waited(text, &ns))
		l->waited_ns += ns;
}

/** struct outer - @mark: of QEMU; @self: our own folder in /proc; @load: is added to */
struct outer {
	const char *mark;
	char *self;
	struct load *load;
};

static bool is_qemu(const char *process, const struct outer *o)
{
	size_t len = 0;
	_cleanup_(freep) char *cmdline = text_of(process, "cmdline", &len);

	return cmdline && has_argument(cmdline, len, o->mark);
}

/* @process is its folder: /proc/812 */
static void add_ticks(struct load *l, const char *process, const struct procstat_process *p)
{
	uint64_t ticks = p->ticks + p->reaped;
	struct load_process *to;

	l->others += ticks;
	if (l->n_named == LOAD_NAMED)
		return;
	to = &l->named[l->n_named++];
	to->pid = strtol(strrchr(process, '/') + 1, NULL, 10);
	to->ticks = ticks;
	snprintf(to->name, sizeof(to->name), "%s", p->name);
}

static void add_outer(const char *process, void *arg)
{
	const struct outer *o = arg;
	_cleanup_(freep) char *text = text_of(process, "stat", NULL);
	_cleanup_(freep) char *tasks = str_fmt("%s/task", process);
	bool is_marked = is_qemu(process, o);
	struct procstat_process p;

	if (!text || procstat_process(text, &p))
		return;
	if (!is_marked && !str_eq(process, o->self)) {
		add_ticks(o->load, process, &p);
		return;
	}
	o->load->has_ours = o->load->has_ours || is_marked;
	o->load->ours += p.ticks;
	each_number(tasks, add_waited, o->load);
}

/* The number of the first PID namespace: PROC_PID_INIT_INO of include/linux/proc_ns.h. */
static const char first_namespace[] = "pid:[4026531836]";

/** sees_all() - Return: whether /proc has every process of the machine: no container, no hidepid. */
static bool sees_all(void)
{
	char is[sizeof(first_namespace) + 1] = "";

	return readlink("/proc/self/ns/pid", is, sizeof(is) - 1) > 0 && str_eq(is, first_namespace) &&
	       !access("/proc/1/stat", R_OK);
}

/** struct host - @group: our own control group; @load: is added to */
struct host {
	const char *group;
	struct load *load;
};

static void add_other(const char *process, void *arg)
{
	const struct host *h = arg;
	_cleanup_(freep) char *text = text_of(process, "stat", NULL);
	_cleanup_(freep) char *group = text_of(process, "cgroup", NULL);
	struct procstat_process p;

	if (!text || !group || procstat_process(text, &p) || p.is_kernel || str_eq(group, h->group))
		return;
	h->load->others += p.ticks + p.reaped;
}

static struct load load_now(bool is_host)
{
	struct load l = { .is_host = is_host, .tick = (double)sysconf(_SC_CLK_TCK) };
	_cleanup_(freep) char *text = text_of("/proc", "stat", NULL);

	l.at = seconds_of(CLOCK_MONOTONIC);
	l.wall_s = seconds_of(CLOCK_REALTIME) - l.at;
	l.is_known = text && !procstat_time(text, &l.time);
	return l;
}

void load_read_outer(const char *mark, struct load *ret)
{
	_cleanup_(freep) char *why = str_dup(err_text());
	struct load l = load_now(false);
	_cleanup_(freep) char *self = str_fmt("/proc/%d", (int)getpid());
	struct outer o = { mark, self, &l };

	each_number("/proc", add_outer, &o);
	if (!sees_all())
		l.others = l.time.busy > l.ours ? l.time.busy - l.ours : 0;
	*ret = l;
	err_restore(why);
}

void load_read_host(struct load *ret)
{
	_cleanup_(freep) char *why = str_dup(err_text());
	_cleanup_(freep) char *group = text_of("/proc/self", "cgroup", NULL);
	struct load l = load_now(true);
	struct host h = { group, &l };

	if (group)
		each_number("/proc", add_other, &h);
	*ret = l;
	err_restore(why);
}

/* Readings of several files are not of one moment, and who ended takes its time along. */
static double since(uint64_t before, uint64_t after)
{
	return after > before ? (double)(after - before) : 0;
}

static uint64_t ticks_of(const struct load *l, const struct load_process *p)
{
	for (size_t i = 0; i < l->n_named; i++)
		if (l->named[i].pid == p->pid && !strcmp(l->named[i].name, p->name))
			return l->named[i].ticks;
	return 0;
}

char *load_most_of(const struct load *before, const struct load *after)
{
	const struct load_process *most = NULL;
	double ran = since(before->others, after->others) / 2;

	for (size_t i = 0; i < after->n_named; i++) {
		const struct load_process *p = &after->named[i];
		double ticks = since(ticks_of(before, p), p->ticks);

		if (ticks > 0 && ticks >= ran) {
			ran = ticks;
			most = p;
		}
	}
	return most ? str_fmt("%s (%ld)", most->name, most->pid) : NULL;
}

static double share(double part, double rest)
{
	return part + rest > 0 ? part / (part + rest) : 0;
}

/** lost_by() - Return: seconds of CPU time that QEMU wanted and others had: no more than it waited, no more than they ran. */
static double lost_by(const struct load *a, const struct load *b)
{
	double others_s = since(a->others, b->others) / b->tick;
	double waited_s = since(a->waited_ns, b->waited_ns) / 1e9;

	return b->waited_ns ? fmin(others_s, waited_s) : others_s;
}

void load_diff(const struct load *before, const struct load *after, double hygiene[HYGIENE_COUNT])
{
	bool is_host = after->is_host;
	double seconds = after->at - before->at;
	double steal = share(since(before->time.steal, after->time.steal), since(before->time.busy, after->time.busy));
	double ours_s = since(before->ours, after->ours) / after->tick;

	/* A clock that is disciplined may go 500 in a million wrong, for hours. */
	hygiene[is_host ? HYGIENE_HOST_CLOCK_S : HYGIENE_CLOCK_S] =
		fmax(0, fabs(after->wall_s - before->wall_s) - 0.0005 * seconds);
	if (!before->is_known || !after->is_known)
		return;
	hygiene[is_host ? HYGIENE_HOST_STEAL : HYGIENE_STEAL] = steal;
	if (is_host && seconds > 0)
		hygiene[HYGIENE_HOST_LOAD] = since(before->others, after->others) /
					     (after->tick * seconds * after->time.cpus);
	else if (before->has_ours && after->has_ours)
		hygiene[HYGIENE_LOAD] = share(lost_by(before, after), ours_s);
}
