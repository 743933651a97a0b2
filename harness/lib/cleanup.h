/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * cleanup.h - ownership written where a variable is declared
 *
 *	_cleanup_(freep) char *path = str_fmt("%s/console.log", dir);
 *	_cleanup_(closep) int fd = open(path, O_RDONLY | O_CLOEXEC);
 *	...
 *	*ret_fd = take_fd(&fd);		given away: no longer closed here
 */
#ifndef LIB_CLEANUP_H
#define LIB_CLEANUP_H

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define _cleanup_(f) __attribute__((cleanup(f)))

#define ARRAY_SIZE(a) (sizeof(a) / sizeof((a)[0]))

/* Each *p() takes the address of its variable and accepts the empty value; jansson has json_decrefp(). */
static inline void freep(void *p)
{
	free(*(void **)p);
}

static inline void closep(int *fd)
{
	if (*fd >= 0)
		close(*fd);
}

static inline void fclosep(FILE **f)
{
	if (*f)
		fclose(*f);
}

static inline void closedirp(DIR **d)
{
	if (*d)
		closedir(*d);
}

/**
 * take_ptr() - give a pointer away
 * @p: address of the owning variable, NULL afterwards
 * Return: the pointer that it held.
 */
#define take_ptr(p)                                                           \
	({                                                                    \
		__typeof__(p) _pp = (p);                                      \
		__typeof__(*_pp) _v = *_pp;                                   \
		*_pp = NULL;                                                  \
		_v;                                                           \
	})

/**
 * take_fd() - give a file descriptor away
 * @fd: address of the owning variable, -1 afterwards
 * Return: the descriptor that it held.
 */
static inline int take_fd(int *fd)
{
	int v = *fd;

	*fd = -1;
	return v;
}

#endif
