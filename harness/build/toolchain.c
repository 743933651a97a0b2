// SPDX-License-Identifier: GPL-2.0-only
/* toolchain.c - what a whole kernel is compiled with, as the kernel's own build variables say it */
#include "build/toolchain.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "lib/cleanup.h"
#include "lib/err.h"
#include "lib/fs.h"
#include "lib/log.h"
#include "lib/proc.h"

/* What changes the kernel that is made; Documentation/kbuild/kbuild.rst and llvm.rst. */
static const char *const variables[] = {
	"ARCH", "CROSS_COMPILE", "LLVM", "LLVM_IAS", "CC", "LD", "HOSTCC", "KCFLAGS", "KCPPFLAGS", "KAFLAGS",
	"KBUILD_OUTPUT", "LOCALVERSION",
};

/* Of another make that we may run below, or in the way of our own files. A name without "=" is removed. */
static const char *const removed[] = {
	"MAKEFLAGS", "MFLAGS", "MAKELEVEL", "MAKEOVERRIDES", "O", "M", "V", "W", "C", "KBUILD_OUTPUT", "KBUILD_EXTMOD",
	"KCONFIG_CONFIG", "KCONFIG_ALLCONFIG", "INSTALL_MOD_PATH", "INSTALL_PATH",
};

/* The same input gives the same bytes, and ccache finds them again. */
static const char *const fixed[] = {
	"KBUILD_BUILD_TIMESTAMP=Thu Jan  1 00:00:00 UTC 1970", "KBUILD_BUILD_USER=tapbed", "KBUILD_BUILD_HOST=tapbed",
	"KBUILD_BUILD_VERSION=1", "LC_ALL=C",
};

/* Beside the compiler. A header is given by its path. */
static const struct {
	const char *what;
	const char *package;
} needs[] = {
	{ "make",		 "make" },
	{ "flex",		 "flex" },
	{ "bison",		 "bison" },
	{ "bc",			 "bc" },
	{ "gcc",		 "gcc" },
	{ "patch",		 "patch" },
	{ "/usr/include/gelf.h", "libelf-dev" },
};

/* What a host under test can be built for. */
static const char *const arches[] = { "x86_64", "x86" };

static int check_arch(void)
{
	const char *arch = getenv("ARCH");

	for (size_t i = 0; arch && *arch && i < ARRAY_SIZE(arches); i++)
		if (!strcmp(arch, arches[i]))
			return 0;
	if (!arch || !*arch)
		return 0;
	return err_say(ENOTSUP, "ARCH=%s: the hosts of this bed are x86-64 machines; unset it, or set x86_64", arch);
}

static int check_needs(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(needs); i++) {
		bool is_header = *needs[i].what == '/';

		if (is_header ? !fs_exists(needs[i].what) : !proc_find(needs[i].what))
			return err_say(ENOENT, "a kernel build needs %s; apt-get install %s (or make deps)", needs[i].what,
				       needs[i].package);
	}
	return 0;
}

static bool is_set(const char *value)
{
	return value && *value;
}

char *toolchain_compiler(const char *cc, const char *llvm, const char *cross)
{
	size_t len = is_set(llvm) ? strlen(llvm) : 0;

	if (is_set(cc))
		return str_dup(cc);
	if (len && llvm[len - 1] == '/')
		return str_fmt("%sclang", llvm);
	if (len)
		return str_fmt("clang%s", *llvm == '-' ? llvm : "");
	return str_fmt("%sgcc", is_set(cross) ? cross : "");
}

/* CC may be several words, such as "ccache gcc". */
static int ask_version(struct toolchain *t)
{
	_cleanup_(freep) char *words = str_dup(t->cc), *out = NULL;
	struct strv argv = { 0 };
	char *save = NULL;
	int err;

	for (char *w = strtok_r(words, " \t", &save); w; w = strtok_r(NULL, " \t", &save))
		strv_add(&argv, w);
	strv_add(&argv, "--version");
	err = proc_run(&(struct proc){ .argv = (const char *const *)argv.v }, &out);
	strv_free(&argv);
	if (err)
		return err_wrap(err, "the compiler %s does not run; install it, or see CC, LLVM and CROSS_COMPILE", t->cc);
	t->version = str_fmt("%.*s", (int)strcspn(out, "\n"), out);
	return 0;
}

/* Paths below the cache are hashed relative to it: trees of one source share their objects. */
static void add_ccache(const struct cache *c, struct toolchain *t)
{
	if (!proc_find("ccache")) {
		log_debug("no ccache: every compilation is done anew");
		return;
	}
	strv_fmt(&t->env, "CCACHE_DIR=%s/ccache", c->dir);
	strv_fmt(&t->env, "CCACHE_BASEDIR=%s", c->dir);
	strv_add(&t->env, "CCACHE_MAXSIZE=5G");
	strv_fmt(&t->args, strstr(t->cc, "ccache") ? "CC=%s" : "CC=ccache %s", t->cc);
}

static void fill_env(struct toolchain *t)
{
	for (size_t i = 0; i < ARRAY_SIZE(removed); i++)
		strv_add(&t->env, removed[i]);
	for (size_t i = 0; i < ARRAY_SIZE(fixed); i++)
		strv_add(&t->env, fixed[i]);
}

static int find_output(struct toolchain *t)
{
	const char *dir = getenv("KBUILD_OUTPUT");
	int err;

	if (!is_set(dir))
		return 0;
	err = fs_mkdirs(dir);
	if (err)
		return err_wrap(err, "KBUILD_OUTPUT");
	t->output = realpath(dir, NULL);
	return t->output ? 0 : err_set(errno, "KBUILD_OUTPUT=%s", dir);
}

int toolchain_find(const struct cache *c, struct toolchain *ret)
{
	struct toolchain t = { .cc = toolchain_compiler(getenv("CC"), getenv("LLVM"), getenv("CROSS_COMPILE")) };
	int err = check_arch();

	if (!err)
		err = check_needs();
	if (!err)
		err = ask_version(&t);
	if (!err)
		err = find_output(&t);
	fill_env(&t);
	add_ccache(c, &t);
	*ret = t;
	return err;
}

void toolchain_hash(const struct toolchain *t, struct hash *h)
{
	hash_text(h, "compiler", t->version);
	for (size_t i = 0; i < ARRAY_SIZE(variables); i++)
		hash_text(h, variables[i], is_set(getenv(variables[i])) ? getenv(variables[i]) : NULL);
}

void toolchain_free(struct toolchain *t)
{
	free(t->cc);
	free(t->version);
	free(t->output);
	strv_free(&t->env);
	strv_free(&t->args);
	*t = (struct toolchain){ 0 };
}
