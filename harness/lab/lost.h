/* SPDX-License-Identifier: GPL-2.0-only */
/* lost.h - a guest that has ended, or that does not answer any more: what is known of it while the rest is still up */
#ifndef LAB_LOST_H
#define LAB_LOST_H

#include <stdbool.h>

#include "measure/backlog.h"
#include "vm/vm.h"

/**
 * lost_tell() - behind what err_text() says of a cell that failed: is it the queue, its reader, or the guest?
 * @err:      what the cell failed with
 * @guest:    the guest; it is asked whether it runs, and its agent whether it answers, for 5 s at most
 * @console:  file of the guest's console
 * @b:        backlog of the device while traffic ran; it is polled once more
 * @ret_lost: whether the guest has ended or does not answer
 * Return: -EPIPE for a guest that has ended; else @err.
 */
int lost_tell(int err, struct vm *guest, const char *console, struct backlog *b, bool *ret_lost);

#endif
