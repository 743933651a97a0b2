// SPDX-License-Identifier: GPL-2.0-only
/* cell.c - one point of the matrix: a kernel and one value for every axis */
#include "plan/cell.h"

#include <errno.h>
#include <string.h>

#include "lib/cleanup.h"
#include "lib/err.h"
#include "lib/str.h"

static bool same_value(const struct cell *a, const struct cell *b, enum axis x)
{
	return !strcmp(a->at[x].word, b->at[x].word);
}

bool cell_same_point(const struct cell *a, const struct cell *b)
{
	for (enum axis x = 0; x < AXIS_COUNT; x++)
		if (!same_value(a, b, x))
			return false;
	return true;
}

bool cell_is_usual(const struct cell *c, enum axis a)
{
	return str_eq(c->at[a].word, axis_def(a)->fallback);
}

bool cell_same_guest(const struct cell *a, const struct cell *b)
{
	if (!probe_def(a->probe)->has_guest)
		return true;
	for (enum axis x = 0; x < AXIS_COUNT; x++)
		if (axis_def(x)->scope == AXIS_NEW_GUEST && !same_value(a, b, x))
			return false;
	return true;
}

char *cell_name(const struct cell *c)
{
	const char *const *lead = probe_def(c->probe)->name_lead;
	struct strbuf b = { 0 };

	for (enum axis x = 0; x < AXIS_COUNT; x++)
		if (lead[x])
			strbuf_fmt(&b, "%s%s", lead[x], c->at[x].word);
	for (enum axis x = 0; x < AXIS_COUNT; x++)
		if (!lead[x] && !cell_is_usual(c, x))
			strbuf_fmt(&b, "+%s=%s", axis_def(x)->name, c->at[x].word);
	return b.data;
}

json_t *cell_to_json(const struct cell *c)
{
	json_t *obj = json_object();

	for (enum axis x = 0; x < AXIS_COUNT; x++)
		if (probe_def(c->probe)->uses[x] || !cell_is_usual(c, x))
			json_object_set_new(obj, axis_def(x)->name, axis_to_json(x, &c->at[x]));
	return obj;
}

static int value_from_json(enum axis x, const json_t *v, struct axis_value *ret)
{
	_cleanup_(freep) char *num = NULL;

	if (!v)
		return axis_parse(x, axis_def(x)->fallback, ret);
	if (json_is_string(v))
		return axis_parse(x, json_string_value(v), ret);
	if (!json_is_integer(v))
		return err_say(EINVAL, "%s: neither a word nor a whole number", axis_def(x)->name);
	num = str_fmt("%" JSON_INTEGER_FORMAT, json_integer_value(v));
	return axis_parse(x, num, ret);
}

int cell_from_json(const json_t *obj, struct cell *ret)
{
	struct axis_value at[AXIS_COUNT];

	if (!json_is_object(obj))
		return err_say(EINVAL, "cell: not a JSON object");
	for (enum axis x = 0; x < AXIS_COUNT; x++) {
		int err = value_from_json(x, json_object_get(obj, axis_def(x)->name), &at[x]);

		if (err)
			return err_wrap(err, "cell");
	}
	memcpy(ret->at, at, sizeof(at));
	return 0;
}
