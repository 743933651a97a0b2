// SPDX-License-Identifier: GPL-2.0-only
/* plan.c - a plan: read, changed by --set, freed */
#include "plan/plan.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "lib/cleanup.h"
#include "lib/err.h"
#include "lib/fs.h"
#include "lib/str.h"
#include "plan/matrix.h"
#include "plan/plan_check.h"
#include "plan/plan_yaml.h"
#include "plan/settings.h"
#include "plan/words.h"

/* What a guest boots whose plan names no package at all. */
#define GUEST_PACKAGE "linux-image-6.12-cloud-amd64"
#define GUEST_GENERIC "linux-image-6.12-amd64"

int plan_read(const char *path, struct plan *ret)
{
	_cleanup_(plan_free) struct plan p = { 0 };
	size_t len;
	int err;

	err = fs_read(path, &p.text, &len);
	if (err)
		return err;
	p.path = str_dup(path);
	setting_defaults(&p);
	err = plan_yaml_read(&p, len);
	if (err)
		return err;
	matrix_expand(&p);
	*ret = p;
	p = (struct plan){ 0 };
	return 0;
}

static int set_axis(struct plan *p, enum axis a, const char *values)
{
	_cleanup_(freep) char *copy = str_dup(values);
	struct plan_axis fresh = { 0 };
	char *rest = copy;
	int ret = 0;

	while (!ret && rest)
		ret = setting_axis_add(&fresh, a, strsep(&rest, ","));
	if (ret) {
		free(fresh.v);
		return ret;
	}
	free(p->matrix[a].v);
	p->matrix[a] = fresh;
	return 0;
}

static int set_named(struct plan *p, const char *name, const char *value)
{
	_cleanup_(strv_free) struct strv names = { 0 };
	const struct setting *s = setting_find_path(name);
	enum axis a = axis_find(name);

	if (a != AXIS_COUNT)
		return set_axis(p, a, value);
	if (s)
		return setting_parse(s, value, p, p);
	setting_paths(&names);
	return words_refuse("unknown name", name, &names);
}

int plan_set(struct plan *p, const char *word)
{
	const char *equals = strchr(word, '=');
	_cleanup_(freep) char *name = NULL;
	int ret;

	if (!equals || !words_is_line(word))
		return err_say(EINVAL, "--set %s: not NAME=VALUE; accepted: txqueuelen=1,10 for instance, or samples=3",
			       words_is_line(word) ? word : "...");
	name = str_fmt("%.*s", (int)(equals - word), word);
	ret = set_named(p, name, equals + 1);
	if (!ret)
		ret = plan_probe_check(p, &p->probe);
	if (ret)
		return err_wrap(ret, "--set %s", word);
	matrix_expand(p);
	return 0;
}

const char *const plan_accel_words[] = { PLAN_ACCEL_ANY, "tcg", "icount", "kvm-or-icount", NULL };

static const char *const accels[][3] = {
	{ "kvm", "tcg", NULL }, { "tcg", NULL }, { "icount", NULL }, { "kvm", "icount", NULL },
};
_Static_assert(ARRAY_SIZE(accels) + 1 == ARRAY_SIZE(plan_accel_words), "a row for each word");

const char *const *plan_accels(const struct plan *p)
{
	for (size_t i = 0; i < ARRAY_SIZE(accels); i++)
		if (str_eq(plan_accel_words[i], p->host_accel))
			return accels[i];
	return accels[0];
}

static json_t *machine_terms(const struct plan_machine *m)
{
	return json_pack("{s:i, s:i, s:s?}", "vcpus", m->vcpus, "memory_mib", m->memory_mib, "profile", m->profile);
}

