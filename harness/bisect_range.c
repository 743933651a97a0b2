// SPDX-License-Identifier: GPL-2.0-only
/* bisect_range.c - what lies between good and bad: git and apt are asked, bisect/range.c understands the answers */
#include <errno.h>
#include <glob.h>
#include <string.h>

#include "bisect.h"
#include "build/kernel.h"
#include "build/series.h"
#include "lib/cleanup.h"
#include "lib/err.h"
#include "lib/fs.h"

static int full_id(const struct bisect *b, const char *word, char **ret)
{
	struct gittree g = { 0 };
	int err = gittree_find(b->plan.kernels[0].tree, word, &g);

	if (!err)
		*ret = str_dup(g.commit);
	gittree_free(&g);
	return err;
}

static int add_commits(const struct bisect *b, const char *from, const char *to, struct range *r)
{
	_cleanup_(freep) char *between = str_fmt("%s..%s", from, to), *out = NULL;
	const char *const words[] = { "log", "--reverse", "-m", "--first-parent", "--name-only", RANGE_LOG_FORMAT, between,
				      "--", NULL };
	int err = gittree_run(b->tree.path, words, NULL, 600, &out);

	return err ? err : range_commits(out, &b->options->paths, r);
}

static int check_ancestor(const struct bisect *b, const char *good, const char *bad)
{
	const char *const words[] = { "merge-base", "--is-ancestor", good, bad, NULL };
	int err = gittree_run(b->tree.path, words, NULL, 600, NULL);

	if (err != -EPROTO)
		return err;
	return err_say(EINVAL, "good %.12s is not an ancestor of bad %.12s; take their merge base as good: git merge-base %.12s %.12s",
		       good, bad, good, bad);
}

static int commits(struct bisect *b)
{
	_cleanup_(freep) char *good = NULL, *bad = NULL;
	int err = gittree_find(b->plan.kernels[0].tree, NULL, &b->tree);

	if (!err)
		err = full_id(b, b->options->good, &good);
	if (!err)
		err = full_id(b, b->options->bad, &bad);
	if (!err)
		err = check_ancestor(b, good, bad);
	if (err)
		return err;
	range_add(&b->range, good, "");
	return add_commits(b, good, bad, &b->range);
}

int bisect_inside(const struct bisect *b, const char *merge, unsigned int parent, struct range *ret)
{
	_cleanup_(freep) char *first = str_fmt("%s^1", merge), *other = str_fmt("%s^%u", merge, parent);
	_cleanup_(freep) char *good = NULL, *side = NULL, *subject = NULL;
	const char *const words[] = { "log", "-1", "--format=%s", merge, NULL };
	int err = full_id(b, first, &good);

	if (!err)
		err = full_id(b, other, &side);
	if (!err)
		err = gittree_run(b->tree.path, words, NULL, 60, &subject);
	if (err)
		return err;
	range_add(ret, good, "");
	err = add_commits(b, good, side, ret);
	subject[strcspn(subject, "\n")] = '\0';
	/* What the merge itself did, if its side does not. Not a merge any more: its inside is searched now. */
	range_add(ret, merge, subject);
	return err;
}

/* The word after "linux-image-", if it is a version: "6.12-cloud-amd64" has the flavour "cloud-amd64". */
static const char *flavour_of(const char *package)
{
	const char *at = str_starts(package, "linux-image-") ? package + strlen("linux-image-") : package;

	while (*at >= '0' && *at <= '9' && strchr(at, '-'))
		at = strchr(at, '-') + 1;
	return at;
}

static int add_suite(struct bisect *b, const char *suite, struct strv *all, struct strv *suites)
{
	size_t before = all->n;
	int err = package_images(&b->bed.run.ground.cache, flavour_of(b->plan.kernels[0].package), suite, all);

	for (size_t i = before; i < all->n; i += 2)
		strv_add(suites, suite ? suite : "");
	return err;
}

/* A word is a version, or a package whose version is meant. */
static char *version_of(const struct strv *all, const char *word)
{
	for (size_t i = 0; i + 1 < all->n; i += 2)
		if (!strcmp(all->v[i], word))
			return str_dup(all->v[i + 1]);
	return str_dup(word);
}

static int packages(struct bisect *b)
{
	_cleanup_(strv_free) struct strv all = { 0 }, suites = { 0 };
	_cleanup_(freep) struct range_package *list = NULL;
	_cleanup_(freep) char *good = NULL, *bad = NULL;
	const char *own = b->plan.kernels[0].suite;
	int err = add_suite(b, NULL, &all, &suites);

	if (!err && own)
		err = add_suite(b, own, &all, &suites);
	for (size_t i = 0; i < b->options->suites.n && !err; i++)
		err = add_suite(b, b->options->suites.v[i], &all, &suites);
	if (err)
		return err;
	list = mem_zalloc((suites.n + 1) * sizeof(*list));
	for (size_t i = 0; i < suites.n; i++)
		list[i] = (struct range_package){ all.v[2 * i], all.v[2 * i + 1], *suites.v[i] ? suites.v[i] : NULL };
	good = version_of(&all, b->options->good);
	bad = version_of(&all, b->options->bad);
	return range_packages(list, suites.n, good, bad, &b->range);
}

/* From none of the series to all of it. */
static int patches(struct bisect *b)
{
	_cleanup_(freep) char *dir = NULL, *pattern = NULL;
	const struct kernel *stock = &b->bed.run.ground.kernels[0];
	glob_t g = { 0 };
	int err = series_find(b->series, stock->base ? stock->base : stock->package.version, &dir);

	if (err)
		return err;
	pattern = str_fmt("%s/*.patch", dir);
	range_add(&b->range, "none of the series", "");
	if (!glob(pattern, 0, NULL, &g))
		for (size_t i = 0; i < g.gl_pathc; i++)
			range_add(&b->range, strrchr(g.gl_pathv[i], '/') + 1, "");
	globfree(&g);
	str_set(&b->series, dir);
	return b->range.n ? 0 : err_say(EINVAL, "series %s has no patch", dir);
}

static int options(struct bisect *b)
{
	_cleanup_(freep) char *bad = NULL;
	int err = fs_read(b->options->good, &b->good_config, NULL);

	if (!err)
		err = fs_read(b->options->bad, &bad, NULL);
	return err ? err : range_options(b->good_config, bad, &b->range);
}

int bisect_range(struct bisect *b)
{
	static int (*const by_kind[])(struct bisect *b) = {
		[RANGE_COMMITS] = commits, [RANGE_PATCHES] = patches,
		[RANGE_PACKAGES] = packages, [RANGE_OPTIONS] = options,
	};
	int err = by_kind[b->kind](b);

	b->range.kind = b->kind;
	if (!err && !b->range.n)
		err = err_say(EINVAL, "there is nothing between good and bad");
	return err;
}
