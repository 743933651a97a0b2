/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * uring.h - io_uring by its system calls
 *
 *	ret = uring_open(&u, 8);
 *	*uring_sqe(&u) = (struct io_uring_sqe){ .opcode = IORING_OP_READ, .fd = fd, ..., .user_data = 1 };
 *	ret = uring_wait(&u);				submit, and wait for a completion
 *	while (uring_cqe(&u, &cqe))
 *		... cqe.user_data, cqe.res ...
 *	uring_close(&u);
 *
 * One thread, few requests at a time: there is always room for one more.
 */
#ifndef RING_URING_H
#define RING_URING_H

#include <stdbool.h>
#include <stddef.h>

#include <linux/io_uring.h>

/**
 * struct uring - a ring; start with .fd = -1
 * @fd:    of the ring
 * @p:     as the kernel filled it: where in @rings the indices are
 * @rings: both rings, one mapping
 * @sqes:  the requests
 * @added: requests not yet submitted
 */
struct uring {
	int fd;
	struct io_uring_params p;
	void *rings;
	size_t size;
	struct io_uring_sqe *sqes;
	unsigned int added;
};

/** uring_has() - Return: 0, or -ENOTSUP with a sentence when this kernel does not let us. */
int uring_has(void);

/** uring_open() - make a ring for @n requests. Return: 0, or -errno; then nothing is left. */
int uring_open(struct uring *u, unsigned int n);

/** uring_sqe() - Return: the next request, to be filled; submitted by uring_wait(). */
struct io_uring_sqe *uring_sqe(struct uring *u);

/** uring_wait() - submit, and wait until something has completed. Return: 0 or -errno. */
int uring_wait(struct uring *u);

/** uring_cqe() - take the next completion. Return: whether there was one. */
bool uring_cqe(struct uring *u, struct io_uring_cqe *ret);

/** uring_close() - fine for one that is not open. Requests still there are cancelled some time later. */
void uring_close(struct uring *u);

#endif
