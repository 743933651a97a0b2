// SPDX-License-Identifier: GPL-2.0-only
/* hunt_verify.c - the change that was found, put to the test: itself, what is before it, and the end without it */
#include <errno.h>
#include <stdlib.h>

#include "bisect/hunt_priv.h"
#include "lib/cleanup.h"
#include "lib/err.h"

static const char *const check_names[] = {
	[HUNT_NOT_TRIED] = "NOT TRIED", [HUNT_PASS] = "PASS", [HUNT_FAIL] = "FAIL", [HUNT_CONFLICT] = "CONFLICT",
};
_Static_assert(ARRAY_SIZE(check_names) == HUNT_CHECKS, "a name for each");

const char *hunt_check_name(enum hunt_check c)
{
	return check_names[c];
}

/* The last @verify_boots samples of a state, alone. Return: log odds that they are bad. */
static double fresh_odds(struct hunt *h, size_t at)
{
	const struct hunt_state *st = &h->state[at];
	_cleanup_(freep) struct oracle_state *say = mem_zalloc(sizeof(*say));

	for (size_t i = st->n_samples - h->verify_boots; i < st->n_samples; i++)
		oracle_sample(search_present(&h->search), st->values[i], say);
	return oracle_odds(say);
}

/* Boots it; *@ret: whether its samples are all of the kind that is expected. */
static int try_state(struct hunt *h, size_t at, bool is_bad, bool *ret)
{
	int err = at < h->range->n ? hunt_settle(h, &at) : hunt_build(h, at);
	size_t enough = h->state[at].n_samples + h->verify_boots;

	*ret = false;
	while (!err && h->state[at].n_samples < enough && !h->state[at].why_skip)
		err = hunt_boot(h, at);
	if (err || h->state[at].why_skip)
		return err;
	*ret = oracle_answer(fresh_odds(h, at), h->search.options.confidence) == (is_bad ? ORACLE_BAD : ORACLE_GOOD);
	return 0;
}

static int try_revert(struct hunt *h, size_t culprit)
{
	bool is_right;
	int err = h->ops->revert(h->arg, culprit);

	if (err == -ENOTSUP || err == -EEXIST) {
		h->revert = err == -EEXIST ? HUNT_CONFLICT : HUNT_NOT_TRIED;
		hunt_tell(h, "revert: %s: %s", hunt_check_name(h->revert), err_text());
		return 0;
	}
	if (!err)
		err = try_state(h, HUNT_REVERT(h), false, &is_right);
	if (err)
		return err;
	/* What does not build, or does not run, without it needs it. */
	h->revert = h->state[HUNT_REVERT(h)].why_skip ? HUNT_CONFLICT : is_right ? HUNT_PASS : HUNT_FAIL;
	return 0;
}

int hunt_verify(struct hunt *h)
{
	struct search_culprit c = search_culprit(&h->search);
	bool is_bad, is_good;
	int err;

	if (c.from != c.to)
		return 0;
	hunt_tell(h, "verify: %s and what is before it, %u boots each", h->range->v[c.to].id, h->verify_boots);
	err = try_state(h, c.to, true, &is_bad);
	if (!err)
		err = try_state(h, c.from - 1, false, &is_good);
	if (err)
		return err;
	h->verify = is_bad && is_good ? HUNT_PASS : HUNT_FAIL;
	return h->verify == HUNT_PASS ? try_revert(h, c.to) : 0;
}
