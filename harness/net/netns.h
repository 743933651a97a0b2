/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * netns.h - network namespaces without a name: they die with the last descriptor, device and process in them
 *
 *	struct netns_place home;
 *
 *	ret = netns_new(&fd);
 *	ret = netns_enter(fd, &home);
 *	...	sockets, links and programs of this thread are made there
 *	ret = netns_leave(&home);
 */
#ifndef NET_NETNS_H
#define NET_NETNS_H

/** struct netns_place - where the thread was; {-1} while it is at home */
struct netns_place {
	int fd;
};

/** netns_new() - make one; the caller stays where it is. @ret_fd: close-on-exec. Return: 0, or -errno with the cure. */
int netns_new(int *ret_fd);

/** netns_enter() - this thread goes into a namespace. Return: 0 or -errno. */
int netns_enter(int fd, struct netns_place *ret_home);

/** netns_leave() - this thread goes home; fine if it is there. Return: 0 or -errno. */
int netns_leave(struct netns_place *home);

#endif
