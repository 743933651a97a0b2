// SPDX-License-Identifier: GPL-2.0-only
/* cmd_doctor.c - tapbed doctor: what works here and what does not, each with the cure */
#include <errno.h>
#include <getopt.h>
#include <stdio.h>

#include <jansson.h>

#include "cmd.h"
#include "doctor.h"
#include "ground.h"
#include "lib/cleanup.h"
#include "lib/dirs.h"
#include "lib/err.h"
#include "lib/log.h"
#include "lib/progress.h"
#include "lib/stop.h"
#include "lib/str.h"
#include "plan/verdict.h"
#include "report/report.h"

/* The kernel of the trial boot: the one that the plans which ship begin with. */
#define TRIAL_PACKAGE "linux-image-6.12-cloud-amd64"

static const char usage[] =
	"usage: tapbed doctor [--json] [--cache DIR] [-v]\n"
	"\n"
	"Says what works on this machine and what does not, each with the cure. The first line is the\n"
	"accelerator that works, found by booting a small guest: a /dev/kvm that opens proves nothing.\n"
	"The kernel for it is fetched when the cache has none; the answer is kept in the cache.\n"
	"\n"
	"  --json       as JSON\n"
	"  --cache DIR  the cache, instead of $TAPBED_CACHE or $XDG_CACHE_HOME/tapbed\n"
	"  -v           say more\n"
	"  --help       this text\n"
	"\n"
	"Exit status: 0 everything is here, 128 something is missing, 129 usage.\n";

struct options {
	const char *cache;
	bool json;
	bool help;
};

static const struct option longs[] = {
	{ "json",  no_argument,       NULL, 'j' },
	{ "cache", required_argument, NULL, 'c' },
	{ "help",  no_argument,       NULL, 'h' },
	{ 0 }
};

static const char *const states[] = { [DOCTOR_OK] = "ok", [DOCTOR_WARN] = "warn", [DOCTOR_MISS] = "MISS" };
_Static_assert(ARRAY_SIZE(states) == DOCTOR_COUNT, "a word for every state");

static const char *const guests[] = {
	[ACCEL_KVM] = "kvm inside the host, or tcg where this machine's kvm is not nested",
	[ACCEL_ICOUNT] = "none",
	[ACCEL_TCG] = "kvm inside the host (nested SVM emulated by TCG)",
};
_Static_assert(ARRAY_SIZE(guests) == ACCEL_COUNT, "a sentence for every accelerator");

/**
 * struct trial - the accelerator
 * @ground: what was needed to find it
 * @why:    why it is not known, NULL when it is
 */
struct trial {
	struct ground ground;
	char *why;
};

static bool read_options(int argc, char **argv, struct options *o)
{
	int c;

	optind = 0; /* main() may have used getopt for the words before ours */
	while ((c = getopt_long(argc, argv, "hv", longs, NULL)) != -1) {
		switch (c) {
		case 'j': o->json = true; break;
		case 'c': o->cache = optarg; break;
		case 'h': o->help = true; break;
		case 'v': log_set_level(LOG_DEBUG); break;
		default:  return false;
		}
	}
	if (o->help || optind == argc)
		return true;
	log_error("doctor: \"%s\" is too much; usage: tapbed doctor, more with --help", argv[optind]);
	return false;
}

static void find_accel(const char *cache, struct trial *t)
{
	*t = (struct trial){ 0 };
	progress_start();
	progress_say("kernel for a trial boot, fetched when the cache has none: %s", TRIAL_PACKAGE);
	if (ground_accel(cache, TRIAL_PACKAGE, &t->ground))
		t->why = report_line(err_text());
	progress_end();
}

static void print_accel(const struct trial *t)
{
	const struct accel_answer *a = &t->ground.accel;

	if (t->why)
		printf("accelerator: not known: %s\n", t->why);
	else
		printf("accelerator: %s (%s)\nguests: %s\n", accel_name(a->accel),
		       *a->reason ? a->reason : "a trial guest booted", guests[a->accel]);
}

static void print_text(const struct trial *t, const struct doctor_report *r)
{
	print_accel(t);
	for (size_t i = 0; i < r->n; i++) {
		const struct doctor_finding *f = &r->v[i];
		_cleanup_(freep) char *detail = report_line(f->detail);

		printf("%-4s %s: %s%s%s\n", states[f->state], f->what, detail, f->cure ? "; " : "",
		       f->cure ? f->cure : "");
	}
	if (r->n_missing)
		printf("%zu thing%s missing: make deps installs %s\n", r->n_missing,
		       r->n_missing == 1 ? " is" : "s are", r->n_missing == 1 ? "it" : "them");
	else
		puts(t->why ? "everything else that tapbed needs is here" : "everything that tapbed needs is here");
}

static json_t *accel_json(const struct trial *t)
{
	const struct accel_answer *a = &t->ground.accel;

	if (t->why)
		return json_pack("{s:n, s:s}", "name", "reason", t->why);
	return json_pack("{s:s, s:s, s:s, s:s}", "name", accel_name(a->accel), "reason", a->reason,
			 "qemu", a->qemu, "guests", guests[a->accel]);
}

static void print_json(const struct trial *t, const struct doctor_report *r)
{
	json_t *checks = json_array();
	_cleanup_(json_decrefp) json_t *all = NULL;

	for (size_t i = 0; i < r->n; i++) {
		const struct doctor_finding *f = &r->v[i];
		_cleanup_(freep) char *detail = report_line(f->detail);

		json_array_append_new(checks, json_pack("{s:s, s:s, s:s, s:s*}", "what", f->what, "state",
							states[f->state], "detail", detail, "cure", f->cure));
	}
	all = json_pack("{s:o, s:o, s:I}", "accelerator", accel_json(t), "checks", checks, "missing",
			(json_int_t)r->n_missing);
	json_dumpf(all, stdout, JSON_INDENT(1));
	putchar('\n');
}

static int doctor(const struct options *o)
{
	_cleanup_(freep) char *cache = dirs_cache(o->cache);
	struct doctor_report r = { 0 };
	struct trial t;
	int status = EXIT_BROKEN;

	find_accel(cache, &t);
	if (!stop_asked())
		doctor_examine(cache, &r);
	if (stop_asked()) {
		log_error("doctor: stopped");
	} else {
		(o->json ? print_json : print_text)(&t, &r);
		status = t.why || r.n_missing ? EXIT_BROKEN : EXIT_PASS;
	}
	if (fflush(stdout) || ferror(stdout)) {
		log_error("doctor: write: %m");
		status = EXIT_BROKEN;
	}
	doctor_free(&r);
	ground_free(&t.ground);
	free(t.why);
	return status;
}

int cmd_doctor(int argc, char **argv)
{
	struct options o = { 0 };

	if (!read_options(argc, argv, &o))
		return EXIT_USAGE;
	if (!o.help)
		return doctor(&o);
	fputs(usage, stdout);
	return EXIT_PASS;
}
