/* SPDX-License-Identifier: GPL-2.0-only */
/* jsonl.h - JSON objects, one a line, over a descriptor: the agent's channel */
#ifndef LIB_JSONL_H
#define LIB_JSONL_H

#include <jansson.h>

#include "lib/str.h"

/**
 * struct jsonl - one end of a channel; start with { .fd = fd }
 * @fd: descriptor, read and written; stays the owner's
 */
struct jsonl {
	int fd;
	struct strbuf in;
};

/** jsonl_write() - send one object as one line. Return: 0 or -errno. */
int jsonl_write(struct jsonl *c, const json_t *obj);

/**
 * jsonl_read() - wait for the next object
 * @deadline: time_now() based, seconds
 * @ret:      the object, the caller's reference
 * Return: 0; -ETIMEDOUT; -EPIPE when the other end is gone; -EINTR stop asked for;
 * -EBADMSG for a line that is not JSON (the line is in the sentence).
 */
int jsonl_read(struct jsonl *c, double deadline, json_t **ret);

void jsonl_free(struct jsonl *c);

/** json_str() - Return: a member's text, or @otherwise when it is not there; owned by @obj. */
const char *json_str(const json_t *obj, const char *key, const char *otherwise);

/** json_num() - Return: a member's number, or @otherwise when it is not there. */
double json_num(const json_t *obj, const char *key, double otherwise);

/** json_at() - Return: the value at a path such as "end.sum_sent.retransmits", or NULL; "[0]" style steps are written as ".0". */
json_t *json_at(const json_t *obj, const char *path);

#endif
