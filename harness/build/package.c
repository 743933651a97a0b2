// SPDX-License-Identifier: GPL-2.0-only
/* package.c - Debian packages of the machine's own mirror, by a private apt configuration */
#include "build/package.h"

#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>

#include "lib/cleanup.h"
#include "lib/err.h"
#include "lib/fs.h"
#include "lib/log.h"
#include "lib/proc.h"
#include "lib/str.h"

/* How old lists may be before "the newest" is looked up again. */
#define LISTS_MAX_AGE_S (6 * 3600)

#define KEYRING "/usr/share/keyrings/debian-archive-keyring.gpg"

void package_free(struct package *p)
{
	free(p->name);
	free(p->version);
	free(p->suite);
	*p = (struct package){ 0 };
}

static char *apt_dir(const struct cache *c, const char *suite)
{
	return str_fmt("%s/apt/%s", c->dir, suite ? suite : "machine");
}

/* Every apt call reads our file last: after what the machine's configuration says. */
static void apt_argv(struct strv *argv, const char *tool, const char *dir)
{
	strv_add(argv, tool);
	strv_add(argv, "-q");
	strv_fmt(argv, "--config-file=%s/apt.conf", dir);
}

static int apt_run(const char *tool, const char *dir, const char *cwd, const char *log,
		   const char *const *words, char **out)
{
	struct strv argv = { 0 };
	struct proc p = { .cwd = cwd, .log_path = log, .deadline_s = 900 };
	int ret;

	apt_argv(&argv, tool, dir);
	for (; *words; words++)
		strv_add(&argv, *words);
	p.argv = (const char *const *)argv.v;
	ret = proc_run(&p, out);
	strv_free(&argv);
	return ret;
}

int package_release(char **ret)
{
	_cleanup_(freep) char *text = NULL;
	char *at;
	int err = fs_read("/etc/os-release", &text, NULL);

	if (err)
		return err;
	at = strstr(text, "VERSION_CODENAME=");
	if (!at)
		return err_say(ENOENT, "/etc/os-release has no VERSION_CODENAME; tapbed needs Debian");
	at += strlen("VERSION_CODENAME=");
	*ret = str_fmt("%.*s", (int)strcspn(at, "\n"), at);
	return 0;
}

/*
 * What apt is configured to read for suites that begin with @prefix, a line each. The key that a
 * source names is not told by apt; it is Debian's keyring, where that is installed.
 */
static int machine_sources(const char *prefix, struct strv *ret)
{
	const char *const argv[] = { "apt-get", "indextargets", "--format",
				     "$(REPO_URI) $(RELEASE) $(COMPONENT)",
				     "Created-By: Packages", NULL };
	struct proc p = { .argv = argv };
	_cleanup_(freep) char *out = NULL;
	char *save = NULL;
	int err = proc_run(&p, &out);

	if (err)
		return err_wrap(err, "which mirror this machine uses");
	for (char *l = strtok_r(out, "\n", &save); l; l = strtok_r(NULL, "\n", &save)) {
		const char *suite = strchr(l, ' ');
		_cleanup_(freep) char *line = NULL;

		if (!suite || !str_starts(suite + 1, prefix))
			continue;
		line = str_fmt("deb %s%s", access(KEYRING, R_OK) ? "" : "[signed-by=" KEYRING "] ", l);
		if (!strv_has(ret, line))
			strv_add(ret, line);
	}
	if (!ret->n)
		return err_say(ENOENT, "apt on this machine has no source for %s; see /etc/apt/sources.list", prefix);
	return 0;
}

int package_sources(const char *suite, char **ret)
{
	struct strv lines = { 0 };
	int err = machine_sources(suite, &lines);

	if (!err) {
		_cleanup_(freep) char *text = strv_join(&lines, "\n");

		*ret = str_fmt("%s\n", text);
	}
	strv_free(&lines);
	return err;
}

/* Another suite of the mirror that this machine's own release comes from. */
static int mirror_line(const char *suite, char **ret)
{
	_cleanup_(freep) char *release = NULL;
	struct strv lines = { 0 };
	char *at;
	int err = package_release(&release);

	if (!err)
		err = machine_sources(release, &lines);
	if (!err) {
		_cleanup_(freep) char *tail = str_fmt(" %s main", release);

		at = strstr(lines.v[0], tail);
		if (at)
			*ret = str_fmt("%.*s %s main\n", (int)(at - lines.v[0]), lines.v[0], suite);
		else
			err = err_say(ENOENT, "no plain source of %s in: %s", release, lines.v[0]);
	}
	strv_free(&lines);
	return err;
}

