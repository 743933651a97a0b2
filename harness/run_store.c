// SPDX-License-Identifier: GPL-2.0-only
/* run_store.c - a run's row in the store, its folder and its log: begun, filled, closed */
#include <errno.h>

#include "judge/baseline.h"
#include "lib/cleanup.h"
#include "lib/err.h"
#include "lib/log.h"
#include "lib/stop.h"
#include "measure/machine.h"
#include "run.h"

static int open_log(struct run *r)
{
	_cleanup_(freep) char *path = str_fmt("%s/log", r->dir);

	r->log = fopen(path, "ae");
	if (!r->log)
		return err_set(errno, "%s: open", path);
	log_set_file(r->log);
	return 0;
}

static int resume_in_store(struct run *r)
{
	double wall_s;
	int err = store_resume(r->store, r->options->resume, r->plan, &r->id, &r->dir, &r->have,
			       &r->watch.n_invalid, &wall_s);

	if (err)
		return err;
	r->began -= wall_s;
	for (size_t i = 0; i < r->plan->n_cells; i++)
		r->nth += r->have[i] + r->watch.n_invalid[i];
	log_info("run %s goes on after %u samples", r->id, r->nth);
	return 0;
}

/* At once, so that whoever was promised the name finds a run that was cut off too. */
static int name_in_store(struct run *r)
{
	_cleanup_(freep) char *id = NULL;

	return r->options->name ? baseline_set(r->store, r->options->name, r->id, &id) : 0;
}

int run_begin(struct run *r)
{
	int err;

	if (!r->store)
		return 0;
	err = r->options->resume ? resume_in_store(r) :
				   store_begin(r->store, r->plan, &r->id, &r->dir);
	if (!err)
		err = name_in_store(r);
	return err ? err : open_log(r);
}

static void store_kernels(struct run *r)
{
	for (size_t i = 0; i < r->ground.n && r->store; i++) {
		const struct kernel *k = &r->ground.kernels[i];
		_cleanup_(freep) char *package = kernel_words(k);
		struct run_kernel facts = { .package = package, .hash = k->hash,
					    .series = r->plan->kernels[i].series };

		if (store_kernel(r->store, r->id, i, &facts))
			log_warn("%s, ignoring", err_text());
	}
}

static json_t *host_json(struct run *r)
{
	_cleanup_(freep) char *libvirt = r->vmm ? vmm_version(r->vmm) : NULL;
	const struct plan_machine *m = &r->plan->host;

	return json_pack("{s:s, s:s, s:s, s:i, s:i, s:s, s:s, s:s*, s:s, s:o}", "kind", "vm", "accel",
			 accel_name(r->ground.accel.accel), "accel_reason", r->ground.accel.reason, "vcpus",
			 m->vcpus, "memory_mib", m->memory_mib, "profile", m->profile, "qemu",
			 r->ground.accel.qemu, "libvirt", libvirt, "image", r->ground.host_image.hash,
			 "machine", machine_facts(r->load));
}

void run_store_ground(struct run *r)
{
	json_t *host;

	store_kernels(r);
	host = host_json(r);
	if (r->store && store_facts(r->store, r->id, host, NULL))
		log_warn("%s, ignoring", err_text());
	json_decref(host);
}

void run_close_log(struct run *r)
{
	log_set_file(NULL);
	if (r->log)
		fclose(take_ptr(&r->log));
}

void run_finish(struct run *r)
{
	if (r->store && r->id && store_end(r->store, r->id, time_now() - r->began))
		log_warn("%s", err_text());
}
