// SPDX-License-Identifier: GPL-2.0-only
/* reader_wait.c - the readers that every program has: read, poll, epoll by level and by edge */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "lib/cleanup.h"
#include "lib/err.h"
#include "lib/str.h"
#include "ring/reader.h"

/* A queue that is detached, a link that is down, a device that is gone: the rig may change again. */
static bool is_for_retry(int err)
{
	return err == EBADFD || err == EIO || err == EFAULT || err == ENODEV;
}

/* Return: 1 a packet was taken, 0 there is none now, -errno. */
static int read_one(struct reader *r, char *buf)
{
	ssize_t n = read(r->fd, buf, READER_PACKET_MAX);
	int err = errno;

	if (n > 0) {
		reader_works(r);
		reader_take(r, buf, (size_t)n);
		return 1;
	}
	if (!n || err == EAGAIN || err == EINTR)
		return 0;
	if (is_for_retry(err)) {
		(void)reader_retry(r);
		return 0;
	}
	return err_set(err, "read");
}

static int run_read(struct reader *r)
{
	_cleanup_(freep) char *buf = mem_zalloc(READER_PACKET_MAX);
	int ret = 0;

	while (ret >= 0 && !reader_stop_wanted(r)) {
		reader_waits(r);
		ret = read_one(r, buf);
	}
	return ret < 0 ? ret : 0;
}

/* Return: 0 when the ring is empty or the reader shall stop, -errno. */
static int read_all(struct reader *r, char *buf)
{
	int ret;

	do
		ret = read_one(r, buf);
	while (ret > 0 && !reader_stop_wanted(r));
	return ret < 0 ? ret : 0;
}

/* With O_NONBLOCK on the queue as long as the reader runs. */
static int run_nonblocking(struct reader *r, int (*loop)(struct reader *r, char *buf))
{
	_cleanup_(freep) char *buf = mem_zalloc(READER_PACKET_MAX);
	int flags = fcntl(r->fd, F_GETFL), ret;

	if (flags < 0 || fcntl(r->fd, F_SETFL, flags | O_NONBLOCK))
		return err_set(errno, "set O_NONBLOCK");
	ret = loop(r, buf);
	(void)fcntl(r->fd, F_SETFL, flags);
	return ret;
}

static int loop_poll(struct reader *r, char *buf)
{
	struct pollfd p[] = {
		{ .fd = r->fd, .events = POLLIN },
		{ .fd = r->stop_fd, .events = POLLIN },
	};
	int ret = 0;

	while (ret >= 0 && !reader_stop_wanted(r)) {
		reader_waits(r);
		if (poll(p, ARRAY_SIZE(p), -1) < 0 && errno != EINTR)
			return err_set(errno, "poll");
		reader_works(r);
		if (p[0].revents & POLLIN)
			ret = read_one(r, buf);
		else if (p[0].revents & ~POLLOUT)
			(void)reader_retry(r);
	}
	return ret < 0 ? ret : 0;
}

static int run_poll(struct reader *r)
{
	return run_nonblocking(r, loop_poll);
}

static int epoll_of(const struct reader *r, uint32_t how)
{
	struct epoll_event queue = { .events = EPOLLIN | how }, stop = { .events = EPOLLIN, .data.u32 = 1 };
	_cleanup_(closep) int fd = epoll_create1(EPOLL_CLOEXEC);

	if (fd < 0 || epoll_ctl(fd, EPOLL_CTL_ADD, r->fd, &queue) || epoll_ctl(fd, EPOLL_CTL_ADD, r->stop_fd, &stop))
		return err_set(errno, "epoll");
	return take_fd(&fd);
}

static int loop_epoll_as(struct reader *r, char *buf, uint32_t how)
{
	_cleanup_(closep) int fd = epoll_of(r, how);
	struct epoll_event e;
	int ret = fd < 0 ? fd : 0;

	while (!ret && !reader_stop_wanted(r)) {
		reader_waits(r);
		if (epoll_wait(fd, &e, 1, -1) < 1)
			continue;
		reader_works(r);
		/* An edge is told once: an error too, and reading is what finds out when it is over. */
		if (!e.data.u32 && (e.events & EPOLLIN || how))
			ret = read_all(r, buf);
		else if (!e.data.u32)
			(void)reader_retry(r);
	}
	return ret;
}

static int loop_epoll(struct reader *r, char *buf)
{
	return loop_epoll_as(r, buf, 0);
}

static int loop_epoll_et(struct reader *r, char *buf)
{
	return loop_epoll_as(r, buf, EPOLLET);
}

static int run_epoll(struct reader *r)
{
	return run_nonblocking(r, loop_epoll);
}

static int run_epoll_et(struct reader *r)
{
	return run_nonblocking(r, loop_epoll_et);
}

const struct reader_def reader_read = {
	.name = "read",
	.help = "blocking read()",
	.run = run_read,
	.needs_signal = true,
};

const struct reader_def reader_poll = {
	.name = "poll",
	.help = "poll(), then one read(), as OpenVPN does",
	.run = run_poll,
};

const struct reader_def reader_epoll = {
	.name = "epoll",
	.help = "epoll by level, then read() until there is nothing left, as QEMU does",
	.run = run_epoll,
};

const struct reader_def reader_epoll_et = {
	.name = "epoll-et",
	.help = "epoll by edge, then read() until there is nothing left, as Go programs do",
	.run = run_epoll_et,
};
