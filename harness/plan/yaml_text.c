// SPDX-License-Identifier: GPL-2.0-only
/* yaml_text.c - a text to one YAML document, or a sentence with the line where it is wrong */
#include "plan/yaml_text.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>

#include "lib/cleanup.h"
#include "lib/err.h"

#define DEEPEST 16 /* no plan is nested deeper; libyaml takes minutes for some 100 000 open brackets */

/* refused: why the token is; NULL if it is not. deeper: what it does to the depth of nesting. */
static const struct {
	const char *refused;
	int deeper;
} tokens[] = {
	[YAML_ANCHOR_TOKEN] = { .refused = "an anchor (&)" },
	[YAML_ALIAS_TOKEN]  = { .refused = "an alias (*)" },
	[YAML_TAG_TOKEN]    = { .refused = "a tag (!)" },
	[YAML_BLOCK_SEQUENCE_START_TOKEN] = { .deeper = 1 },
	[YAML_BLOCK_MAPPING_START_TOKEN]  = { .deeper = 1 },
	[YAML_FLOW_SEQUENCE_START_TOKEN]  = { .deeper = 1 },
	[YAML_FLOW_MAPPING_START_TOKEN]   = { .deeper = 1 },
	[YAML_BLOCK_END_TOKEN]            = { .deeper = -1 },
	[YAML_FLOW_SEQUENCE_END_TOKEN]    = { .deeper = -1 },
	[YAML_FLOW_MAPPING_END_TOKEN]     = { .deeper = -1 },
	[YAML_SCALAR_TOKEN] = { 0 }, /* the last of the enum */
};

static int check_token(const char *path, const yaml_token_t *t, int *depth)
{
	size_t line = t->start_mark.line + 1;

	*depth += tokens[t->type].deeper;
	if (*depth > DEEPEST)
		return err_say(EINVAL, "%s:%zu: nested too deep; accepted: up to %d levels", path, line, DEEPEST);
	if (tokens[t->type].refused)
		return err_say(EINVAL, "%s:%zu: %s; accepted: values written out, quoted if they begin with & * or !",
			       path, line, tokens[t->type].refused);
	return 0;
}

/* Looks for what the loaded document would no longer show; a syntax error is left to the loader. */
static int check_tokens(const char *path, const char *text, size_t len)
{
	yaml_token_type_t type = YAML_NO_TOKEN;
	yaml_parser_t parser;
	yaml_token_t token;
	int depth = 0;
	int ret = 0;

	if (!yaml_parser_initialize(&parser))
		return err_set(ENOMEM, "%s", path);
	yaml_parser_set_input_string(&parser, (const unsigned char *)text, len);
	while (!ret && type != YAML_STREAM_END_TOKEN && yaml_parser_scan(&parser, &token)) {
		type = token.type;
		ret = check_token(path, &token, &depth);
		yaml_token_delete(&token);
	}
	yaml_parser_delete(&parser);
	return ret;
}

static size_t lines_before(const char *text, size_t offset)
{
	size_t n = 0;

	for (size_t i = 0; i < offset; i++)
		n += text[i] == '\n';
	return n;
}

/* Whether line @line, from 0, is indented with a tab: a common slip that libyaml does not name. */
static bool has_tab_indent(const char *text, size_t line)
{
	while (line-- && (text = strchr(text, '\n')))
		text++;
	return text && text[strspn(text, " ")] == '\t';
}

static int refuse_syntax(const char *path, const char *text, size_t len, const yaml_parser_t *e)
{
	size_t line = e->problem_mark.line;

	if (e->error == YAML_READER_ERROR) /* has no mark: it comes before there are lines */
		line = lines_before(text, e->problem_offset < len ? e->problem_offset : len);
	if (has_tab_indent(text, line))
		return err_say(EINVAL, "%s:%zu: a tab in the indentation; accepted: blanks", path, line + 1);
	return err_say(EINVAL, "%s:%zu: not YAML: %s%s%s; accepted: a map of keys such as \"plan: NAME\"", path, line + 1,
		       e->context ? e->context : "", e->context ? ", " : "", e->problem);
}

static int refuse_second(const char *path, yaml_parser_t *parser, const char *text, size_t len)
{
	yaml_document_t second;
	const yaml_node_t *root;
	int ret = 0;

	if (!yaml_parser_load(parser, &second))
		return refuse_syntax(path, text, len, parser);
	root = yaml_document_get_root_node(&second);
	if (root)
		ret = err_say(EINVAL, "%s:%zu: a second document; accepted: one plan a file", path,
			      second.start_mark.line + 1);
	yaml_document_delete(&second);
	return ret;
}

static int load(const char *path, yaml_parser_t *parser, const char *text, size_t len,
		yaml_document_t *ret)
{
	yaml_document_t doc;
	int err;

	if (!yaml_parser_load(parser, &doc))
		return refuse_syntax(path, text, len, parser);
	if (yaml_document_get_root_node(&doc))
		err = refuse_second(path, parser, text, len);
	else
		err = err_say(EINVAL, "%s:1: the file is empty; accepted: a plan, which begins with \"plan: NAME\"", path);
	if (err)
		yaml_document_delete(&doc);
	else
		*ret = doc;
	return err;
}

int yaml_text_load(const char *path, const char *text, size_t len, yaml_document_t *ret)
{
	yaml_parser_t parser;
	int err = check_tokens(path, text, len);

	if (err)
		return err;
	if (!yaml_parser_initialize(&parser))
		return err_set(ENOMEM, "%s", path);
	yaml_parser_set_input_string(&parser, (const unsigned char *)text, len);
	err = load(path, &parser, text, len, ret);
	yaml_parser_delete(&parser);
	return err;
}
