/* SPDX-License-Identifier: GPL-2.0-only */
/* server.h - iperf3's server in the guest: is it ready for a test? */
#ifndef LAB_SERVER_H
#define LAB_SERVER_H

#include "vm/vm.h"

#define SERVER_PORT 5201

/**
 * server_wait() - until the server listens with a socket that no test has used
 * @guest: the machine that it runs in; its agent is asked
 * @port:  SERVER_PORT, or that of another server of the guest
 * @used:  inode of the socket that the last test used, 0 for none; then the one that the next test will use
 *
 * The server opens its socket anew after each test, and a connection to the old one is reset. It is not asked by
 * connecting: that would be a test of its own to it.
 *
 * Return: 0; -ETIMEDOUT after 20 s; -EINTR when a stop was asked for; other -errno.
 */
int server_wait(struct vm *guest, unsigned int port, unsigned long *used);

#endif
