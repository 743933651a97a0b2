// SPDX-License-Identifier: GPL-2.0-only
/* kbuild.c - the kernel's own build: configure, compile, install */
#include "build/kbuild.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "build/vmlinux.h"
#include "lib/cleanup.h"
#include "lib/err.h"
#include "lib/fs.h"
#include "lib/log.h"
#include "lib/proc.h"
#include "lib/progress.h"

/* A debug kernel on one slow core. */
#define COMPILE_DEADLINE_S (4 * 3600)

/* The last line of the log, for who watches. */
static void show_last_line(void *arg)
{
	const struct kbuild *b = arg;
	_cleanup_(closep) int fd = open(b->log, O_RDONLY | O_CLOEXEC);
	char tail[256] = "";
	struct stat st;
	ssize_t n;

	if (fd < 0 || fstat(fd, &st))
		return;
	n = pread(fd, tail, sizeof(tail) - 1, st.st_size > 255 ? st.st_size - 255 : 0);
	if (n <= 0)
		return;
	tail[n - (tail[n - 1] == '\n')] = '\0';
	progress_detail(strrchr(tail, '\n') ? strrchr(tail, '\n') + 1 : tail);
}

/* Runs make in the build's folder; @words ends with NULL. */
static int make(const struct kbuild *b, const char *const *words, double deadline_s, char **ret_out)
{
	struct strv argv = { 0 };
	struct proc p = {
		.env = (const char *const *)b->toolchain->env.v, .log_path = b->log, .deadline_s = deadline_s,
		.want_stderr = true, .tick = show_last_line, .tick_arg = (void *)b, .tick_s = 1,
	};
	int err;

	strv_add(&argv, "make");
	strv_fmt(&argv, "-j%d", proc_cpus());
	strv_fmt(&argv, "-C");
	strv_add(&argv, b->source);
	strv_fmt(&argv, "O=%s", b->out);
	strv_fmt(&argv, "LOCALVERSION=%s", b->suffix);
	for (size_t i = 0; i < b->toolchain->args.n; i++)
		strv_add(&argv, b->toolchain->args.v[i]);
	for (; *words; words++)
		strv_add(&argv, *words);
	p.argv = (const char *const *)argv.v;
	err = proc_run(&p, ret_out);
	strv_free(&argv);
	return err;
}

static int check_survivors(const struct kbuild *b, const struct fragments *f)
{
	_cleanup_(freep) char *path = str_fmt("%s/.config", b->out);
	_cleanup_(freep) char *config = NULL, *lost = NULL, *maybe = NULL;
	_cleanup_(strv_free) struct strv required = { 0 }, optional = { 0 };
	int err = fs_read(path, &config, NULL);

	if (err)
		return err;
	fragment_lost(f, config, &required, &optional);
	maybe = strv_join(&optional, "; ");
	if (optional.n)
		log_info("optional, and not in this kernel: %s", maybe);
	if (!required.n)
		return 0;
	lost = strv_join(&required, "; ");
	return err_say(EINVAL, "%zu option%s did not survive the kernel's own configuration: %s. "
		       "This kernel does not have it, or something that it depends on is off; add that, or \"# optional\" behind the option",
		       required.n, required.n == 1 ? "" : "s", lost);
}

int kbuild_configure(const struct kbuild *b, const struct fragments *f)
{
	_cleanup_(freep) char *path = str_fmt("%s/tapbed.config", b->out);
	_cleanup_(freep) char *text = fragment_text(f), *all = str_fmt("KCONFIG_ALLCONFIG=%s", path);
	const char *const words[] = { "-s", all, "allnoconfig", NULL };
	int err = fs_mkdirs(b->out);

	if (!err)
		err = fs_write(path, text, strlen(text), 0644);
	if (!err)
		err = make(b, words, 600, NULL);
	return err ? err_wrap(err, "configure") : check_survivors(b, f);
}

static char *without(const char *text, const char *prefix)
{
	struct strbuf out = { 0 };

	for (const char *at = strstr(text, prefix); at; at = strstr(text, prefix)) {
		strbuf_add(&out, text, (size_t)(at - text));
		text = at + strlen(prefix);
	}
	strbuf_fmt(&out, "%s", text);
	return out.data;
}

