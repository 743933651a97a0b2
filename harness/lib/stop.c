// SPDX-License-Identifier: GPL-2.0-only
/* stop.c - ^C and SIGTERM as an event that every wait can see */
#include "lib/stop.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <poll.h>
#include <signal.h>
#include <stddef.h>
#include <time.h>
#include <unistd.h>

#include "lib/cleanup.h"
#include "lib/err.h"

static int pipe_fd[2] = { -1, -1 };
static volatile sig_atomic_t caught;
static bool masked;

static void on_signal(int sig)
{
	int saved = errno;

	caught = sig;
	(void)!write(pipe_fd[1], "", 1);
	errno = saved;
}

int stop_init(void)
{
	static const int stops[] = { SIGINT, SIGTERM, SIGHUP };
	struct sigaction sa = { .sa_handler = on_signal };

	if (pipe2(pipe_fd, O_CLOEXEC | O_NONBLOCK))
		return err_set(errno, "pipe for signals");
	for (size_t i = 0; i < ARRAY_SIZE(stops); i++)
		sigaction(stops[i], &sa, NULL);
	signal(SIGPIPE, SIG_IGN);
	return 0;
}

int stop_fd(void)
{
	return masked ? -1 : pipe_fd[0];
}

bool stop_asked(void)
{
	return caught && !masked;
}

int stop_signal(void)
{
	return caught;
}

void stop_mask(bool on)
{
	masked = on;
}

double time_now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (double)ts.tv_sec + (double)ts.tv_nsec / 1e9;
}

int stop_wait(int fd, double deadline)
{
	for (;;) {
		struct pollfd p[] = {
			{ .fd = stop_fd(), .events = POLLIN },
			{ .fd = fd, .events = POLLIN },
		};
		double left = deadline - time_now();
		int n;

		if (stop_asked())
			return err_say(EINTR, "stopped by signal %d", stop_signal());
		n = poll(p, ARRAY_SIZE(p), left > 0 ? (int)fmin(ceil(left * 1000), 1e9) : 0);
		if (n < 0 && errno != EINTR)
			return err_set(errno, "poll");
		if (n > 0 && p[1].revents)
			return 1;
		if (n == 0 && left <= 0)
			return 0;
	}
}
