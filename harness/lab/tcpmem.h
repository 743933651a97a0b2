/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * tcpmem.h - largest buffers of TCP sockets, at the sender and the receiver: net.ipv4.tcp_rmem, tcp_wmem
 *
 * Over a long delay they are what limits one connection, before the path does. A cell that says
 * nothing of them leaves both kernels as they are.
 */
#ifndef LAB_TCPMEM_H
#define LAB_TCPMEM_H

#include "lab/path.h"
#include "plan/cell.h"
#include "vm/vm.h"

/** struct tcpmem - texts of the sysctls as they were, where they were changed; start zeroed */
struct tcpmem {
	const struct path *path;
	struct vm *guest;
	char *host[2];
	char *in_guest[2];
};

/** tcpmem_up() - set what the cell asks for, where the sender is and in the guest. Return: 0 or -errno; then nothing is changed. */
int tcpmem_up(struct tcpmem *t, const struct path *path, struct vm *guest, const struct cell *c);

/** tcpmem_down() - put back what was changed. */
void tcpmem_down(struct tcpmem *t);

/** tcpmem_text() - Return: "4096 131072 1048576" of @before and the largest size that is wanted, to be freed; NULL if @before is no such text. */
char *tcpmem_text(const char *before, long max);

#endif
