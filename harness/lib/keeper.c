// SPDX-License-Identifier: GPL-2.0-only
/* keeper.c - a parent that cleans up after us, whatever happens to us */
#include "lib/keeper.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>

#include "lib/cleanup.h"
#include "lib/err.h"
#include "lib/fs.h"
#include "lib/proc.h"
#include "lib/stop.h"
#include "lib/str.h"

static int folder_pipe = -1;
static volatile sig_atomic_t work;

void keeper_folder(const char *path)
{
	if (folder_pipe >= 0)
		(void)!write(folder_pipe, path, strlen(path) + 1);
}

/* A signal to the keeper alone is meant for the work. Of the terminal's ^C it gets two, which is one. */
static void pass_on(int sig)
{
	if (work > 0)
		kill((pid_t)work, sig);
}

/* Kills what is left below us until nothing is; a killed parent's children come to us. */
static void kill_rest(void)
{
	_cleanup_(freep) char *path = str_fmt("/proc/self/task/%d/children", (int)getpid());

	for (int round = 0; round < 100; round++) {
		_cleanup_(freep) char *list = NULL;
		char *save = NULL;

		if (fs_read(path, &list, NULL) || !*list)
			return;
		for (char *w = strtok_r(list, " \n", &save); w; w = strtok_r(NULL, " \n", &save)) {
			pid_t pid = (pid_t)strtol(w, NULL, 10);

			kill(pid, SIGKILL);
			waitpid(pid, NULL, 0);
		}
	}
}

void keeper_remove(const char *path)
{
	_cleanup_(freep) char *why = str_dup(err_text());
	const char *const argv[] = { "mmdebstrap", "--unshare-helper", "rm", "-rf", path, NULL };
	const struct proc p = { .argv = argv };

	stop_mask(true);
	/* What mmdebstrap left belongs to users that only a user namespace gives us. */
	if (fs_remove(path) && geteuid()) {
		(void)proc_run(&p, NULL);
		(void)fs_remove(path);
	}
	stop_mask(false);
	err_restore(why);
}

static void remove_folders(int fd)
{
	struct strbuf b = { 0 };
	char chunk[4096];
	ssize_t n;

	/* Whoever was not killed may still hold the other end: take what is there. */
	fcntl(fd, F_SETFL, O_NONBLOCK);
	while ((n = read(fd, chunk, sizeof(chunk))) > 0)
		strbuf_add(&b, chunk, (size_t)n);
	for (size_t at = 0; at < b.len; at += strlen(b.data + at) + 1)
		keeper_remove(b.data + at);
	strbuf_free(&b);
}

/* Who kills a daemon of ours waits until it is gone: what comes to us is reaped at once. */
static int wait_for_work(void)
{
	for (;;) {
		int st;
		pid_t pid = waitpid(-1, &st, 0);

		if (pid == (pid_t)work || (pid < 0 && errno == ECHILD))
			return pid < 0 ? 0 : st;
	}
}

static int keep(int fd)
{
	struct sigaction sa = { .sa_handler = pass_on };
	int st;

	sigaction(SIGINT, &sa, NULL);
	sigaction(SIGTERM, &sa, NULL);
	sigaction(SIGHUP, &sa, NULL);
	st = wait_for_work();
	work = 0;
	kill_rest();
	remove_folders(fd);
	if (WIFEXITED(st))
		return WEXITSTATUS(st);
	fprintf(stderr, "tapbed: ended by signal %d; what it had started is gone, what it had stored is kept\n",
		WTERMSIG(st));
	return 128;
}

bool keeper_start(int *ret_status)
{
	int fd[2];
	pid_t pid;

	if (pipe2(fd, O_CLOEXEC))
		return false;
	prctl(PR_SET_CHILD_SUBREAPER, 1);
	pid = fork();
	if (pid > 0) {
		work = pid;
		close(fd[1]);
		*ret_status = keep(fd[0]);
		close(fd[0]);
		return true;
	}
	close(fd[0]);
	if (pid < 0) {
		close(fd[1]);
		return false;
	}
	prctl(PR_SET_CHILD_SUBREAPER, 0);
	prctl(PR_SET_PDEATHSIG, SIGTERM);
	folder_pipe = fd[1];
	return false;
}
