// SPDX-License-Identifier: GPL-2.0-only
/* setting_help.c - what a plan can say, as text */
#include "plan/settings.h"

#include "lib/cleanup.h"
#include "plan/setting_types.h"

#define HELP_COLUMN 22 /* wide enough for the longest key and its indentation */

static void help_line(struct strbuf *b, int indent, const char *name, const char *help,
		      const char *takes, const char *fallback)
{
	strbuf_fmt(b, "%*s%-*s%s", indent, "", HELP_COLUMN - indent, name, help);
	if (*takes)
		strbuf_fmt(b, " (%s%s%s)", takes, fallback ? "; default " : "", fallback ? fallback : "");
	strbuf_fmt(b, "\n");
}

static void help_axes(struct strbuf *b, int indent)
{
	for (enum axis a = 0; a < AXIS_COUNT; a++) {
		const struct axis_def *d = axis_def(a);
		_cleanup_(freep) char *takes = axis_accepts(a);

		help_line(b, indent, d->name, d->help, takes, d->fallback);
	}
}

static char *help_takes(const struct setting *s)
{
	_cleanup_(strv_free) struct strv l = { 0 };
	static const struct plan none;

	if (s->type)
		s->type->accepts(s, &none, &l);
	return strv_join(&l, ", ");
}

static void help_group(struct strbuf *b, const struct setting_group *g, int indent)
{
	for (const struct setting *s = g->rows; s->name; s++) {
		_cleanup_(freep) char *takes = help_takes(s);

		help_line(b, indent, s->name, s->help, takes, s->fallback);
		if (s->group)
			help_group(b, s->group, indent + 2);
		if (s->shape == SETTING_AXES && g == &setting_top)
			help_axes(b, indent + 2);
	}
}

char *setting_help(void)
{
	struct strbuf b = { 0 };

	help_group(&b, &setting_top, 2);
	return b.data;
}
