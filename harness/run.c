// SPDX-License-Identifier: GPL-2.0-only
/* run.c - one execution of a plan: joins ground, lab and store */
#include "run.h"

#include <errno.h>
#include <string.h>

#include "judge/baseline.h"
#include "lib/cleanup.h"
#include "lib/dirs.h"
#include "lib/err.h"
#include "lib/fs.h"
#include "lib/hash.h"
#include "lib/keeper.h"
#include "lib/log.h"
#include "lib/progress.h"
#include "lib/stop.h"
#include "measure/machine.h"
#include "plan/matrix.h"

static void phase(struct run *r, const char *name, double seconds)
{
	if (r->store && store_phase(r->store, r->id, name, seconds))
		log_warn("%s, ignoring", err_text());
}

static bool has_guest(const struct run *r)
{
	return probe_def(r->plan->probe.kind)->has_guest;
}

/* Every cell may be impossible: that is known without a kernel. */
static bool has_cells(const struct plan *p)
{
	for (size_t i = 0; i < p->n_cells; i++)
		if (!p->cells[i].skip)
			return true;
	return false;
}

/* The first line of every run: on what it runs, and why not on something faster. */
static void say_accel(const struct run *r)
{
	const struct accel_answer *a = &r->ground.accel;

	log_info("host under test on %s (QEMU %s)%s%s; %s", accel_name(a->accel), a->qemu,
		 *a->reason ? ": " : "", a->reason,
		 !has_guest(r) ? "no guests" :
		 accel_is_emulated(a->accel) ? "guests on kvm inside it (nested SVM, emulated)" : "guests on kvm inside it");
}

/* A kernel whose guests came up in an earlier part of the run keeps its accelerator: the others' guests have it too. */
static void prepare_guests(struct run *r)
{
	r->guest_accel = mem_zalloc(r->ground.n * sizeof(*r->guest_accel));
	r->guest_works = mem_zalloc(r->ground.n * sizeof(*r->guest_works));
	for (size_t i = 0; i < r->before.n_cells; i++)
		if (r->before.cells[i].n_samples)
			r->guest_works[r->before.cells[i].cell.kernel] = true;
}

int run_start(struct run *r)
{
	double now = time_now();
	int err;

	/* What earlier parts of a resumed run took is put before it by run_begin(), and is no building. */
	r->began = now;
	r->load = machine_load();
	progress_start();
	err = run_begin(r);
	if (!err && r->store && !has_cells(r->plan))
		return 0;
	if (!err)
		err = ground_prepare(r->plan, r->options->cache, &r->ground);
	if (r->id)
		phase(r, "build", time_now() - now);
	if (!err)
		err = run_check_ground(r);
	if (err)
		return err;
	say_accel(r);
	prepare_guests(r);
	r->runtime = dirs_runtime();
	if (!r->runtime)
		return -EIO;
	keeper_folder(r->runtime);
	err = vmm_open(r->options->connect, r->runtime, &r->vmm);
	if (!err)
		run_store_ground(r);
	return err;
}

/* By all that libvirt looks at before it believes them: kernel, image and processor of the host. */
static char *capabilities_path(const struct run *r)
{
	struct hash *h = hash_new("capabilities 1");
	_cleanup_(freep) char *hash = NULL;

	hash_text(h, "kernel", r->ground.kernels[r->host_kernel].release);
	hash_text(h, "image", r->ground.host_image.hash);
	hash_text(h, "accel", accel_name(r->ground.accel.accel));
	hash_text(h, "qemu", r->ground.accel.qemu);
	hash = hash_end(h);
	return str_fmt("%s/capabilities/%.16s.json", r->ground.cache.dir, hash);
}

static void keep_capabilities(const struct run *r, const json_t *event)
{
	_cleanup_(freep) char *path = capabilities_path(r);
	_cleanup_(freep) char *dir = str_fmt("%s/capabilities", r->ground.cache.dir);
	_cleanup_(freep) char *text = json_dumps(event, JSON_COMPACT);

	if (fs_mkdirs(dir) || fs_write(path, text, strlen(text), 0644))
		log_warn("%s, ignoring", err_text());
}

/* --fail-step each: the first cell fails at the first step, the second one at the second, ... */
static const char *fail_step(const struct run *r)
{
	const char *wanted = r->options->fail_step;

	return str_eq(wanted, "each") ? session_step(r->done) : wanted;
}

static int describe_guest(struct run *r)
{
	_cleanup_(freep) char *path = capabilities_path(r);
	json_error_t e;
	json_t *capabilities = json_load_file(path, 0, &e);
	int err = host_guest(r->host, &r->plan->guest, r->guest_accel[r->host_kernel], fail_step(r),
			     capabilities);

	json_decref(capabilities);
	return err;
}

