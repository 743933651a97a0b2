/* SPDX-License-Identifier: GPL-2.0-only */
/* machine.h - what a reader of numbers wants to know of the machine that they are from */
#ifndef MEASURE_MACHINE_H
#define MEASURE_MACHINE_H

#include <jansson.h>

/** machine_load() - Return: how many processes ran or wanted to, on average over the last minute; NAN where that is not known. */
double machine_load(void);

/**
 * machine_facts() - this machine's
 * @load: as it was before we added to it, machine_load()'s
 * Return: {"cpu": "...", "governor": "...", "turbo": "...", "smt": "...", "mitigations": "...", "cpus": 2,
 * "memory_mib": 24000, "kernel": "...", "load": 0.1} without what cannot be known here; a new reference.
 */
json_t *machine_facts(double load);

/** machine_cpu() - Return: the model of the first processor in the text of /proc/cpuinfo, to be freed; NULL when there is none. */
char *machine_cpu(const char *cpuinfo);

/** machine_mitigations() - Return: what a kernel's command line says of them, to be freed; "default" for nothing. */
char *machine_mitigations(const char *cmdline);

#endif
