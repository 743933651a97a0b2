// SPDX-License-Identifier: GPL-2.0-only
/* cmd_build.c - tapbed build: kernels and images of a plan, into the cache */
#include <errno.h>
#include <getopt.h>
#include <stdio.h>

#include "cmd.h"
#include "ground.h"
#include "lib/err.h"
#include "lib/log.h"
#include "lib/progress.h"

static const char usage[] =
	"usage: tapbed build PLAN [--cache DIR] [-v]\n"
	"\n"
	"Fetches, patches and builds the kernels of a plan and makes the images of its machines,\n"
	"into the cache. tapbed run does the same for what is missing.\n"
	"\n"
	"Exit status: 0, 125 when a source does not compile, 128 when this machine cannot build it, 129 usage.\n"
	"A whole kernel (source or tree) is built as ARCH, CROSS_COMPILE, LLVM, CC and KBUILD_OUTPUT say.\n";

static const struct option longs[] = {
	{ "cache", required_argument, NULL, 'c' },
	{ "help",  no_argument,	      NULL, 'h' },
	{ 0 }
};

static void print_ground(const struct plan *p, const struct ground *g)
{
	for (size_t i = 0; i < g->n; i++)
		printf("kernel %-12s %s\n  %s\n", p->kernels[i].name, g->kernels[i].release, g->kernels[i].dir);
	printf("host image   %s\n", g->host_image.path);
	if (g->guest_image.path)
		printf("guest image  %s\n", g->guest_image.path);
	printf("host runs on %s%s%s\n", accel_name(g->accel.accel), *g->accel.reason ? ": " : "", g->accel.reason);
}

static int build(const char *path, const char *cache)
{
	struct ground g;
	struct plan p;
	int err = ground_plan(path, &p);

	if (!err && (err = ground_supports(&p)))
		plan_free(&p);
	if (err) {
		log_error("%s", err_text());
		return EXIT_USAGE;
	}
	progress_start();
	err = ground_prepare(&p, cache, &g);
	progress_end();
	if (err)
		log_error("%s", err_text());
	else
		print_ground(&p, &g);
	ground_free(&g);
	plan_free(&p);
	return ground_exit(err);
}

int cmd_build(int argc, char **argv)
{
	const char *cache = NULL;
	int c;

	optind = 0;
	while ((c = getopt_long(argc, argv, "hv", longs, NULL)) != -1) {
		switch (c) {
		case 'c': cache = optarg; break;
		case 'v': log_set_level(LOG_DEBUG); break;
		case 'h': fputs(usage, stdout); return EXIT_PASS;
		default:  return EXIT_USAGE;
		}
	}
	if (optind != argc - 1) {
		log_error("build: one plan is needed; see tapbed help build");
		return EXIT_USAGE;
	}
	return build(argv[optind], cache);
}
