/* SPDX-License-Identifier: GPL-2.0-only */
/* shell.h - an interactive shell on the host under test, over a port of its own */
#ifndef LAB_SHELL_H
#define LAB_SHELL_H

/**
 * shell_serve() - on the host: run a shell on a pseudo terminal whose bytes go over @port
 * @rows, @cols: size of the person's terminal
 * Return: 0 when the shell ended, or -errno.
 */
int shell_serve(int port, int rows, int cols);

/**
 * shell_attach() - outside: join the terminal at stdin and stdout with the shell behind @port
 * @events: descriptor that becomes readable when the shell has ended
 * Return: 0 when it ended, -EPIPE when the host is gone, other -errno. The terminal is as before.
 */
int shell_attach(int port, int events);

#endif
