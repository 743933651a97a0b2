// SPDX-License-Identifier: GPL-2.0-only
/* accel.c - which accelerator really works, decided by booting */
#include "vm/accel.h"

#include <errno.h>
#include <string.h>
#include <sys/utsname.h>

#include <jansson.h>

#include "lib/cleanup.h"
#include "lib/err.h"
#include "lib/fs.h"
#include "lib/log.h"
#include "lib/proc.h"
#include "lib/stop.h"
#include "lib/str.h"

#define QEMU "qemu-system-x86_64"

/* vm-images/init.c prints it in the role "trial". */
#define ALIVE "tapbed-init: alive"

/* A working kvm boots in about one second, tcg in two to four on an idle machine. */
static const struct {
	const char *name;
	const char *arg;
	double deadline_s;
} accels[] = {
	[ACCEL_KVM] = { "kvm", "kvm", 6 },
	[ACCEL_TCG] = { "tcg", "tcg,thread=multi", 60 },
	[ACCEL_ICOUNT] = { "icount", "tcg,thread=single", 60 },
};

_Static_assert(ARRAY_SIZE(accels) == ACCEL_COUNT, "one row an accelerator");

const char *accel_name(enum accel a)
{
	return accels[a].name;
}

enum accel accel_find(const char *name)
{
	enum accel a = 0;

	while (a < ACCEL_COUNT && !str_eq(accels[a].name, name))
		a++;
	return a;
}

static int qemu_version(char **ret)
{
	const char *const argv[] = { QEMU, "--version", NULL };
	struct proc p = { .argv = argv };
	_cleanup_(freep) char *out = NULL;
	const char *v;
	int err = proc_run(&p, &out);

	if (err)
		return err_say(ENOENT, QEMU " cannot be run; apt-get install qemu-system-x86");
	v = strstr(out, "version ");
	v = v ? v + strlen("version ") : out;
	*ret = str_fmt("%.*s", (int)strcspn(v, " \n("), v);
	return 0;
}

/* Return: 0 when it booted; -EINTR; -ENODEV with one sentence about what happened. */
static int trial(enum accel a, const char *kernel, const char *initrd)
{
	const char *const argv[] = {
		QEMU, "-nodefaults", "-no-user-config", "-display", "none", "-machine", "pc",
		"-accel", accels[a].arg, "-cpu", "max", "-smp", "2", "-m", "512", "-no-reboot",
		"-serial", "stdio", "-kernel", kernel, "-initrd", initrd,
		"-append", "console=ttyS0 quiet panic=-1 tapbed.role=trial", NULL,
	};
	struct proc p = { .argv = argv, .deadline_s = accels[a].deadline_s, .want_stderr = true };
	_cleanup_(freep) char *out = NULL;
	double from = time_now();
	int err = proc_run(&p, &out);

	if (strstr(out, ALIVE))
		return 0;
	if (err == -EINTR)
		return err;
	if (err == -ETIMEDOUT)
		return err_say(ENODEV, "%s opens, but a trial boot said nothing within %.0f s",
			       accels[a].name, time_now() - from);
	return err_say(ENODEV, "%s: %.*s", accels[a].name, (int)strcspn(str_tail_lines(out, 1), "\n"),
		       str_tail_lines(out, 1));
}

static int kvm_access(void)
{
	if (!access("/dev/kvm", R_OK | W_OK))
		return 0;
	if (errno == EACCES)
		return err_say(EACCES, "/dev/kvm is there, but not for this user; add the user to group kvm");
	return err_say(errno, "there is no usable /dev/kvm (%s)", strerror(errno));
}

static int boot_trials(const char *kernel, const char *initrd, struct accel_answer *ret)
{
	int err = kvm_access();

	if (!err)
		err = trial(ACCEL_KVM, kernel, initrd);
	ret->accel = err ? ACCEL_TCG : ACCEL_KVM;
	ret->reason = str_dup(err ? err_text() : "");
	if (!err || err == -EINTR)
		return err;
	err_clear();
	return trial(ACCEL_TCG, kernel, initrd);
}

static char *cache_key(const char *qemu)
{
	struct utsname u;

	uname(&u);
	return str_fmt("%s qemu %s kvm %s", u.release, qemu,
		       access("/dev/kvm", R_OK | W_OK) ? "closed" : "open");
}

static bool recall(const char *path, const char *key, struct accel_answer *ret)
{
	json_error_t e;
	json_t *all = json_load_file(path, 0, &e);
	json_t *one = json_object_get(all, key);
	enum accel a = accel_find(json_string_value(json_object_get(one, "accel")));
	bool found = one && a < ACCEL_COUNT;

	if (found) {
		ret->accel = a;
		str_set(&ret->reason, json_string_value(json_object_get(one, "reason")));
		ret->cached = true;
	}
	json_decref(all);
	return found;
}

static void remember(const char *path, const char *key, const struct accel_answer *a)
{
	json_t *all = json_pack("{s:{s:s, s:s}}", key, "accel", accel_name(a->accel), "reason", a->reason);
	_cleanup_(freep) char *text = json_dumps(all, JSON_INDENT(2));

	json_decref(all);
	if (fs_write(path, text, strlen(text), 0644))
		log_debug("%s, ignoring", err_text());
}

int accel_decide(const char *cache_dir, const char *kernel, const char *initrd, struct accel_answer *ret)
{
	_cleanup_(freep) char *path = cache_dir ? str_fmt("%s/accel.json", cache_dir) : NULL;
	_cleanup_(freep) char *key = NULL;
	struct accel_answer a = { 0 };
	int err = qemu_version(&a.qemu);

	if (err)
		return err;
	key = cache_key(a.qemu);
	if (!path || !recall(path, key, &a)) {
		err = boot_trials(kernel, initrd, &a);
		if (!err && path)
			remember(path, key, &a);
	}
	if (err) {
		accel_free(&a);
		return err_wrap(err, "no accelerator boots a trial guest");
	}
	*ret = a;
	return 0;
}

void accel_free(struct accel_answer *a)
{
	free(a->reason);
	free(a->qemu);
	*a = (struct accel_answer){ 0 };
}