/* The compiler's lines, with paths as in the source. ccache makes them relative to the folder of objects. */
static char *excerpt(const struct kbuild *b, const char *lines, size_t len)
{
	_cleanup_(freep) char *text = str_fmt("%.*s", (int)len, lines);
	_cleanup_(freep) char *absolute = str_fmt("%s/", b->source);
	_cleanup_(freep) char *relative = str_fmt("../%s/", strrchr(b->source, '/') + 1);
	_cleanup_(freep) char *shorter = without(text, absolute);

	return without(shorter, relative);
}

static int describe(const struct kbuild *b, const char *out)
{
	const char *lines = NULL;
	size_t len = 0;
	int blame = kbuild_blame(out, &lines, &len);
	_cleanup_(freep) char *said = lines ? excerpt(b, lines, len) : NULL;

	if (!said)
		return err_wrap(-EPROTO, "the kernel does not build");
	if (blame == ENOEXEC)
		return err_say(ENOEXEC, "the source does not build:\n%s\nlog: %s", said, b->log);
	return err_say(blame, "this machine cannot build it (make deps installs what is needed):\n%s\nlog: %s", said, b->log);
}

int kbuild_compile(const struct kbuild *b)
{
	const char *const words[] = { "vmlinux", "modules", NULL };
	_cleanup_(freep) char *vmlinux = str_fmt("%s/vmlinux", b->out), *out = NULL;
	int err;

	if (!fs_exists(vmlinux))
		progress_say("compile: nothing of it is there yet, this takes minutes");
	err = make(b, words, COMPILE_DEADLINE_S, &out);

	return err == -EPROTO ? describe(b, out) : err;
}

static int read_release(const struct kbuild *b, char **ret)
{
	_cleanup_(freep) char *path = str_fmt("%s/include/config/kernel.release", b->out);
	int err = fs_read(path, ret, NULL);

	if (!err)
		(*ret)[strcspn(*ret, "\n")] = '\0';
	return err;
}

static int install_modules(const struct kbuild *b, const char *part, const char *release)
{
	static const char *const links[] = { "build", "source" };
	_cleanup_(freep) char *to = str_fmt("INSTALL_MOD_PATH=%s", part);
	const char *const words[] = { "-s", to, "INSTALL_MOD_STRIP=1", "DEPMOD=true", "modules_install", NULL };
	int err = make(b, words, 600, NULL);

	for (size_t i = 0; i < ARRAY_SIZE(links) && !err; i++) {
		_cleanup_(freep) char *path = str_fmt("%s/lib/modules/%s/%s", part, release, links[i]);

		err = fs_remove(path);
	}
	return err ? err_wrap(err, "install the modules") : 0;
}

/* Without what only a debugger reads: the file goes through QEMU at every boot. */
static int install_vmlinux(const struct kbuild *b, const char *part)
{
	_cleanup_(freep) char *from = str_fmt("%s/vmlinux", b->out), *to = str_fmt("%s/kernel", part);
	const char *const argv[] = { "strip", "--strip-all", "-o", to, from, NULL };
	int err = proc_run(&(struct proc){ .argv = argv, .log_path = b->log }, NULL);

	if (err || vmlinux_has_pvh(to))
		return err;
	return err_say(ENOTSUP, "the kernel has no PVH entry, by which QEMU boots vmlinux; "
		       "CONFIG_PVH=y is in kernel-config/base.config");
}

int kbuild_install(const struct kbuild *b, const char *part, char **ret_release)
{
	_cleanup_(freep) char *from = str_fmt("%s/.config", b->out), *to = str_fmt("%s/config", part);
	_cleanup_(freep) char *release = NULL;
	int err = read_release(b, &release);

	if (!err)
		err = install_vmlinux(b, part);
	if (!err)
		err = install_modules(b, part, release);
	if (!err)
		err = fs_copy(from, to, 0644);
	if (!err)
		*ret_release = take_ptr(&release);
	return err;
}
