/* SPDX-License-Identifier: GPL-2.0-only */
/* listen.h - whether somebody listens on a port, from the text of /proc/net/tcp or tcp6 */
#ifndef LAB_LISTEN_H
#define LAB_LISTEN_H

#include <stdbool.h>

/**
 * listen_find() - look for a listening socket
 * @text: text of the file, see Documentation/networking/proc_net_tcp.rst
 * @port: TCP port
 * Return: whether a socket is in LISTEN on @port, at any address.
 */
bool listen_find(const char *text, unsigned int port);

#endif