static int write_sources(const char *dir, const char *suite)
{
	_cleanup_(freep) char *path = str_fmt("%s/sources.list", dir);
	_cleanup_(freep) char *line = NULL;
	int err = suite ? mirror_line(suite, &line) : 0;

	if (err || !suite)
		return err;
	return fs_write(path, line, strlen(line), 0644);
}

/*
 * Our own state and cache, the machine's sources (or ours for another suite). Containers clear
 * apt's caches after each call and forbid its index of packages; not ours.
 */
static int write_config(const char *dir, const char *suite)
{
	_cleanup_(freep) char *path = str_fmt("%s/apt.conf", dir);
	struct strbuf b = { 0 };
	int err;

	strbuf_fmt(&b, "#clear APT::Update::Post-Invoke;\n#clear APT::Update::Post-Invoke-Success;\n"
		       "#clear DPkg::Post-Invoke;\n"
		       "Dir::State \"%s/state\";\nDir::State::status \"/dev/null\";\n"
		       "Dir::Cache \"%s/cache\";\nDir::Cache::pkgcache \"pkgcache.bin\";\n"
		       "Dir::Cache::srcpkgcache \"srcpkgcache.bin\";\n"
		       "APT::Sandbox::User \"\";\nAcquire::Languages \"none\";\n", dir, dir);
	if (suite)
		strbuf_fmt(&b, "Dir::Etc::SourceList \"%s/sources.list\";\n"
			       "Dir::Etc::SourceParts \"/dev/null\";\n", dir);
	err = fs_write(path, b.data, b.len, 0644);
	strbuf_free(&b);
	return err;
}

static bool lists_are_fresh(const char *stamp)
{
	struct stat st;

	return !stat(stamp, &st) && time(NULL) - st.st_mtime < LISTS_MAX_AGE_S;
}

static int lists_update(const char *dir, const char *suite, const char *log, const char *stamp)
{
	const char *const update[] = { "update", "-oAPT::Update::Error-Mode=any", NULL };
	bool had_lists = fs_exists(stamp);
	int err;

	log_debug("apt lists of %s: update", suite ? suite : "this machine's suites");
	err = write_sources(dir, suite);
	if (!err)
		err = apt_run("apt-get", dir, NULL, log, update, NULL);
	if (err == -EINTR)
		return err;
	if (err && had_lists) {
		log_warn("apt lists could not be updated, ignoring; using those of the last time");
		return 0;
	}
	if (err)
		return err_wrap(err, "apt lists of %s", suite ? suite : "this machine's suites");
	return fs_write(stamp, "", 0, 0644);
}

static int lists_ready(const struct cache *c, const char *suite)
{
	_cleanup_(freep) char *dir = apt_dir(c, suite);
	_cleanup_(freep) char *partial = str_fmt("%s/state/lists/partial", dir);
	_cleanup_(freep) char *archives = str_fmt("%s/cache/archives/partial", dir);
	_cleanup_(freep) char *stamp = str_fmt("%s/stamp", dir);
	_cleanup_(freep) char *lock = str_fmt("%s/lock", dir);
	_cleanup_(freep) char *log = str_fmt("%s/apt.log", dir);
	_cleanup_(closep) int fd = -1;
	int err;

	if ((err = fs_mkdirs(partial)) || (err = fs_mkdirs(archives)) || (err = write_config(dir, suite)))
		return err;
	if (lists_are_fresh(stamp))
		return 0;
	fd = open(lock, O_RDWR | O_CREAT | O_CLOEXEC, 0644);
	if (fd < 0 || flock(fd, LOCK_EX))
		return err_set(errno, "%s: lock", lock);
	return lists_are_fresh(stamp) ? 0 : lists_update(dir, suite, log, stamp);
}

/* Takes "Field: value" of a deb822 record. */
static char *field(const char *record, const char *name)
{
	_cleanup_(freep) char *key = str_fmt("%s: ", name);

	for (const char *l = record; l && *l; l = strchr(l, '\n'), l = l ? l + 1 : NULL)
		if (str_starts(l, key))
			return str_fmt("%.*s", (int)strcspn(l + strlen(key), "\n"), l + strlen(key));
	return NULL;
}

static int show(const struct cache *c, const char *name, const char *version, const char *suite,
		char **ret)
{
	_cleanup_(freep) char *dir = apt_dir(c, suite);
	_cleanup_(freep) char *word = version ? str_fmt("%s=%s", name, version) : str_dup(name);
	const char *const words[] = { "show", "--no-all-versions", word, NULL };
	int err = apt_run("apt-cache", dir, NULL, NULL, words, ret);

	/* apt-cache has status 0 for a version that does not exist, with nothing shown. */
	return !err && !**ret ? -ENOENT : err;
}

static int newest_first(const void *a, const void *b)
{
	return strverscmp(*(char *const *)b, *(char *const *)a);
}

