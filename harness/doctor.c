// SPDX-License-Identifier: GPL-2.0-only
/* doctor.c - what works on this machine and what does not, each with the cure */
#include "doctor.h"

#include <errno.h>
#include <pwd.h>
#include <sched.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/wait.h>

#include "build/appliance.h"
#include "lib/cleanup.h"
#include "lib/dirs.h"
#include "lib/err.h"
#include "lib/fs.h"
#include "lib/keeper.h"
#include "lib/proc.h"
#include "lib/str.h"
#include "vm/vm.h"

/* Two kernels, two images, their packages and a source: 2.5 GiB, and as much while they are made. */
#define CACHE_NEEDS_GIB 6
/* A host of the default size, and what emulates it. */
#define MEMORY_NEEDS_GIB 5
/* As many ids as mmdebstrap maps. */
#define SUBIDS 65536

/**
 * struct row - one check
 * @what:  what is looked at
 * @check: returns 0 and a text to be freed, or -errno with a sentence
 * @arg:   for @check; NULL: the cache
 * @cure:  what to do when it fails
 * @flags: when it is not made, and how bad a failure is
 */
struct row {
	const char *what;
	int (*check)(const char *arg, char **detail);
	const char *arg;
	const char *cure;
	int flags;
};

enum { NOT_FOR_ROOT = 1, ONLY_WARN = 2 };

/* Where the code that runs mke2fs and depmod looks for them, whatever PATH is. */
static const char sbin_path[] = "/usr/sbin:/usr/bin:/sbin:/bin";

static int find_program(const char *dirs, const char *program, char **ret)
{
	_cleanup_(freep) char *copy = str_dup(dirs);
	char *save = NULL;

	for (char *d = strtok_r(copy, ":", &save); d; d = strtok_r(NULL, ":", &save)) {
		_cleanup_(freep) char *path = str_fmt("%s/%s", d, program);

		if (access(path, X_OK))
			continue;
		*ret = take_ptr(&path);
		return 0;
	}
	return err_say(ENOENT, "it is not in %s", dirs);
}

static int check_tool(const char *program, char **detail)
{
	return find_program(getenv("PATH") ? getenv("PATH") : "/usr/bin:/bin", program, detail);
}

static int check_sbin_tool(const char *program, char **detail)
{
	return find_program(sbin_path, program, detail);
}

static int check_compiler(const char *program, char **detail)
{
	const char *const argv[] = { program, "--version", NULL };
	struct proc p = { .argv = argv };
	_cleanup_(freep) char *out = NULL;
	int err = check_tool(program, detail);

	if (err)
		return err;
	free(take_ptr(detail));
	err = proc_run(&p, &out);
	if (!err)
		*detail = str_fmt("%.*s", (int)strcspn(out, "\n"), out);
	return err;
}

static bool is_user(const char *word, const char *name, unsigned int id)
{
	_cleanup_(freep) char *number = str_fmt("%u", id);

	return !strcmp(word, name) || !strcmp(word, number);
}

long doctor_subid_count(const char *text, const char *name, unsigned int id)
{
	_cleanup_(freep) char *copy = str_dup(text);
	char *save = NULL;
	long most = 0;

	for (char *l = strtok_r(copy, "\n", &save); l; l = strtok_r(NULL, "\n", &save)) {
		char *user = strsep(&l, ":");
		char *first = strsep(&l, ":");
		long count = first && l ? strtol(l, NULL, 10) : 0;

		if (count > most && is_user(user, name, id))
			most = count;
	}
	return most;
}

static int check_subids(const char *file, char **detail)
{
	const struct passwd *pw = getpwuid(geteuid());
	_cleanup_(freep) char *text = NULL;
	long n = 0;
	int err = fs_read(file, &text, NULL);

	if (err)
		return err;
	n = doctor_subid_count(text, pw ? pw->pw_name : "", geteuid());
	if (n < SUBIDS)
		return err_say(ENOENT, "%ld ids for this user, %d are needed", n, SUBIDS);
	*detail = str_fmt("%ld ids", n);
	return 0;
}

static int check_user_namespace(const char *arg, char **detail)
{
	pid_t pid = fork();
	int st = 0;

	(void)arg;
	if (!pid)
		_exit(unshare(CLONE_NEWUSER) ? errno : 0);
	if (pid < 0 || waitpid(pid, &st, 0) < 0)
		return err_set(errno, "fork");
	if (!WIFEXITED(st) || WEXITSTATUS(st))
		return err_set(WIFEXITED(st) ? WEXITSTATUS(st) : EINTR, "unshare(CLONE_NEWUSER)");
	*detail = str_dup("can be made");
	return 0;
}

static int check_user(const char *name, char **detail)
{
	const struct passwd *pw = getpwnam(name);

	if (!pw)
		return err_say(ENOENT, "there is no such user; the libvirt library looks it up");
	*detail = str_fmt("uid %u", pw->pw_uid);
	return 0;
}

static int check_folder(const char *path, char **detail)
{
	struct stat st;

	if (stat(path, &st))
		return err_say(errno, "%s", strerror(errno));
	if (!S_ISDIR(st.st_mode))
		return err_say(ENOTDIR, "it is no folder");
	*detail = str_dup("is there");
	return 0;
}

static int check_libguestfs(const char *arg, char **detail)
{
	(void)arg;
	*detail = appliance_version();
	return *detail ? 0 : -ENOENT;
}

