// SPDX-License-Identifier: GPL-2.0-only
/*
 * reader_uring.c - the reader io_uring: one read at a time that waits in io_uring's own way
 *
 *	READ on the queue --> tried; nothing there: the kernel arms a poll --> a packet --> READ ...
 *	POLL_ADD on stop_fd, once
 *
 * TUN and TAP have FMODE_NOWAIT: a read that finds nothing arms a poll within the kernel, a way
 * to wait that no other reader goes. A kernel where they lack it lets a worker thread wait in
 * read(). A descriptor with O_NONBLOCK gives -EAGAIN at once: then POLL_ADD goes before the next
 * READ. Several reads at a time would be quicker, and complete out of order.
 */
#include <errno.h>
#include <poll.h>
#include <stdlib.h>

#include "lib/err.h"
#include "lib/str.h"
#include "ring/reader.h"
#include "ring/uring.h"

#define STOP_S 5 /* until a cancelled read must have come back */

enum { ID_NONE, ID_READ, ID_POLL, ID_STOP, ID_LATE };

/* The read or the poll before it: one of them is always under way, until the end. */
struct state {
	struct reader *r;
	struct uring u;
	void *packet;
	uint64_t pending; /* ID_READ or ID_POLL; ID_NONE */
};

static void submit_read(struct state *s)
{
	*uring_sqe(&s->u) = (struct io_uring_sqe){
		.opcode = IORING_OP_READ, .fd = s->r->fd, .addr = (uintptr_t)s->packet,
		.len = READER_PACKET_MAX, .user_data = s->pending = ID_READ,
	};
}

static void submit_poll(struct state *s, int fd, uint64_t id)
{
	*uring_sqe(&s->u) = (struct io_uring_sqe){
		.opcode = IORING_OP_POLL_ADD, .fd = fd, .poll_events = POLLIN, .user_data = id,
	};
}

/* Return: 0 to go on reading, -ECANCELED to stop, other -errno. */
static int read_done(struct state *s, int res)
{
	s->pending = ID_NONE;
	switch (res < 0 ? -res : 0) {
	case 0:
		if (res)
			reader_take(s->r, s->packet, (size_t)res);
		return 0;
	case EAGAIN:
		s->pending = ID_POLL;
		submit_poll(s, s->r->fd, ID_POLL);
		return 0;
	case EINTR:
		return 0;
	case EBADFD:
	case EIO:
	case ENODEV:
	case EFAULT: /* a worker that waited while the device was deleted (RCV_SHUTDOWN) */
		return reader_retry(s->r);
	default:
		return err_set(-res, "io_uring: read of queue %d", s->r->queue);
	}
}

static int completed(struct state *s, const struct io_uring_cqe *cqe)
{
	switch (cqe->user_data) {
	case ID_READ:
		return read_done(s, cqe->res);
	case ID_POLL: /* or an error of the poll, which the read will tell */
		s->pending = ID_NONE;
		return 0;
	case ID_STOP:
		return -ECANCELED;
	default:
		return 0;
	}
}

static int loop(struct state *s)
{
	struct io_uring_cqe cqe;
	int ret = 0;

	submit_poll(s, s->r->stop_fd, ID_STOP);
	while (!ret && !reader_stop_wanted(s->r)) {
		if (!s->pending)
			submit_read(s);
		reader_waits(s->r);
		ret = uring_wait(&s->u);
		reader_works(s->r);
		while (!ret && uring_cqe(&s->u, &cqe))
			ret = completed(s, &cqe);
	}
	return ret == -ECANCELED ? 0 : ret;
}

static void submit_cancel(struct state *s)
{
	static const struct __kernel_timespec late = { .tv_sec = STOP_S };

	*uring_sqe(&s->u) = (struct io_uring_sqe){
		.opcode = IORING_OP_ASYNC_CANCEL, .fd = -1, .addr = s->pending, .user_data = ID_NONE,
	};
	*uring_sqe(&s->u) = (struct io_uring_sqe){
		.opcode = IORING_OP_TIMEOUT, .fd = -1, .addr = (uintptr_t)&late, .len = 1,
		.user_data = ID_LATE,
	};
}

/* The kernel has our buffer until the read came back, perhaps with a packet. */
static int cancel(struct state *s)
{
	struct io_uring_cqe cqe;
	int ret = 0;

	if (s->pending)
		submit_cancel(s);
	while (!ret && s->pending) {
		ret = uring_wait(&s->u);
		while (!ret && uring_cqe(&s->u, &cqe)) {
			if (cqe.user_data == ID_LATE)
				ret = err_say(ETIMEDOUT, "io_uring: a read is not cancelled after %d s", STOP_S);
			if (cqe.user_data != s->pending)
				continue;
			s->pending = ID_NONE;
			if (cqe.user_data == ID_READ && cqe.res > 0)
				reader_take(s->r, s->packet, (size_t)cqe.res);
		}
	}
	return ret;
}

static int run(struct reader *r)
{
	struct state s = { .r = r, .packet = mem_zalloc(READER_PACKET_MAX) };
	int ret = uring_open(&s.u, 8), stopped;

	if (!ret) {
		ret = loop(&s);
		stopped = cancel(&s);
		ret = ret ? ret : stopped;
		uring_close(&s.u);
	}
	if (!s.pending)
		free(s.packet);
	return ret;
}

const struct reader_def reader_io_uring = {
	.name = "io_uring", .help = "reads that wait within io_uring",
	.has = uring_has, .run = run,
};
