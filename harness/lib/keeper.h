/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * keeper.h - a parent that cleans up after us, whatever happens to us
 *
 * libvirt's QEMU processes are daemons: nothing ties them to us. The keeper is our parent and
 * their subreaper. When we end, by a crash or SIGKILL too, it kills every process that is left
 * below it and removes the folders that were named to it. When the keeper itself is killed, we
 * get SIGTERM and undo everything ourselves.
 */
#ifndef LIB_KEEPER_H
#define LIB_KEEPER_H

#include <stdbool.h>

/**
 * keeper_start() - fork; the child goes on with the work, the parent keeps
 * @ret_status: in the parent: exit status of the work (128 when a signal ended it)
 * Return: true in the parent, after everything has ended; false in the child, and in the only
 * process when there can be no keeper.
 */
bool keeper_start(int *ret_status);

/** keeper_folder() - name a folder (below /tmp or the like) that must not outlive us. */
void keeper_folder(const char *path);

/** keeper_remove() - remove such a folder now, as far as possible; the keeper tries again. The last error stays. */
void keeper_remove(const char *path);

#endif
