/* SPDX-License-Identifier: GPL-2.0-only */
/* tuning.h - processor, clock and mitigations: what a reader of numbers wants to know of their machine */
#ifndef MEASURE_TUNING_H
#define MEASURE_TUNING_H

#include <jansson.h>

/**
 * tuning_facts() - this machine's
 * Return: {"cpu": "...", "governor": "...", "turbo": "...", "smt": "...", "mitigations": "..."} without
 * what cannot be known here; a new reference.
 */
json_t *tuning_facts(void);

/** tuning_cpu() - Return: the model of the first processor in the text of /proc/cpuinfo, to be freed; NULL when there is none. */
char *tuning_cpu(const char *cpuinfo);

/** tuning_mitigations() - Return: what a kernel's command line says of them, to be freed; "default" for nothing. */
char *tuning_mitigations(const char *cmdline);

#endif
