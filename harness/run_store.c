// SPDX-License-Identifier: GPL-2.0-only
/* run_store.c - a run's row in the store, its folder and its log: begun, filled, closed */
#include <errno.h>
#include <string.h>

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

/* The highest N of the files PREFIXN... in a folder, 0 for none. */
static unsigned int last_number(const char *dir, const char *prefix)
{
	_cleanup_(closedirp) DIR *d = opendir(dir);
	unsigned long last = 0;

	for (struct dirent *e = d ? readdir(d) : NULL; e; e = readdir(d)) {
		unsigned long n = str_starts(e->d_name, prefix) ? strtoul(e->d_name + strlen(prefix), NULL, 10) : 0;

		last = n > last ? n : last;
	}
	return (unsigned int)last;
}

/* What the earlier parts of the run left in its folder is not written over. */
static void number_files(struct run *r)
{
	_cleanup_(freep) char *samples = str_fmt("%s/samples", r->dir);

	r->nth = last_number(samples, "");
	r->boots = last_number(r->dir, "console-");
}

static int resume_in_store(struct run *r)
{
	size_t n = 0;
	int err = store_resume(r->store, r->options->resume, r->plan, &r->dir, &r->before);

	if (err)
		return err;
	r->id = str_dup(r->before.id);
	r->began -= r->before.wall_s;
	r->watch.n_invalid = mem_zalloc(r->plan->n_cells * sizeof(*r->watch.n_invalid));
	for (size_t i = 0; i < r->plan->n_cells; i++) {
		r->watch.n_invalid[i] = (unsigned int)r->before.cells[i].n_invalid;
		n += r->before.cells[i].n_samples;
	}
	number_files(r);
	log_info("run %s goes on after %zu samples", r->id, n);
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

	return json_pack("{s:s, s:s, s:s, s:i, s:i, s:s, s:s, s:s*, s:s, s:o, s:o}", "kind", "vm", "accel",
			 accel_name(r->ground.accel.accel), "accel_reason", r->ground.accel.reason, "vcpus",
			 m->vcpus, "memory_mib", m->memory_mib, "profile", m->profile, "qemu",
			 r->ground.accel.qemu, "libvirt", libvirt, "image", r->ground.host_image.hash,
			 "machine", machine_facts(r->load), "terms", plan_terms(r->plan));
}

#define BEGIN_ANEW "samples of both are not of one run; begin a new one (tapbed reproduce: --again)"

static int check_kernels(const struct run *r)
{
	for (size_t i = 0; i < r->before.n_kernels && i < r->ground.n; i++) {
		const struct run_kernel *was = &r->before.kernels[i];
		_cleanup_(freep) char *is = kernel_words(&r->ground.kernels[i]);

		if (was->hash && *was->hash && !str_eq(was->hash, r->ground.kernels[i].hash))
			return err_say(EINVAL, "run %s measured %s as %s (%.16s), and now it is %s (%.16s): " BEGIN_ANEW, r->id,
				       was->name, was->package ? was->package : "?", was->hash, is,
				       r->ground.kernels[i].hash);
	}
	return 0;
}

/* A run that came by tapbed import may be of another one. In virtual time that makes no difference. */
static int check_machine(const struct run *r)
{
	static const char *const facts[] = { "cpu", "cpus" };
	const json_t *was = json_object_get(r->before.host, "machine");
	_cleanup_(json_decrefp) json_t *is = machine_facts(r->load);

	for (size_t i = 0; i < ARRAY_SIZE(facts) && was && r->ground.accel.accel != ACCEL_ICOUNT; i++) {
		const json_t *a = json_object_get(was, facts[i]), *b = json_object_get(is, facts[i]);
		_cleanup_(freep) char *then = a ? json_dumps(a, JSON_ENCODE_ANY) : NULL, *now = b ? json_dumps(b, JSON_ENCODE_ANY) : NULL;

		if (then && now && !str_eq(then, now))
			return err_say(EINVAL, "run %s began on a machine with %s %s, and here it is %s: " BEGIN_ANEW, r->id, facts[i], then,
				       now);
	}
	return 0;
}

int run_check_ground(struct run *r)
{
	const char *was = json_string_value(json_object_get(r->before.host, "accel"));
	const char *is = accel_name(r->ground.accel.accel);
	double load = json_number_value(json_object_get(json_object_get(r->before.host, "machine"), "load"));

	/* The machine was as busy as it was when the first samples were taken. */
	r->load = load > r->load ? load : r->load;
	if (was && !str_eq(was, is))
		return err_say(EINVAL, "run %s began on %s, and now it would be %s: " BEGIN_ANEW, r->id, was, is);
	return check_machine(r) ? -EINVAL : check_kernels(r);
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