/* Some packages alike, the newest first; of those that name a release ("+deb12") there are dozens. */
static char *packages_alike(char *names)
{
	struct strv alike = { 0 };
	struct strbuf b = { 0 };
	char *save = NULL;

	for (char *l = strtok_r(names, "\n", &save); l; l = strtok_r(NULL, "\n", &save))
		if (str_ends(l, "-cloud-amd64") && !strchr(l, '+'))
			strv_add(&alike, l);
	if (alike.n)
		qsort(alike.v, alike.n, sizeof(*alike.v), newest_first);
	for (size_t i = 0; i < alike.n && i < 6; i++)
		strbuf_fmt(&b, "%s%s", i ? ", " : "there is for example ", alike.v[i]);
	strv_free(&alike);
	return b.data ? b.data : str_dup("there is no kernel package at all");
}

/* What there is instead, for the message: versions of the package, or packages alike. */
static char *alternatives(const struct cache *c, const char *name, const char *suite)
{
	_cleanup_(freep) char *dir = apt_dir(c, suite);
	_cleanup_(freep) char *out = NULL;
	const char *const madison[] = { "madison", name, NULL };
	const char *const alike[] = { "pkgnames", "linux-image-", NULL };
	struct strbuf b = { 0 };
	char *save = NULL;

	(void)apt_run("apt-cache", dir, NULL, NULL, madison, &out);
	for (char *l = strtok_r(out, "\n", &save); l; l = strtok_r(NULL, "\n", &save)) {
		char *v = strchr(l, '|');

		if (v)
			strbuf_fmt(&b, "%s%.*s", b.len ? ", " : "there is version ", (int)strcspn(v + 2, " |"), v + 2);
	}
	if (b.len)
		return b.data;
	freep(&out);
	out = NULL;
	(void)apt_run("apt-cache", dir, NULL, NULL, alike, &out);
	return packages_alike(out);
}

static int found(char *record, const char *suite, struct package *ret)
{
	ret->name = field(record, "Package");
	ret->version = field(record, "Version");
	ret->suite = str_dup(suite);
	return ret->name && ret->version ? 0 : err_say(EPROTO, "apt-cache show: no Package or Version");
}

/* Splits "a (>= 1), b | c (= 2)" into its alternatives and gives the one with the prefix. */
static int depend_pick(const char *depends, const char *prefix, char **name, char **version)
{
	_cleanup_(freep) char *copy = str_dup(depends ? depends : "");
	char *save = NULL;

	for (char *d = strtok_r(copy, ",|", &save); d; d = strtok_r(NULL, ",|", &save)) {
		char *eq = strstr(d, "(= ");

		d += strspn(d, " ");
		if (!str_starts(d, prefix))
			continue;
		*name = str_fmt("%.*s", (int)strcspn(d, " ("), d);
		*version = eq ? str_fmt("%.*s", (int)strcspn(eq + 3, ")"), eq + 3) : NULL;
		return 0;
	}
	return -ENOENT;
}

int package_depend(const struct cache *c, const struct package *p, const char *prefix,
		   struct package *ret)
{
	_cleanup_(freep) char *record = NULL, *depends = NULL, *name = NULL, *version = NULL;
	int err = show(c, p->name, p->version, p->suite, &record);

	if (err)
		return err;
	depends = field(record, "Depends");
	err = depend_pick(depends, prefix, &name, &version);
	if (err)
		return err_say(ENOENT, "%s %s depends on no %s*", p->name, p->version, prefix);
	err = package_find(c, name, version, p->suite, ret);
	if (err != -ENOENT)
		return err;
	/* An archive may have dropped one of the packages of a release, and have kept the others. */
	return err_say(ENOEXEC, "it needs %s %s, which is not in %s any more; take another version", name,
		       version ? version : "", p->suite ? p->suite : "this machine's suites");
}

int package_ask(const struct cache *c, const char *name, const char *version, const char *suite, struct package *ret)
{
	_cleanup_(freep) char *record = NULL, *source = NULL, *what = NULL;
	struct package p = { 0 };
	int err = lists_ready(c, suite);

	if (err)
		return err;
	err = show(c, name, version, suite, &record);
	if (err == -ENOENT || err == -EPROTO) {
		what = alternatives(c, name, suite);
		return err_say(ENOENT, "no package %s%s%s in %s; %s", name, version ? " " : "",
			       version ? version : "", suite ? suite : "this machine's suites", what);
	}
	if (!err)
		err = found(record, suite, &p);
	if (err)
		return err;
	/* A meta package (linux-image-6.12-cloud-amd64) comes from linux-signed-* or linux-latest. */
	err = str_starts(name, "linux-image-") ? package_depend(c, &p, "linux-image-", ret) : -ENOENT;
	if (err != -ENOENT) {
		package_free(&p);
		return err;
	}
	err_clear();
	*ret = p;
	return 0;
}

