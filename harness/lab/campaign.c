// SPDX-License-Identifier: GPL-2.0-only
/* campaign.c - the boots of a run, and what follows when a host dies */
#include "lab/campaign.h"

#include <errno.h>
#include <stdlib.h>

#include "lab/splat.h"
#include "lib/cleanup.h"
#include "lib/err.h"
#include "lib/str.h"

/* A kernel that has died for good at so many cells is not given more of their kind in a visit. */
#define DEATHS_MAX 2
#define UNTRIED	   VERDICT_NOT_TRIED "the host died at two cells like it before"

/* Boots of a host that dies under an emulator: of what may be the kernel's fault, and of what is not. */
#define BOOTS_MAYBE	2
#define BOOTS_EMULATORS 4

struct campaign {
	const struct campaign_ops *ops;
	void *arg;
	bool is_emulated;
	const struct visit *v;
	bool is_up;
	struct death {
		size_t cell;
		enum verdict verdict; /* FAIL: of the kernel; BROKEN: of the bed or the emulator */
	} *deaths;
	size_t n_deaths;
};

static void tell(struct campaign *c, char *sentence)
{
	c->ops->tell(c->arg, sentence);
	free(sentence);
}

static void record_unmeasured(struct campaign *c, size_t i, enum verdict verdict, const char *reason)
{
	struct host_outcome o = { .verdict = verdict, .reason = str_dup(reason) };

	sample_init(&o.sample);
	c->ops->record(c->arg, c->v, c->v->cells[i], &o);
	host_outcome_free(&o);
}

static void record_rest(struct campaign *c, size_t from, enum verdict verdict, const char *reason)
{
	for (size_t i = from; i < c->v->n_cells; i++)
		record_unmeasured(c, i, verdict, reason);
}

static void note_death(struct campaign *c, size_t cell, enum verdict verdict)
{
	c->deaths = mem_grow(c->deaths, c->n_deaths + 1, sizeof(*c->deaths));
	c->deaths[c->n_deaths++] = (struct death){ cell, verdict };
}

/*
 * Return: VERDICT_PASS to try it; else what it is without that: a kernel that died is not asked again, and where the
 * bed failed it also failed here.
 */
static enum verdict untried(const struct campaign *c, size_t cell)
{
	enum verdict verdict = VERDICT_BROKEN;
	size_t n = 0;

	for (size_t i = 0; i < c->n_deaths; i++) {
		if (!c->ops->alike(c->arg, c->deaths[i].cell, cell))
			continue;
		if (c->deaths[i].verdict == VERDICT_FAIL)
			verdict = VERDICT_SKIP;
		n++;
	}
	return n >= DEATHS_MAX ? verdict : VERDICT_PASS;
}

static void stop_host(struct campaign *c)
{
	if (c->is_up)
		c->ops->stop(c->arg);
	c->is_up = false;
}

/* Whether nothing but the emulator does what the host died of. */
static bool is_emulators(const struct campaign *c, const char *why)
{
	return c->is_emulated && why && splat_is_emulators(why);
}

/* Whether a host that has died in so many boots, the last time of @why, gets one more. */
static bool gets_a_boot(const struct campaign *c, const char *why, int boots)
{
	return c->is_emulated && boots < (is_emulators(c, why) ? BOOTS_EMULATORS : BOOTS_MAYBE);
}

/* A report that the emulator caused is no word of the kernel about itself, even if it went on. */
static void mark_emulators(const struct campaign *c, struct host_outcome *o)
{
	if (o->host_tainted && is_emulators(c, o->reason)) {
		o->host_tainted = false;
		o->host_died = true;
	}
}

static void say_good(struct campaign *c, int boots)
{
	if (boots == 1)
		tell(c, str_fmt("the second boot is good; the first failure is held to be the emulator's"));
	else if (boots)
		tell(c, str_fmt("boot %d is good; the failures before are held to be the emulator's", boots + 1));
}

/* Return: the reason of a host that the emulator killed in each boot that it got, to be freed. */
static char *emulators_reason(const char *why)
{
	return str_fmt("the emulator, in %d boots: %s", BOOTS_EMULATORS, why);
}

static void record_unbootable(struct campaign *c, size_t from)
{
	bool spared = is_emulators(c, err_text());
	_cleanup_(freep) char *why = spared ? emulators_reason(err_text()) : str_dup(err_text());

	record_rest(c, from, spared ? VERDICT_BROKEN : VERDICT_FAIL, why);
}

