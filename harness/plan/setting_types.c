// SPDX-License-Identifier: GPL-2.0-only
/* setting_types.c - how the text of one value becomes a member of a struct */
#include "plan/setting_types.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "plan/words.h"

#define LOWER "abcdefghijklmnopqrstuvwxyz"
#define UPPER "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
#define DIGIT "0123456789"

static bool parse_line(const struct setting *s, const char *text, void *at, const struct plan *p)
{
	(void)s, (void)p;
	if (!*text || !words_is_line(text))
		return false;
	str_set(at, text);
	return true;
}

static void accepts_line(const struct setting *s, const struct plan *p, struct strv *ret)
{
	(void)s, (void)p;
	strv_add(ret, "a text of one line");
}

/* Nothing that begins with a dash or a dot: names become file names and words of command lines. */
static bool parse_made_of(const char *first, const char *rest, const char *text, char **at)
{
	if (!*text || !strchr(first, *text) || text[strspn(text, rest)])
		return false;
	str_set(at, text);
	return true;
}

static bool parse_name(const struct setting *s, const char *text, void *at, const struct plan *p)
{
	(void)s, (void)p;
	return parse_made_of(LOWER DIGIT, LOWER DIGIT "._+-", text, at);
}

static void accepts_name(const struct setting *s, const struct plan *p, struct strv *ret)
{
	(void)s, (void)p;
	strv_add(ret, "a-z 0-9 . _ + -, a letter or digit first");
}

static bool parse_version(const struct setting *s, const char *text, void *at, const struct plan *p)
{
	(void)s, (void)p;
	return parse_made_of(LOWER UPPER DIGIT, LOWER UPPER DIGIT ".+~:-", text, at);
}

static void accepts_version(const struct setting *s, const struct plan *p, struct strv *ret)
{
	(void)s, (void)p;
	strv_add(ret, "letters, digits and . + ~ : -");
}

/* Nothing that git would take for an option, or for more than one commit ("a..b", ":/text"). */
static bool parse_commit(const struct setting *s, const char *text, void *at, const struct plan *p)
{
	(void)s, (void)p;
	return !strstr(text, "..") &&
	       parse_made_of(LOWER UPPER DIGIT "_@", LOWER UPPER DIGIT "._/~^+@{}-", text, at);
}

static void accepts_commit(const struct setting *s, const struct plan *p, struct strv *ret)
{
	(void)s, (void)p;
	strv_add(ret, "a commit, tag or branch as git calls it");
}

static bool parse_lines(const struct setting *s, const char *text, void *at, const struct plan *p)
{
	(void)s, (void)p;
	if (!*text || !words_is_line(text) || strv_has(at, text))
		return false;
	strv_add(at, text);
	return true;
}

static void accepts_lines(const struct setting *s, const struct plan *p, struct strv *ret)
{
	(void)s, (void)p;
	strv_add(ret, "texts of one line, each once");
}

static int word_index(const struct setting *s, const char *text)
{
	for (int i = 0; s->words[i]; i++)
		if (!strcmp(s->words[i], text))
			return i;
	return -1;
}

static bool parse_word(const struct setting *s, const char *text, void *at, const struct plan *p)
{
	(void)p;
	if (word_index(s, text) < 0)
		return false;
	str_set(at, text);
	return true;
}

static bool parse_second(const struct setting *s, const char *text, void *at, const struct plan *p)
{
	int i = word_index(s, text);

	(void)p;
	if (i < 0)
		return false;
	*(bool *)at = i == 1;
	return true;
}

static bool parse_choice(const struct setting *s, const char *text, void *at, const struct plan *p)
{
	int i = word_index(s, text);

	(void)p;
	if (i < 0)
		return false;
	*(int *)at = i;
	return true;
}

static void accepts_words(const struct setting *s, const struct plan *p, struct strv *ret)
{
	(void)p;
	for (const char *const *w = s->words; *w; w++)
		strv_add(ret, *w);
}

