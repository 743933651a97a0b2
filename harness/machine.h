/* SPDX-License-Identifier: GPL-2.0-only */
/* machine.h - what the machine is that everything runs on */
#ifndef MACHINE_H
#define MACHINE_H

#include <jansson.h>

/** machine_load() - Return: how many processes ran or wanted to, on average over the last minute; NAN where that is not known. */
double machine_load(void);

/** machine_facts() - @load: as it was before we added to it. Return: cpu, cpus, memory_mib, kernel, load; a new reference. */
json_t *machine_facts(double load);

#endif
