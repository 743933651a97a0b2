// SPDX-License-Identifier: GPL-2.0-only
/* ground.c - everything that must be there before the first host of a plan can boot */
#include "ground.h"

#include <errno.h>
#include <string.h>

#include "build/initrd.h"
#include "build/kit.h"
#include "build/series.h"
#include "lib/cleanup.h"
#include "lib/dirs.h"
#include "lib/err.h"
#include "lib/progress.h"
#include "lib/str.h"
#include "plan/each.h"

static int open_cache(const char *override, struct ground *g)
{
	_cleanup_(freep) char *dir = dirs_cache(override);

	return cache_open(dir, &g->cache);
}

/* Everything is looked up before anything is built: a typo must not cost minutes. */
static int resolve(const struct plan *p, struct ground *g)
{
	struct plan_kernel guest = plan_guest_kernel(p);
	int err = 0;

	progress_say("look up %zu kernel%s", p->n_kernels, p->n_kernels == 1 ? "" : "s");
	g->kernels = mem_zalloc(p->n_kernels * sizeof(*g->kernels));
	g->initrds = mem_zalloc(p->n_kernels * sizeof(*g->initrds));
	g->kits = mem_zalloc(p->n_kernels * sizeof(*g->kits));
	g->n = p->n_kernels;
	for (size_t i = 0; i < g->n && !err; i++)
		err = kernel_resolve(&g->cache, &p->kernels[i], &g->kernels[i]);
	return err ? err : kernel_resolve(&g->cache, &guest, &g->guest);
}

static int build_kernels(const struct plan *p, struct ground *g)
{
	int err = 0;

	for (size_t i = 0; i < g->n && !err; i++) {
		progress_say("kernel %s: %s %s%s%s", p->kernels[i].name, g->kernels[i].package.name,
			     g->kernels[i].package.version, g->kernels[i].series ? " with series " : "",
			     g->kernels[i].series ? p->kernels[i].series : "");
		err = kernel_build(&g->cache, &g->kernels[i]);
		if (err)
			return err_wrap(err, "%s", p->kernels[i].name);
		err = initrd_build(&g->cache, &g->kernels[i], &g->initrds[i]);
	}
	if (!err)
		err = kernel_build(&g->cache, &g->guest);
	return err ? err : initrd_build(&g->cache, &g->guest, &g->guest_initrd);
}

/* @allowed: of plan_accels(); NULL: whatever boots */
static int decide_accel(struct ground *g, const char *const *allowed)
{
	_cleanup_(freep) char *kernel = str_fmt("%s/kernel", g->guest.dir);
	int err;

	progress_say("trial boot: which accelerator works");
	err = accel_decide(g->cache.dir, kernel, g->guest_initrd, &g->accel);
	if (err || !allowed)
		return err;
	/* The emulator always boots: it has been tried where KVM does not. */
	if (accel_find(*allowed) != ACCEL_KVM)
		str_set(&g->accel.reason, "the plan asks for it");
	else if (g->accel.accel != ACCEL_KVM)
		allowed++;
	g->accel.accel = accel_find(*allowed);
	return 0;
}

static int build_image(struct ground *g, const char *name, const char *profile, struct image *ret)
{
	if (!image_is_built(&g->cache, name, profile))
		progress_say("image %s (%s): about a minute", name, profile);
	return image_build(&g->cache, name, profile, &g->guest, g->accel.accel == ACCEL_KVM, ret);
}

static int build_kits(struct ground *g)
{
	int err = 0;

	progress_say("kits");
	for (size_t i = 0; i < g->n && !err; i++)
		err = kit_build(&g->cache, &g->kernels[i], &g->guest, g->guest_initrd, &g->kits[i]);
	return err;
}