static double seconds_left(const struct run *r)
{
	double spent = time_now() - r->first_boot;

	if (r->done < 2)
		return r->expected_s - spent;
	return spent / r->done * (r->total - r->done);
}

static void on_event(void *arg, json_t *event)
{
	struct run *r = arg;
	const char *is = json_string_value(json_object_get(event, "event"));
	const char *name = json_string_value(json_object_get(event, "name"));

	if (str_eq(is, "step")) {
		run_watch_step(&r->watch, name);
		log_debug("host: %s", name);
		progress_set(r->done, r->total, seconds_left(r));
		progress_detail(name);
	} else if (str_eq(is, "phase")) {
		phase(r, name, json_number_value(json_object_get(event, "seconds")));
		r->guest_boot_s += json_number_value(json_object_get(event, "seconds"));
	} else if (str_eq(is, "capabilities")) {
		keep_capabilities(r, event);
	}
}

static void name_console(const struct run *r, const struct visit *v, const char *whose, char **ret)
{
	free(*ret);
	*ret = str_fmt("%s/%s-%u-%s.log", r->dir ? r->dir : r->runtime, whose, r->boots, r->plan->kernels[v->kernel].name);
}

static void configure_host(struct run *r, const struct visit *v)
{
	const struct ground *g = &r->ground;
	_cleanup_(freep) char *kernel = str_fmt("%s/kernel", g->kernels[v->kernel].dir);

	free((char *)r->host_config.kernel);
	r->boots++;
	name_console(r, v, "console", &r->console);
	name_console(r, v, "guest", &r->guest_console);
	r->host_config = (struct host_config){
		.vmm = r->vmm, .root = r->runtime, .console = r->console, .guest_console = r->guest_console,
		.kernel = take_ptr(&kernel),
		.initrd = g->initrds[v->kernel], .image = g->host_image.path,
		.guest_image = g->guest_image.path, .kit = g->kits[v->kernel],
		.cmdline = r->plan->kernels[v->kernel].cmdline, .accel = g->accel.accel,
		.size = r->plan->host, .is_slow = kernel_is_debug(&g->kernels[v->kernel]),
		.tell = on_event, .tell_arg = r,
	};
}

static void store_release(struct run *r, size_t k)
{
	struct run_kernel facts = {
		.release = (char *)json_string_value(json_object_get(host_facts(r->host), "release")),
	};

	if (r->store && store_kernel(r->store, r->id, k, &facts))
		log_warn("%s, ignoring", err_text());
}

/* A host without kvm of its own runs its guests in TCG: right, and some twenty times slower. */
static void choose_guest_accel(struct run *r, size_t k)
{
	if (!has_guest(r) || r->guest_accel[k] == ACCEL_TCG || json_is_true(json_object_get(host_facts(r->host), "kvm")))
		return;
	log_warn("the host under test has no kvm: its guests run in TCG%s, many times slower",
		 accel_is_emulated(r->ground.accel.accel) ? " inside TCG" : "");
	r->guest_accel[k] = ACCEL_TCG;
}

int run_boot(struct run *r, const struct visit *v, bool *died)
{
	double from = time_now();
	int err;

	configure_host(r, v);
	r->host_kernel = v->kernel;
	progress_set(r->done, r->total, seconds_left(r));
	progress_say("boot %d: host with kernel %s", v->boot, r->plan->kernels[v->kernel].name);
	err = host_start(&r->host_config, &r->host, died);
	phase(r, "host_boot", time_now() - from);
	if (err)
		return err;
	store_release(r, v->kernel);
	choose_guest_accel(r, v->kernel);
	return describe_guest(r);
}

static int op_boot(void *arg, const struct visit *v, bool *died)
{
	struct run *r = arg;

	r->visit = v;
	return run_boot(r, v, died);
}

/* A test of the bed: after a step that was made to fail, nothing may be left on the host. */
static int check_left(struct run *r, struct host_outcome *o)
{
	_cleanup_(freep) char *why = str_dup(o->reason);
	json_t *left = NULL;
	int err = host_left(r->host, &left);

	if (err)
		return err;
	free(o->reason);
	o->reason = str_fmt("%s; left: links %d, processes %d, files %d", why,
			    (int)json_integer_value(json_object_get(left, "links")),
			    (int)json_integer_value(json_object_get(left, "processes")),
			    (int)json_integer_value(json_object_get(left, "files")));
	json_decref(left);
	return 0;
}

