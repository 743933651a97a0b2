// SPDX-License-Identifier: GPL-2.0-only
/* image.c - Debian disk images, made as an ordinary user */
#include "build/image.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "build/appliance.h"
#include "build/recipe.h"
#include "lib/cleanup.h"
#include "lib/dirs.h"
#include "lib/err.h"
#include "lib/fs.h"
#include "lib/hash.h"
#include "lib/keeper.h"
#include "lib/proc.h"
#include "lib/str.h"

#define RECIPE "image 1"

static int recipe_find(const char *name, const char *profile, struct recipe *ret)
{
	_cleanup_(freep) char *file = str_fmt("vm-images/%s.yaml", name);
	_cleanup_(freep) char *path = dirs_data(file);

	return path ? recipe_read(path, profile, ret) : -ENOENT;
}

static int hash_image(const struct recipe *r, char **ret)
{
	struct hash *h = hash_new(RECIPE);
	_cleanup_(freep) char *release = NULL;
	int err = package_release(&release);

	hash_text(h, "recipe", r->text);
	hash_text(h, "profile", r->profile);
	hash_text(h, "release", release);
	*ret = hash_end(h);
	return err;
}

/* No documentation, no translations: half of the bytes that would have to be written. */
static const char *const options[] = {
	"--variant=essential",
	"--format=tar",
	"--aptopt=Apt::Install-Recommends \"false\"",
	"--dpkgopt=path-exclude=/usr/share/doc/*",
	"--dpkgopt=path-exclude=/usr/share/info/*",
	"--dpkgopt=path-exclude=/usr/share/locale/*",
	"--dpkgopt=path-exclude=/usr/share/man/*",
};

/* mmdebstrap's root is another user to the kernel and must get through to its tree. */
static int make_scratch(char **ret)
{
	char *dir = dirs_runtime();

	if (!dir)
		return -EIO;
	keeper_folder(dir);
	*ret = dir;
	return chmod(dir, 0755) ? err_set(errno, "%s: mode", dir) : 0;
}

/* mmdebstrap itself names neither the ids nor the namespaces that an ordinary user lacks. */
static int say_cure(int err)
{
	_cleanup_(freep) char *said = str_dup(err_text());

	if (err != -EPROTO || !geteuid())
		return err;
	return err_say(EPROTO, "%s\ntapbed doctor names what this user lacks for it, and the cure", said);
}

static int bootstrap(const struct recipe *r, const char *tar, const char *log)
{
	_cleanup_(freep) char *names = strv_join(&r->packages, ",");
	_cleanup_(freep) char *release = NULL, *sources = NULL;
	_cleanup_(freep) char *scratch = NULL, *tmpdir = NULL;
	const char *env[] = { NULL, NULL };
	struct strv argv = { 0 };
	struct proc p = { .env = env, .log_path = log, .deadline_s = 900 };
	int err = package_release(&release);

	if (!err)
		err = package_sources(release, &sources);
	if (!err)
		err = make_scratch(&scratch);
	if (err)
		return err;
	tmpdir = str_fmt("TMPDIR=%s", scratch);
	env[0] = tmpdir;
	strv_add(&argv, "mmdebstrap");
	for (size_t i = 0; i < ARRAY_SIZE(options); i++)
		strv_add(&argv, options[i]);
	strv_fmt(&argv, "--include=%s", names);
	strv_add(&argv, release);
	strv_add(&argv, tar);
	strv_add(&argv, "-"); /* sources on standard input */
	p.argv = (const char *const *)argv.v;
	p.input = sources;
	err = say_cure(proc_run(&p, NULL));
	strv_free(&argv);
	keeper_remove(scratch);
	return err;
}

struct making {
	const struct cache *c;
	const struct recipe *r;
	const struct kernel *k;
	bool use_kvm;
};

static int make_image(void *arg, const char *part, const char *log)
{
	const struct making *m = arg;
	_cleanup_(freep) char *tar = str_fmt("%s/tree.tar", part);
	_cleanup_(freep) char *disk = str_fmt("%s/disk.img", part);
	const struct appliance_job job = { m->c, m->k, m->use_kvm, m->r, tar, disk };
	int err = bootstrap(m->r, tar, log);

	if (!err)
		err = appliance_fill(&job);
	return err ? err : fs_remove(tar);
}

int image_build(const struct cache *c, const char *name, const char *profile, const struct kernel *k,
		bool use_kvm, struct image *ret)
{
	_cleanup_(freep) char *hash = NULL, *dir = NULL;
	struct recipe r = { 0 };
	struct making m = { .c = c, .r = &r, .k = k, .use_kvm = use_kvm };
	int err = recipe_find(name, profile, &r);

	if (!err)
		err = hash_image(&r, &hash);
	if (!err)
		err = cache_get(c, "image", hash, make_image, &m, &dir);
	recipe_free(&r);
	if (err)
		return err_wrap(err, "image %s", name);
	ret->path = str_fmt("%s/disk.img", dir);
	ret->hash = take_ptr(&hash);
	return 0;
}

bool image_is_built(const struct cache *c, const char *name, const char *profile)
{
	_cleanup_(freep) char *hash = NULL, *dir = NULL;
	struct recipe r = { 0 };
	bool built = !recipe_find(name, profile, &r) && !hash_image(&r, &hash);

	if (built) {
		dir = cache_path(c, "image", hash);
		built = fs_exists(dir);
	}
	recipe_free(&r);
	return built;
}

void image_free(struct image *i)
{
	free(i->path);
	free(i->hash);
	*i = (struct image){ 0 };
}
