// SPDX-License-Identifier: GPL-2.0-only
/* cmd_export.c - tapbed export: a stored run as text that another store can take */
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
	"usage: tapbed export [RUN] [--output FILE] [--state DIR]\n"
	"\n"
	"Writes all numbers of a stored run as text, JSON objects one a line: to be mailed, kept beside what was\n"
	"written about it, or gone on with elsewhere. tapbed import puts it into another store. For other\n"
	"programs the json of tapbed report is better: that has verdicts.\n"
	"\n"
	"  RUN            a run id, the beginning of one, a name of tapbed baseline, or \"latest\" (the default)\n"
	"  --output FILE  instead of standard output\n"
	"  --state DIR    where runs are kept, instead of $TAPBED_STATE or $XDG_STATE_HOME/tapbed\n"
	"  --help         this text\n"
	"\n"
	"The raw output of samples, consoles and the log are not in it; they stay in the run's folder.\n"
	"Exit status: 0, 128 it could not be read or written, 129 usage or no such run.\n";

struct options {
	const char *state;
	const char *output;
	const char *run;
	bool help;
};

static const struct option longs[] = {
	{ "output", required_argument, NULL, 'o' },
	{ "state",  required_argument, NULL, 's' },
	{ "help",   no_argument,       NULL, 'h' },
	{ 0 }
};

/* Return: whether the words make sense; getopt_long() or this has complained if not. */
static bool read_options(int argc, char **argv, struct options *o)
{
	int c;

	optind = 0; /* main() may have used getopt for the words before ours */
	while ((c = getopt_long(argc, argv, "h", longs, NULL)) != -1) {
		switch (c) {
		case 'o': o->output = optarg; break;
		case 's': o->state = optarg; break;
		case 'h': o->help = true; break;
		default:  return false;
		}
	}
	o->run = optind < argc ? argv[optind++] : "latest";
	if (!o->help && optind < argc)
		log_error("export: \"%s\" is too much; one run at a time, more with --help", argv[optind]);
	return o->help || optind == argc;
}

static int export(const struct options *o)
{
	_cleanup_(freep) char *state = dirs_state(o->state);
	_cleanup_(store_closep) struct store *s = NULL;
	_cleanup_(strbuf_free) struct strbuf text = { 0 };
	int ret = store_open_existing(state, &s);
	bool is_open = !ret;

	if (!ret)
		ret = exchange_write(s, o->run, &text);
	if (ret) {
		log_error("%s", err_text());
		return is_open && ret == -ENOENT ? EXIT_USAGE : EXIT_BROKEN;
	}
	if (!o->output)
		fputs(text.data, stdout);
	else if (fs_write(o->output, text.data, text.len, 0644)) {
		log_error("%s", err_text());
		return EXIT_BROKEN;
	}
	return EXIT_PASS;
}

int cmd_export(int argc, char **argv)
{
	struct options o = { 0 };

	if (!read_options(argc, argv, &o))
		return EXIT_USAGE;
	if (!o.help)
		return export(&o);
	fputs(usage, stdout);
	return EXIT_PASS;
}
