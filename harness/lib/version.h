/* SPDX-License-Identifier: GPL-2.0-only */
/* version.h - which tapbed this is */
#ifndef LIB_VERSION_H
#define LIB_VERSION_H

#define TAPBED_VERSION "0.1.0"

#endif
