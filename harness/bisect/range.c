// SPDX-License-Identifier: GPL-2.0-only
/* range.c - what lies between good and bad */
#include "bisect/range.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "lib/cleanup.h"
#include "lib/err.h"

static const char *const kind_names[] = {
	[RANGE_COMMITS] = "commits", [RANGE_PATCHES] = "patches",
	[RANGE_PACKAGES] = "packages", [RANGE_OPTIONS] = "options",
};
_Static_assert(ARRAY_SIZE(kind_names) == RANGE_KINDS, "a name for each");

const char *range_kind_name(enum range_kind k)
{
	return kind_names[k];
}

enum range_kind range_kind_find(const char *name)
{
	enum range_kind k = 0;

	while (k < RANGE_KINDS && strcmp(kind_names[k], name))
		k++;
	return k;
}

struct range_state *range_add(struct range *r, const char *id, const char *about)
{
	size_t at = r->v ? r->n + 1 : 0;

	r->v = mem_grow(r->v, at + 1, sizeof(*r->v));
	r->n = at;
	r->v[at] = (struct range_state){ .id = str_dup(id), .about = str_dup(about ? about : ""), .weight = 1 };
	return &r->v[at];
}

void range_free(struct range *r)
{
	for (size_t i = 0; r->v && i <= r->n; i++) {
		free(r->v[i].id);
		free(r->v[i].about);
		free(r->v[i].suite);
	}
	free(r->v);
	*r = (struct range){ 0 };
}

size_t range_find(const struct range *r, const char *id)
{
	size_t i = 0;

	while (i <= r->n && strcmp(r->v[i].id, id))
		i++;
	return i;
}

static bool is_under(const char *file, const char *path)
{
	size_t len = strlen(path);

	while (len && path[len - 1] == '/')
		len--;
	return !strncmp(file, path, len) && (!file[len] || file[len] == '/');
}

static bool is_suspect(const char *file, const struct strv *paths)
{
	for (size_t i = 0; i < paths->n; i++)
		if (is_under(file, paths->v[i]))
			return true;
	return false;
}

/* "ID PARENT...<tab>subject", then an empty line and names of files. */
static int add_commit(char *record, const struct strv *paths, struct range *r)
{
	char *save = NULL, *line = strtok_r(record, "\n", &save);
	char *subject = line ? strchr(line, '\t') : NULL;
	struct range_state *st;
	size_t len;

	if (!subject)
		return err_say(EPROTO, "git log: no commit in \"%s\"", line ? line : "");
	*subject++ = '\0';
	len = strcspn(line, " ");
	st = range_add(r, "", subject);
	free(st->id);
	st->id = str_fmt("%.*s", (int)len, line);
	for (const char *p = line + len; *p; p++)
		st->parents += *p == ' ' && p[1];
	for (line = strtok_r(NULL, "\n", &save); line; line = strtok_r(NULL, "\n", &save))
		if (is_suspect(line, paths))
			st->weight = RANGE_SUSPECT;
	return 0;
}

int range_commits(char *log, const struct strv *paths, struct range *r)
{
	char *save = NULL;
	int err = 0;

	r->kind = RANGE_COMMITS;
	for (char *l = strtok_r(log, "\1", &save); l && !err; l = strtok_r(NULL, "\1", &save))
		err = add_commit(l, paths, r);
	return err;
}

static int by_version(const void *a, const void *b)
{
	const struct range_package *x = a, *y = b;

	return range_debian_compare(x->version, y->version);
}

static bool has_version(const struct range_package *list, size_t n, const char *version)
{
	for (size_t i = 0; i < n; i++)
		if (!range_debian_compare(list[i].version, version))
			return true;
	return false;
}

static int no_version(const struct range_package *list, size_t n, const char *version)
{
	_cleanup_(strv_free) struct strv all = { 0 };
	_cleanup_(freep) char *text = NULL;

	for (size_t i = 0; i < n; i++)
		if (!strv_has(&all, list[i].version))
			strv_add(&all, list[i].version);
	text = strv_join(&all, ", ");
	return err_say(EINVAL, "no package has version %s; there are %s; more in other suites (--suite)", version,
		       all.n ? text : "none");
}

