// SPDX-License-Identifier: GPL-2.0-only
/* fragment.c - what of a kernel's configuration is wanted, and what became of it */
#include "build/fragment.h"

#include <ctype.h>
#include <errno.h>
#include <string.h>

#include "lib/cleanup.h"
#include "lib/err.h"
#include "lib/fs.h"

#define NAME_CHARS "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_"
#define NOT_SET " is not set"

static struct fragment_option *find(const struct fragments *f, const char *name)
{
	for (size_t i = 0; i < f->n; i++)
		if (!strcmp(f->v[i].name, name))
			return &f->v[i];
	return NULL;
}

static struct fragment_option *find_or_add(struct fragments *f, const char *name)
{
	struct fragment_option *o = find(f, name);

	if (o)
		return o;
	f->v = mem_grow(f->v, f->n + 1, sizeof(*f->v));
	o = &f->v[f->n++];
	*o = (struct fragment_option){ .name = str_dup(name) };
	return o;
}

/* Where the value ends: at white space, but not inside quotes. */
static size_t value_len(const char *s)
{
	bool quoted = false;
	size_t n = 0;

	for (; s[n] && (quoted || !isspace((unsigned char)s[n])); n++) {
		if (s[n] == '\\' && s[n + 1])
			n++;
		else if (s[n] == '"')
			quoted = !quoted;
	}
	return n;
}

static bool is_word(const char *at, const char *text, size_t len)
{
	return (at == text || !isalnum((unsigned char)at[-1])) && !isalnum((unsigned char)at[len]);
}

static bool says_optional(const char *comment)
{
	static const char word[] = "optional";

	for (const char *at = strstr(comment, word); at; at = strstr(at + 1, word))
		if (is_word(at, comment, strlen(word)))
			return true;
	return false;
}

static size_t trimmed(const char *s, size_t len)
{
	while (len && isspace((unsigned char)s[len - 1]))
		len--;
	return len;
}

/* One line: "CONFIG_X=value", "# CONFIG_X is not set", each with or without a comment. Return: whether it is right. */
static bool take_line(const char *line, const char *where, struct fragments *f)
{
	bool off = *line == '#';
	const char *name = off ? line + 2 : line;
	size_t len = strspn(name, NAME_CHARS);
	_cleanup_(freep) char *key = str_fmt("%.*s", (int)len, name);
	const char *rest = name + len;
	struct fragment_option *o;
	const char *comment;
	size_t value;

	if (!off && *rest != '=')
		return false;
	rest += off ? strlen(NOT_SET) : 1;
	value = off ? 0 : value_len(rest);
	comment = rest + value + strspn(rest + value, " \t");

	if (!str_starts(key, "CONFIG_") || (*comment && *comment != '#') || (!off && !value))
		return false;
	o = find_or_add(f, key);
	free(o->value);
	o->value = off ? str_dup("n") : str_fmt("%.*s", (int)value, rest);
	str_set(&o->where, where);
	o->optional = says_optional(comment);
	return true;
}

static bool is_option(const char *line)
{
	size_t len;

	if (!str_starts(line, "# CONFIG_"))
		return *line && *line != '#';
	len = strspn(line + 2, NAME_CHARS);
	return str_starts(line + 2 + len, NOT_SET);
}

int fragment_parse(const char *file, const char *text, struct fragments *f)
{
	size_t n = 1;

	for (const char *l = text; *l; n++) {
		size_t len = strcspn(l, "\n");
		_cleanup_(freep) char *line = str_fmt("%.*s", (int)trimmed(l, len), l);
		_cleanup_(freep) char *where = str_fmt("%s:%zu", file, n);

		if (is_option(line) && !take_line(line, where, f))
			return err_say(EINVAL, "%s: \"%s\" is no option; accepted: CONFIG_NAME=value or # CONFIG_NAME is not set, then # and a comment",
				       where, line);
		l += len + (l[len] == '\n');
	}
	return 0;
}

int fragment_read(const char *path, struct fragments *f)
{
	_cleanup_(freep) char *text = NULL;
	const char *slash = strrchr(path, '/');
	int err = fs_read(path, &text, NULL);

	return err ? err : fragment_parse(slash ? slash + 1 : path, text, f);
}

char *fragment_text(const struct fragments *f)
{
	struct strbuf b = { 0 };

	for (size_t i = 0; i < f->n; i++) {
		if (!strcmp(f->v[i].value, "n"))
			strbuf_fmt(&b, "# %s" NOT_SET "\n", f->v[i].name);
		else
			strbuf_fmt(&b, "%s=%s\n", f->v[i].name, f->v[i].value);
	}
	return b.data ? b.data : str_dup("");
}

void fragment_hash(const struct fragments *f, struct hash *h)
{
	for (size_t i = 0; i < f->n; i++) {
		hash_text(h, f->v[i].name, f->v[i].value);
		hash_text(h, "optional", f->v[i].optional ? "yes" : NULL);
	}
}

static void describe(const struct fragment_option *wanted, const char *got, struct strv *ret)
{
	_cleanup_(freep) char *how = strcmp(got, "n") ? str_fmt("became %s", got) : str_dup("is not set");

	if (!strcmp(wanted->value, "n"))
		strv_fmt(ret, "%s was to be off and is %s (%s)", wanted->name, got, wanted->where);
	else
		strv_fmt(ret, "%s=%s %s (%s)", wanted->name, wanted->value, how, wanted->where);
}

void fragment_lost(const struct fragments *f, const char *config, struct strv *required, struct strv *optional)
{
	struct fragments got = { 0 };

	(void)fragment_parse(".config", config, &got);
	for (size_t i = 0; i < f->n; i++) {
		const struct fragment_option *o = find(&got, f->v[i].name);
		const char *value = o ? o->value : "n";

		if (strcmp(value, f->v[i].value))
			describe(&f->v[i], value, f->v[i].optional ? optional : required);
	}
	fragments_free(&got);
}

void fragments_free(struct fragments *f)
{
	for (size_t i = 0; i < f->n; i++) {
		free(f->v[i].name);
		free(f->v[i].value);
		free(f->v[i].where);
	}
	free(f->v);
	*f = (struct fragments){ 0 };
}
