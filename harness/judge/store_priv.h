/* SPDX-License-Identifier: GPL-2.0-only */
/* store_priv.h - what store.c (writing) and store_load.c (reading) share */
#ifndef JUDGE_STORE_PRIV_H
#define JUDGE_STORE_PRIV_H

#include <sqlite3.h>

#include "judge/store.h"

/** struct store - an open store; @dir is the state folder, absolute or as it was given */
struct store {
	sqlite3 *db;
	char *dir;
};

#endif