/* "linux-image-6.12.117+deb12-cloud-amd64": a full release, no meta package, and neither unsigned nor debug symbols. */
static bool is_image(const char *name, const char *flavour)
{
	const char *release = name + strlen("linux-image-"), *dot = strchr(release, '.');

	return str_starts(name, "linux-image-") && str_ends(name, flavour) && dot && strchr(dot + 1, '.') &&
	       name[strlen(name) - strlen(flavour) - 1] == '-' && !strstr(release, "rt-");
}

/* Names and versions of deb822 records, in turn. */
static void add_records(const char *text, struct strv *ret)
{
	for (const char *at = text; at && *at; at = strstr(at, "\n\n"), at = at ? at + 2 : NULL) {
		const char *end = strstr(at, "\n\n");
		_cleanup_(freep) char *record = end ? str_fmt("%.*s", (int)(end - at), at) : str_dup(at);
		_cleanup_(freep) char *name = field(record, "Package"), *version = field(record, "Version");

		if (!name || !version)
			continue;
		strv_add(ret, name);
		strv_add(ret, version);
	}
}

int package_images(const struct cache *c, const char *flavour, const char *suite, struct strv *ret)
{
	_cleanup_(freep) char *dir = apt_dir(c, suite), *names = NULL, *records = NULL;
	const char *const all[] = { "pkgnames", "linux-image-", NULL };
	_cleanup_(strv_free) struct strv words = { 0 };
	char *save = NULL;
	int err = lists_ready(c, suite);

	if (!err)
		err = apt_run("apt-cache", dir, NULL, NULL, all, &names);
	if (err)
		return err;
	strv_add(&words, "show");
	for (char *l = strtok_r(names, "\n", &save); l; l = strtok_r(NULL, "\n", &save))
		if (is_image(l, flavour))
			strv_add(&words, l);
	if (words.n == 1)
		return 0;
	err = apt_run("apt-cache", dir, NULL, NULL, (const char *const *)words.v, &records);
	if (!err)
		add_records(records, ret);
	return err;
}

static char *glob_one(const char *pattern)
{
	glob_t g = { 0 };
	char *path = !glob(pattern, 0, NULL, &g) && g.gl_pathc ? str_dup(g.gl_pathv[0]) : NULL;

	globfree(&g);
	return path;
}

/* apt names files NAME_VERSION_ARCH.deb, with ':' of an epoch as %3a. */
static char *deb_pattern(const struct package *p, const char *folder)
{
	struct strbuf b = { 0 };

	strbuf_fmt(&b, "%s/%s_", folder, p->name);
	for (const char *v = p->version; *v; v++)
		strbuf_fmt(&b, *v == ':' ? "%%3a" : "%c", *v);
	strbuf_fmt(&b, "_*.deb");
	return b.data;
}

int package_file(const struct cache *c, const struct package *p, const char *log, char **ret)
{
	_cleanup_(freep) char *dir = apt_dir(c, p->suite);
	_cleanup_(freep) char *debs = str_fmt("%s/debs", dir);
	_cleanup_(freep) char *part = str_fmt("%s/debs/part-%d", dir, getpid());
	_cleanup_(freep) char *word = str_fmt("%s=%s", p->name, p->version);
	_cleanup_(freep) char *kept = deb_pattern(p, debs), *fresh = deb_pattern(p, part);
	_cleanup_(freep) char *from = NULL, *to = NULL;
	const char *const words[] = { "download", word, NULL };
	int err;

	*ret = glob_one(kept);
	if (*ret)
		return 0;
	if ((err = fs_mkdirs(part)))
		return err;
	err = apt_run("apt-get", dir, part, log, words, NULL);
	from = err ? NULL : glob_one(fresh);
	if (from) {
		to = str_fmt("%s/%s", debs, strrchr(from, '/') + 1);
		err = rename(from, to) ? err_set(errno, "%s: rename", to) : 0;
	} else if (!err) {
		err = err_say(ENOENT, "apt-get download %s left no file %s", word, fresh);
	}
	(void)fs_remove(part);
	if (err)
		return err_wrap(err, "download %s", word);
	*ret = take_ptr(&to);
	return 0;
}

int package_unpack(const struct cache *c, const struct package *p, const char *dir, const char *log)
{
	_cleanup_(freep) char *deb = NULL;
	const char *argv[] = { "dpkg-deb", "-x", NULL, dir, NULL };
	struct proc x = { .argv = argv, .log_path = log, .deadline_s = 300 };
	int err = package_file(c, p, log, &deb);

	if (err)
		return err;
	argv[2] = deb;
	err = proc_run(&x, NULL);
	return err ? err_wrap(err, "unpack %s", p->name) : 0;
}
