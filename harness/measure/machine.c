// SPDX-License-Identifier: GPL-2.0-only
/* machine.c - what a reader of numbers wants to know of the machine that they are from */
#include "measure/machine.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "lib/cleanup.h"
#include "lib/err.h"
#include "lib/fs.h"
#include "lib/str.h"

#define CPU "/sys/devices/system/cpu/"

/** value_of() - Return: what stands behind @key, up to one of @ends, to be freed; NULL without it. */
static char *value_of(const char *text, const char *key, const char *ends)
{
	const char *at = strstr(text, key);

	if (!at)
		return NULL;
	at += strlen(key);
	return str_fmt("%.*s", (int)strcspn(at, ends), at);
}

char *machine_cpu(const char *cpuinfo)
{
	return value_of(cpuinfo, "model name\t: ", "\n");
}

char *machine_mitigations(const char *cmdline)
{
	char *value = value_of(cmdline, "mitigations=", " \n");

	return value ? value : str_dup("default");
}

static char *whole(const char *text)
{
	return str_fmt("%.*s", (int)strcspn(text, "\n"), text);
}

static char *on_or_off(const char *text)
{
	return str_dup(*text == '1' ? "on" : "off");
}

static char *off_or_on(const char *text)
{
	return str_dup(*text == '1' ? "off" : "on");
}

/* Of two files for one fact the first that is there counts. */
static const struct {
	const char *name;
	const char *path;
	char *(*read)(const char *text);
} facts[] = {
	{ "cpu",	 "/proc/cpuinfo",			machine_cpu },
	{ "governor",	 CPU "cpu0/cpufreq/scaling_governor",	whole },
	{ "turbo",	 CPU "cpufreq/boost",			on_or_off },
	{ "turbo",	 CPU "intel_pstate/no_turbo",		off_or_on },
	{ "smt",	 CPU "smt/active",			on_or_off },
	{ "mitigations", "/proc/cmdline",			machine_mitigations },
};

double machine_load(void)
{
	double load;

	return getloadavg(&load, 1) == 1 ? load : NAN;
}

static void add_size(json_t *obj, double load)
{
	long memory_mib = sysconf(_SC_PHYS_PAGES) / (1024 * 1024 / sysconf(_SC_PAGESIZE));
	struct utsname u = { 0 };

	(void)uname(&u);
	json_object_set_new(obj, "cpus", json_integer(sysconf(_SC_NPROCESSORS_ONLN)));
	json_object_set_new(obj, "memory_mib", json_integer(memory_mib));
	json_object_set_new(obj, "kernel", json_string(u.release));
	if (!isnan(load))
		json_object_set_new(obj, "load", json_real(load));
}

json_t *machine_facts(double load)
{
	_cleanup_(freep) char *why = str_dup(err_text());
	json_t *obj = json_object();

	for (size_t i = 0; i < ARRAY_SIZE(facts); i++) {
		_cleanup_(freep) char *text = NULL, *value = NULL;

		if (json_object_get(obj, facts[i].name) || !fs_exists(facts[i].path) || fs_read(facts[i].path, &text, NULL))
			continue;
		value = facts[i].read(text);
		if (value)
			json_object_set_new(obj, facts[i].name, json_string(value));
	}
	add_size(obj, load);
	err_restore(why);
	return obj;
}
