// SPDX-License-Identifier: GPL-2.0-only
/* overlay.c - an image that is never written to, and what a machine writes in its place */
#include "lab/overlay.h"

#include <stddef.h>

#include "lib/cleanup.h"
#include "lib/proc.h"
#include "lib/str.h"

int overlay_make(const char *root, const char *name, const char *image, char **ret)
{
	_cleanup_(freep) char *path = str_fmt("%s/%s.qcow2", root, name);
	const char *const argv[] = { "qemu-img", "create", "-q", "-f", "qcow2", "-F", "raw", "-b",
				     image, path, NULL };
	struct proc p = { .argv = argv };
	int err = proc_run(&p, NULL);

	if (!err)
		*ret = take_ptr(&path);
	return err;
}
