/* SPDX-License-Identifier: GPL-2.0-only */
/* ground.h - everything that must be there before the first host of a plan can boot */
#ifndef GROUND_H
#define GROUND_H

#include "build/image.h"
#include "build/kernel.h"
#include "plan/plan.h"
#include "plan/verdict.h"
#include "vm/accel.h"

/**
 * struct ground - artifacts of a plan
 * @cache:        where they are
 * @accel:        what the host runs on
 * @kernels:      one a kernel of the plan
 * @initrds:      their initramfs files
 * @kits:         their kits
 * @guest:        kernel of the guest
 * @guest_initrd: its initramfs
 * @host_image:   the host's disk
 * @guest_image:  the guest's disk; its path is NULL for a probe without guest
 */
struct ground {
	struct cache cache;
	struct accel_answer accel;
	struct kernel *kernels;
	char **initrds;
	char **kits;
	size_t n;
	struct kernel guest;
	char *guest_initrd;
	struct image host_image;
	struct image guest_image;
};

/** ground_plan() - plan_read(), with a kernel for each patch of a series that is to be judged so (plan/each.h). Return: as plan_read(). */
int ground_plan(const char *path, struct plan *ret);

/** ground_supports() - Return: 0 when this version can run the plan, -ENOTSUP with what it cannot. */
int ground_supports(const struct plan *p);

/**
 * ground_prepare() - find or build it all, telling progress
 * @p:         the plan
 * @cache_dir: --cache, NULL for the default
 * @g:         filled as far as it went; ground_free() it in any case
 * Return: 0 or -errno.
 */
int ground_prepare(const struct plan *p, const char *cache_dir, struct ground *g);

/** ground_ahead() - have a kernel in the cache that may be wanted soon. Return: as kernel_build(). */
int ground_ahead(const struct plan_kernel *want, struct ground *g);

/** ground_swap() - put another kernel in the place of number @i, with all that goes with it. Return: as kernel_build(). */
int ground_swap(const struct plan_kernel *want, size_t i, struct ground *g);

/** ground_exit() - Return: exit status of a verb whose ground_prepare() returned @err: a source that does not compile is to be skipped. */
enum exit_status ground_exit(int err);

/** ground_accel() - only the accelerator, with the kernel of @package; for doctor. Return: 0 or -errno. */
int ground_accel(const char *cache_dir, const char *package, struct ground *g);

void ground_free(struct ground *g);

#endif
