// SPDX-License-Identifier: GPL-2.0-only
/* steps.c - what has to be done in order, and undone in the other */
#include "lib/steps.h"

#include <errno.h>
#include <stdlib.h>

#include "lib/cleanup.h"
#include "lib/err.h"
#include "lib/log.h"
#include "lib/stop.h"
#include "lib/str.h"

static int one_up(struct steps *s)
{
	const struct step *step = &s->table[s->done];
	int ret;

	if (s->before)
		s->before(s->arg, step->name);
	ret = step->up(s->arg);
	if (ret)
		return err_wrap(ret, "%s", step->name);
	s->done++;
	if (str_eq(s->fail, step->name))
		return err_say(ECANCELED, "%s: made to fail for a test", step->name);
	return 0;
}

int steps_up(struct steps *s, size_t to)
{
	int ret = 0;

	while (s->done < to && !ret)
		ret = one_up(s);
	if (ret)
		steps_down(s, 0);
	return ret;
}

void steps_down(struct steps *s, size_t to)
{
	_cleanup_(freep) char *why = str_dup(err_text());

	stop_mask(true);
	while (s->done > to) {
		const struct step *step = &s->table[--s->done];

		log_debug("undo: %s", step->name);
		if (step->down)
			step->down(s->arg);
	}
	stop_mask(false);
	err_restore(why);
}
