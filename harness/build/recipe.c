// SPDX-License-Identifier: GPL-2.0-only
/* recipe.c - an image described: a YAML file of vm-images to struct */
#include "build/recipe.h"

#include <errno.h>
#include <string.h>

#include <yaml.h>

#include "lib/cleanup.h"
#include "lib/err.h"
#include "lib/fs.h"
#include "plan/words.h"
#include "plan/yaml_text.h"

struct reading {
	const char *path;
	yaml_document_t *doc;
	struct recipe *r;
};

/* One key of the file: how its value is read. */
struct key {
	const char *name;
	yaml_node_type_t type;
	int (*read)(struct reading *g, const yaml_node_t *value);
};

static int wrong(const struct reading *g, const yaml_node_t *n, const char *what)
{
	return err_say(EINVAL, "%s:%zu: %s", g->path, n->start_mark.line + 1, what);
}

static const char *text_of(const yaml_node_t *n)
{
	return n->type == YAML_SCALAR_NODE ? (const char *)n->data.scalar.value : "";
}

static int each_pair(struct reading *g, const yaml_node_t *map, const struct key *keys, size_t n_keys)
{
	int ret = 0;

	for (yaml_node_pair_t *p = map->data.mapping.pairs.start; p < map->data.mapping.pairs.top && !ret; p++) {
		const yaml_node_t *k = yaml_document_get_node(g->doc, p->key);
		const yaml_node_t *v = yaml_document_get_node(g->doc, p->value);
		const struct key *row = NULL;
		struct strv names = { 0 };

		for (size_t i = 0; i < n_keys; i++) {
			strv_add(&names, keys[i].name);
			if (!strcmp(keys[i].name, text_of(k)))
				row = &keys[i];
		}
		if (!row)
			ret = err_wrap(words_refuse("unknown key", text_of(k), &names), "%s:%zu", g->path,
				       k->start_mark.line + 1);
		else if (v->type != row->type)
			ret = wrong(g, v, "this key takes another kind of value");
		else
			ret = row->read(g, v);
		strv_free(&names);
	}
	return ret;
}

static int read_name(struct reading *g, const yaml_node_t *v)
{
	str_set(&g->r->name, text_of(v));
	return 0;
}

static int read_size(struct reading *g, const yaml_node_t *v)
{
	char *end;
	long mib = strtol(text_of(v), &end, 10);

	if (*end || mib < 64 || mib > 1 << 20)
		return wrong(g, v, "size_mib: a number from 64 to 1048576");
	g->r->size_mib = (int)mib;
	return 0;
}

static int add_all(struct reading *g, const yaml_node_t *list, struct strv *to)
{
	for (yaml_node_item_t *i = list->data.sequence.items.start; i < list->data.sequence.items.top; i++) {
		const yaml_node_t *n = yaml_document_get_node(g->doc, *i);

		if (!*text_of(n))
			return wrong(g, n, "a name is expected here");
		strv_add(to, text_of(n));
	}
	return 0;
}

static int read_packages(struct reading *g, const yaml_node_t *v)
{
	return add_all(g, v, &g->r->packages);
}

static int read_users(struct reading *g, const yaml_node_t *v)
{
	return add_all(g, v, &g->r->users);
}

static struct recipe_file *last_file(struct reading *g)
{
	return &g->r->files[g->r->n_files - 1];
}

static int read_file_path(struct reading *g, const yaml_node_t *v)
{
	str_set(&last_file(g)->path, text_of(v));
	return *text_of(v) == '/' ? 0 : wrong(g, v, "path: an absolute path");
}

static int read_file_content(struct reading *g, const yaml_node_t *v)
{
	str_set(&last_file(g)->content, text_of(v));
	return 0;
}

static int read_file_link(struct reading *g, const yaml_node_t *v)
{
	str_set(&last_file(g)->link, text_of(v));
	return 0;
}

static const struct key file_keys[] = {
	{ "path",    YAML_SCALAR_NODE, read_file_path	 },
	{ "content", YAML_SCALAR_NODE, read_file_content },
	{ "link",    YAML_SCALAR_NODE, read_file_link	 },
};

static int read_files(struct reading *g, const yaml_node_t *v)
{
	int ret = 0;

	for (yaml_node_item_t *i = v->data.sequence.items.start; i < v->data.sequence.items.top && !ret; i++) {
		const yaml_node_t *n = yaml_document_get_node(g->doc, *i);

		if (n->type != YAML_MAPPING_NODE)
			return wrong(g, n, "a file is a mapping with path and content, or path and link");
		g->r->files = mem_grow(g->r->files, ++g->r->n_files, sizeof(*g->r->files));
		*last_file(g) = (struct recipe_file){ 0 };
		ret = each_pair(g, n, file_keys, ARRAY_SIZE(file_keys));
		if (!ret && (!last_file(g)->path || !last_file(g)->content == !last_file(g)->link))
			ret = wrong(g, n, "a file has path and either content or link");
	}
	return ret;
}

static int read_full(struct reading *g, const yaml_node_t *v);

static const struct key keys[] = {
	{ "image",    YAML_SCALAR_NODE,	  read_name	},
	{ "size_mib", YAML_SCALAR_NODE,	  read_size	},
	{ "packages", YAML_SEQUENCE_NODE, read_packages },
	{ "users",    YAML_SEQUENCE_NODE, read_users	},
	{ "files",    YAML_SEQUENCE_NODE, read_files	},
	{ "full",     YAML_MAPPING_NODE,  read_full	},
};

static int read_full(struct reading *g, const yaml_node_t *v)
{
	/* What the profile adds; it is the same vocabulary without profiles in profiles. */
	return strcmp(g->r->profile, "full") ? 0 : each_pair(g, v, keys, ARRAY_SIZE(keys) - 1);
}

int recipe_read(const char *path, const char *profile, struct recipe *ret)
{
	struct recipe r = { .profile = str_dup(profile) };
	yaml_document_t doc;
	struct reading g = { .path = path, .doc = &doc, .r = &r };
	const yaml_node_t *root;
	size_t len;
	int err = fs_read(path, &r.text, &len);

	if (!err)
		err = yaml_text_load(path, r.text, len, &doc);
	if (err) {
		recipe_free(&r);
		return err;
	}
	root = yaml_document_get_root_node(&doc);
	err = root->type == YAML_MAPPING_NODE ? each_pair(&g, root, keys, ARRAY_SIZE(keys)) :
						wrong(&g, root, "an image is a mapping");
	if (!err && (!r.name || !r.size_mib || !r.packages.n))
		err = err_say(EINVAL, "%s:1: image, size_mib and packages are needed", path);
	yaml_document_delete(&doc);
	if (err)
		recipe_free(&r);
	else
		*ret = r;
	return err;
}

void recipe_free(struct recipe *r)
{
	free(r->name);
	free(r->profile);
	free(r->text);
	strv_free(&r->packages);
	strv_free(&r->users);
	for (size_t i = 0; i < r->n_files; i++) {
		free(r->files[i].path);
		free(r->files[i].content);
		free(r->files[i].link);
	}
	free(r->files);
	*r = (struct recipe){ 0 };
}
