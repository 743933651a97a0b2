// SPDX-License-Identifier: GPL-2.0-only
/* vm_capabilities.c - what libvirt's embedded driver found out about QEMU, kept between boots */
#include <errno.h>
#include <glob.h>
#include <string.h>

#include "lib/cleanup.h"
#include "lib/err.h"
#include "lib/fs.h"
#include "lib/str.h"
#include "vm/vm.h"

/* Where libvirt 7 to 11 keep it below the root of qemu:///embed. */
#define FOLDER "cache/qemu/capabilities"

int vmm_capabilities_read(const char *root, char **ret_name, char **ret_text)
{
	_cleanup_(freep) char *pattern = str_fmt("%s/" FOLDER "/*.xml", root);
	glob_t g = { 0 };
	int err;

	if (glob(pattern, 0, NULL, &g) || !g.gl_pathc)
		err = err_say(ENOENT, "no %s", pattern);
	else
		err = fs_read(g.gl_pathv[0], ret_text, NULL);
	if (!err)
		*ret_name = str_dup(strrchr(g.gl_pathv[0], '/') + 1);
	globfree(&g);
	return err;
}

/* With this libvirt (qemuProcessFetchGuestCPU()) reads each feature of a guest's CPU by a command of its own, without it all by one. */
static const char slow_flag[] = "<flag name='cpu-unavailable-features'/>";

int vmm_capabilities_write(const char *root, const char *name, const char *text)
{
	_cleanup_(freep) char *dir = str_fmt("%s/" FOLDER, root);
	_cleanup_(freep) char *path = str_fmt("%s/%s", dir, name);
	_cleanup_(freep) char *fast = str_dup(text);
	char *flag = strstr(fast, slow_flag);
	int err = strchr(name, '/') ? err_say(EINVAL, "%s is no file name", name) : fs_mkdirs(dir);

	if (flag)
		memset(flag, ' ', strlen(slow_flag));
	return err ? err : fs_write(path, fast, strlen(fast), 0600);
}
