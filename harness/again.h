/* SPDX-License-Identifier: GPL-2.0-only */
/* again.h - this program once more, as a child: libvirt's embedded driver takes one root a process */
#ifndef AGAIN_H
#define AGAIN_H

#include "lib/str.h"

/**
 * again_run() - run tapbed to its end; what it prints goes to stderr
 * @argv: from its own name on
 * Return: its exit status, 128 when a signal ended it; -errno when it could not be started. A stop that we are asked
 * for is handed on, and it is waited for all the same.
 */
int again_run(const struct strv *argv);

#endif
