// SPDX-License-Identifier: GPL-2.0-only
/* tuning.c - what a reader of numbers wants to know of the machine that they are from */
#include "measure/tuning.h"

#include <string.h>

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

char *tuning_cpu(const char *cpuinfo)
{
	return value_of(cpuinfo, "model name\t: ", "\n");
}

char *tuning_mitigations(const char *cmdline)
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
	{ "cpu",	 "/proc/cpuinfo",			tuning_cpu },
	{ "governor",	 CPU "cpu0/cpufreq/scaling_governor",	whole },
	{ "turbo",	 CPU "cpufreq/boost",			on_or_off },
	{ "turbo",	 CPU "intel_pstate/no_turbo",		off_or_on },
	{ "smt",	 CPU "smt/active",			on_or_off },
	{ "mitigations", "/proc/cmdline",			tuning_mitigations },
};

json_t *tuning_facts(void)
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
	err_restore(why);
	return obj;
}
