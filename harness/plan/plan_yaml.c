// SPDX-License-Identifier: GPL-2.0-only
/* plan_yaml.c - a plan's YAML into its struct, by the table of settings */
#include "plan/plan_yaml.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <yaml.h>

#include "lib/cleanup.h"
#include "lib/err.h"
#include "plan/settings.h"
#include "plan/words.h"
#include "plan/yaml_text.h"

/* struct reader - @doc: its nodes know their lines; @p: what is filled */
struct reader {
	yaml_document_t doc;
	struct plan *p;
};

static yaml_node_t *node_of(struct reader *r, int index)
{
	return yaml_document_get_node(&r->doc, index);
}

/* The only place where a line is put before a sentence; whoever calls it hands on its result. */
static int at_node(struct reader *r, const yaml_node_t *n, int ret)
{
	return ret ? err_wrap(ret, "%s:%zu", r->p->path, n->start_mark.line + 1) : 0;
}

static const char *const node_words[] = {
	[YAML_NO_NODE] = "nothing",
	[YAML_SCALAR_NODE] = "one value",
	[YAML_SEQUENCE_NODE] = "a list",
	[YAML_MAPPING_NODE] = "a map of keys",
};

static int refuse_shape(struct reader *r, const yaml_node_t *n, const char *name,
			yaml_node_type_t wanted, const char *accepted)
{
	return at_node(r, n, err_say(EINVAL, "%s: %s where %s is wanted; accepted: %s", name,
				     node_words[n->type], node_words[wanted], accepted));
}

static int refuse_empty(struct reader *r, const yaml_node_t *n, const char *name,
			const char *accepted)
{
	return at_node(r, n, err_say(EINVAL, "%s: the list is empty; accepted: %s", name, accepted));
}

static char *accepted_by(struct reader *r, const struct setting *s)
{
	_cleanup_(strv_free) struct strv l = { 0 };

	setting_accepts(s, r->p, &l);
	return strv_join(&l, ", ");
}

/* "version:" with nothing behind it, and YAML's words for nothing, are no text of ours. */
static bool is_null(const yaml_node_t *n, const char *text)
{
	return n->data.scalar.style == YAML_PLAIN_SCALAR_STYLE &&
	       (!*text || !strcmp(text, "~") || !strcasecmp(text, "null"));
}

/*
 * Text of a scalar; a folded one (">") ends with a line break of YAML's own. Keys and values are
 * quoted in messages and kept in reports, so what YAML's escapes can smuggle in is refused here.
 */
static int scalar_text(struct reader *r, const yaml_node_t *n, const char *name, char **ret)
{
	const char *value = (const char *)n->data.scalar.value;
	_cleanup_(freep) char *text = str_fmt("%s", is_null(n, value) ? "" : value);
	size_t len = strlen(text);

	while (len && text[len - 1] == '\n')
		text[--len] = '\0';
	if (strlen(value) != n->data.scalar.length || !words_is_line(text))
		return at_node(r, n, err_say(EINVAL, "%s: a line break or a control character; accepted: text of one line, a long one folded with >",
					     name));
	*ret = take_ptr(&text);
	return 0;
}

/* One of @accepted, and not the same as a key before it. */
static int check_key(struct reader *r, const yaml_node_t *map, const yaml_node_pair_t *pair,
		     const char *what, const struct strv *accepted)
{
	const yaml_node_t *key = node_of(r, pair->key);
	_cleanup_(freep) char *text = NULL;
	int ret;

	if (key->type != YAML_SCALAR_NODE)
		return refuse_shape(r, key, what, YAML_SCALAR_NODE, "a key");
	ret = scalar_text(r, key, what, &text);
	if (ret)
		return ret;
	if (!strv_has(accepted, (char *)key->data.scalar.value))
		return at_node(r, key, words_refuse(what, text, accepted));
	for (yaml_node_pair_t *p = map->data.mapping.pairs.start; p < pair; p++) {
		const yaml_node_t *other = node_of(r, p->key);

		if (!strcmp((char *)other->data.scalar.value, text))
			return at_node(r, key, err_say(EINVAL, "%s: key is there twice, in line %zu too; accepted: each key once",
						       text, other->start_mark.line + 1));
	}
	return 0;
}

