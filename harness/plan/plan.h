/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * plan.h - a plan: YAML to struct
 *
 *	plan: vm-test
 *	about: does nodrop-v3 keep its promise at every queue length?
 *	kernels:
 *	  - name: stock
 *	    package: linux-image-6.12-cloud-amd64	# newest of 6.12
 *	  - name: nodrop-v3
 *	    package: linux-image-6.12-cloud-amd64
 *	    series: nodrop-v3
 *	matrix:
 *	  backend: [tap, vhost]
 *	  txqueuelen: [1000, 100, 10, 1]
 *	probe: {seconds: 5, warmup: 2}
 *	samples: 1
 *	expect:
 *	  - {kernel: nodrop-v3, than: stock, metric: throughput_bps, at_least: 0.5}
 *	  - {kernel: nodrop-v3, than: stock, metric: throughput_bps, at_least: 20, where: {txqueuelen: 1}}
 *	  - {kernel: nodrop-v3, than: stock, metric: retrans_per_mb, at_most: 0.01, where: {txqueuelen: 1}}
 *
 * or, of faults that are known: - {kernel: nodrop-v3, fails: true, where: {scenario: resize-zero}}
 *
 * Parsed with libyaml's document API and not libcyaml (which is built on it): a wrong *value*
 * is found after loading, and only libyaml's nodes still know their line then.
 */
#ifndef PLAN_PLAN_H
#define PLAN_PLAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/str.h"
#include "plan/axes.h"
#include "plan/cell.h"
#include "plan/metric.h"
#include "plan/probes.h"

/**
 * struct plan_kernel - a kernel that the host runs; one of @package, @source and @tree is set, or @package and @tree:
 * the package, with modules of the tree
 * @name:    as the plan calls it
 * @package: Debian binary package of the image; a name without the full release (such as
 *           linux-image-6.12-cloud-amd64) means the newest of it
 * @source:  Debian package of a kernel's source (linux-source-6.12), built whole
 * @tree:    path of a git tree, built whole at @commit
 * @commit:  what git calls it, NULL for HEAD
 * @config:  fragments of the configuration, in their order: names of kernel-config/NAME.config, or
 *           paths; none: the default of build/kernel_whole.h
 * @version: package version wanted, NULL for the newest
 * @suite:   another suite of the machine's mirror (trixie-backports), NULL for the machine's own
 * @series:  name of a folder of kernel-config/patches, or a path; NULL for none
 * @each_patch: it stands for one kernel a patch of @series, plan_each()
 * @cmdline: what is added to the kernel's command line, NULL for nothing
 * @line:    where the plan describes it
 */
struct plan_kernel {
	char *name;
	char *package;
	char *source;
	char *tree;
	char *commit;
	struct strv config;
	char *version;
	char *suite;
	char *series;
	bool each_patch;
	char *cmdline;
	int line;
};

/** struct plan_axis - values of one axis; n is at least 1 (the default) */
struct plan_axis {
	struct axis_value *v;
	size_t n;
};

/** enum plan_fails - what is known of a kernel's failures, in the order of the words in settings.c */
enum plan_fails {
	PLAN_FAILS_NOT,	      /* nothing: it is a promise */
	PLAN_FAILS,	      /* it fails at these cells; one that does not shows that the test cannot fail */
	PLAN_FAILS_SOMETIMES, /* a race: a failure is no news, and none is fine */
	PLAN_FAILS_COUNT
};

/** PLAN_BEFORE - of a kernel with each_patch: each is compared with the one before it */
#define PLAN_BEFORE (SIZE_MAX - 1)

/**
 * struct plan_expect - one promise that is judged, or a failure that is known
 * @kernel:   index of the kernel that must keep it
 * @fails:    whether it is about a failure that is known; the members up to @at_most_abs mean nothing then
 * @than:     index of the kernel that it is compared with; PLAN_BEFORE until plan_each()
 * @metric:   what is compared: median of @kernel's samples over median of @than's
 * @at_least: smallest ratio that passes, NAN if there is none
 * @at_most:  largest ratio that passes, NAN if there is none
 * @at_most_abs: an absolute number that passes whatever the ratio is (0 of 0 has none), NAN if there is none
 * @where:    axes that are limited to some values; n is 0 for an axis that is not limited
 * @line:     where the plan says so
 */
struct plan_expect {
	size_t kernel;
	enum plan_fails fails;
	size_t than;
	enum metric metric;
	double at_least;
	double at_most;
	double at_most_abs;
	struct plan_axis where[AXIS_COUNT];
	int line;
};

/** struct plan_machine - size of the host under test or of the guest */
struct plan_machine {
	int vcpus;
	int memory_mib;
	char *profile; /* "lean" or "full" (systemd) */
};

/** PLAN_ACCEL_ANY - host_accel: the fastest one that boots */
#define PLAN_ACCEL_ANY "auto"

