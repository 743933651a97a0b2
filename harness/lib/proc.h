/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * proc.h - child processes: an argv, a deadline, the output kept
 *
 *	struct proc p = {
 *		.argv = (const char *[]){ "apt-get", "update", NULL },
 *		.log_path = log, .deadline_s = 300,
 *	};
 *	ret = proc_run(&p, NULL);
 *
 * No shell is ever involved. A child dies with us (PR_SET_PDEATHSIG) and is the leader of a
 * process group that is ended as a whole at the deadline or when a stop is asked for: by SIGTERM,
 * and five seconds later by SIGKILL.
 */
#ifndef LIB_PROC_H
#define LIB_PROC_H

#include <stdbool.h>
#include <sys/types.h>

/**
 * struct proc - what to run
 * @argv:       NULL-terminated; argv[0] is looked up in PATH
 * @env:        NULL-terminated "NAME=value" list put over our environment, or NULL
 * @cwd:        working folder, or NULL for ours
 * @input:      text for its standard input, or NULL for /dev/null
 * @log_path:   file to append command line, stdout and stderr to, or NULL
 * @deadline_s: seconds it may take; 0 means 60
 * @disk_is_free: its time begins anew while the disk keeps it waiting. For programs of a host in
 *              virtual time, where the clock jumps on while nothing but a disk is waited for
 * @gone_fd:    becomes readable when what the program talks to has ended, and the program is ended too; 0: none
 * @want_stderr: output returned by proc_run() also has stderr in it
 * @tick:       called by proc_run() about every @tick_s seconds while it waits, or NULL
 * @tick_arg:   for @tick
 * @tick_s:     seconds between two calls, counted from the end of the one before
 */
struct proc {
	const char *const *argv;
	const char *const *env;
	const char *cwd;
	const char *input;
	const char *log_path;
	double deadline_s;
	bool disk_is_free;
	int gone_fd;
	bool want_stderr;
	void (*tick)(void *arg);
	void *tick_arg;
	double tick_s;
};

/**
 * proc_run() - run a program to its end
 * @p:       what to run
 * @ret_out: where its stdout goes (to be freed), NULL to drop it; also set when the program failed
 * Return: 0 when it exited with 0; -EPROTO when it exited otherwise (the sentence has its status,
 * its last lines and the log's path; proc_status() the number); -ETIMEDOUT at the deadline;
 * -EPIPE when @gone_fd said so; -EINTR when a stop was asked for; other -errno when it could not be started.
 */
int proc_run(const struct proc *p, char **ret_out);

/** proc_status() - Return: exit status of this thread's last proc_run(), 128 + signal if killed. */
int proc_status(void);

/** proc_start() - start a program and leave it running. Return: its pid, or -errno. @ret_out_fd: where its stdout can be read (non-blocking), or NULL. */
pid_t proc_start(const struct proc *p, int *ret_out_fd);

/** proc_stop() - end a program of proc_start() and its group: SIGTERM, after @grace_s SIGKILL; reaps it. */
void proc_stop(pid_t pid, double grace_s);

/**
 * proc_fork() - do something in a child that dies with us and is the leader of a process group
 * @work: what; it never returns to the caller, its value is the exit status. Its words go to @log_path
 * Return: its pid, for proc_is_over() and proc_stop(); -errno.
 */
pid_t proc_fork(int (*work)(void *arg), void *arg, const char *log_path);

/** proc_is_over() - Return: whether a child has ended; it is still to be reaped by proc_stop(). */
bool proc_is_over(pid_t pid);

/**
 * proc_awaits_disk() - is the disk what a program waits for?
 * @pid: the program; all of its threads are looked at
 * Return: whether one is in uninterruptible sleep: state D of /proc/PID/task/TID/stat, proc(5).
 */
bool proc_awaits_disk(pid_t pid);

/** proc_cpus() - Return: of how many CPUs this process may use, 1 at least. */
int proc_cpus(void);

/** proc_find() - Return: whether PATH has @program. */
bool proc_find(const char *program);

#endif
