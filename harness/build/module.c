// SPDX-License-Identifier: GPL-2.0-only
/* module.c - the modules of a kernel package: kept, decompressed, indexed */
#include "build/module.h"

#include <errno.h>
#include <fts.h>
#include <glob.h>
#include <string.h>

#include "build/archive.h"
#include "lib/cleanup.h"
#include "lib/err.h"
#include "lib/fs.h"
#include "lib/proc.h"
#include "lib/str.h"

/*
 * What is kept, by the longest prefix below lib/modules/RELEASE/. The rest of a generic kernel
 * is hundreds of megabytes of hardware that no VM has.
 */
static const struct {
	const char *prefix;
	bool keep;
} rules[] = {
	{ "modules.builtin",		      true  },
	{ "modules.order",		      true  },
	{ "kernel/arch/",		      true  },
	{ "kernel/crypto/",		      true  },
	{ "kernel/drivers/block/",	      true  },
	{ "kernel/drivers/char/",	      true  },
	{ "kernel/drivers/net/",	      true  },
	{ "kernel/drivers/net/can/",	      false },
	{ "kernel/drivers/net/ethernet/",     false },
	{ "kernel/drivers/net/ethernet/intel/e1000", true },
	{ "kernel/drivers/net/usb/",	      false },
	{ "kernel/drivers/net/wireless/",     false },
	{ "kernel/drivers/ptp/",	      true  },
	{ "kernel/drivers/scsi/",	      true  },
	{ "kernel/drivers/vhost/",	      true  },
	{ "kernel/drivers/virtio/",	      true  },
	{ "kernel/fs/ext4/",		      true  },
	{ "kernel/fs/jbd2/",		      true  },
	{ "kernel/fs/mbcache",		      true  },
	{ "kernel/fs/overlayfs/",	      true  },
	{ "kernel/lib/",		      true  },
	{ "kernel/net/",		      true  },
	{ "kernel/virt/",		      true  },
};

static bool is_kept(const char *name)
{
	size_t best = 0;
	bool keep = false;

	for (size_t i = 0; i < ARRAY_SIZE(rules); i++) {
		if (str_starts(name, rules[i].prefix) && strlen(rules[i].prefix) > best) {
			best = strlen(rules[i].prefix);
			keep = rules[i].keep;
		}
	}
	return keep;
}

static int make_parent(const char *path)
{
	_cleanup_(freep) char *dir = str_dup(path);

	*strrchr(dir, '/') = '\0';
	return fs_mkdirs(dir);
}

static int place(const char *from, const char *to)
{
	_cleanup_(freep) char *data = NULL, *plain = str_dup(to);
	char *packed = strstr(plain, ".ko.");
	size_t len;
	int err = make_parent(to);

	if (err || !packed)
		return err ? err : fs_copy(from, to, 0644);
	packed[3] = '\0';
	err = fs_read(from, &data, &len);
	return err ? err : archive_inflate(data, len, plain);
}

static int copy_kept(const char *from, const char *to)
{
	char *const roots[] = { (char *)from, NULL };
	FTS *f = fts_open(roots, FTS_PHYSICAL | FTS_NOCHDIR, NULL);
	int err = f ? 0 : err_set(errno, "%s: walk", from);

	for (FTSENT *e = f ? fts_read(f) : NULL; e && !err; e = fts_read(f)) {
		const char *name = e->fts_path + strlen(from);
		_cleanup_(freep) char *path = NULL;

		name += *name == '/';
		if (e->fts_info != FTS_F || !is_kept(name))
			continue;
		path = str_fmt("%s/%s", to, name);
		err = place(e->fts_path, path);
	}
	if (f)
		fts_close(f);
	return err;
}

int module_tree(const char *root, const char *part, char **ret_release)
{
	_cleanup_(freep) char *pattern = str_fmt("%s/{,usr/}lib/modules/*", root);
	_cleanup_(freep) char *to = NULL;
	glob_t g = { 0 };
	int err = 0;

	if (glob(pattern, GLOB_BRACE, NULL, &g) || !g.gl_pathc)
		err = err_say(ENOENT, "the package has no lib/modules");
	for (size_t i = 0; i < g.gl_pathc && !err; i++) {
		const char *release = strrchr(g.gl_pathv[i], '/') + 1;

		free(to);
		to = str_fmt("%s/lib/modules/%s", part, release);
		str_set(ret_release, release);
		err = fs_mkdirs(to);
		if (!err)
			err = copy_kept(g.gl_pathv[i], to);
	}
	globfree(&g);
	return err;
}

int module_index(const char *part, const char *release, const char *log)
{
	const char *const argv[] = { "depmod", "-b", part, release, NULL };
	const char *const env[] = { "PATH=/usr/sbin:/usr/bin:/sbin:/bin", NULL };
	struct proc p = { .argv = argv, .env = env, .log_path = log };
	int err = proc_run(&p, NULL);

	return err ? err_wrap(err, "index of the modules of %s", release) : 0;
}
