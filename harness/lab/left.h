/* SPDX-License-Identifier: GPL-2.0-only */
/* left.h - what is left on a host of what a session started */
#ifndef LAB_LEFT_H
#define LAB_LEFT_H

/** struct left - all zero when nothing is left; links without lo */
struct left {
	int links;
	int processes; /* QEMU and iperf3 */
	int files;     /* disks and sockets in the session's folder */
};

/** left_count() - count it in this namespace. @root: the session's folder. Return: 0 or -errno. */
int left_count(const char *root, struct left *ret);

#endif
