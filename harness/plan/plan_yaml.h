/* SPDX-License-Identifier: GPL-2.0-only */
/* plan_yaml.h - a plan's YAML into its struct, by the table of settings */
#ifndef PLAN_PLAN_YAML_H
#define PLAN_PLAN_YAML_H

#include <stddef.h>

#include "plan/plan.h"

/**
 * plan_yaml_read() - fill @p from the text in @p->text
 * @p:   has @p->path, @p->text and its defaults; may be half filled on failure
 * @len: length of the text, which may be anything at all
 * Return: 0, or -EINVAL with "path:line: sentence; what would be right".
 */
int plan_yaml_read(struct plan *p, size_t len);

#endif
