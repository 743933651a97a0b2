// SPDX-License-Identifier: GPL-2.0-only
/* uring.c - io_uring by its system calls */
#include "ring/uring.h"

#include <errno.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "lib/cleanup.h"
#include "lib/err.h"

/* Both rings in one mapping (5.4), and no completion is ever dropped (5.5). */
#define NEEDED (IORING_FEAT_SINGLE_MMAP | IORING_FEAT_NODROP)

static int setup(unsigned int n, struct io_uring_params *p)
{
	*p = (struct io_uring_params){ 0 };
	return (int)syscall(SYS_io_uring_setup, n, p);
}

int uring_has(void)
{
	struct io_uring_params p;
	_cleanup_(closep) int fd = setup(1, &p);

	if (fd < 0 && errno == ENOSYS)
		return err_say(ENOTSUP, "this kernel has no io_uring (CONFIG_IO_URING)");
	if (fd < 0 && errno == EPERM)
		return err_say(ENOTSUP, "io_uring is forbidden here (sysctl kernel.io_uring_disabled, or seccomp)");
	if (fd < 0)
		return err_set(errno, "io_uring_setup");
	return (p.features & NEEDED) == NEEDED ? 0 : err_say(ENOTSUP, "io_uring of this kernel is older than 5.5");
}

static unsigned int *index_at(const struct uring *u, uint32_t offset)
{
	return (unsigned int *)((char *)u->rings + offset);
}

static size_t rings_size(const struct io_uring_params *p)
{
	size_t sq = p->sq_off.array + p->sq_entries * sizeof(unsigned int);
	size_t cq = p->cq_off.cqes + p->cq_entries * sizeof(struct io_uring_cqe);

	return sq > cq ? sq : cq;
}

static void *map(int fd, size_t size, uint64_t what)
{
	return mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE, fd, (off_t)what);
}

static void unmap(void *p, size_t size)
{
	if (p != MAP_FAILED)
		munmap(p, size);
}

int uring_open(struct uring *u, unsigned int n)
{
	struct uring new = { 0 };

	new.fd = setup(n, &new.p);
	if (new.fd < 0)
		return err_set(errno, "io_uring_setup");
	new.size = rings_size(&new.p);
	new.rings = map(new.fd, new.size, IORING_OFF_SQ_RING);
	new.sqes = map(new.fd, new.p.sq_entries * sizeof(*new.sqes), IORING_OFF_SQES);
	if (new.rings == MAP_FAILED || new.sqes == MAP_FAILED) {
		int err = err_set(errno, "io_uring: mmap");

		uring_close(&new);
		return err;
	}
	*u = new;
	return 0;
}

struct io_uring_sqe *uring_sqe(struct uring *u)
{
	unsigned int tail = *index_at(u, u->p.sq_off.tail) + u->added++;
	unsigned int slot = tail & (u->p.sq_entries - 1);

	index_at(u, u->p.sq_off.array)[slot] = slot;
	return &u->sqes[slot];
}

int uring_wait(struct uring *u)
{
	unsigned int *tail = index_at(u, u->p.sq_off.tail);
	unsigned int n = u->added;

	__atomic_store_n(tail, *tail + n, __ATOMIC_RELEASE);
	u->added = 0;
	/* All that the kernel has not taken: an earlier call may have been interrupted. */
	n = *tail - __atomic_load_n(index_at(u, u->p.sq_off.head), __ATOMIC_ACQUIRE);
	if (syscall(SYS_io_uring_enter, u->fd, n, 1, IORING_ENTER_GETEVENTS, NULL, 0) < 0 && errno != EINTR)
		return err_set(errno, "io_uring_enter");
	return 0;
}

bool uring_cqe(struct uring *u, struct io_uring_cqe *ret)
{
	unsigned int *head = index_at(u, u->p.cq_off.head);
	const struct io_uring_cqe *cqes = (const void *)((char *)u->rings + u->p.cq_off.cqes);

	if (*head == __atomic_load_n(index_at(u, u->p.cq_off.tail), __ATOMIC_ACQUIRE))
		return false;
	*ret = cqes[*head & (u->p.cq_entries - 1)];
	__atomic_store_n(head, *head + 1, __ATOMIC_RELEASE);
	return true;
}

void uring_close(struct uring *u)
{
	if (u->fd < 0)
		return;
	unmap(u->rings, u->size);
	unmap(u->sqes, u->p.sq_entries * sizeof(*u->sqes));
	close(u->fd);
	u->fd = -1;
}