/* @name: key that the map stands behind, NULL for the plan as a whole. */
static int check_keys(struct reader *r, const yaml_node_t *n, const char *name,
		      const struct strv *accepted)
{
	_cleanup_(freep) char *what = str_fmt("%s%sunknown key", name ? name : "", name ? ": " : "");
	_cleanup_(freep) char *all = strv_join(accepted, ", ");
	const yaml_node_pair_t *top = n->data.mapping.pairs.top;
	int ret = 0;

	if (n->type != YAML_MAPPING_NODE)
		return refuse_shape(r, n, name ? name : "plan", YAML_MAPPING_NODE, all);
	for (yaml_node_pair_t *p = n->data.mapping.pairs.start; !ret && p < top; p++)
		ret = check_key(r, n, p, what, accepted);
	return ret;
}

/* Return: what stands behind a key of a checked map, NULL if the key is not there. */
static const yaml_node_t *value_of(struct reader *r, const yaml_node_t *map, const char *key)
{
	const yaml_node_pair_t *top = map->data.mapping.pairs.top;

	for (yaml_node_pair_t *p = map->data.mapping.pairs.start; p < top; p++)
		if (!strcmp((char *)node_of(r, p->key)->data.scalar.value, key))
			return node_of(r, p->value);
	return NULL;
}

static int read_setting(struct reader *r, const struct setting *s, const yaml_node_t *n,
			void *base);

static int read_group(struct reader *r, const struct setting_group *g, const char *name,
		      const yaml_node_t *n, void *base)
{
	_cleanup_(strv_free) struct strv keys = { 0 };
	int ret;

	setting_keys(g, &keys);
	ret = check_keys(r, n, name, &keys);
	for (const struct setting *s = g->rows; !ret && s->name; s++) {
		const yaml_node_t *value = value_of(r, n, s->name);
		_cleanup_(freep) char *accepted = accepted_by(r, s);

		if (value)
			ret = read_setting(r, s, value, base);
		else if (s->required)
			ret = at_node(r, n, err_say(EINVAL, "%s%skey \"%s\" is missing; accepted: %s", name ? name : "",
						    name ? ": " : "", s->name, accepted));
	}
	return ret;
}

static int read_one(struct reader *r, const struct setting *s, const yaml_node_t *n, void *base)
{
	_cleanup_(freep) char *text = NULL;
	int ret = scalar_text(r, n, s->name, &text);

	return ret ? ret : at_node(r, n, setting_parse(s, text, base, r->p));
}

static int read_many(struct reader *r, const struct setting *s, const yaml_node_t *n, void *base)
{
	const yaml_node_item_t *top = n->data.sequence.items.top;
	_cleanup_(freep) char *accepted = accepted_by(r, s);
	int ret = 0;

	if (n->data.sequence.items.start == top)
		return refuse_empty(r, n, s->name, accepted);
	for (yaml_node_item_t *i = n->data.sequence.items.start; !ret && i < top; i++) {
		const yaml_node_t *value = node_of(r, *i);

		if (value->type != YAML_SCALAR_NODE)
			return refuse_shape(r, value, s->name, YAML_SCALAR_NODE, accepted);
		ret = read_one(r, s, value, base);
	}
	return ret;
}

static int read_map(struct reader *r, const struct setting *s, const yaml_node_t *n, void *base)
{
	int ret = read_group(r, s->group, s->name, n, base);

	if (ret || !s->group->check)
		return ret;
	return at_node(r, n, s->group->check(r->p, (char *)base + s->offset));
}

