// SPDX-License-Identifier: GPL-2.0-only
/* dirs.c - where things are kept and where what we ship is found */
#include "lib/dirs.h"

#include <errno.h>
#include <limits.h>
#include <string.h>

#include "lib/cleanup.h"
#include "lib/err.h"
#include "lib/fs.h"
#include "lib/str.h"

static const char *env(const char *name)
{
	const char *v = getenv(name);

	return v && *v ? v : NULL;
}

static char *absolute(const char *path)
{
	char cwd[PATH_MAX];

	if (*path == '/' || !getcwd(cwd, sizeof(cwd)))
		return str_dup(path);
	return str_fmt("%s/%s", cwd, path);
}

static char *choose(const char *override, const char *ours, const char *xdg, const char *home)
{
	if (override)
		return absolute(override);
	if (env(ours))
		return absolute(env(ours));
	if (env(xdg))
		return str_fmt("%s/tapbed", env(xdg));
	return str_fmt("%s/%s/tapbed", env("HOME") ? env("HOME") : "/root", home);
}

char *dirs_cache(const char *override)
{
	return choose(override, "TAPBED_CACHE", "XDG_CACHE_HOME", ".cache");
}

char *dirs_state(const char *override)
{
	return choose(override, "TAPBED_STATE", "XDG_STATE_HOME", ".local/state");
}

char *dirs_data(const char *name)
{
	_cleanup_(freep) char *given = env("TAPBED_DATA") ? str_fmt("%s/%s", env("TAPBED_DATA"), name) : NULL;
	char exe[PATH_MAX] = "";
	char *slash, *path;

	if (given && fs_exists(given))
		return take_ptr(&given);
	if (readlink("/proc/self/exe", exe, sizeof(exe) - 1) < 0)
		return err_set(errno, "/proc/self/exe"), NULL;
	slash = strrchr(exe, '/');
	if (slash)
		*slash = '\0';
	path = str_fmt("%s/%s", exe, name);
	if (fs_exists(path))
		return path;
	free(path);
	path = str_fmt("%s/../share/tapbed/%s", exe, name);
	if (fs_exists(path))
		return path;
	free(path);
	err_say(ENOENT, "%s is neither in $TAPBED_DATA nor beside the executable in %s; "
			"set TAPBED_DATA to the source tree", name, exe);
	return NULL;
}

char *dirs_runtime(void)
{
	const char *base = env("TMPDIR") && strlen(env("TMPDIR")) < 40 ? env("TMPDIR") : "/tmp";
	char *path = str_fmt("%s/tapbed-XXXXXX", base);

	if (!mkdtemp(path)) {
		err_set(errno, "%s: make folder", path);
		free(path);
		return NULL;
	}
	return path;
}
