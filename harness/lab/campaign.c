// SPDX-License-Identifier: GPL-2.0-only
/* campaign.c - the boots of a run, and what follows when a host dies */
#include "lab/campaign.h"

#include <errno.h>
#include <stdlib.h>

#include "lib/cleanup.h"
#include "lib/err.h"
#include "lib/str.h"

/* A kernel that has died for good at so many cells is not given more of their kind in a visit. */
#define DEATHS_MAX 2
#define UNTRIED	   "not measured: the host died at two cells like it before"

struct campaign {
	const struct campaign_ops *ops;
	void *arg;
	bool is_emulated;
	const struct visit *v;
	bool is_up;
	size_t *deaths; /* cells at which the host died */
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

static void note_death(struct campaign *c, size_t cell)
{
	c->deaths = mem_grow(c->deaths, c->n_deaths + 1, sizeof(*c->deaths));
	c->deaths[c->n_deaths++] = cell;
}

static bool is_hopeless(const struct campaign *c, size_t cell)
{
	size_t n = 0;

	for (size_t i = 0; i < c->n_deaths; i++)
		n += c->ops->alike(c->arg, c->deaths[i], cell);
	return n >= DEATHS_MAX;
}

static void stop_host(struct campaign *c)
{
	if (c->is_up)
		c->ops->stop(c->arg);
	c->is_up = false;
}

/*
 * Return: 0 up; -ECANCELED the kernel does not boot, its cells from @from on are recorded; other
 * -errno: the bed.
 */
static int boot(struct campaign *c, size_t from)
{
	_cleanup_(freep) char *first = NULL;
	bool died;
	int err = c->ops->boot(c->arg, c->v, &died);

	if (err && died && c->is_emulated && err != -EINTR) {
		first = str_dup(err_text());
		tell(c, str_fmt("the host did not boot (%s); under TCG this may be the emulator: once more", first));
		err = c->ops->boot(c->arg, c->v, &died);
		if (!err)
			tell(c, str_fmt("the second boot is good; the first failure is held to be the emulator's"));
	}
	c->is_up = !err;
	if (err && died && err != -EINTR) {
		record_rest(c, from, VERDICT_FAIL, err_text());
		return -ECANCELED;
	}
	return err;
}

/* A host that died at a cell: again, on a new boot. Return: as for boot(). */
static int measure_again(struct campaign *c, size_t i, struct host_outcome *o)
{
	_cleanup_(freep) char *first = str_dup(o->reason);
	int err;

	tell(c, str_fmt("the host died (%s); under TCG this may be the emulator: once more", first));
	host_outcome_free(o);
	err = boot(c, i);
	if (!err)
		err = c->ops->cell(c->arg, c->v->cells[i], o);
	if (!err && !o->host_died)
		tell(c, str_fmt("the second boot got through; the first death is held to be the emulator's"));
	return err;
}

/* @ret_again: it is to be measured once more. Return: as for boot(). */
static int measure(struct campaign *c, size_t i, bool *ret_again)
{
	struct host_outcome o = { 0 };
	int err = c->is_up ? 0 : boot(c, i);

	*ret_again = false;
	if (!err)
		err = c->ops->cell(c->arg, c->v->cells[i], &o);
	if (!err && o.host_died) {
		stop_host(c);
		if (c->is_emulated)
			err = measure_again(c, i, &o);
	}
	if (err)
		return err;
	if (o.host_died) {
		stop_host(c);
		if (!o.host_left)
			o.verdict = VERDICT_FAIL;
		note_death(c, c->v->cells[i]);
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
		bool again = true;

		if (is_hopeless(c, c->v->cells[i]))
			record_unmeasured(c, i, VERDICT_SKIP, UNTRIED);
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
