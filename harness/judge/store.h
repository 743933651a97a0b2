/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * store.h - runs that are kept: one SQLite file, a folder a run beside it
 *
 *	$STATE/store.sqlite		tables run, kernel, cell, sample, expect, phase; read it with sqlite3
 *	$STATE/runs/ID/			plan.yaml, log, console-*.log, samples/NNNN.json, ...
 *
 * Every call commits: a sample that was added survives whatever happens next.
 */
#ifndef JUDGE_STORE_H
#define JUDGE_STORE_H

#include "judge/result.h"

struct store;

/** store_open() - open or make the store of @state_dir (made if missing). Return: 0 or -errno. */
int store_open(const char *state_dir, struct store **ret);

/** store_open_existing() - the same for who only reads: -ENOENT with a sentence when nothing is stored in @state_dir. */
int store_open_existing(const char *state_dir, struct store **ret);

void store_close(struct store *s);
static inline void store_closep(struct store **s)
{
	if (*s)
		store_close(*s);
}

/**
 * store_begin() - a new run: its row, its kernels, its cells (skipped ones with their reason), its expectations, its folder
 * @s:       the store
 * @p:       the expanded plan
 * @ret_id:  run id "YYYYMMDD-HHMM-xxxx", to be freed
 * @ret_dir: its folder, made, with samples/ in it and plan.yaml, to be freed
 * Return: 0 or -errno.
 */
int store_begin(struct store *s, const struct plan *p, char **ret_id, char **ret_dir);

/**
 * store_resume() - go on with a run that did not get to its end
 * @s:       the store
 * @id:      run id, a unique prefix or "latest"
 * @p:       the plan: the same kernels and cells in the same order
 * @ret_dir: its folder, to be freed
 * @before:  the run as it was left; run_result_free() it in any case
 *
 * Events of the test bed (BROKEN, TIMEOUT) are forgotten: those cells are measured now. So is "not
 * measured" of cells that were not tried.
 * Return: 0; -EINVAL when the plan is another one; -ENOENT; other -errno.
 */
int store_resume(struct store *s, const char *id, const struct plan *p, char **ret_dir, struct run_result *before);

/** store_kernel() - what kernel number @k turned out to be; NULL members leave the stored value. Return: 0 or -errno. */
int store_kernel(struct store *s, const char *id, size_t k, const struct run_kernel *facts);

/** store_facts() - host and guest facts; NULL leaves the stored value. Return: 0 or -errno. */
int store_facts(struct store *s, const char *id, const json_t *host, const json_t *guest);

/** store_sample() - one sample of cell number @cell. Return: 0 or -errno. */
int store_sample(struct store *s, const char *id, size_t cell, const struct sample *smp);

/** store_event() - what stopped cell number @cell: SKIP, BROKEN, TIMEOUT or FAIL, with a one-line reason. The worst one stays. Return: 0 or -errno. */
int store_event(struct store *s, const char *id, size_t cell, enum verdict event, const char *reason);

/** store_phase() - add @seconds to phase @name of the run. Return: 0 or -errno. */
int store_phase(struct store *s, const char *id, const char *name, double seconds);

/** store_end() - the run is over; wall time. Return: 0 or -errno. */
int store_end(struct store *s, const char *id, double wall_s);

/**
 * store_load() - a run by id; "latest" or NULL is the newest, a unique prefix is enough
 * Return: 0; -ENOENT with a sentence that tells what runs there are (also when a prefix is not
 * unique); other -errno.
 */
int store_load(struct store *s, const char *id, struct run_result *ret);

/** store_same() - runs of one kernel under two names, the newest first. @ret: their ids are added. Return: 0 or -errno. */
int store_same(struct store *s, struct strv *ret);

/**
 * store_list() - every run, newest first, without its parts: cells is NULL, n_cells is their number
 * @ret: array, to be freed with store_list_free()
 * Return: number of runs, or -errno.
 */
int store_list(struct store *s, struct run_result **ret);
void store_list_free(struct run_result *list, int n);

/** store_path() - Return: the SQLite file, to be freed. */
char *store_path(const struct store *s);

/** store_run_dir() - Return: the folder of run @id, to be freed. */
char *store_run_dir(const struct store *s, const char *id);

#endif
