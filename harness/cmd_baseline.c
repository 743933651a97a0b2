// SPDX-License-Identifier: GPL-2.0-only
/* cmd_baseline.c - tapbed baseline: names for runs that others are compared with */
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "cmd.h"
#include "judge/baseline.h"
#include "lib/cleanup.h"
#include "lib/dirs.h"
#include "lib/err.h"
#include "lib/log.h"
#include "plan/verdict.h"

static const char usage[] =
	"usage: tapbed baseline set NAME RUN | remove NAME | list  [--state DIR]\n"
	"\n"
	"Gives a stored run a name, so that later runs can be compared with it:\n"
	"\n"
	"  tapbed baseline set good latest\n"
	"  tapbed run PLAN --against good\n"
	"  tapbed compare good latest\n"
	"\n"
	"  set NAME RUN  RUN is an id, the beginning of one, or \"latest\"; a name is moved without asking\n"
	"  remove NAME   the run itself stays\n"
	"  list          names and runs (also without any word)\n"
	"  --state DIR   where runs are kept, instead of $TAPBED_STATE or $XDG_STATE_HOME/tapbed\n"
	"  --help        this text\n";

static const struct option longs[] = {
	{ "state", required_argument, NULL, 's' },
	{ "help",  no_argument,	      NULL, 'h' },
	{ 0 }
};

static int set(struct store *s, char *const *words)
{
	_cleanup_(freep) char *id = NULL;
	int ret = baseline_set(s, words[0], words[1], &id);

	if (!ret)
		printf("%s is run %s\n", words[0], id);
	return ret;
}

static int remove_name(struct store *s, char *const *words)
{
	return baseline_remove(s, words[0]);
}

static int list(struct store *s, char *const *words)
{
	struct baseline *all;
	int n = baseline_list(s, &all);

	(void)words;
	if (n < 0)
		return n;
	for (int i = 0; i < n; i++)
		printf("%-20s  %s\n", all[i].name, all[i].run);
	baseline_list_free(all, n);
	return 0;
}

static const struct action {
	const char *name;
	int n_words;
	int (*run)(struct store *s, char *const *words);
} actions[] = {
	{ "set",    2, set },
	{ "remove", 1, remove_name },
	{ "list",   0, list },
};

static const struct action *action_find(int argc, char *const *argv)
{
	const char *name = argc ? argv[0] : "list";

	for (size_t i = 0; i < ARRAY_SIZE(actions); i++)
		if (!strcmp(actions[i].name, name) && (argc ? argc - 1 : 0) == actions[i].n_words)
			return &actions[i];
	log_error("baseline: wanted is set NAME RUN, remove NAME or list; more with --help");
	return NULL;
}

static int act(const struct action *a, const char *state_dir, char *const *words)
{
	_cleanup_(freep) char *state = dirs_state(state_dir);
	_cleanup_(store_closep) struct store *s = NULL;
	int ret = store_open_existing(state, &s);

	if (!ret)
		ret = a->run(s, words);
	if (!ret)
		return EXIT_PASS;
	log_error("%s", err_text());
	return ret == -ENOENT || ret == -EINVAL ? EXIT_USAGE : EXIT_BROKEN;
}

int cmd_baseline(int argc, char **argv)
{
	const char *state = NULL;
	const struct action *a;
	int c;

	optind = 0; /* main() may have used getopt for the words before ours */
	while ((c = getopt_long(argc, argv, "h", longs, NULL)) != -1) {
		if (c == 's') {
			state = optarg;
		} else if (c == 'h') {
			fputs(usage, stdout);
			return EXIT_PASS;
		} else {
			return EXIT_USAGE;
		}
	}
	a = action_find(argc - optind, argv + optind);
	return a ? act(a, state, argv + optind + 1) : EXIT_USAGE;
}
