/* SPDX-License-Identifier: GPL-2.0-only */
/* analyzer.h - what clang-tidy cannot see, one file at a time: a described failure is never 0 */
#include "lib/err.h"

#define err_set(...)       (err_set(__VA_ARGS__), -1)
#define err_say(...)       (err_say(__VA_ARGS__), -1)
#define err_wrap(ret, ...) (err_wrap(ret, __VA_ARGS__), (ret))
