/* SPDX-License-Identifier: GPL-2.0-only */
/* bisect_bed.h - the bed of a bisect: one cell, measured on one kernel after another, each boot a run of its own */
#ifndef BISECT_BED_H
#define BISECT_BED_H

#include "bisect/hunt.h"
#include "run.h"

/**
 * struct bisect_bed - it stays up from one kernel to the next: images, libvirt, the store
 * @run:     what is done; its plan is @plan
 * @plan:    one kernel, which is exchanged, and one cell
 * @store:   of the bisect, not of the user's runs
 * @accel:   what the guest ran on at the first boot, NULL before: it is one of the things that must not change
 * @is_up:   bed_open() got to its end
 */
struct bisect_bed {
	struct run_options options;
	struct run run;
	struct plan *plan;
	struct store *store;
	char *accel;
	bool is_up;
};

/** bed_open() - have all there is beside kernels, and the plan's present one. Return: 0; -ENOEXEC: it does not build; other -errno. */
int bed_open(struct bisect_bed *b, struct plan *p, const char *connect, const char *cache, const char *state);

/** bed_kernel() - have the plan's present kernel built and ready to boot. Return: 0; -ENOEXEC; other -errno. */
int bed_kernel(struct bisect_bed *b);

/** bed_identity() - Return: 0 and what makes the present kernel what it is, to be freed; -errno. */
int bed_identity(const struct bisect_bed *b, char **ret);

/**
 * bed_boot() - boot the present kernel once and take one sample
 * @metric: what is looked for: METRIC_COUNT: whether the host dies
 * Return: 0; -EINTR; -EIO: the bed failed three times in a row, with its last words; other -errno.
 */
int bed_boot(struct bisect_bed *b, enum metric metric, struct hunt_boot *ret);

/** bed_machine() - Return: the machine that measures, as a hash, to be freed: numbers of another one are no use. */
char *bed_machine(const struct bisect_bed *b);

void bed_close(struct bisect_bed *b);

#endif
