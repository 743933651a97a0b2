// SPDX-License-Identifier: GPL-2.0-only
/* gittree.c - a user's git tree at a commit, checked out elsewhere; nothing is ever written to the tree */
#include "build/gittree.h"

#include <errno.h>
#include <string.h>

#include "lib/cleanup.h"
#include "lib/err.h"
#include "lib/fs.h"
#include "lib/log.h"
#include "lib/proc.h"
#include "lib/str.h"

/* We may be started by git itself, by "git bisect run" or a hook, with its own tree in the environment. */
static const char *const no_git[] = {
	"GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_OBJECT_DIRECTORY", "GIT_COMMON_DIR",
	"GIT_ALTERNATE_OBJECT_DIRECTORIES", "GIT_OPTIONAL_LOCKS=0", NULL,
};

int gittree_run(const char *dir, const char *const *words, const char *log, double deadline_s, char **ret_out)
{
	struct strv argv = { 0 };
	struct proc p = { .env = no_git, .log_path = log, .deadline_s = deadline_s };
	int err;

	strv_add(&argv, "git");
	strv_add(&argv, "-C");
	strv_add(&argv, dir);
	for (; *words; words++)
		strv_add(&argv, *words);
	p.argv = (const char *const *)argv.v;
	err = proc_run(&p, ret_out);
	strv_free(&argv);
	return err;
}

/* The same for an answer of one line, which loses its line break. */
static int git(const char *dir, const char *const *words, const char *log, double deadline_s, char **ret_out)
{
	int err = gittree_run(dir, words, log, deadline_s, ret_out);

	if (ret_out && *ret_out)
		(*ret_out)[strcspn(*ret_out, "\n")] = '\0';
	return err;
}

static int find_commit(const char *commit, struct gittree *g)
{
	_cleanup_(freep) char *word = str_fmt("%s^{commit}", commit);
	const char *const words[] = { "rev-parse", "--verify", "--quiet", "--end-of-options", word, NULL };
	int err = git(g->path, words, NULL, 60, &g->commit);

	if (err != -EPROTO)
		return err;
	return err_say(ENOENT, "tree %s has no commit %s; see git -C %s log --all, or fetch it", g->path, commit, g->path);
}

static void warn_if_changed(const char *path)
{
	const char *const words[] = { "status", "--porcelain", "--untracked-files=no", NULL };
	_cleanup_(freep) char *out = NULL;

	if (git(path, words, NULL, 60, &out))
		err_clear();
	else if (*out)
		log_warn("tree %s has changes that are not committed; they are not built", path);
}

int gittree_find(const char *tree, const char *commit, struct gittree *ret)
{
	const char *const words[] = { "rev-parse", "--path-format=absolute", "--git-path", "objects", NULL };
	int err;

	*ret = (struct gittree){ .path = realpath(tree, NULL) };
	if (!ret->path)
		return err_set(errno, "tree %s", tree);
	if (!proc_find("git"))
		return err_say(ENOENT, "a kernel from a tree needs git; apt-get install git (or make deps)");
	err = git(ret->path, words, NULL, 60, &ret->objects);
	if (err)
		return err_wrap(err == -EPROTO ? -ENOENT : err, "tree %s", ret->path);
	err = find_commit(commit ? commit : "HEAD", ret);
	if (!err && !commit)
		warn_if_changed(ret->path);
	return err;
}

char *gittree_version(const struct gittree *g, const char *commit)
{
	if (!commit || str_starts(g->commit, commit))
		return str_fmt("%.12s", g->commit);
	return str_fmt("%s (%.12s)", commit, g->commit);
}

/* "PATCHLEVEL = 12" of the top Makefile, the number alone; "" if it has none. */
static char *makefile_number(const struct gittree *g, const char *name)
{
	_cleanup_(freep) char *line = str_fmt("^%s = ", name), *out = NULL;
	const char *const words[] = { "grep", "-h", line, g->commit, "--", "Makefile", NULL };

	if (git(g->path, words, NULL, 60, &out))
		err_clear();
	return str_dup(out && strrchr(out, ' ') ? strrchr(out, ' ') + 1 : "");
}

char *gittree_kernel_version(const struct gittree *g)
{
	_cleanup_(freep) char *version = makefile_number(g, "VERSION");
	_cleanup_(freep) char *patchlevel = makefile_number(g, "PATCHLEVEL");

	return str_fmt("%s.%s", version, patchlevel);
}

static int make_repository(const struct gittree *g, const char *dir, const char *log)
{
	_cleanup_(freep) char *alternates = str_fmt("%s/.git/objects/info/alternates", dir);
	_cleanup_(freep) char *line = str_fmt("%s\n", g->objects);
	_cleanup_(freep) char *info = str_fmt("%s/.git/objects/info", dir);
	const char *const init[] = { "init", "-q", "--template=", NULL };
	int err = fs_mkdirs(dir);

	if (!err)
		err = git(dir, init, log, 60, NULL);
	if (!err)
		err = fs_mkdirs(info);
	return err ? err : fs_write(alternates, line, strlen(line), 0644);
}

int gittree_checkout(const struct gittree *g, const char *dir, const char *log)
{
	_cleanup_(freep) char *lock = str_fmt("%s/.git/index.lock", dir);
	const char *const refresh[] = { "update-index", "-q", "--refresh", NULL };
	const char *const checkout[] = { "-c", "advice.detachedHead=false", "-c", "gc.auto=0", "checkout", "-q",
					 "--force", "--detach", g->commit, NULL };
	int err = make_repository(g, dir, log);

	if (!err)
		err = fs_remove(lock); /* of a checkout that was killed: the tree is ours alone */
	/* A file that was patched and restored has a new date; git would write it once more. It has status 1 for others. */
	if (!err && git(dir, refresh, log, 300, NULL))
		err_clear();
	if (!err)
		err = git(dir, checkout, log, 900, NULL);
	return err ? err_wrap(err, "check out %.12s of %s", g->commit, g->path) : 0;
}

int gittree_blobs(const struct gittree *g, const char *const *files, char **ret)
{
	_cleanup_(strv_free) struct strv words = { 0 };

	strv_add(&words, "ls-tree");
	strv_add(&words, g->commit);
	strv_add(&words, "--");
	for (; *files; files++)
		strv_add(&words, *files);
	return gittree_run(g->path, (const char *const *)words.v, NULL, 60, ret);
}

int gittree_file(const struct gittree *g, const char *file, char **ret)
{
	_cleanup_(freep) char *word = str_fmt("%s:%s", g->commit, file);
	const char *const words[] = { "cat-file", "blob", word, NULL };
	int err = gittree_run(g->path, words, NULL, 60, ret);

	return err ? err_wrap(err, "%s of %.12s", file, g->commit) : 0;
}

void gittree_free(struct gittree *g)
{
	free(g->path);
	free(g->objects);
	free(g->commit);
	*g = (struct gittree){ 0 };
}