int range_packages(struct range_package *list, size_t n, const char *good, const char *bad, struct range *r)
{
	const char *last = NULL;

	r->kind = RANGE_PACKAGES;
	if (n)
		qsort(list, n, sizeof(*list), by_version);
	if (!has_version(list, n, good) || !has_version(list, n, bad))
		return no_version(list, n, has_version(list, n, good) ? bad : good);
	if (range_debian_compare(good, bad) >= 0)
		return err_say(EINVAL, "version %s is not before %s; exchange --good and --bad", good, bad);
	for (size_t i = 0; i < n; i++) {
		const char *v = list[i].version;

		if (range_debian_compare(v, good) < 0 || range_debian_compare(v, bad) > 0 ||
		    (last && !range_debian_compare(v, last)))
			continue;
		range_add(r, list[i].name, v)->suite = str_dup(list[i].suite);
		last = v;
	}
	return 0;
}

void range_tags(const char *version, struct strv *ret)
{
	_cleanup_(freep) char *debian = str_fmt("debian/%s", version);
	const char *epoch = strchr(version, ':'), *upstream = epoch ? epoch + 1 : version, *revision = strrchr(upstream, '-');

	/* What git does not take in a name (DEP-14). */
	for (char *c = debian; *c; c++)
		*c = *c == ':' ? '%' : *c == '~' ? '_' : *c;
	strv_add(ret, debian);
	strv_fmt(ret, "v%.*s", (int)(revision ? (size_t)(revision - upstream) : strlen(upstream)), upstream);
}

/* "CONFIG_X" of "CONFIG_X=y" and of "# CONFIG_X is not set", its length; NULL for other lines. */
static const char *option_name(const char *line, size_t *len)
{
	static const char off[] = " is not set";

	if (str_starts(line, "# CONFIG_") && memmem(line, strcspn(line, "\n"), off, strlen(off)))
		line += 2;
	*len = strcspn(line, "= \n");
	return str_starts(line, "CONFIG_") ? line : NULL;
}

/* The line of @text that is about an option. Return: to be freed, NULL if there is none. */
static char *option_line(const char *text, const char *name, size_t len)
{
	for (const char *l = text; *l; l += strcspn(l, "\n"), l += *l == '\n') {
		size_t has;
		const char *n = option_name(l, &has);
		size_t length = strcspn(l, "\n");
		const char *comment = n == l ? memchr(l, '#', length) : NULL;

		if (!n || has != len || strncmp(n, name, len))
			continue;
		length = comment ? (size_t)(comment - l) : length;
		while (length && strchr(" \t", l[length - 1]))
			length--;
		return str_fmt("%.*s", (int)length, l);
	}
	return NULL;
}

static void add_differing(const char *names, const char *good, const char *bad, bool is_second, struct range *r)
{
	for (const char *l = names; *l; l += strcspn(l, "\n"), l += *l == '\n') {
		size_t len;
		const char *name = option_name(l, &len);
		_cleanup_(freep) char *off = name ? str_fmt("# %.*s is not set", (int)len, name) : NULL;
		_cleanup_(freep) char *was = name ? option_line(good, name, len) : NULL;
		_cleanup_(freep) char *is = name ? option_line(bad, name, len) : NULL;

		/* The second text is read for what the first one does not have. */
		if (!name || (is_second && was) || str_eq(was ? was : off, is ? is : off))
			continue;
		range_add(r, is ? is : off, was ? was : off);
	}
}

int range_options(const char *good, const char *bad, struct range *r)
{
	r->kind = RANGE_OPTIONS;
	range_add(r, "good", "");
	add_differing(good, good, bad, false, r);
	add_differing(bad, good, bad, true, r);
	return r->n ? 0 : err_say(EINVAL, "both configurations ask for the same");
}

char *range_config(const struct range *r, const char *good, size_t at)
{
	struct strbuf b = { 0 };

	for (const char *l = good; *l; l += strcspn(l, "\n"), l += *l == '\n') {
		size_t len, has;
		const char *name = option_name(l, &len);
		bool is_changed = false;

		for (size_t i = 1; name && i <= at; i++) {
			const char *n = option_name(r->v[i].id, &has);

			is_changed |= n && has == len && !strncmp(n, name, len);
		}
		if (!is_changed)
			strbuf_fmt(&b, "%.*s\n", (int)strcspn(l, "\n"), l);
	}
	for (size_t i = 1; i <= at; i++)
		strbuf_fmt(&b, "%s\n", r->v[i].id);
	return b.data ? b.data : str_dup("");
}
