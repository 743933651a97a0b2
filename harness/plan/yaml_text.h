/* SPDX-License-Identifier: GPL-2.0-only */
/* yaml_text.h - a text to one YAML document, or a sentence with the line where it is wrong */
#ifndef PLAN_YAML_TEXT_H
#define PLAN_YAML_TEXT_H

#include <stddef.h>

#include <yaml.h>

/**
 * yaml_text_load() - load the one document of a text
 * @path: name of the file, for messages
 * @text: anything at all
 * @len:  its length in bytes
 * @ret:  the document, yaml_document_delete() it; it has a root
 * Return: 0, or -EINVAL with "path:line: sentence; what would be right".
 *
 * Anchors, aliases and tags are refused: the document would no longer show where a value was
 * written, and a plan that a person can read does not need them. So is nesting beyond reason.
 */
int yaml_text_load(const char *path, const char *text, size_t len, yaml_document_t *ret);

#endif
