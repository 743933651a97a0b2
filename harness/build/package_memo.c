// SPDX-License-Identifier: GPL-2.0-only
/* package_memo.c - what package_find() has found is not asked again in this process: a bisect asks dozens of times */
#include <string.h>

#include "build/package.h"
#include "lib/cleanup.h"
#include "lib/str.h"

/** struct memo - a question and its answer */
struct memo {
	char *question;
	struct package answer;
	struct memo *next;
};

static _Thread_local struct memo *memos;

static char *question(const struct cache *c, const char *name, const char *version, const char *suite)
{
	return str_fmt("%s|%s|%s|%s", c->dir, name, version ? version : "", suite ? suite : "");
}

static void give(const struct package *from, struct package *ret)
{
	*ret = (struct package){ str_dup(from->name), str_dup(from->version), str_dup(from->suite) };
}

int package_find(const struct cache *c, const char *name, const char *version, const char *suite, struct package *ret)
{
	_cleanup_(freep) char *q = question(c, name, version, suite);
	struct memo *m = memos;
	int err;

	while (m && strcmp(m->question, q))
		m = m->next;
	if (m) {
		give(&m->answer, ret);
		return 0;
	}
	err = package_ask(c, name, version, suite, ret);
	if (err)
		return err;
	m = mem_zalloc(sizeof(*m));
	*m = (struct memo){ .question = take_ptr(&q), .next = memos };
	give(ret, &m->answer);
	memos = m;
	return 0;
}
