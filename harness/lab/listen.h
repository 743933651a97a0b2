/* SPDX-License-Identifier: GPL-2.0-only */
/* listen.h - whether somebody listens on a port, from the text of /proc/net/tcp or tcp6 */
#ifndef LAB_LISTEN_H
#define LAB_LISTEN_H

/**
 * listen_find() - look for a listening socket
 * @text: text of the file, see Documentation/networking/proc_net_tcp.rst
 * @port: TCP port
 * Return: inode of the socket that is in LISTEN on @port, at any address; 0 if there is none.
 */
unsigned long listen_find(const char *text, unsigned int port);

#endif