static int measure_once(struct run *r, size_t cell, struct host_outcome *o)
{
	bool is_test = r->options->fail_step != NULL;
	int err = is_test ? describe_guest(r) : 0;

	if (!err)
		err = host_cell(r->host, cell, &r->plan->cells[cell], &r->plan->probe, o);
	return !err && is_test && !o->host_died ? check_left(r, o) : err;
}

/*
 * Nested SVM that boots no guest at all is the emulator's fault more often than the kernel's. But one that came up
 * in this run says that the next can: in TCG its guests would be no match for those of the other kernels.
 */
static bool wants_slow_guest(const struct run *r, const struct host_outcome *o)
{
	return accel_is_emulated(r->ground.accel.accel) && !r->guest_works[r->visit->kernel] && !o->host_died &&
	       o->verdict == VERDICT_TIMEOUT && r->guest_accel[r->visit->kernel] == ACCEL_KVM &&
	       str_starts(o->reason, "guest agent");
}

static int op_cell(void *arg, size_t cell, struct host_outcome *o)
{
	struct run *r = arg;
	const struct cell *c = &r->plan->cells[cell];
	_cleanup_(freep) char *name = cell_name(c);
	double from = time_now();
	int err;

	r->guest_boot_s = 0;
	progress_set(r->done, r->total, seconds_left(r));
	progress_say("%s %s", r->plan->kernels[c->kernel].name, name);
	run_watch_begin(&r->watch, r->plan, r->ground.accel.accel, r->runtime);
	err = measure_once(r, cell, o);
	if (!err && wants_slow_guest(r, o)) {
		log_warn("no guest came up with nested SVM (%s); TCG in TCG from here on, many times slower",
			 o->reason);
		host_outcome_free(o);
		r->guest_accel[c->kernel] = ACCEL_TCG;
		err = describe_guest(r);
		if (!err)
			err = measure_once(r, cell, o);
	}
	if (!err && o->verdict == VERDICT_PASS)
		r->guest_works[c->kernel] = true;
	phase(r, "cells", time_now() - from - r->guest_boot_s);
	if (!err)
		run_watch_judge(&r->watch, cell, o);
	return err;
}

static void op_stop(void *arg)
{
	struct run *r = arg;
	double from = time_now();

	host_stop(take_ptr(&r->host));
	phase(r, "host_end", time_now() - from);
}

/* What is done to the device is what kills a host; without that, one cell is as dangerous as another. */
static bool op_alike(void *arg, size_t a, size_t b)
{
	const struct cell *cells = ((struct run *)arg)->plan->cells;

	return !strcmp(cells[a].at[AXIS_SCENARIO].word, cells[b].at[AXIS_SCENARIO].word);
}

static void op_record(void *arg, const struct visit *v, size_t cell, const struct host_outcome *o)
{
	run_record(arg, v, cell, o);
}

static bool op_again(void *arg, size_t cell, const struct host_outcome *o)
{
	struct run *r = arg;
	bool again = run_watch_again(&r->watch, cell, o);

	r->total += again;
	return again;
}

static void op_tell(void *arg, const char *sentence)
{
	(void)arg;
	log_warn("%s", sentence);
}

int run_visits(struct run *r, const struct visit *visits, size_t n)
{
	static const struct campaign_ops ops = { op_boot, op_cell, op_stop, op_alike, op_again, op_record, op_tell };
	int err;

	for (size_t i = 0; i < n; i++)
		r->total += (unsigned int)visits[i].n_cells;
	r->expected_s += matrix_visits_seconds(r->plan, visits, n);
	err = campaign_run(visits, n, accel_is_emulated(r->ground.accel.accel), &ops, r);
	if (err && r->host)
		op_stop(r);
	return err;
}

int run_measure(struct run *r)
{
	struct visit *visits;
	size_t n = matrix_visits(r->plan, &visits);
	int err;

	run_drop_measured(r, visits, n);
	r->first_boot = time_now();
	err = run_visits(r, visits, n);
	matrix_visits_free(visits, n);
	return err ? err : run_more(r);
}

void run_end(struct run *r)
{
	host_stop(take_ptr(&r->host));
	vmm_close(take_ptr(&r->vmm));
	if (r->runtime && fs_remove(r->runtime))
		log_warn("%s, ignoring", err_text());
	run_finish(r);
	progress_end();
}

void run_free(struct run *r)
{
	run_close_log(r);
	ground_free(&r->ground);
	free((char *)r->host_config.kernel);
	free(r->console);
	free(r->guest_console);
	free(r->guest_accel);
	free(r->guest_works);
	run_result_free(&r->before);
	run_watch_free(&r->watch);
	free(r->runtime);
	free(r->skip_said);
	free(r->id);
	free(r->dir);
}
