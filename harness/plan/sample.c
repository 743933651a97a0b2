// SPDX-License-Identifier: GPL-2.0-only
/* sample.c - what one measurement of one cell gave, and its JSON */
#include "plan/sample.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>

#include "lib/err.h"
#include "lib/jsonl.h"
#include "lib/str.h"

#define EXACT_MAX 9007199254740992.0 /* 2^53: up to here a double holds every whole number */

void sample_init(struct sample *s)
{
	*s = (struct sample){ 0 };
	for (enum metric m = 0; m < METRIC_COUNT; m++)
		s->value[m] = NAN;
	hygiene_init(s->hygiene);
}

void sample_free(struct sample *s)
{
	free(s->raw);
	free(s->invalid);
	sample_init(s);
}

static json_t *number_to_json(double v)
{
	if (v == floor(v) && fabs(v) <= EXACT_MAX)
		return json_integer((json_int_t)v);
	return json_real(v);
}

json_t *sample_to_json(const struct sample *s)
{
	json_t *obj = json_object();
	json_t *hygiene = hygiene_to_json(s->hygiene);

	json_object_set_new(obj, "boot", json_integer(s->boot));
	json_object_set_new(obj, "nth", json_integer(s->nth));
	for (enum metric m = 0; m < METRIC_COUNT; m++)
		if (isfinite(s->value[m]))
			json_object_set_new(obj, metric_def(m)->name, number_to_json(s->value[m]));
	if (hygiene)
		json_object_set_new(obj, "hygiene", hygiene);
	if (s->invalid)
		json_object_set_new(obj, "invalid", json_string(s->invalid));
	if (s->raw)
		json_object_set_new(obj, "raw", json_string(s->raw));
	return obj;
}

static int values_from_json(const json_t *obj, struct sample *s)
{
	for (enum metric m = 0; m < METRIC_COUNT; m++) {
		const json_t *v = json_object_get(obj, metric_def(m)->name);

		if (json_is_number(v))
			s->value[m] = json_number_value(v);
		else if (v && !json_is_null(v))
			return err_say(EINVAL, "sample: %s is not a number", metric_def(m)->name);
	}
	return 0;
}

int sample_from_json(const json_t *obj, struct sample *ret)
{
	struct sample s;
	int err;

	if (!json_is_object(obj))
		return err_say(EINVAL, "sample: not a JSON object");
	sample_init(&s);
	err = values_from_json(obj, &s);
	if (err)
		return err;
	s.boot = (int)json_integer_value(json_object_get(obj, "boot"));
	s.nth = (int)json_integer_value(json_object_get(obj, "nth"));
	hygiene_from_json(json_object_get(obj, "hygiene"), s.hygiene);
	s.invalid = str_dup(json_str(obj, "invalid", NULL));
	s.raw = str_dup(json_str(obj, "raw", NULL));
	*ret = s;
	return 0;
}
