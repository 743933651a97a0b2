// SPDX-License-Identifier: GPL-2.0-only
/* bisect_cache.c - numbers that an earlier bisect has measured: the same kernel, cell and machine */
#include "bisect_cache.h"

#include <string.h>
#include <time.h>

#include "lib/cleanup.h"
#include "lib/dirs.h"
#include "lib/err.h"
#include "lib/fs.h"
#include "lib/hash.h"
#include "lib/jsonl.h"
#include "lib/log.h"

/* A machine's pace may have changed since. */
#define MAX_AGE_S (6 * 3600)

static char *path_of(const struct bisect *b)
{
	_cleanup_(freep) char *state = dirs_state(b->options->state);

	return str_fmt("%s/bisect/results", state);
}

static char *key_of(const struct bisect *b, size_t at)
{
	_cleanup_(freep) char *cell = cell_name(&b->plan.cells[0]), *machine = bed_machine(&b->bed);
	json_t *probe = probe_to_json(&b->plan.probe);
	_cleanup_(freep) char *traffic = json_dumps(probe, JSON_SORT_KEYS);
	struct hash *h = hash_new("bisect result 1");

	json_decref(probe);
	hash_text(h, "artifact", b->hunt.state[at].artifact);
	hash_text(h, "cmdline", b->plan.kernels[0].cmdline);
	hash_text(h, "cell", cell);
	hash_text(h, "probe", traffic);
	hash_text(h, "machine", machine);
	return hash_end(h);
}

static bool is_taken(const struct bisect *b, const char *run)
{
	size_t i;
	json_t *line;

	json_array_foreach(b->journal, i, line)
		if (str_eq(json_str(line, "run", NULL), run))
			return true;
	return false;
}

static bool is_of_use(const struct bisect *b, const json_t *line, const char *key)
{
	return str_eq(json_str(line, "key", NULL), key) && !str_eq(json_str(line, "bisect", NULL), b->id) &&
	       (double)time(NULL) - json_num(line, "time", 0) < MAX_AGE_S && json_str(line, "run", NULL) &&
	       !is_taken(b, json_str(line, "run", NULL));
}

static bool read_line(const json_t *line, struct hunt_boot *ret)
{
	if (sample_from_json(json_object_get(line, "sample"), &ret->sample)) {
		err_clear();
		return false;
	}
	ret->has_value = true;
	ret->has_died = json_is_true(json_object_get(line, "died"));
	ret->run = str_dup(json_str(line, "run", NULL));
	return true;
}

bool bisect_cache_take(struct bisect *b, size_t at, struct hunt_boot *ret)
{
	_cleanup_(freep) char *path = path_of(b), *key = key_of(b, at), *text = NULL;
	bool is_found = false;
	char *save = NULL;

	if (b->wants_fresh || !b->hunt.state[at].artifact || !fs_exists(path))
		return false;
	if (fs_read(path, &text, NULL)) {
		log_warn("%s, ignoring", err_text());
		return false;
	}
	for (char *l = strtok_r(text, "\n", &save); l && !is_found; l = strtok_r(NULL, "\n", &save)) {
		json_t *line = json_loads(l, 0, NULL);

		is_found = line && is_of_use(b, line, key) && read_line(line, ret);
		json_decref(line);
	}
	return is_found;
}

void bisect_cache_give(struct bisect *b, size_t at, const struct hunt_boot *boot)
{
	_cleanup_(freep) char *path = path_of(b), *key = key_of(b, at), *text = NULL, *whole = NULL;
	json_t *line = json_pack("{s:s, s:s, s:s, s:f, s:b, s:o}", "key", key, "bisect", b->id, "run", boot->run, "time",
				 (double)time(NULL), "died", boot->has_died, "sample", sample_to_json(&boot->sample));

	text = json_dumps(line, JSON_COMPACT);
	json_decref(line);
	whole = text ? str_fmt("%s\n", text) : NULL;
	if (whole && fs_append(path, whole, strlen(whole)))
		log_warn("%s, ignoring", err_text());
}
