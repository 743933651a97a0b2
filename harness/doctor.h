/* SPDX-License-Identifier: GPL-2.0-only */
/* doctor.h - what works on this machine and what does not, each with the cure */
#ifndef DOCTOR_H
#define DOCTOR_H

#include <stddef.h>

/*
 * DOCTOR_WARN: it may be enough.
 */
enum doctor_state { DOCTOR_OK, DOCTOR_WARN, DOCTOR_MISS, DOCTOR_COUNT };

/**
 * struct doctor_finding - what came of one check
 * @what:   what was looked at
 * @state:  how it is
 * @detail: what was found, or what is wrong; owned
 * @cure:   what to do, NULL when all is well
 */
struct doctor_finding {
	const char *what;
	enum doctor_state state;
	char *detail;
	const char *cure;
};

/** struct doctor_report - all of it, in the order of the table */
struct doctor_report {
	struct doctor_finding *v;
	size_t n;
	size_t n_missing;
};

/**
 * doctor_examine() - make every check that concerns this user; starts nothing that outlives it
 * @cache_dir: the cache
 * @ret:       doctor_free() it
 */
void doctor_examine(const char *cache_dir, struct doctor_report *ret);

void doctor_free(struct doctor_report *r);

/**
 * doctor_subid_count() - how many subordinate ids a text such as /etc/subuid gives a user
 * @text: lines "USER:FIRST:COUNT", USER a name or a number
 * @name: of the user
 * @id:   its number
 * Return: the largest range, 0 without one.
 */
long doctor_subid_count(const char *text, const char *name, unsigned int id);

#endif
