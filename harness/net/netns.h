/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * netns.h - network namespaces without a name, and this thread in one of them for a while
 *
 *	ret = netns_new(&fd);			we stay where we are
 *	ret = link_set_netns(&nl, "way1", fd);
 *
 *	ret = netns_enter(fd, &back);
 *	... sockets that are opened here stay there, also after ...
 *	netns_leave(&back);
 *
 * A namespace goes with its last descriptor, socket and process; its veths go with it, a little later.
 */
#ifndef NET_NETNS_H
#define NET_NETNS_H

/** netns_new() - make one. Return: 0 and a descriptor of it, or -errno (needs CAP_SYS_ADMIN). */
int netns_new(int *ret_fd);

/** netns_enter() - go into one. @ret_back: for netns_leave(). Return: 0 or -errno. */
int netns_enter(int fd, int *ret_back);

/** netns_enter_file() - the same by a file, as nsenter(1) takes it. @file: NULL: stay where we are. Return: 0 or -errno. */
int netns_enter_file(const char *file, int *ret_back);

/** netns_leave() - go back, and set @back to -1; that of an enter that failed, or never was, is -1 and fine. */
void netns_leave(int *back);

#endif
