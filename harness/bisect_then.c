// SPDX-License-Identifier: GPL-2.0-only
/* bisect_then.c - from the package that was found to the commits between it and the one before */
#include "bisect_then.h"

#include <errno.h>

#include "again.h"
#include "bisect/tell.h"
#include "lib/cleanup.h"
#include "lib/err.h"
#include "lib/log.h"
#include "plan/verdict.h"

/* The first of the names of a version that the tree has. Return: 0 and *@ret, to be freed; -ENOENT. */
static int find_tag(const char *tree, const char *version, char **ret)
{
	_cleanup_(strv_free) struct strv names = { 0 };
	_cleanup_(freep) char *all = NULL;

	range_tags(version, &names);
	for (size_t i = 0; i < names.n && !*ret; i++) {
		_cleanup_(freep) char *tag = str_fmt("refs/tags/%s", names.v[i]);
		struct gittree g = { 0 };

		if (!gittree_find(tree, tag, &g))
			*ret = str_dup(names.v[i]);
		gittree_free(&g);
		err_clear();
	}
	all = strv_join(&names, " or ");
	return *ret ? 0 : err_say(ENOENT, "%s has no tag %s; get it by git fetch --tags", tree, all);
}

static void add_pair(struct strv *argv, const char *name, const char *value)
{
	if (!value)
		return;
	strv_add(argv, name);
	strv_add(argv, value);
}

/* Everything that was asked for, but for where to look. */
static void command_for(const struct bisect *b, const char *good, const char *bad, struct strv *argv)
{
	const struct bisect_options *o = b->options;
	_cleanup_(freep) char *confidence = str_fmt("%g", o->search.confidence), *wrong = str_fmt("%g", o->search.oracle.wrong);

	strv_add(argv, "tapbed");
	strv_add(argv, "bisect");
	strv_add(argv, o->plan);
	add_pair(argv, "--by", range_kind_name(RANGE_COMMITS));
	add_pair(argv, "--tree", o->tree);
	strv_add(argv, "--whole");
	add_pair(argv, "--good", good);
	add_pair(argv, "--bad", bad);
	add_pair(argv, "--metric", tell_metric(o->metric));
	add_pair(argv, "--kernel", o->kernel);
	add_pair(argv, "--cell", o->cell);
	add_pair(argv, "--confidence", confidence);
	add_pair(argv, "--wrong", wrong);
	add_pair(argv, "--connect", o->connect);
	add_pair(argv, "--cache", o->cache);
	add_pair(argv, "--state", o->state);
	for (size_t i = 0; i < o->sets.n; i++)
		add_pair(argv, "--set", o->sets.v[i]);
	if (!o->verifies)
		strv_add(argv, "--no-verify");
	strv_add(argv, "--");
	for (size_t i = 0; i < o->paths.n; i++)
		strv_add(argv, o->paths.v[i]);
}

int bisect_then(const struct bisect *b)
{
	struct search_culprit c = search_culprit((struct search *)&b->hunt.search);
	const char *was = b->range.v[c.from - 1].about, *is = b->range.v[c.to].about;
	_cleanup_(freep) char *good = NULL, *bad = NULL;
	_cleanup_(strv_free) struct strv argv = { 0 };
	int status, err = find_tag(b->options->tree, was, &good);

	if (!err)
		err = find_tag(b->options->tree, is, &bad);
	if (!err && str_eq(good, bad))
		err = err_say(ENOENT, "%s and %s are both %s: what differs is Debian's packaging, its patches or configuration", was,
			      is, good);
	if (err) {
		log_error("no commits are searched: %s", err_text());
		return EXIT_SKIP;
	}
	log_info("on with the commits from %s to %s", good, bad);
	command_for(b, good, bad, &argv);
	status = again_run(&argv);
	if (status < 0)
		log_error("%s", err_text());
	return status < 0 ? EXIT_BROKEN : status;
}
