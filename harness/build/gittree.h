/* SPDX-License-Identifier: GPL-2.0-only */
/* gittree.h - a user's git tree at a commit, checked out elsewhere; nothing is ever written to the tree */
#ifndef BUILD_GITTREE_H
#define BUILD_GITTREE_H

/**
 * struct gittree - tree and commit, found
 * @path:    of the tree, absolute
 * @objects: folder of its objects
 * @commit:  full id
 */
struct gittree {
	char *path;
	char *objects;
	char *commit;
};

/**
 * gittree_find() - which commit is meant
 * @tree:   path of a git tree, with or without files
 * @commit: what git calls it, NULL for HEAD
 * @ret:    gittree_free() it in any case
 * Return: 0; -ENOENT for a path that is no git tree or a commit that it does not have; other -errno.
 */
int gittree_find(const char *tree, const char *commit, struct gittree *ret);

/** gittree_version() - Return: words for reports, "v6.12 (adc218676eef)"; to be freed. @commit: as the plan calls it. */
char *gittree_version(const struct gittree *g, const char *commit);

/** gittree_kernel_version() - Return: "6.12" by the Makefile of the commit, "." if that does not say; to be freed. */
char *gittree_kernel_version(const struct gittree *g);

/**
 * gittree_checkout() - have the commit's files in a folder
 * @dir: made if it is missing: a repository of its own that finds the objects in the tree.
 *       Only files that differ from the commit that was there before are written.
 * @log: takes git's words
 * Return: 0 or -errno.
 */
int gittree_checkout(const struct gittree *g, const char *dir, const char *log);

/** gittree_blobs() - what git has at @files (NULL-terminated), "MODE blob ID<tab>FILE" a line, nothing for one that is not there. @ret: to be freed. Return: 0 or -errno. */
int gittree_blobs(const struct gittree *g, const char *const *files, char **ret);

/** gittree_file() - the text of a file at the commit. @ret: to be freed. Return: 0 or -errno. */
int gittree_file(const struct gittree *g, const char *file, char **ret);

/**
 * gittree_run() - any git command in a tree, whatever the environment says of trees
 * @dir:     the tree
 * @words:   the command, NULL-terminated
 * @log:     takes git's words, or NULL
 * @ret_out: its whole output, to be freed; or NULL
 * Return: as proc_run().
 */
int gittree_run(const char *dir, const char *const *words, const char *log, double deadline_s, char **ret_out);

void gittree_free(struct gittree *g);

#endif