/* Return: what is added to the command line of each kernel, NULL when nothing is to any. */
static json_t *cmdline_terms(const struct plan *p)
{
	json_t *lines = json_array();
	bool has_any = false;

	for (size_t i = 0; i < p->n_kernels; i++) {
		has_any = has_any || p->kernels[i].cmdline;
		json_array_append_new(lines, json_string(p->kernels[i].cmdline ? p->kernels[i].cmdline : ""));
	}
	if (has_any)
		return lines;
	json_decref(lines);
	return NULL;
}

json_t *plan_terms(const struct plan *p)
{
	return json_pack("{s:o, s:o, s:o, s:o*}", "probe", probe_to_json(&p->probe), "host", machine_terms(&p->host), "guest",
			 machine_terms(&p->guest), "cmdlines", cmdline_terms(p));
}

bool plan_allows_accel(const struct plan *p, const char *name)
{
	for (const char *const *a = plan_accels(p); *a; a++)
		if (str_eq(*a, name))
			return true;
	return false;
}

bool plan_is_virtual(const struct plan *p)
{
	return plan_allows_accel(p, "icount");
}

bool plan_is_interleaved(const struct plan *p)
{
	return p->interleaved || p->boots;
}

int plan_boots(const struct plan *p)
{
	if (p->boots)
		return p->boots;
	return p->interleaved ? p->samples : 1;
}

int plan_per_boot(const struct plan *p)
{
	return p->interleaved && !p->boots ? 1 : p->samples;
}

int plan_cap(const struct plan *p)
{
	return plan_is_interleaved(p) && p->cap > plan_boots(p) ? p->cap : plan_boots(p);
}

const char *plan_kernel_origin(const struct plan_kernel *k)
{
	if (k->package)
		return k->package;
	return k->source ? k->source : k->tree;
}

/* Cloud kernels have no driver for an emulated card. */
static bool needs_generic_guest(const struct plan *p)
{
	const struct plan_axis *nics = &p->matrix[AXIS_NIC];

	for (size_t i = 0; i < nics->n; i++)
		if (strcmp(nics->v[i].word, axis_def(AXIS_NIC)->fallback))
			return true;
	return false;
}

/* The guest is not what is measured: a package will do, and is there at once. */
struct plan_kernel plan_guest_kernel(const struct plan *p)
{
	struct plan_kernel guest = { .name = (char *)"guest", .package = p->guest_package };

	if (!guest.package && needs_generic_guest(p))
		guest.package = (char *)GUEST_GENERIC;
	for (size_t i = 0; i < p->n_kernels && !guest.package; i++) {
		guest.package = p->kernels[i].package;
		guest.version = p->kernels[i].version;
		guest.suite = p->kernels[i].suite;
	}
	if (guest.package)
		return guest;
	return (struct plan_kernel){ .name = guest.name, .package = (char *)GUEST_PACKAGE };
}

static void free_axes(struct plan_axis axes[AXIS_COUNT])
{
	for (enum axis a = 0; a < AXIS_COUNT; a++)
		free(axes[a].v);
}

void plan_kernel_free(struct plan_kernel *k)
{
	free(k->name);
	free(k->package);
	free(k->source);
	free(k->tree);
	free(k->commit);
	strv_free(&k->config);
	free(k->version);
	free(k->suite);
	free(k->series);
	free(k->cmdline);
}

void plan_expects_free(struct plan *p)
{
	for (size_t i = 0; i < p->n_expects; i++)
		free_axes(p->expects[i].where);
	free(take_ptr(&p->expects));
	p->n_expects = 0;
}

void plan_free(struct plan *p)
{
	for (size_t i = 0; i < p->n_kernels; i++)
		plan_kernel_free(&p->kernels[i]);
	plan_expects_free(p);
	for (size_t i = 0; i < p->n_cells; i++)
		free(p->cells[i].skip);
	free_axes(p->matrix);
	free(p->name);
	free(p->about);
	free(p->path);
	free(p->text);
	free(p->kernels);
	free(p->host.profile);
	free(p->host_accel);
	free(p->guest.profile);
	free(p->guest_package);
	free(p->cells);
	*p = (struct plan){ 0 };
}
