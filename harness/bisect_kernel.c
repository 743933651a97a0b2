// SPDX-License-Identifier: GPL-2.0-only
/* bisect_kernel.c - a state of the range as a kernel: what the plan says, with one thing exchanged */
#include <errno.h>
#include <string.h>

#include "bisect.h"
#include "lib/cleanup.h"
#include "lib/err.h"
#include "lib/fs.h"

static bool is_revert(const struct bisect *b, size_t at)
{
	return at == HUNT_REVERT(&b->hunt);
}

static int to_commit(struct bisect *b, size_t at)
{
	struct plan_kernel *k = &b->plan.kernels[0];

	if (is_revert(b, at)) {
		str_set(&k->tree, b->revert_tree);
		str_set(&k->commit, NULL);
		str_set(&k->name, "revert");
		return 0;
	}
	str_set(&k->tree, b->tree.path);
	str_set(&k->commit, b->range.v[at].id);
	free(k->name);
	k->name = str_fmt("%.12s", b->range.v[at].id);
	return 0;
}

static int to_package(struct bisect *b, size_t at)
{
	struct plan_kernel *k = &b->plan.kernels[0];
	const struct range_state *st = &b->range.v[at];

	str_set(&k->package, st->id);
	str_set(&k->version, st->about);
	str_set(&k->suite, st->suite);
	str_set(&k->name, st->about);
	return 0;
}

/* Whether change @i is part of state @at. */
static bool has_change(const struct bisect *b, size_t at, size_t i)
{
	return is_revert(b, at) ? i != b->revert : i <= at;
}

/* A folder of links to the patches that are in it. */
static int to_patches(struct bisect *b, size_t at)
{
	struct plan_kernel *k = &b->plan.kernels[0];
	_cleanup_(freep) char *all = str_fmt("%s/patches", b->dir), *dir = NULL;
	size_t n = 0;
	int err;

	dir = is_revert(b, at) ? str_fmt("%s/revert", all) : str_fmt("%s/%04zu", all, at);
	err = fs_mkdirs(dir);
	for (size_t i = 1; i <= b->range.n && !err; i++) {
		_cleanup_(freep) char *from = str_fmt("%s/%s", b->series, b->range.v[i].id);
		_cleanup_(freep) char *to = str_fmt("%s/%s", dir, b->range.v[i].id);

		if (!has_change(b, at, i))
			continue;
		n++;
		err = fs_copy(from, to, 0644);
	}
	str_set(&k->series, n ? dir : NULL);
	free(k->name);
	k->name = is_revert(b, at) ? str_dup("revert") : str_fmt("patches-%zu", at);
	return err;
}

static int to_options(struct bisect *b, size_t at)
{
	struct plan_kernel *k = &b->plan.kernels[0];
	size_t upto = is_revert(b, at) ? b->range.n : at;
	_cleanup_(freep) char *path = str_fmt("%s/bisect-%zu.config", b->dir, at), *text = NULL;
	struct range_state kept = b->range.v[b->revert];
	int err;

	/* Without the culprit: its line as it is in the good configuration. */
	if (is_revert(b, at))
		b->range.v[b->revert].id = kept.about;
	text = range_config(&b->range, b->good_config, upto);
	b->range.v[b->revert] = kept;
	err = fs_write(path, text, strlen(text), 0644);
	/* The last fragment is the one that is searched: cmd_bisect.c put the good one there. */
	free(k->config.v[k->config.n - 1]);
	k->config.v[k->config.n - 1] = take_ptr(&path);
	free(k->name);
	k->name = is_revert(b, at) ? str_dup("revert") : str_fmt("options-%zu", at);
	return err;
}

int bisect_kernel(struct bisect *b, size_t at)
{
	static int (*const by_kind[])(struct bisect *b, size_t at) = {
		[RANGE_COMMITS] = to_commit, [RANGE_PATCHES] = to_patches,
		[RANGE_PACKAGES] = to_package, [RANGE_OPTIONS] = to_options,
	};

	return by_kind[b->kind](b, at);
}

static bool is_text(const char *file)
{
	return str_starts(file, "Documentation/") || str_ends(file, ".rst") || str_ends(file, ".md") ||
	       str_ends(file, ".txt") || str_eq(file, "MAINTAINERS");
}

static bool is_c(const char *file)
{
	return str_ends(file, ".c") || str_ends(file, ".h") || str_ends(file, ".S");
}

static bool file_looks_same(const struct bisect *b, const char *before, const char *after, const char *file)
{
	struct gittree was = b->tree, is = b->tree;
	_cleanup_(freep) char *a = NULL, *c = NULL;

	if (is_text(file))
		return true;
	was.commit = (char *)before;
	is.commit = (char *)after;
	if (!is_c(file) || gittree_file(&was, file, &a) || gittree_file(&is, file, &c)) {
		err_clear();
		return false;
	}
	return range_is_comment(a, c);
}

bool bisect_looks_same(struct bisect *b, size_t at)
{
	const char *before, *after;
	const char *words[] = { "diff", "--name-only", "--no-renames", NULL, NULL, "--", NULL };
	_cleanup_(freep) char *files = NULL;
	bool is_same = true;
	char *save = NULL;

	if (b->kind != RANGE_COMMITS || !at || at > b->range.n)
		return false;
	words[3] = before = b->range.v[at - 1].id;
	words[4] = after = b->range.v[at].id;
	if (gittree_run(b->tree.path, words, NULL, 60, &files)) {
		err_clear();
		return false;
	}
	for (char *f = strtok_r(files, "\n", &save); f && is_same; f = strtok_r(NULL, "\n", &save))
		is_same = file_looks_same(b, before, after, f);
	return is_same;
}

/* In a repository of ours that borrows the tree's objects: nothing is written to the tree. */
static int revert_commit(struct bisect *b, size_t at)
{
	const char *bad = b->range.v[b->range.n].id, *culprit = b->range.v[at].id;
	struct gittree end = { .path = b->tree.path, .objects = b->tree.objects, .commit = (char *)bad };
	const char *revert[] = { "-c", "user.name=tapbed", "-c", "user.email=tapbed@localhost", "revert", "--no-edit", culprit,
				 b->range.v[at].parents > 1 ? "-m" : NULL, "1", NULL };
	int err;

	free(b->revert_tree);
	b->revert_tree = str_fmt("%s/revert-%.12s", b->dir, culprit);
	err = fs_remove(b->revert_tree);
	if (!err)
		err = gittree_checkout(&end, b->revert_tree, NULL);
	if (err)
		return err;
	err = gittree_run(b->revert_tree, revert, NULL, 300, NULL);
	return err == -EPROTO ? err_say(EEXIST, "git revert %.12s on %.12s conflicts", culprit, bad) : err;
}

int bisect_make_revert(struct bisect *b, size_t at)
{
	int err = 0;

	if (b->kind == RANGE_PACKAGES)
		return err_say(ENOTSUP, "a package cannot be taken out of a later one");
	if (at == b->range.n && b->kind != RANGE_COMMITS)
		return err_say(ENOTSUP, "the last change without itself is the state before it, which was measured");
	b->revert = at;
	if (b->kind == RANGE_COMMITS)
		err = revert_commit(b, at);
	return err;
}
