// SPDX-License-Identifier: GPL-2.0-only
/* cmd_import.c - tapbed import: runs that tapbed export wrote, into the store */
#include <errno.h>
#include <getopt.h>
#include <stdio.h>

#include "cmd.h"
#include "judge/exchange.h"
#include "lib/cleanup.h"
#include "lib/dirs.h"
#include "lib/err.h"
#include "lib/fs.h"
#include "lib/log.h"
#include "plan/verdict.h"

static const char usage[] =
	"usage: tapbed import FILE... [--state DIR]\n"
	"\n"
	"Stores runs that tapbed export wrote, with their names, for list, report, compare, reproduce --page\n"
	"and, where a run was cut off, for run --resume. A run that is stored already is left as it is; when\n"
	"the file has other numbers of it, that is an error.\n"
	"\n"
	"  --state DIR  where runs are kept, instead of $TAPBED_STATE or $XDG_STATE_HOME/tapbed\n"
	"  --help       this text\n"
	"\n"
	"Exit status: 0, 128 a file could not be read or stored, 129 usage, or a file that is not taken.\n";

static const struct option longs[] = {
	{ "state", required_argument, NULL, 's' },
	{ "help",  no_argument,	      NULL, 'h' },
	{ 0 }
};

static int import_file(struct store *s, const char *path)
{
	static const char *const news[] = { [EXCHANGE_NEW] = "stored", [EXCHANGE_KNOWN] = "was stored already" };
	enum exchange_news is = EXCHANGE_NEW;
	_cleanup_(freep) char *text = NULL;
	_cleanup_(freep) char *id = NULL;
	int ret = fs_read(path, &text, NULL);

	if (!ret)
		ret = exchange_read(s, text, path, &id, &is);
	if (!ret)
		printf("%s: run %s, %s\n", path, id, news[is]);
	return ret;
}

/* Each file by itself: one that is spoilt keeps no other one out. */
static int import(const char *state_dir, char *const *paths)
{
	_cleanup_(freep) char *state = dirs_state(state_dir);
	_cleanup_(store_closep) struct store *s = NULL;
	int status = EXIT_PASS;

	if (store_open(state, &s)) {
		log_error("%s", err_text());
		return EXIT_BROKEN;
	}
	for (; *paths; paths++) {
		int ret = import_file(s, *paths);

		if (!ret)
			continue;
		log_error("%s", err_text());
		if (status != EXIT_BROKEN)
			status = ret == -ENOENT || ret == -EBADMSG || ret == -EEXIST ? EXIT_USAGE : EXIT_BROKEN;
	}
	return status;
}

int cmd_import(int argc, char **argv)
{
	const char *state = NULL;
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
	if (optind < argc)
		return import(state, argv + optind);
	log_error("import: which file? tapbed export wrote it; more with --help");
	return EXIT_USAGE;
}
