/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * campaign.h - the boots of a run, and what follows when a host dies
 *
 * A host that panics or hangs may be the kernel's fault, or under TCG the emulator's (text
 * patching under multi-threaded emulation has failed on good kernels). So under TCG it counts
 * as FAIL only when it comes again at the same place in a second boot; if the second boot gets
 * through there, its sample is taken and the first death is only told. What nothing but the emulator does
 * (splat_is_emulators()) gets more boots than that, and is BROKEN after them, never FAIL.
 *
 * A kernel that has reported something of itself (a warning, a lock report) has had its cell; the
 * next one gets a new boot, because what a damaged kernel does later says nothing.
 *
 * A sample that is invalid (plan/hygiene.h) is recorded, and taken again as long as @again says so.
 */
#ifndef LAB_CAMPAIGN_H
#define LAB_CAMPAIGN_H

#include "lab/host.h"
#include "plan/matrix.h"

/**
 * struct campaign_ops - what the campaign needs done; a test gives its own
 * @boot:   boot kernel number @kernel. Return: 0, -errno; *@died: the host failed, not the bed
 * @cell:   measure cell number @cell. Return: 0 and *@o, or -EINTR
 * @stop:   end the host, if there is one
 * @alike:  whether a host that died at cell @a will do so at cell @b too, as far as one can tell
 * @again:  whether what a cell gave, recorded already, is to be measured again
 * @record: keep an outcome of a cell
 * @tell:   a sentence for the person
 */
struct campaign_ops {
	int (*boot)(void *arg, const struct visit *v, bool *died);
	int (*cell)(void *arg, size_t cell, struct host_outcome *o);
	void (*stop)(void *arg);
	bool (*alike)(void *arg, size_t a, size_t b);
	bool (*again)(void *arg, size_t cell, const struct host_outcome *o);
	void (*record)(void *arg, const struct visit *v, size_t cell, const struct host_outcome *o);
	void (*tell)(void *arg, const char *sentence);
};

/**
 * campaign_run() - all visits in their order
 * @v:           the visits
 * @n:           how many
 * @is_emulated: whether the host runs under TCG
 * Return: 0 when every cell has an outcome; -EINTR; -errno when the bed cannot boot any host.
 */
int campaign_run(const struct visit *v, size_t n, bool is_emulated, const struct campaign_ops *ops,
		 void *arg);

#endif
