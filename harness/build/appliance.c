// SPDX-License-Identifier: GPL-2.0-only
/* appliance.c - libguestfs, opened when an image is made */
#include "build/appliance.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include <guestfs.h>

#include "lib/cleanup.h"
#include "lib/dirs.h"
#include "lib/err.h"
#include "lib/fs.h"
#include "lib/keeper.h"
#include "lib/stop.h"
#include "lib/str.h"

#define LIBRARY "libguestfs.so.0"

/* An image takes a minute under TCG on an idle machine. */
#define DEADLINE_S 900

/* Every function that is used, once: the table of pointers and its filling come from this list. */
#define FUNCTIONS(X)                                                          \
	X(create) X(close) X(set_error_handler) X(last_error) X(set_backend)  \
	X(set_backend_settings) X(set_memsize) X(set_smp) X(disk_create)      \
	X(add_drive_opts) X(launch) X(mkfs_opts) X(mount_options) X(tar_in)   \
	X(mkdir_p) X(write) X(ln_sf) X(command) X(shutdown) X(version)        \
	X(free_version)

struct door {
	void *lib;
	guestfs_h *g;
#define X(f) __typeof__(&guestfs_##f) f;
	FUNCTIONS(X)
#undef X
};

static int door_open(struct door *d)
{
	*d = (struct door){ .lib = dlopen(LIBRARY, RTLD_NOW | RTLD_LOCAL) };
	if (!d->lib)
		return err_say(ENOENT, "%s; images need it: apt-get install libguestfs0", dlerror());
#define X(f)                                                                  \
	*(void **)&d->f = dlsym(d->lib, "guestfs_" #f);                       \
	if (!d->f)                                                            \
		return err_say(ENOSYS, LIBRARY " has no guestfs_" #f);
	FUNCTIONS(X)
#undef X
	d->g = d->create();
	if (!d->g)
		return err_set(errno, "libguestfs: create a handle");
	d->set_error_handler(d->g, NULL, NULL);
	return 0;
}

static void door_close(struct door *d)
{
	if (d->g)
		d->close(d->g);
	if (d->lib)
		dlclose(d->lib);
}

static int fail(struct door *d, const char *what)
{
	const char *why = d->last_error(d->g);

	return err_say(EIO, "libguestfs: %s: %s", what, why ? why : "no reason given");
}

/* supermin builds the appliance from installed packages and takes any kernel that it is shown. */
static int set_environment(const struct cache *c, const struct kernel *k, const char *scratch)
{
	_cleanup_(freep) char *dir = str_fmt("%s/libguestfs", c->dir);
	_cleanup_(freep) char *vmlinuz = str_fmt("%s/vmlinuz", k->dir);
	_cleanup_(freep) char *modules = str_fmt("%s/lib/modules/%s", k->dir, k->release);
	int err = fs_mkdirs(dir);

	if (err)
		return err;
	setenv("LIBGUESTFS_CACHEDIR", dir, 1);
	setenv("LIBGUESTFS_TMPDIR", scratch, 1);
	setenv("XDG_RUNTIME_DIR", scratch, 1);
	setenv("SUPERMIN_KERNEL", vmlinuz, 1);
	setenv("SUPERMIN_MODULES", modules, 1);
	setenv("SUPERMIN_KERNEL_VERSION", k->release, 1);
	return 0;
}

static int launch(struct door *d, bool use_kvm, const char *disk, int size_mib)
{
	char *settings[] = { use_kvm ? NULL : (char *)"force_tcg", NULL };

	if (d->set_backend(d->g, "direct") || d->set_backend_settings(d->g, settings) ||
	    d->set_smp(d->g, 2) || d->set_memsize(d->g, 1024))
		return fail(d, "set up");
	if (d->disk_create(d->g, disk, "raw", (int64_t)size_mib << 20, -1))
		return fail(d, disk);
	if (d->add_drive_opts(d->g, disk, GUESTFS_ADD_DRIVE_OPTS_FORMAT, "raw",
			      GUESTFS_ADD_DRIVE_OPTS_CACHEMODE, "unsafe", -1))
		return fail(d, disk);
	if (d->launch(d->g))
		return fail(d, "start the appliance (try LIBGUESTFS_DEBUG=1; supermin wants a folder /lib/modules)");
	return 0;
}

static int add_user(struct door *d, const char *name)
{
	const char *argv[] = { "useradd", "--system", "--no-create-home", "--home-dir", "/nonexistent",
			       "--shell", "/usr/sbin/nologin", name, NULL };
	char *out = d->command(d->g, (char **)argv);

	free(out);
	return out ? 0 : fail(d, name);
}

static int add_file(struct door *d, const struct recipe_file *f)
{
	_cleanup_(freep) char *dir = str_dup(f->path);

	*strrchr(dir, '/') = '\0';
	if (*dir && d->mkdir_p(d->g, dir))
		return fail(d, dir);
	if (f->link ? d->ln_sf(d->g, f->link, f->path) :
		      d->write(d->g, f->path, f->content, strlen(f->content)))
		return fail(d, f->path);
	return 0;
}

static int fill(struct door *d, const struct recipe *r, const char *tar)
{
	int err = 0;

	if (d->mkfs_opts(d->g, "ext4", "/dev/sda", GUESTFS_MKFS_OPTS_LABEL, r->name, -1) ||
	    d->mount_options(d->g, "noatime", "/dev/sda", "/"))
		return fail(d, "make the file system");
	if (d->tar_in(d->g, tar, "/"))
		return fail(d, tar);
	for (size_t i = 0; i < r->users.n && !err; i++)
		err = add_user(d, r->users.v[i]);
	for (size_t i = 0; i < r->n_files && !err; i++)
		err = add_file(d, &r->files[i]);
	/* Write errors show here. */
	if (!err && d->shutdown(d->g))
		err = fail(d, "shut down");
	return err;
}

static int fill_here(const struct appliance_job *j, const char *scratch)
{
	struct door d;
	int err = set_environment(j->cache, j->kernel, scratch);

	if (err)
		return err;
	err = door_open(&d);
	if (!err)
		err = launch(&d, j->use_kvm, j->disk, j->recipe->size_mib);
	if (!err)
		err = fill(&d, j->recipe, j->tar);
	door_close(&d);
	return err;
}

static void __attribute__((noreturn)) child(const struct appliance_job *j, const char *scratch, int say)
{
	int err;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	err = fill_here(j, scratch);
	if (err)
		(void)!write(say, err_text(), strlen(err_text()));
	_exit(err ? 1 : 0);
}

/* Return: 0 when it ended with status 0; else what it said, or why it had to be killed. */
static int wait_for_child(pid_t pid, int said)
{
	_cleanup_(closep) int end = (int)syscall(SYS_pidfd_open, pid, 0);
	int ended = stop_wait(end, time_now() + DEADLINE_S);
	char text[2048];
	ssize_t n;
	int st;

	if (ended <= 0)
		kill(pid, SIGKILL);
	waitpid(pid, &st, 0);
	if (ended < 0)
		return ended;
	if (!ended)
		return err_say(ETIMEDOUT, "libguestfs: not done after %d s", DEADLINE_S);
	if (WIFEXITED(st) && !WEXITSTATUS(st))
		return 0;
	n = WIFEXITED(st) ? read(said, text, sizeof(text)) : 0;
	if (n <= 0)
		return err_say(EIO, "libguestfs: ended without a word (status %#x)", (unsigned int)st);
	return err_say(EIO, "%.*s", (int)n, text);
}

/* In a child: libguestfs knows neither deadlines nor a stop, and its waits cannot be left. */
static int fill_in_child(const struct appliance_job *j, const char *scratch)
{
	int fd[2], err;
	pid_t pid;

	if (pipe2(fd, O_CLOEXEC))
		return err_set(errno, "pipe");
	pid = fork();
	if (!pid)
		child(j, scratch, fd[1]);
	close(fd[1]);
	err = pid < 0 ? err_set(errno, "fork") : wait_for_child(pid, fd[0]);
	close(fd[0]);
	return err;
}

int appliance_fill(const struct appliance_job *j)
{
	_cleanup_(freep) char *scratch = dirs_runtime();
	int err;

	if (!scratch)
		return -EIO;
	keeper_folder(scratch);
	err = fill_in_child(j, scratch);
	keeper_remove(scratch);
	return err;
}

char *appliance_version(void)
{
	struct guestfs_version *v;
	struct door d;
	char *text = NULL;

	if (!door_open(&d) && (v = d.version(d.g))) {
		text = str_fmt("%d.%d.%d", (int)v->major, (int)v->minor, (int)v->release);
		d.free_version(v);
	}
	door_close(&d);
	return text;
}