/*
 * Return: 0 up; -ECANCELED the kernel does not boot, its cells from @from on are recorded; other
 * -errno: the bed.
 */
static int boot(struct campaign *c, size_t from)
{
	bool died;
	int boots = 0, err;

	while ((err = c->ops->boot(c->arg, c->v, &died)) && died && err != -EINTR && gets_a_boot(c, err_text(), ++boots))
		tell(c, str_fmt("the host did not boot (%s); under TCG this may be the emulator: once more", err_text()));
	if (!err)
		say_good(c, boots);
	c->is_up = !err;
	if (err && died && err != -EINTR) {
		record_unbootable(c, from);
		return -ECANCELED;
	}
	return err;
}

/* On the host that is up, or a new one. Return: as for boot(). */
static int try_cell(struct campaign *c, size_t i, struct host_outcome *o)
{
	int err = c->is_up ? 0 : boot(c, i);

	if (!err)
		err = c->ops->cell(c->arg, c->v->cells[i], o);
	if (!err)
		mark_emulators(c, o);
	return err;
}

/* A host that died at a cell: again, on new boots, where it may have been the emulator. Return: as for boot(). */
static int measure_again(struct campaign *c, size_t i, struct host_outcome *o)
{
	int boots = 1, err = 0;

	for (; !err && o->host_died && gets_a_boot(c, o->reason, boots); boots++) {
		tell(c, str_fmt("the host died (%s); under TCG this may be the emulator: once more", o->reason));
		stop_host(c);
		host_outcome_free(o);
		err = try_cell(c, i, o);
	}
	if (!err && !o->host_died)
		tell(c, str_fmt(boots == 2 ? "the second boot got through; the first death is held to be the emulator's" :
					     "a later boot got through; the deaths before are held to be the emulator's"));
	return err;
}

/* A guest that hangs or ends, where it may have been the emulator: again, with a new one. Return: as for boot(). */
static int measure_lost(struct campaign *c, size_t i, struct host_outcome *o)
{
	if (!o->guest_lost || o->host_tainted || !c->is_emulated)
		return 0;
	tell(c, str_fmt("the guest was lost (%s); under TCG this may be the emulator: once more", o->reason));
	host_outcome_free(o);
	return try_cell(c, i, o);
}

/* Why it is no sample: the kernel, the bed, or the emulator. */
static void blame(struct campaign *c, struct host_outcome *o)
{
	char *reason;

	if (!is_emulators(c, o->reason)) {
		if (!o->host_left)
			o->verdict = VERDICT_FAIL;
		return;
	}
	o->verdict = VERDICT_BROKEN;
	reason = emulators_reason(o->reason);
	free(o->reason);
	o->reason = reason;
}

/* @ret_again: it is to be measured once more. Return: as for boot(). */
static int measure(struct campaign *c, size_t i, bool *ret_again)
{
	struct host_outcome o = { 0 };
	int err = try_cell(c, i, &o);

	*ret_again = false;
	if (!err)
		err = measure_lost(c, i, &o);
	if (!err && o.host_died)
		err = measure_again(c, i, &o);
	if (err)
		return err;
	if (o.host_died) {
		stop_host(c);
		blame(c, &o);
		note_death(c, c->v->cells[i], o.verdict);
	}
	if (o.host_tainted)
		stop_host(c);
	c->ops->record(c->arg, c->v, c->v->cells[i], &o);
	*ret_again = c->ops->again(c->arg, c->v->cells[i], &o);
	host_outcome_free(&o);
	return 0;
}

static int run_visit(struct campaign *c)
{
	int err = 0;

	for (size_t i = 0; i < c->v->n_cells && !err; i++) {
		enum verdict verdict = untried(c, c->v->cells[i]);
		bool again = true;

		if (verdict != VERDICT_PASS)
			record_unmeasured(c, i, verdict, UNTRIED);
		else
			while (again && !err)
				err = measure(c, i, &again);
	}
	stop_host(c);
	free(c->deaths);
	return err == -ECANCELED ? 0 : err;
}

int campaign_run(const struct visit *v, size_t n, bool is_emulated, const struct campaign_ops *ops,
		 void *arg)
{
	int err = 0;

	for (size_t i = 0; i < n && !err; i++) {
		struct campaign c = { .ops = ops, .arg = arg, .is_emulated = is_emulated, .v = &v[i] };

		err = run_visit(&c);
	}
	return err;
}