static int read_list(struct reader *r, const struct setting *s, const yaml_node_t *n, void *base)
{
	const yaml_node_item_t *top = n->data.sequence.items.top;
	int ret = 0;

	(void)base;
	if (n->data.sequence.items.start == top)
		return refuse_empty(r, n, s->name, "at least one element");
	for (yaml_node_item_t *i = n->data.sequence.items.start; !ret && i < top; i++) {
		const yaml_node_t *el = node_of(r, *i);
		void *into = s->group->add(r->p, (int)el->start_mark.line + 1);

		ret = read_group(r, s->group, s->name, el, into);
		if (!ret)
			ret = at_node(r, el, s->group->check(r->p, into));
	}
	return ret;
}

static int read_axis_value(struct reader *r, enum axis a, const yaml_node_t *n,
			   struct plan_axis *into)
{
	_cleanup_(freep) char *accepted = axis_accepts(a);
	_cleanup_(freep) char *text = NULL;
	int ret;

	if (n->type != YAML_SCALAR_NODE)
		return refuse_shape(r, n, axis_def(a)->name, YAML_SCALAR_NODE, accepted);
	ret = scalar_text(r, n, axis_def(a)->name, &text);
	return ret ? ret : at_node(r, n, setting_axis_add(into, a, text));
}

/* One value or a list of them; what @into had before, its default, is dropped. */
static int read_axis(struct reader *r, enum axis a, const yaml_node_t *n, struct plan_axis *into)
{
	_cleanup_(freep) char *accepted = axis_accepts(a);
	const yaml_node_item_t *top = n->data.sequence.items.top;
	int ret = 0;

	into->n = 0;
	if (n->type != YAML_SEQUENCE_NODE)
		return read_axis_value(r, a, n, into);
	for (yaml_node_item_t *i = n->data.sequence.items.start; !ret && i < top; i++)
		ret = read_axis_value(r, a, node_of(r, *i), into);
	if (!ret && !into->n)
		ret = refuse_empty(r, n, axis_def(a)->name, accepted);
	return ret;
}

static int read_axes(struct reader *r, const struct setting *s, const yaml_node_t *n, void *base)
{
	struct plan_axis *axes = (struct plan_axis *)((char *)base + s->offset);
	_cleanup_(strv_free) struct strv names = { 0 };
	int ret;

	setting_accepts(s, r->p, &names);
	ret = check_keys(r, n, s->name, &names);
	for (enum axis a = 0; !ret && a < AXIS_COUNT; a++) {
		const yaml_node_t *value = value_of(r, n, axis_def(a)->name);

		if (value)
			ret = read_axis(r, a, value, &axes[a]);
	}
	return ret;
}

static const struct {
	yaml_node_type_t node;
	int (*read)(struct reader *r, const struct setting *s, const yaml_node_t *n, void *base);
} shapes[] = {
	[SETTING_ONE]  = { YAML_SCALAR_NODE,   read_one },
	[SETTING_MANY] = { YAML_SEQUENCE_NODE, read_many },
	[SETTING_MAP]  = { YAML_MAPPING_NODE,  read_map },
	[SETTING_LIST] = { YAML_SEQUENCE_NODE, read_list },
	[SETTING_AXES] = { YAML_MAPPING_NODE,  read_axes },
};

static int read_setting(struct reader *r, const struct setting *s, const yaml_node_t *n,
			void *base)
{
	_cleanup_(freep) char *accepted = NULL;

	if (n->type == shapes[s->shape].node)
		return shapes[s->shape].read(r, s, n, base);
	if (n->type == YAML_SCALAR_NODE && s->type)
		return read_one(r, s, n, base);
	accepted = accepted_by(r, s);
	return refuse_shape(r, n, s->name, shapes[s->shape].node, accepted);
}

int plan_yaml_read(struct plan *p, size_t len)
{
	struct reader r = { .p = p };
	int ret = yaml_text_load(p->path, p->text, len, &r.doc);

	if (ret)
		return ret;
	ret = read_group(&r, &setting_top, NULL, yaml_document_get_root_node(&r.doc), p);
	yaml_document_delete(&r.doc);
	return ret;
}
