// SPDX-License-Identifier: GPL-2.0-only
/* cmd_shell.c - tapbed shell: a shell in the host under test, its guest running */
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "cmd.h"
#include "ground.h"
#include "lib/cleanup.h"
#include "lib/err.h"
#include "lib/log.h"
#include "lib/progress.h"
#include "plan/verdict.h"
#include "run.h"

static const char usage[] =
	"usage: tapbed shell PLAN [--kernel NAME] [--no-guest] [--set NAME=VALUE]... [OPTION...]\n"
	"\n"
	"Boots a kernel of the plan as host, brings the guest of the plan's first cell up on it, and\n"
	"gives a shell on the host: the TAP is tap0, the guest 10.77.0.2, its console\n"
	"/run/tapbed/guest-console.log. Everything is gone when the shell ends.\n"
	"\n"
	"  --kernel NAME      kernel of the plan; the first one without it\n"
	"  --no-guest         only the host\n"
	"  --set NAME=VALUE   another cell: backend=vhost, txqueuelen=1\n"
	"  --connect URI, --cache DIR, -v, --help\n";

enum { OPT_KERNEL = 256, OPT_NO_GUEST, OPT_SET, OPT_CONNECT, OPT_CACHE };

static const struct option longs[] = {
	{ "kernel",   required_argument, NULL, OPT_KERNEL   },
	{ "no-guest", no_argument,	 NULL, OPT_NO_GUEST },
	{ "set",      required_argument, NULL, OPT_SET	    },
	{ "connect",  required_argument, NULL, OPT_CONNECT  },
	{ "cache",    required_argument, NULL, OPT_CACHE    },
	{ "help",     no_argument,	 NULL, 'h'	    },
	{ 0 }
};

struct shell_options {
	struct run_options run;
	const char *kernel;
	bool has_guest;
};

/* Return: -1 go on, else the exit status. */
static int read_options(int argc, char **argv, struct shell_options *o)
{
	int c;

	optind = 0;
	while ((c = getopt_long(argc, argv, "hv", longs, NULL)) != -1) {
		switch (c) {
		case OPT_KERNEL:   o->kernel = optarg; break;
		case OPT_NO_GUEST: o->has_guest = false; break;
		case OPT_SET:	   strv_add(&o->run.sets, optarg); break;
		case OPT_CONNECT:  o->run.connect = optarg; break;
		case OPT_CACHE:	   o->run.cache = optarg; break;
		case 'v':	   log_set_level(LOG_DEBUG); break;
		case 'h':	   fputs(usage, stdout); return EXIT_PASS;
		default:	   return EXIT_USAGE;
		}
	}
	if (optind != argc - 1) {
		log_error("shell: one plan is needed; see tapbed help shell");
		return EXIT_USAGE;
	}
	o->run.plan = argv[optind];
	return -1;
}

static int read_plan(const struct shell_options *o, struct plan *p, size_t *kernel)
{
	int err = ground_plan(o->run.plan, p);

	for (size_t i = 0; i < o->run.sets.n && !err; i++)
		err = plan_set(p, o->run.sets.v[i]);
	if (!err)
		err = ground_supports(p);
	if (err)
		return err;
	for (*kernel = 0; o->kernel && *kernel < p->n_kernels; ++*kernel)
		if (!strcmp(p->kernels[*kernel].name, o->kernel))
			return 0;
	return o->kernel ? err_say(EINVAL, "%s has no kernel %s", o->run.plan, o->kernel) : 0;
}

static int serve(const struct shell_options *o, const struct plan *p, size_t kernel)
{
	struct run r = { .options = &o->run, .plan = p };
	bool with_guest = o->has_guest && probe_def(p->probe.kind)->has_guest;
	struct visit v = { .kernel = kernel, .boot = 1 };
	bool died;
	int err = run_start(&r);

	if (!err)
		err = run_boot(&r, &v, &died);
	if (!err) {
		if (with_guest)
			progress_say("guest");
		progress_end();
		fprintf(stderr, "host %s; end the shell to end it\n",
			json_string_value(json_object_get(host_facts(r.host), "release")));
		err = host_shell(r.host, &p->cells[0], with_guest);
	}
	if (err)
		log_error("%s", err_text());
	run_end(&r);
	run_free(&r);
	return ground_exit(err);
}

int cmd_shell(int argc, char **argv)
{
	struct shell_options o = { .has_guest = true };
	struct plan p = { 0 };
	size_t kernel = 0;
	int status = read_options(argc, argv, &o);

	if (status < 0 && read_plan(&o, &p, &kernel)) {
		log_error("%s", err_text());
		status = EXIT_USAGE;
	}
	if (status < 0)
		status = serve(&o, &p, kernel);
	plan_free(&p);
	strv_free(&o.run.sets);
	return status;
}