/** plan_accel_words - what host_accel may be; NULL ends it */
extern const char *const plan_accel_words[];

/**
 * struct plan - everything a run needs to know
 * @samples: samples a cell; with @boots: in each of them
 * @boots:   of each kernel, in A B B A order; 0: as @interleaved says, see plan_boots()
 * @cap:     boots that a cell may be sampled in while it is NOISY; nothing unless it is more than plan_boots() and plan_is_interleaved()
 * @interleaved: kernels in A B B A order, a boot for each sample; else one boot a kernel
 * @seed:    of the order in which cells are sampled in each boot, where boots are interleaved; 0: the plan's own order
 * @checks_hygiene: samples are invalid while the machine does something else
 */
struct plan {
	char *name;
	char *about;
	char *path;
	char *text; /* the file as it was read; kept in the run's folder */
	struct plan_kernel *kernels;
	size_t n_kernels;
	struct plan_axis matrix[AXIS_COUNT];
	struct plan_probe probe;
	int samples;
	int boots;
	int cap;
	bool interleaved;
	int seed;
	bool checks_hygiene;
	struct plan_machine host;
	struct plan_machine guest;
	char *guest_package; /* kernel package of the guest; NULL: plan_guest_kernel() tells */
	bool host_is_local;
	char *host_accel; /* one of plan_accel_words; NULL: PLAN_ACCEL_ANY */
	struct plan_expect *expects;
	size_t n_expects;
	struct cell *cells; /* filled by matrix_expand() */
	size_t n_cells;
};

/**
 * plan_read() - read a plan and expand its matrix
 * @path: the file
 * @ret:  filled on success; plan_free() it
 * Return: 0, or -EINVAL with "file:line: sentence, what would be right", -errno when unreadable.
 */
int plan_read(const char *path, struct plan *ret);

/**
 * plan_set() - apply one --set axis=value[,value...] or --repeat, then expand the matrix again
 * @p:    the plan
 * @word: "txqueuelen=1,10"; also "samples=3", "probe.seconds=2"
 * Return: 0 or -EINVAL.
 */
int plan_set(struct plan *p, const char *word);

/** plan_accels() - Return: names of vm/accel.h, NULL at the end: the host runs on the first that boots. */
const char *const *plan_accels(const struct plan *p);

/** plan_terms() - Return: what a sample depends on and no cell says: the probe, the machines, the kernels' command lines; a new reference. */
json_t *plan_terms(const struct plan *p);

/** plan_allows_accel() - Return: whether the host may run on the accelerator @name. */
bool plan_allows_accel(const struct plan *p, const char *name);

/** plan_is_virtual() - Return: whether the host runs in virtual time where KVM does not boot, or everywhere. */
bool plan_is_virtual(const struct plan *p);

/** plan_is_interleaved() - Return: whether kernels are booted in turn, so that boots can be compared. */
bool plan_is_interleaved(const struct plan *p);

/** plan_boots() - Return: boots of each kernel. */
int plan_boots(const struct plan *p);

/** plan_per_boot() - Return: samples of each cell in one boot. */
int plan_per_boot(const struct plan *p);

/** plan_cap() - Return: boots in which a cell may be sampled at most. */
int plan_cap(const struct plan *p);

/** plan_kernel_origin() - Return: its package, source or tree; NULL for what a local host has booted. */
const char *plan_kernel_origin(const struct plan_kernel *k);

/**
 * plan_guest_kernel() - what the guest boots: the plan's guest.kernel, else a generic kernel if a nic
 * of the matrix is no virtio, else the package of its first kernel that is one, unpatched, else a
 * package that is known to be good
 * Return: texts are the plan's own.
 */
struct plan_kernel plan_guest_kernel(const struct plan *p);

/** plan_expect_covers() - Return: whether the promise is about @c: its kernel, inside its where. */
bool plan_expect_covers(const struct plan_expect *e, const struct cell *c);

/** plan_expects_failure() - Return: whether a promise says that this cell fails, always or sometimes. */
bool plan_expects_failure(const struct plan *p, size_t cell);

/**
 * plan_only() - cut a plan down to one kernel at one point, one sample, and no promises
 * @kernel: its name, NULL for the first one
 * @cell:   as cell_name() calls it; NULL where the plan has one point only
 * Return: 0; -EINVAL with what there is.
 */
int plan_only(struct plan *p, const char *kernel, const char *cell);

/**
 * plan_tree() - build the plan's kernel of a git tree, at its HEAD: the kernels that have a tree, or else its only one
 * Return: 0; -EINVAL when it is not clear which is meant, or a kernel is of a source package.
 */
int plan_tree(struct plan *p, const char *tree);

/** plan_expects_free() - forget all promises. */
void plan_expects_free(struct plan *p);

/** plan_kernel_free() - free what it holds. */
void plan_kernel_free(struct plan_kernel *k);

void plan_free(struct plan *p);

#endif
