// SPDX-License-Identifier: GPL-2.0-only
/* left.c - what is left on a host of what a session started */
#include "lab/left.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <net/if.h>
#include <string.h>

#include "lib/cleanup.h"
#include "lib/err.h"
#include "lib/fs.h"
#include "lib/str.h"

static int count_links(void)
{
	struct if_nameindex *all = if_nameindex();
	int n = 0;

	for (struct if_nameindex *i = all; i && i->if_index; i++)
		n += strcmp(i->if_name, "lo") != 0;
	if_freenameindex(all);
	return n;
}

static bool is_ours(const char *comm)
{
	return str_starts(comm, "qemu-system") || str_starts(comm, "qemu-img") || str_starts(comm, "iperf3");
}

static int count_processes(void)
{
	_cleanup_(closedirp) DIR *d = opendir("/proc");
	struct dirent *e;
	int n = 0;

	while (d && (e = readdir(d))) {
		_cleanup_(freep) char *path = str_fmt("/proc/%s/comm", e->d_name);
		_cleanup_(freep) char *comm = NULL;

		if (isdigit((unsigned char)*e->d_name) && !fs_read(path, &comm, NULL))
			n += is_ours(comm);
	}
	return n;
}

static int count_files(const char *root)
{
	_cleanup_(closedirp) DIR *d = opendir(root);
	struct dirent *e;
	int n = 0;

	while (d && (e = readdir(d)))
		n += str_ends(e->d_name, ".qcow2") || str_ends(e->d_name, ".sock");
	return n;
}

int left_count(const char *root, struct left *ret)
{
	*ret = (struct left){ count_links(), count_processes(), count_files(root) };
	err_clear();
	return 0;
}
