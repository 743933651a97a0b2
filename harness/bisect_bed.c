// SPDX-License-Identifier: GPL-2.0-only
/* bisect_bed.c - the bed of a bisect: one cell, measured on one kernel after another, each boot a run of its own */
#include "bisect_bed.h"

#include <errno.h>
#include <string.h>

#include "build/identity.h"
#include "lib/cleanup.h"
#include "lib/err.h"
#include "lib/fs.h"
#include "lib/hash.h"
#include "lib/jsonl.h"
#include "lib/log.h"
#include "lib/stop.h"
#include "plan/matrix.h"

/* A bed that fails so often in a row is broken. */
#define BED_TRIES 3

int bed_open(struct bisect_bed *b, struct plan *p, const char *connect, const char *cache, const char *state)
{
	int err;

	*b = (struct bisect_bed){ .options = { .plan = p->path, .connect = connect, .cache = cache }, .plan = p };
	b->run = (struct run){ .options = &b->options, .plan = p };
	err = store_open(state, &b->store);
	if (!err)
		err = run_start(&b->run);
	b->is_up = !err;
	return err;
}

int bed_kernel(struct bisect_bed *b)
{
	return ground_swap(&b->plan->kernels[0], 0, &b->run.ground);
}

int bed_identity(const struct bisect_bed *b, char **ret)
{
	return identity_of_kernel(b->run.ground.kernels[0].dir, ret);
}

static int measure(struct bisect_bed *b)
{
	struct run *r = &b->run;
	struct visit *visits;
	size_t n = matrix_visits(b->plan, &visits);
	int err;

	free(take_ptr(&r->id));
	free(take_ptr(&r->dir));
	/* Each boot may have as many invalid samples as any run. */
	run_watch_free(&r->watch);
	r->watch = (struct run_watch){ 0 };
	r->nth = r->done = r->total = r->boots = 0;
	r->expected_s = 0;
	r->guest_accel[0] = ACCEL_KVM;
	r->began = r->first_boot = time_now();
	r->store = b->store;
	err = run_begin(r);
	if (!err) {
		run_store_ground(r);
		err = run_visits(r, visits, n);
	}
	run_finish(r);
	run_close_log(r);
	r->store = NULL;
	matrix_visits_free(visits, n);
	return err;
}

/*
 * A host that dies or reports something of itself has no number. A probe that finds a fault (a reader that waits, packets that
 * nobody knows of) has: a kernel that stalls is slow too.
 */
static bool is_host(const struct run_cell *c)
{
	return c->event == VERDICT_FAIL && (!c->n_samples || str_starts(c->event_reason, "host kernel: "));
}

/* A guest in emulation where it was on kvm before is another machine. */
static bool has_same_accel(struct bisect_bed *b, const struct run_result *r)
{
	const char *accel = json_str(r->guest, "accel", "none");

	if (!b->accel)
		b->accel = str_dup(accel);
	return str_eq(b->accel, accel);
}

static bool has_metric(const struct run_cell *c, enum metric m)
{
	return c->n_samples && (m == METRIC_COUNT || c->samples[0].value[m] == c->samples[0].value[m]);
}

/* What a run of one cell and one sample says of the kernel. */
static void read_result(struct bisect_bed *b, enum metric m, const struct run_result *r, struct hunt_boot *ret)
{
	const struct run_cell *c = &r->cells[0];
	bool is_fine = c->event == VERDICT_PASS || (c->event == VERDICT_FAIL && !is_host(c));

	ret->run = str_dup(r->id);
	ret->has_died = is_host(c);
	ret->has_value = (is_fine && has_metric(c, m)) || (m == METRIC_COUNT && ret->has_died);
	if (c->event != VERDICT_PASS)
		ret->reason = str_fmt("%s: %s", verdict_name(c->event), c->event_reason);
	else if (!ret->has_value)
		ret->reason = str_fmt("the probe does not measure %s", m == METRIC_COUNT ? "anything" : metric_def(m)->name);
	if (c->n_samples) {
		sample_free(&ret->sample);
		ret->sample = c->samples[0];
		ret->sample.raw = str_dup(c->samples[0].raw);
	}
	if (ret->has_value && c->n_samples && !has_same_accel(b, r)) {
		ret->has_value = false;
		str_set(&ret->reason, "its guest ran on another accelerator than those of the kernels before");
	}
}

/* Why a run says nothing of its kernel, to be freed; NULL: it says something. */
static char *why_nothing(const struct run_result *r)
{
	const struct run_cell *c = r->cells;

	if (!r->n_cells)
		return str_dup("nothing was measured");
	if (c->event == VERDICT_BROKEN || c->event == VERDICT_TIMEOUT)
		return str_dup(c->event_reason);
	if (c->event == VERDICT_PASS && !c->n_samples && c->n_invalid)
		return str_fmt("%zu sample%s, and all are invalid: %s; stop what else runs here, or let the plan say hygiene: off",
			       c->n_invalid, c->n_invalid == 1 ? "" : "s", c->invalid[c->n_invalid - 1].invalid);
	return NULL;
}

int bed_boot(struct bisect_bed *b, enum metric metric, struct hunt_boot *ret)
{
	_cleanup_(freep) char *why = NULL;

	for (int i = 0; i < BED_TRIES; i++) {
		_cleanup_(run_result_free) struct run_result r = { 0 };
		int err = measure(b);

		if (!err)
			err = store_load(b->store, b->run.id, &r);
		if (err == -EINTR)
			return err;
		free(why);
		why = err ? str_dup(err_text()) : why_nothing(&r);
		if (!err && !why) {
			read_result(b, metric, &r, ret);
			return 0;
		}
		log_warn("the bed failed, try %d of %d: %s", i + 1, BED_TRIES, why);
	}
	return err_say(EIO, "the test bed is broken, nothing is said of the kernel: %s", why);
}

static void hash_file_text(struct hash *h, const char *path)
{
	_cleanup_(freep) char *text = NULL;

	if (fs_read(path, &text, NULL))
		err_clear();
	hash_text(h, path, text);
}

char *bed_machine(const struct bisect_bed *b)
{
	const struct ground *g = &b->run.ground;
	_cleanup_(freep) char *size = str_fmt("%d %d %d %d", b->plan->host.vcpus, b->plan->host.memory_mib, b->plan->guest.vcpus,
					      b->plan->guest.memory_mib);
	struct hash *h = hash_new("machine 1");

	/* Another boot of this machine may have other luck. */
	hash_file_text(h, "/proc/sys/kernel/random/boot_id");
	hash_text(h, "accel", accel_name(g->accel.accel));
	hash_text(h, "qemu", g->accel.qemu);
	hash_text(h, "host", g->host_image.hash);
	hash_text(h, "guest", g->guest_image.hash);
	hash_text(h, "guest kernel", g->guest.hash);
	hash_text(h, "size", size);
	return hash_end(h);
}

void bed_close(struct bisect_bed *b)
{
	b->run.store = NULL;
	run_end(&b->run);
	run_free(&b->run);
	if (b->store)
		store_close(b->store);
	free(b->accel);
	*b = (struct bisect_bed){ 0 };
}
