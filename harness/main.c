// SPDX-License-Identifier: GPL-2.0-only
/* main.c - tapbed: the table of verbs */
#include <stdio.h>
#include <string.h>

#include "cmd.h"
#include "lib/cleanup.h"
#include "lib/err.h"
#include "lib/keeper.h"
#include "lib/log.h"
#include "lib/stop.h"
#include "lib/version.h"
#include "plan/verdict.h"

/* STARTS: leaves processes of its own if it is killed, so a keeper watches over it. */
enum verb_flags { STARTS = 1, HIDDEN = 2 };

static const struct verb {
	const char *name;
	int (*run)(int argc, char **argv);
	int flags;
	const char *help;
} verbs[] = {
	{ "doctor",  cmd_doctor,  STARTS, "what works here and what does not, each with the cure" },
	{ "plan",    cmd_plan,    0,	  "check a plan, list its cells, estimate the time" },
	{ "build",   cmd_build,	  STARTS, "kernels and images of a plan, into the cache" },
	{ "run",     cmd_run,	  STARTS, "build what is missing, boot, measure, store, judge, report" },
	{ "compare", cmd_compare, 0,	  "two stored runs, or two kernels of one run" },
	{ "bisect",  cmd_bisect,  STARTS, "which commit, patch, package or option made a cell worse" },
	{ "baseline", cmd_baseline, 0,	  "names for runs that others are compared with" },
	{ "history", cmd_history, 0,	  "a cell over all stored runs, and where it changed" },
	{ "floor",   cmd_floor,	  0,	  "what a kernel differs from itself by, and how often that was an alarm" },
	{ "report",  cmd_report,  0,	  "a stored run as text, json, ktap, junit, lkp, kcidb or for reviewers" },
	{ "reproduce", cmd_reproduce, 0,  "the published experiments, and a page of what is reproduced" },
	{ "list",    cmd_list,	  0,	  "stored runs" },
	{ "export",  cmd_export,  0,	  "a stored run as text, for another store" },
	{ "import",  cmd_import,  0,	  "what export wrote, into this store" },
	{ "shell",   cmd_shell,	  STARTS, "a shell in the host under test, its guest running" },
	{ "gc",	     cmd_gc,	  0,	  "what the cache holds, and removing it" },
	{ "agent",   cmd_agent,	  HIDDEN, "on the host under test: cells in, samples out" },
};

static void print_help(FILE *to)
{
	fputs("tapbed " TAPBED_VERSION ": does a kernel drop what a TUN/TAP ring cannot take?\n"
	      "It boots a kernel as host, puts a Debian guest on it, and measures what the guest gets.\n\n"
	      "usage: tapbed VERB [OPTION...]\n\n", to);
	for (size_t i = 0; i < ARRAY_SIZE(verbs); i++)
		if (!(verbs[i].flags & HIDDEN))
			fprintf(to, "  %-9s %s\n", verbs[i].name, verbs[i].help);
	fputs("\ntapbed help VERB tells more. First: tapbed doctor, then tapbed run tests/plans/vm-test.yaml\n"
	      "Exit status: 0 PASS, 1 FAIL, 125 nothing could be judged, 128 the test bed is broken, 129 usage.\n", to);
}

static const struct verb *verb_find(const char *name)
{
	for (size_t i = 0; i < ARRAY_SIZE(verbs); i++)
		if (!strcmp(verbs[i].name, name))
			return &verbs[i];
	fprintf(stderr, "tapbed: no verb \"%s\"; there are:", name);
	for (size_t i = 0; i < ARRAY_SIZE(verbs); i++)
		if (!(verbs[i].flags & HIDDEN))
			fprintf(stderr, " %s", verbs[i].name);
	fputs("; see tapbed help\n", stderr);
	return NULL;
}

static int run_verb(const struct verb *v, int argc, char **argv)
{
	int status = EXIT_BROKEN;

	/* In the keeper's process this returns only when the verb has ended. */
	if ((v->flags & STARTS) && keeper_start(&status))
		return status;
	if (stop_init()) {
		log_error("%s", err_text());
		return EXIT_BROKEN;
	}
	status = v->run(argc, argv);
	if ((fflush(stdout) || ferror(stdout)) && status != EXIT_BROKEN) {
		log_error("%s: standard output could not be written", v->name);
		return status == EXIT_PASS ? EXIT_BROKEN : status;
	}
	return status;
}

static int help(int argc, char **argv)
{
	char *words[] = { argc > 2 ? argv[2] : NULL, (char *)"--help", NULL };
	const struct verb *v = words[0] ? verb_find(words[0]) : NULL;

	if (words[0])
		return v ? v->run(2, words) : EXIT_USAGE;
	print_help(stdout);
	return EXIT_PASS;
}

int main(int argc, char **argv)
{
	const struct verb *v;

	if (argc < 2) {
		print_help(stderr);
		return EXIT_USAGE;
	}
	if (!strcmp(argv[1], "help") || !strcmp(argv[1], "--help") || !strcmp(argv[1], "-h"))
		return help(argc, argv);
	if (!strcmp(argv[1], "--version")) {
		puts("tapbed " TAPBED_VERSION);
		return EXIT_PASS;
	}
	v = verb_find(argv[1]);
	return v ? run_verb(v, argc - 1, argv + 1) : EXIT_USAGE;
}