/* @chars keeps out what strtod() would take too: blanks, hexadecimal, infinity, NAN. */
static bool parse_number(const struct setting *s, const char *text, const char *chars, double *ret)
{
	char *end;
	double v;

	if (!*text || text[strspn(text, chars)])
		return false;
	v = strtod(text, &end);
	if (*end || !(v >= s->min && v <= s->max))
		return false;
	*ret = v;
	return true;
}

static bool parse_int(const struct setting *s, const char *text, void *at, const struct plan *p)
{
	double v;

	(void)p;
	if (!parse_number(s, text, DIGIT, &v))
		return false;
	*(int *)at = (int)v;
	return true;
}

static bool parse_real(const struct setting *s, const char *text, void *at, const struct plan *p)
{
	(void)p;
	return parse_number(s, text, DIGIT ".eE+-", at);
}

static void accepts_range(const struct setting *s, const struct plan *p, struct strv *ret)
{
	(void)p;
	strv_fmt(ret, "%.10g to %.10g", s->min, s->max);
}

static bool parse_kernel(const struct setting *s, const char *text, void *at, const struct plan *p)
{
	(void)s;
	for (size_t i = 0; i < p->n_kernels; i++) {
		if (!strcmp(p->kernels[i].name, text)) {
			*(size_t *)at = i;
			return true;
		}
	}
	return false;
}

static void accepts_kernels(const struct setting *s, const struct plan *p, struct strv *ret)
{
	(void)s;
	for (size_t i = 0; i < p->n_kernels; i++)
		strv_add(ret, p->kernels[i].name);
	if (!p->n_kernels)
		strv_add(ret, "a kernel of the plan");
}

/* A kernel may be called so. */
static bool parse_than(const struct setting *s, const char *text, void *at, const struct plan *p)
{
	if (parse_kernel(s, text, at, p))
		return true;
	if (strcmp(text, "before"))
		return false;
	*(size_t *)at = PLAN_BEFORE;
	return true;
}

static void accepts_than(const struct setting *s, const struct plan *p, struct strv *ret)
{
	accepts_kernels(s, p, ret);
	for (size_t i = 0; i < p->n_kernels; i++)
		if (p->kernels[i].each_patch && !strv_has(ret, "before"))
			strv_add(ret, "before");
}

static bool parse_metric(const struct setting *s, const char *text, void *at, const struct plan *p)
{
	enum metric m = metric_find(text);

	(void)s, (void)p;
	if (m == METRIC_COUNT)
		return false;
	*(enum metric *)at = m;
	return true;
}

static void accepts_metrics(const struct setting *s, const struct plan *p, struct strv *ret)
{
	(void)s, (void)p;
	for (enum metric m = 0; m < METRIC_COUNT; m++)
		strv_add(ret, metric_def(m)->name);
}

static bool parse_probe(const struct setting *s, const char *text, void *at, const struct plan *p)
{
	enum probe probe = probe_find(text);

	(void)s, (void)p;
	if (probe == PROBE_COUNT)
		return false;
	*(enum probe *)at = probe;
	return true;
}

static void accepts_probes(const struct setting *s, const struct plan *p, struct strv *ret)
{
	(void)s, (void)p;
	for (enum probe probe = 0; probe < PROBE_COUNT; probe++)
		strv_add(ret, probe_def(probe)->name);
}

const struct setting_type setting_line    = { parse_line,    accepts_line };
const struct setting_type setting_name    = { parse_name,    accepts_name };
const struct setting_type setting_version = { parse_version, accepts_version };
const struct setting_type setting_commit  = { parse_commit,  accepts_commit };
const struct setting_type setting_lines   = { parse_lines,   accepts_lines };
const struct setting_type setting_word    = { parse_word,    accepts_words };
const struct setting_type setting_second  = { parse_second,  accepts_words };
const struct setting_type setting_choice  = { parse_choice,  accepts_words };
const struct setting_type setting_int     = { parse_int,     accepts_range };
const struct setting_type setting_real    = { parse_real,    accepts_range };
const struct setting_type setting_kernel  = { parse_kernel,  accepts_kernels };
const struct setting_type setting_than    = { parse_than,    accepts_than };
const struct setting_type setting_metric  = { parse_metric,  accepts_metrics };
const struct setting_type setting_probe   = { parse_probe,   accepts_probes };
