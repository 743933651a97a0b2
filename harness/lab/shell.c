// SPDX-License-Identifier: GPL-2.0-only
/* shell.c - an interactive shell on the host under test, over a port of its own */
#include "lab/shell.h"

#include <errno.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include "lib/cleanup.h"
#include "lib/err.h"
#include "lib/stop.h"

/* Moves what is there from one to the other. Return: bytes, 0 at the end, -errno. */
static ssize_t move(int from, int to)
{
	char chunk[4096];
	ssize_t n = read(from, chunk, sizeof(chunk));

	for (ssize_t at = 0; at < n;) {
		ssize_t w = write(to, chunk + at, (size_t)(n - at));

		if (w < 0)
			return -errno;
		at += w;
	}
	return n < 0 ? -errno : n;
}

int shell_serve(int port, int rows, int cols)
{
	struct winsize size = { .ws_row = (unsigned short)rows, .ws_col = (unsigned short)cols };
	int terminal;
	pid_t pid = forkpty(&terminal, NULL, NULL, rows > 0 && cols > 0 ? &size : NULL);

	if (pid < 0)
		return err_set(errno, "a terminal for the shell");
	if (pid == 0) {
		signal(SIGPIPE, SIG_DFL);
		setenv("TERM", "linux", 1);
		setenv("HOME", "/root", 1);
		setenv("PATH", "/usr/sbin:/usr/bin:/sbin:/bin", 1);
		execl("/bin/bash", "bash", "-i", (char *)NULL);
		_exit(127);
	}
	for (;;) {
		struct pollfd p[] = { { .fd = terminal, .events = POLLIN }, { .fd = port, .events = POLLIN } };

		if (poll(p, ARRAY_SIZE(p), -1) < 0 && errno != EINTR)
			break;
		if (p[0].revents && move(terminal, port) <= 0)
			break;
		if ((p[1].revents & POLLIN) && move(port, terminal) <= 0)
			break;
		if (!(p[1].revents & POLLIN) && (p[1].revents & (POLLHUP | POLLERR)))
			break;
	}
	close(terminal);
	kill(pid, SIGHUP);
	waitpid(pid, NULL, 0);
	return 0;
}

static int pump(int port, int events)
{
	int in = STDIN_FILENO;

	for (;;) {
		struct pollfd p[] = {
			{ .fd = in, .events = POLLIN }, { .fd = port, .events = POLLIN },
			{ .fd = events, .events = POLLIN }, { .fd = stop_fd(), .events = POLLIN },
		};

		if (poll(p, ARRAY_SIZE(p), -1) < 0 && errno != EINTR)
			return err_set(errno, "poll");
		if (stop_asked())
			return err_say(EINTR, "stopped by signal %d", stop_signal());
		if (p[1].revents && move(port, STDOUT_FILENO) <= 0)
			return err_say(EPIPE, "the host under test is gone");
		if (p[0].revents && move(in, port) <= 0)
			in = -1; /* end of a script on stdin: the shell may go on */
		if (p[2].revents)
			return 0;
	}
}

int shell_attach(int port, int events)
{
	struct termios old, raw;
	int is_terminal = !tcgetattr(STDIN_FILENO, &old);
	int ret;

	if (is_terminal) {
		raw = old;
		cfmakeraw(&raw);
		tcsetattr(STDIN_FILENO, TCSADRAIN, &raw);
	}
	ret = pump(port, events);
	if (is_terminal)
		tcsetattr(STDIN_FILENO, TCSADRAIN, &old);
	return ret;
}
