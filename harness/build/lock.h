/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * lock.h - lock files that may be unlinked
 *
 * Only who owns a lock may unlink its file. Who was waiting for it then holds the lock of a file
 * that nobody else can find any more, sees that, and tries again with the new one.
 */
#ifndef BUILD_LOCK_H
#define BUILD_LOCK_H

/**
 * lock_share() - hold a lock together with others; waits for its owner
 * @path: lock file, made if it is missing
 * Return: a descriptor that holds it until it is closed; -EINTR when a stop was asked for; other -errno.
 */
int lock_share(const char *path);

/**
 * lock_own() - hold a lock alone; never waits
 * @path: lock file, made if it is missing
 * Return: a descriptor that holds it until it is closed; -EBUSY when somebody else has it; other -errno.
 */
int lock_own(const char *path);

#endif
