// SPDX-License-Identifier: GPL-2.0-only
/* machine.c - what the machine is that everything runs on */
#include "machine.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "lib/cleanup.h"
#include "lib/fs.h"
#include "lib/str.h"

#define MODEL "model name"

double machine_load(void)
{
	double load;

	return getloadavg(&load, 1) == 1 ? load : NAN;
}

/** model() - Return: what the first processor calls itself, to be freed; NULL where /proc/cpuinfo has no such line. */
static char *model(void)
{
	_cleanup_(freep) char *text = NULL;
	const char *line;

	if (fs_read("/proc/cpuinfo", &text, NULL))
		return NULL;
	line = strstr(text, MODEL);
	if (!line)
		return NULL;
	line += strlen(MODEL);
	line += strspn(line, " \t:");
	return str_fmt("%.*s", (int)strcspn(line, "\n"), line);
}

json_t *machine_facts(double load)
{
	_cleanup_(freep) char *cpu = model();
	long memory_mib = sysconf(_SC_PHYS_PAGES) / (1024 * 1024 / sysconf(_SC_PAGESIZE));
	struct utsname u = { 0 };

	(void)uname(&u);
	return json_pack("{s:s*, s:i, s:i, s:s, s:o*}", "cpu", cpu, "cpus", (int)sysconf(_SC_NPROCESSORS_ONLN),
			 "memory_mib", (int)memory_mib, "kernel", u.release, "load",
			 isnan(load) ? NULL : json_real(load));
}
