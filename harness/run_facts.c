// SPDX-License-Identifier: GPL-2.0-only
/* run_facts.c - what a run says of itself: its kernels, its host, the machine below */
#include "lib/cleanup.h"
#include "lib/err.h"
#include "lib/log.h"
#include "measure/machine.h"
#include "run.h"

void run_store_kernels(struct run *r)
{
	for (size_t i = 0; i < r->ground.n && r->store; i++) {
		const struct kernel *k = &r->ground.kernels[i];
		_cleanup_(freep) char *package = str_fmt("%s %s", k->package.name, k->package.version);
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

void run_store_host(struct run *r)
{
	json_t *host = host_json(r);

	if (r->store && store_facts(r->store, r->id, host, NULL))
		log_warn("%s, ignoring", err_text());
	json_decref(host);
}