static int check_libvirt(const char *arg, char **detail)
{
	_cleanup_(freep) char *root = dirs_runtime();
	struct vmm *m = NULL;
	int err;

	(void)arg;
	if (!root)
		return -EIO;
	keeper_folder(root);
	err = vmm_open(NULL, root, &m);
	if (!err)
		*detail = vmm_version(m);
	vmm_close(m);
	(void)fs_remove(root);
	return err;
}

static int check_disk(const char *dir, char **detail)
{
	_cleanup_(freep) char *at = str_dup(dir);
	struct statvfs v;
	double gib;

	/* Before the first run there is no cache: then the folder that it will be made in. */
	while (!fs_exists(at) && strrchr(at, '/') > at)
		*strrchr(at, '/') = '\0';
	if (statvfs(at, &v))
		return err_set(errno, "%s", at);
	gib = (double)v.f_bavail * (double)v.f_frsize / (1 << 30);
	if (gib < CACHE_NEEDS_GIB)
		return err_say(ENOSPC, "%.1f GiB free in %s, a run may need %d", gib, at, CACHE_NEEDS_GIB);
	*detail = str_fmt("%.0f GiB free in %s", gib, at);
	return 0;
}

static int check_memory(const char *arg, char **detail)
{
	_cleanup_(freep) char *text = NULL;
	const char *at;
	double gib;
	int err = fs_read("/proc/meminfo", &text, NULL);

	(void)arg;
	if (err)
		return err;
	at = strstr(text, "MemAvailable:");
	if (!at)
		return err_say(EPROTO, "/proc/meminfo has no MemAvailable");
	gib = strtod(at + strlen("MemAvailable:"), NULL) / (1 << 20);
	if (gib < MEMORY_NEEDS_GIB)
		return err_say(ENOMEM, "%.1f GiB available, a host of the default 4 GiB needs %d", gib, MEMORY_NEEDS_GIB);
	*detail = str_fmt("%.0f GiB available", gib);
	return 0;
}

#define APT "apt-get install "
#define SUBID_CURE "as root: usermod --add-subuids 100000-165535 --add-subgids 100000-165535 USER"

static const struct row rows[] = {
	{ "qemu-system-x86_64",	check_tool,	 "qemu-system-x86_64", APT "qemu-system-x86", 0 },
	{ "qemu-img",		check_tool,	 "qemu-img",   APT "qemu-utils", 0 },
	{ "libvirt",		check_libvirt,	 NULL, APT "libvirt-daemon-driver-qemu", 0 },
	{ "user libvirt-qemu",	check_user,	 "libvirt-qemu",
	  "as root: adduser --system --group --no-create-home libvirt-qemu", 0 },
	{ "libguestfs",		check_libguestfs, NULL, APT "libguestfs0", 0 },
	{ "supermin",		check_tool,	 "supermin",   APT "supermin", 0 },
	{ "/lib/modules",	check_folder,	 "/lib/modules", "as root: mkdir /lib/modules (supermin looks at it)", 0 },
	{ "mmdebstrap",		check_tool,	 "mmdebstrap", APT "mmdebstrap", 0 },
	{ "newuidmap",		check_tool,	 "newuidmap",  APT "uidmap", NOT_FOR_ROOT },
	{ "/etc/subuid",	check_subids,	 "/etc/subuid", SUBID_CURE, NOT_FOR_ROOT },
	{ "/etc/subgid",	check_subids,	 "/etc/subgid", SUBID_CURE, NOT_FOR_ROOT },
	{ "user namespaces",	check_user_namespace, NULL,
	  "as root: sysctl kernel.unprivileged_userns_clone=1 user.max_user_namespaces=10000", NOT_FOR_ROOT },
	{ "mke2fs",		check_sbin_tool, "mke2fs",     APT "e2fsprogs", 0 },
	{ "depmod",		check_sbin_tool, "depmod",     APT "kmod", 0 },
	{ "apt-get",		check_tool,	 "apt-get",    "tapbed needs Debian", 0 },
	{ "dpkg-deb",		check_tool,	 "dpkg-deb",   "tapbed needs Debian", 0 },
	{ "compiler",		check_compiler,	 "x86_64-linux-gnu-gcc-12", APT "gcc-12", 0 },
	{ "make",		check_tool,	 "make",       APT "make", 0 },
	{ "patch",		check_tool,	 "patch",      APT "patch", 0 },
	{ "strip",		check_tool,	 "strip",      APT "binutils", 0 },
	{ "disk",		check_disk,	 NULL, "tapbed gc, or another disk with --cache", ONLY_WARN },
	{ "memory",		check_memory,	 NULL, "memory_mib of the plan's host makes it smaller", ONLY_WARN },
};

static struct doctor_finding examine(const struct row *r, const char *cache_dir)
{
	struct doctor_finding f = { .what = r->what };
	int err = r->check(r->arg ? r->arg : cache_dir, &f.detail);

	if (!err)
		return f;
	f.state = r->flags & ONLY_WARN ? DOCTOR_WARN : DOCTOR_MISS;
	f.cure = r->cure;
	str_set(&f.detail, err_text());
	return f;
}

void doctor_examine(const char *cache_dir, struct doctor_report *ret)
{
	*ret = (struct doctor_report){ .v = mem_zalloc(sizeof(*ret->v) * ARRAY_SIZE(rows)) };
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		if (rows[i].flags & NOT_FOR_ROOT && !geteuid())
			continue;
		ret->v[ret->n] = examine(&rows[i], cache_dir);
		ret->n_missing += ret->v[ret->n++].state == DOCTOR_MISS;
	}
}

void doctor_free(struct doctor_report *r)
{
	for (size_t i = 0; i < r->n; i++)
		free(r->v[i].detail);
	free(r->v);
	*r = (struct doctor_report){ 0 };
}
