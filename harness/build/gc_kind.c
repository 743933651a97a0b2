// SPDX-License-Identifier: GPL-2.0-only
/* gc_kind.c - the table of what can be in a cache */
#include "build/gc_kind.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include <jansson.h>

#include "build/source.h"
#include "lib/cleanup.h"
#include "lib/err.h"
#include "lib/fs.h"
#include "lib/jsonl.h"
#include "lib/str.h"

static char *describe_kernel(const char *path)
{
	_cleanup_(freep) char *file = str_fmt("%s/kernel.json", path);
	_cleanup_(json_decrefp) json_t *o = json_load_file(file, 0, NULL);
	const char *series = json_str(o, "series", NULL);

	if (!o)
		return NULL;
	return str_fmt("%s %s%s%s", json_str(o, "package", "?"), json_str(o, "version", "?"),
		       series ? " with series " : "", series ? series : "");
}

/* Images are labelled with their name; ext4's label is 0x78 bytes into its superblock, at 1024. */
static char *describe_image(const char *path)
{
	_cleanup_(freep) char *file = str_fmt("%s/disk.img", path);
	_cleanup_(closep) int fd = open(file, O_RDONLY | O_CLOEXEC);
	char label[17] = "";

	if (fd < 0 || pread(fd, label, 16, 1024 + 0x78) != 16 || !*label)
		return NULL;
	return str_fmt("disk of the %s", label);
}

static char *describe_tree(const char *path)
{
	_cleanup_(freep) char *file = str_fmt("%s/about", path), *about = NULL;

	if (!fs_exists(file) || fs_read(file, &about, NULL))
		return NULL;
	return str_fmt("objects of %s", about);
}

static char *describe_headers(const char *path)
{
	_cleanup_(freep) char *flavour = NULL, *common = NULL;

	if (!source_headers_find(path, &flavour, &common))
		return str_dup(strrchr(flavour, '/') + 1);
	err_clear();
	return NULL;
}

const struct gc_kind gc_kinds[] = {
	{ "kernel",	GC_ARTIFACTS, "kernel and modules",			 describe_kernel  },
	{ "image",	GC_ARTIFACTS, "disk of a host or guest",		 describe_image	  },
	{ "initrd",	GC_ARTIFACTS, "initramfs",				 NULL		  },
	{ "kit",	GC_ARTIFACTS, "disk with what a host needs beside its image", NULL	  },
	{ "headers",	GC_ARTIFACTS, "headers of a kernel package",		 describe_headers },
	{ "source",	GC_ARTIFACTS, "source of tun, tap and vhost",		 NULL		  },
	{ "tree",	GC_ARTIFACTS, "source and objects of whole kernels",	 describe_tree	  },
	{ "ccache",	GC_ONE,	      "what compilers made",			 NULL		  },
	{ "apt",	GC_FOLDERS,   "package lists and downloaded packages",	 NULL		  },
	{ "libguestfs", GC_ONE,	      "appliance that fills images",		 NULL		  },
	{ "capabilities", GC_ONE,      "what libvirt found out about QEMU on hosts", NULL	  },
	{ "log",	GC_ONE,	      "what the tools said while they built",	 NULL		  },
	{ "accel.json", GC_ONE,	      "which accelerator works here",		 NULL		  },
	{ 0 }
};