/* What a plan says of a version tells which of several bases is meant, before anything is looked up. */
static int count_patches(const struct plan_kernel *k, size_t *ret)
{
	const char *version = k->version ? k->version : k->commit ? k->commit : plan_kernel_origin(k);
	_cleanup_(freep) char *dir = NULL;
	int err = series_find(k->series, version ? version : "", &dir);

	return err ? err : series_count(dir, ret);
}

int ground_plan(const char *path, struct plan *ret)
{
	int err = plan_read(path, ret);

	if (!err && (err = plan_each(ret, count_patches)))
		plan_free(ret);
	return err;
}

int ground_supports(const struct plan *p)
{
	if (p->host_is_local)
		return err_say(ENOTSUP, "%s: host: local is not there yet; leave it out and the host is a VM",
			       p->path);
	return 0;
}

int ground_prepare(const struct plan *p, const char *cache_dir, struct ground *g)
{
	int err;

	*g = (struct ground){ 0 };
	err = open_cache(cache_dir, g);
	if (!err)
		err = resolve(p, g);
	if (!err)
		err = build_kernels(p, g);
	if (!err)
		err = decide_accel(g, plan_accels(p));
	if (!err)
		err = build_image(g, "host", p->host.profile, &g->host_image);
	if (!err && probe_def(p->probe.kind)->has_guest)
		err = build_image(g, "guest", p->guest.profile, &g->guest_image);
	return err ? err : build_kits(g);
}

/* Return: 0 and @ret, to be freed by kernel_free(); -errno and nothing to be freed. */
static int get_kernel(const struct plan_kernel *want, struct ground *g, struct kernel *ret)
{
	int err = kernel_resolve(&g->cache, want, ret);

	if (!err)
		err = kernel_build(&g->cache, ret);
	if (err)
		kernel_free(ret);
	return err;
}

int ground_ahead(const struct plan_kernel *want, struct ground *g)
{
	_cleanup_(freep) char *initrd = NULL;
	struct kernel k = { 0 };
	int err = get_kernel(want, g, &k);

	if (err)
		return err;
	err = initrd_build(&g->cache, &k, &initrd);
	kernel_free(&k);
	return err;
}

int ground_swap(const struct plan_kernel *want, size_t i, struct ground *g)
{
	struct kernel k = { 0 };
	int err = get_kernel(want, g, &k);

	if (err)
		return err;
	kernel_free(&g->kernels[i]);
	g->kernels[i] = k;
	free(take_ptr(&g->initrds[i]));
	free(take_ptr(&g->kits[i]));
	err = initrd_build(&g->cache, &g->kernels[i], &g->initrds[i]);
	return err ? err : kit_build(&g->cache, &g->kernels[i], &g->guest, g->guest_initrd, &g->kits[i]);
}

enum exit_status ground_exit(int err)
{
	if (!err)
		return EXIT_PASS;
	return err == -ENOEXEC ? EXIT_SKIP : EXIT_BROKEN;
}

int ground_accel(const char *cache_dir, const char *package, struct ground *g)
{
	struct plan_kernel k = { .name = (char *)"trial", .package = (char *)package };
	int err;

	*g = (struct ground){ 0 };
	err = open_cache(cache_dir, g);
	if (!err)
		err = kernel_resolve(&g->cache, &k, &g->guest);
	if (!err)
		err = kernel_build(&g->cache, &g->guest);
	if (!err)
		err = initrd_build(&g->cache, &g->guest, &g->guest_initrd);
	return err ? err : decide_accel(g, NULL);
}

void ground_free(struct ground *g)
{
	for (size_t i = 0; i < g->n; i++) {
		kernel_free(&g->kernels[i]);
		free(g->initrds[i]);
		free(g->kits[i]);
	}
	free(g->kernels);
	free(g->initrds);
	free(g->kits);
	kernel_free(&g->guest);
	free(g->guest_initrd);
	image_free(&g->host_image);
	image_free(&g->guest_image);
	accel_free(&g->accel);
	cache_close(&g->cache);
	*g = (struct ground){ 0 };
}
