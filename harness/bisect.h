/* SPDX-License-Identifier: GPL-2.0-only */
/* bisect.h - one bisect: joins range, hunt, bed and journal */
#ifndef BISECT_H
#define BISECT_H

#include <jansson.h>

#include "bisect/hunt.h"
#include "bisect_bed.h"
#include "bisect_ahead.h"
#include "build/gittree.h"

/**
 * struct bisect_options - what the command line says; texts are argv's
 * @kind:    RANGE_KINDS: by what the kernel is
 * @paths:   suspected files and folders
 * @suites:  more suites to look for packages in
 * @beside:  CPUs to build on while a kernel is measured, with @has_beside; else ahead_cpus() decides
 * @argv:    the command line, to be said in the report
 */
struct bisect_options {
	const char *plan;
	const char *kernel;
	const char *cell;
	const char *good;
	const char *bad;
	const char *tree;
	const char *connect;
	const char *cache;
	const char *state;
	const char *resume;
	enum range_kind kind;
	enum metric metric;
	bool has_metric;
	bool verifies;
	bool is_whole;
	bool has_beside;
	unsigned int beside;
	struct search_options search;
	struct strv sets;
	struct strv paths;
	struct strv suites;
	char **argv;
	int argc;
};

/**
 * struct bisect - while it goes on
 * @tree:    of commits
 * @range:   the present one: all of it, or the inside of a merge
 * @dir:     STATE/bisect/ID
 * @journal: every line of it, also those of an earlier process
 * @told:    how many of them are known to @hunt
 * @present: the state whose kernel the bed has, with @has_present
 * @wants_fresh: samples of another bisect will not do
 * @lock:    descriptor that holds the folder alone
 * @good_config: text of the good configuration
 * @series:  folder of the patches, of which each state has some
 * @revert:  what stands for the bad end without the culprit: the culprit's number, 0 for none
 * @revert_tree: repository with it, of commits
 * @ahead:   what is built while a kernel is measured
 * @confidence: of all ranges together
 * @around:  report of the ranges around a merge that was gone into, NULL for none
 */
struct bisect {
	const struct bisect_options *options;
	struct plan plan;
	struct bisect_bed bed;
	struct gittree tree;
	struct range range;
	struct hunt hunt;
	enum range_kind kind;
	char *id;
	char *dir;
	json_t *journal;
	size_t told;
	bool wants_fresh;
	bool has_present;
	size_t present;
	int lock;
	char *good_config;
	char *series;
	size_t revert;
	char *revert_tree;
	struct ahead ahead;
	double confidence;
	char *around;
	double began;
};

/** bisect_range() - what lies between good and bad. Return: 0; -EINVAL with what would be right; other -errno. */
int bisect_range(struct bisect *b);

/**
 * bisect_inside() - the range inside a merge
 * @at:     the merge in the present range, whose first parent is good
 * @parent: which other parent, from 2
 * @ret:    from the first parent over the commits of the other one to the merge itself
 * Return: 0 or -errno.
 */
int bisect_inside(const struct bisect *b, const char *merge, unsigned int parent, struct range *ret);

/** bisect_kernel() - make the plan's kernel that of a state. Return: 0 or -errno. */
int bisect_kernel(struct bisect *b, size_t at);

/** bisect_looks_same() - Return: whether the change that leads to a state alters comments and documentation alone. */
bool bisect_looks_same(struct bisect *b, size_t at);

/** bisect_make_revert() - make HUNT_REVERT, the bad end without change @at. Return: 0; -ENOTSUP; -EEXIST it conflicts; other -errno. */
int bisect_make_revert(struct bisect *b, size_t at);

/** bisect_note() - append a line to the journal, on the disk when this returns. Return: 0 or -errno. */
int bisect_note(struct bisect *b, const json_t *line);

/** bisect_folder() - a folder for this bisect, or with --resume that of an earlier one and its journal. Return: 0 or -errno. */
int bisect_folder(struct bisect *b);

/** bisect_report() - to stdout and STATE/bisect/ID/report, and the log of git bisect. Return: 0 or -errno. */
int bisect_report(struct bisect *b, enum search_what end);

#endif
