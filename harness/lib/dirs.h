/* SPDX-License-Identifier: GPL-2.0-only */
/* dirs.h - where things are kept and where what we ship is found */
#ifndef LIB_DIRS_H
#define LIB_DIRS_H

/**
 * dirs_cache() - artifacts; always safe to delete
 * @override: value of --cache, NULL if it was not given
 * Return: @override, $TAPBED_CACHE, $XDG_CACHE_HOME/tapbed or ~/.cache/tapbed, absolute; to be freed.
 */
char *dirs_cache(const char *override);

/** dirs_state() - store and run folders: @override, $TAPBED_STATE, $XDG_STATE_HOME/tapbed or ~/.local/state/tapbed; to be freed. */
char *dirs_state(const char *override);

/**
 * dirs_data() - a file or folder that we ship ("vm-images", "kernel-config/patches")
 * @name: its path in the source tree
 * Return: its path under $TAPBED_DATA, beside the executable, or under PREFIX/share/tapbed, the
 * first that exists; NULL with a sentence when there is none; to be freed.
 */
char *dirs_data(const char *name);

/**
 * dirs_runtime() - make a private folder with a short name, for sockets (their paths may have 107 bytes)
 * Return: its path, to be freed and removed by the caller; NULL with a sentence.
 */
char *dirs_runtime(void);

#endif
