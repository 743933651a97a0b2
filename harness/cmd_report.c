// SPDX-License-Identifier: GPL-2.0-only
/* cmd_report.c - tapbed report: a stored run, judged and written down */
#include <errno.h>
#include <getopt.h>
#include <stdio.h>

#include "cmd.h"
#include "judge/judge.h"
#include "judge/store.h"
#include "lib/cleanup.h"
#include "lib/dirs.h"
#include "lib/err.h"
#include "lib/fs.h"
#include "lib/log.h"
#include "lib/str.h"
#include "report/report.h"

static const char usage[] =
	"usage: tapbed report [RUN] [--format FORMAT] [--output FILE] [--state DIR]\n"
	"\n"
	"Judges a stored run again and writes the report. RUN is an id, the beginning of one, or\n"
	"\"latest\", which is also what is taken without it. Exits with 0 when every cell passed, 1 when\n"
	"one failed, 125 when nothing could be judged, 128 when the test bed is broken, 129 for wrong usage.\n"
	"\n"
	"  --output FILE  write there instead of to the terminal\n"
	"  --state DIR    where runs are kept, instead of $TAPBED_STATE or $XDG_STATE_HOME/tapbed\n"
	"  --help         this text\n"
	"  --format       one of\n";

struct options {
	const char *run;
	const struct report_format *format;
	const char *output;
	const char *state;
	bool help;
};

static const struct option longs[] = {
	{ "format", required_argument, NULL, 'f' },
	{ "output", required_argument, NULL, 'o' },
	{ "state",  required_argument, NULL, 's' },
	{ "help",   no_argument,       NULL, 'h' },
	{ 0 }
};

static bool read_format(const char *name, struct options *o)
{
	_cleanup_(strv_free) struct strv names = { 0 };
	_cleanup_(freep) char *all = NULL;

	o->format = report_find(name);
	if (o->format)
		return true;
	for (const struct report_format *f = report_formats; f->name; f++)
		strv_add(&names, f->name);
	all = strv_join(&names, ", ");
	log_error("report: no format \"%s\"; there are %s", name, all);
	return false;
}

/* Return: whether the words make sense; getopt_long() or this has complained if not. */
static bool read_options(int argc, char **argv, struct options *o)
{
	int c;

	optind = 0; /* main() may have used getopt for the words before ours */
	while ((c = getopt_long(argc, argv, "h", longs, NULL)) != -1) {
		if (c == 'f' && !read_format(optarg, o))
			return false;
		else if (c == 'o')
			o->output = optarg;
		else if (c == 's')
			o->state = optarg;
		else if (c == 'h')
			o->help = true;
		else if (c == '?')
			return false;
	}
	if (!o->help && argc - optind > 1) {
		log_error("report: more than one run named; usage: tapbed report [RUN], more with --help");
		return false;
	}
	o->run = argv[optind];
	return true;
}

static int print_help(void)
{
	fputs(usage, stdout);
	for (const struct report_format *f = report_formats; f->name; f++)
		printf("                   %-5s  %s%s\n", f->name, f->help, f == report_formats ? " (the default)" : "");
	return EXIT_PASS;
}

static int write_stdout(const struct options *o, const struct run_result *r, struct report_opts opts)
{
	opts.has_colour = report_wants_colour(stdout);
	opts.width = report_width(stdout);
	o->format->print(r, &opts, stdout);
	return fflush(stdout) || ferror(stdout) ? err_set(errno, "report: write") : 0;
}

/** write_file() - in memory first, so that a file that is there is never replaced by half a report. */
static int write_file(const struct options *o, const struct run_result *r, const struct report_opts *opts)
{
	_cleanup_(freep) char *text = NULL;
	size_t len;
	FILE *f = open_memstream(&text, &len);

	if (!f)
		return err_set(errno, "report: memory");
	o->format->print(r, opts, f);
	if (fclose(f))
		return err_set(errno, "report: memory");
	return fs_write(o->output, text, len, 0644);
}

static int print_report(const struct options *o, struct store *s, struct run_result *r)
{
	_cleanup_(freep) char *dir = store_run_dir(s, r->id);
	_cleanup_(freep) char *path = store_path(s);
	struct report_opts opts = { .run_dir = dir, .store = path };

	judge_run(r);
	return o->output ? write_file(o, r, &opts) : write_stdout(o, r, opts);
}

static int report(const struct options *o)
{
	_cleanup_(freep) char *state = dirs_state(o->state);
	_cleanup_(store_closep) struct store *s = NULL;
	_cleanup_(run_result_free) struct run_result r = { 0 };
	int ret = store_open_existing(state, &s);
	bool is_open = !ret;

	if (!ret)
		ret = store_load(s, o->run, &r);
	if (ret) {
		log_error("%s", err_text());
		return is_open && ret == -ENOENT ? EXIT_USAGE : EXIT_BROKEN;
	}
	ret = print_report(o, s, &r);
	if (ret) {
		log_error("%s", err_text());
		return EXIT_BROKEN;
	}
	return (int)verdict_exit(r.verdict);
}

int cmd_report(int argc, char **argv)
{
	struct options o = { .format = report_formats };

	if (!read_options(argc, argv, &o))
		return EXIT_USAGE;
	return o.help ? print_help() : report(&o);
}
