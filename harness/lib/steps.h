/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * steps.h - what has to be done in order, and undone in the other
 *
 *	static const struct step table[] = {
 *		{ "tap",   tap_up,   tap_down   },
 *		{ "guest", guest_up, guest_down },
 *	};
 *	struct steps s = { .table = table, .n = ARRAY_SIZE(table), .arg = &lab };
 *
 *	ret = steps_up(&s, s.n);	all, or nothing: a failure undoes what was done
 *	steps_down(&s, 0);
 */
#ifndef LIB_STEPS_H
#define LIB_STEPS_H

#include <stddef.h>

/**
 * struct step - one row
 * @name: what is said while it runs and when it fails
 * @up:   does it; when it fails it has undone itself. Return: 0 or -errno
 * @down: undoes it, warns of what it cannot undo and goes on; NULL if there is nothing to undo
 */
struct step {
	const char *name;
	int (*up)(void *arg);
	void (*down)(void *arg);
};

/**
 * struct steps - a table and how far it is up
 * @done:   how many steps are up
 * @before: called before each step goes up, for progress; may be NULL
 * @fail:   name of a step that shall fail after it went up, for tests; NULL for none
 */
struct steps {
	const struct step *table;
	size_t n;
	void *arg;
	size_t done;
	void (*before)(void *arg, const char *name);
	const char *fail;
};

/** steps_up() - go up until @to steps are up. Return: 0, or -errno of the first that failed, after all steps are down. */
int steps_up(struct steps *s, size_t to);

/** steps_down() - go down until @to steps are up. A stop that is asked for does not hinder it; err_text() stays. */
void steps_down(struct steps *s, size_t to);

#endif
