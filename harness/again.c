// SPDX-License-Identifier: GPL-2.0-only
/* again.c - this program once more, as a child */
#include "again.h"

#include <errno.h>
#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lib/cleanup.h"
#include "lib/err.h"
#include "lib/log.h"
#include "lib/stop.h"

static void be_it(const struct strv *argv, pid_t parent)
{
	/* It ends as it would by kill(1): its keeper undoes everything. */
	prctl(PR_SET_PDEATHSIG, SIGTERM);
	if (getppid() != parent)
		_exit(128);
	dup2(STDERR_FILENO, STDOUT_FILENO);
	execv("/proc/self/exe", argv->v);
	_exit(128);
}

static int wait_for(pid_t pid)
{
	_cleanup_(closep) int end = (int)syscall(SYS_pidfd_open, pid, 0);
	int st;

	if (end < 0)
		return err_set(errno, "tapbed: pidfd");
	if (stop_wait(end, INFINITY) == -EINTR)
		kill(pid, SIGTERM);
	while (waitpid(pid, &st, 0) < 0)
		if (errno != EINTR)
			return err_set(errno, "tapbed: wait");
	return WIFEXITED(st) ? WEXITSTATUS(st) : 128;
}

int again_run(const struct strv *argv)
{
	_cleanup_(freep) char *line = strv_join(argv, " ");
	pid_t parent = getpid(), pid;

	log_info("%s", line);
	fflush(stdout);
	pid = fork();
	if (pid < 0)
		return err_set(errno, "tapbed: fork");
	if (!pid)
		be_it(argv, parent);
	return wait_for(pid);
}
