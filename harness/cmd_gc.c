// SPDX-License-Identifier: GPL-2.0-only
/* cmd_gc.c - tapbed gc: what the cache holds, and removing it */
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include <jansson.h>

#include "build/gc.h"
#include "cmd.h"
#include "lib/cleanup.h"
#include "lib/dirs.h"
#include "lib/err.h"
#include "lib/fs.h"
#include "lib/log.h"
#include "lib/str.h"
#include "plan/verdict.h"

static const char usage[] =
	"usage: tapbed gc [--older-than DAYS | --all] [--dry-run] [--json] [--cache DIR] [--state DIR]\n"
	"\n"
	"Lists what the cache holds: kernels, images, packages. With one of the first two options it\n"
	"removes some of it, and what killed builds left. Nothing that a run is using goes; what is\n"
	"missing is made again by the next run. Stored runs are not in the cache and are never touched.\n"
	"\n"
	"  --older-than DAYS  remove what was not used for so many days\n"
	"  --all              remove everything\n"
	"  --dry-run          only say what would go\n"
	"  --json             as JSON\n"
	"  --cache DIR        the cache, instead of $TAPBED_CACHE or $XDG_CACHE_HOME/tapbed\n"
	"  --state DIR        where runs are kept, instead of $TAPBED_STATE or $XDG_STATE_HOME/tapbed\n"
	"  --help             this text\n";

struct options {
	const char *cache;
	const char *state;
	const char *days;
	struct gc_wish wish;
	bool json;
	bool help;
};

static const struct option longs[] = {
	{ "older-than", required_argument, NULL, 'o' },
	{ "all",	no_argument,	   NULL, 'a' },
	{ "dry-run",	no_argument,	   NULL, 'n' },
	{ "json",	no_argument,	   NULL, 'j' },
	{ "cache",	required_argument, NULL, 'c' },
	{ "state",	required_argument, NULL, 's' },
	{ "help",	no_argument,	   NULL, 'h' },
	{ 0 }
};

/* Return: whether @o makes sense; this has complained if not. */
static bool check_options(struct options *o, const char *too_much)
{
	if (o->help)
		return true;
	if (too_much)
		log_error("gc: \"%s\" is too much; usage: tapbed gc, more with --help", too_much);
	else if (o->days && o->wish.all)
		log_error("gc: --all or --older-than, not both");
	else if (o->wish.is_dry && !o->days && !o->wish.all)
		log_error("gc: --dry-run of what? Add --all or --older-than DAYS");
	else if (o->days && (!*o->days || strlen(o->days) > 5 || o->days[strspn(o->days, "0123456789")]))
		log_error("gc: --older-than \"%s\": a number of days is needed, 0 to 99999", o->days);
	else
		return true;
	return false;
}

static bool read_options(int argc, char **argv, struct options *o)
{
	int c;

	optind = 0; /* main() may have used getopt for the words before ours */
	while ((c = getopt_long(argc, argv, "h", longs, NULL)) != -1) {
		switch (c) {
		case 'o': o->days = optarg; break;
		case 'a': o->wish.all = true; break;
		case 'n': o->wish.is_dry = true; break;
		case 'j': o->json = true; break;
		case 'c': o->cache = optarg; break;
		case 's': o->state = optarg; break;
		case 'h': o->help = true; break;
		default:  return false;
		}
	}
	return check_options(o, argv[optind]);
}

static double mib(const struct gc_list *l, unsigned int fates)
{
	long long bytes = 0;

	for (size_t n = 0; n < l->n; n++)
		if (fates & 1U << l->items[n].fate)
			bytes += l->items[n].size_bytes;
	return (double)bytes / (1 << 20);
}

/* What it is, and what is with it; to be freed. */
static char *remark(const struct gc_item *i)
{
	if (i->why)
		return str_fmt("%s: %s", i->what, i->why);
	if (i->fate != GC_IN_USE)
		return str_dup(i->what);
	return i->is_left ? str_dup("being built") : str_fmt("%s (in use)", i->what);
}

static void print_row(const struct gc_item *i)
{
	_cleanup_(freep) char *what = remark(i);
	char used[24];
	struct tm tm;

	strftime(used, sizeof(used), "%Y-%m-%d %H:%M", localtime_r(&i->used, &tm));
	printf("%-10s  %-16s  %8.1f  %-16s  %s\n", gc_kind_name(i), i->name,
	       (double)i->size_bytes / (1 << 20), used, what);
}

static void print_list(const struct gc_list *l, const char *state)
{
	if (l->n)
		printf("%-10s  %-16s  %8s  %-16s  %s\n", "KIND", "HASH OR NAME", "MiB", "LAST USE", "WHAT");
	for (size_t n = 0; n < l->n; n++)
		print_row(&l->items[n]);
	printf("%.1f MiB in %s\n", mib(l, ~0U), l->dir);
	if (fs_exists(state))
		printf("%.1f MiB of stored runs in %s: gc never touches them\n",
		       (double)fs_size(state) / (1 << 20), state);
	if (l->n)
		puts("tapbed gc --older-than 30 removes what was not used for 30 days, tapbed gc --all everything");
}

static void print_swept(const struct gc_list *l, bool is_dry)
{
	for (size_t n = 0; n < l->n; n++) {
		if (l->items[n].fate == GC_KEPT)
			continue;
		printf("%-8s  ", gc_fate_name(l->items[n].fate));
		print_row(&l->items[n]);
	}
	printf("%.1f MiB %s, %.1f MiB stay in %s\n", mib(l, 1U << (is_dry ? GC_WOULD_GO : GC_REMOVED)),
	       is_dry ? "would go" : "removed", mib(l, 1U << GC_KEPT | 1U << GC_IN_USE | 1U << GC_FAILED),
	       l->dir);
}

static json_t *item_json(const struct gc_item *i)
{
	char used[24];
	struct tm tm;

	strftime(used, sizeof(used), "%Y-%m-%dT%H:%M:%SZ", gmtime_r(&i->used, &tm));
	return json_pack("{s:s, s:s, s:s, s:I, s:s, s:b, s:s, s:s*}", "kind", gc_kind_name(i), "name", i->name,
			 "what", i->what, "size_bytes", (json_int_t)i->size_bytes, "used", used,
			 "is_left", i->is_left, "fate", gc_fate_name(i->fate), "why", i->why);
}

static void print_json(const struct gc_list *l, const char *state)
{
	json_t *items = json_array();
	_cleanup_(json_decrefp) json_t *all = NULL;

	for (size_t n = 0; n < l->n; n++)
		json_array_append_new(items, item_json(&l->items[n]));
	all = json_pack("{s:s, s:o, s:s, s:I}", "cache", l->dir, "items", items, "state", state,
			"state_bytes", (json_int_t)(fs_exists(state) ? fs_size(state) : 0));
	json_dumpf(all, stdout, JSON_INDENT(1));
	putchar('\n');
}

/* Whoever would remove everything learns what is in use. */
static void find_used(struct gc_list *l)
{
	(void)gc_sweep(l, &(struct gc_wish){ .all = true, .is_dry = true });
	for (size_t n = 0; n < l->n; n++) {
		if (l->items[n].fate == GC_IN_USE)
			continue;
		l->items[n].fate = GC_KEPT;
		str_set(&l->items[n].why, NULL);
	}
}

static int sweep(struct gc_list *l, struct options *o)
{
	if (!o->days && !o->wish.all) {
		find_used(l);
		return 0;
	}
	if (o->days)
		o->wish.before = time(NULL) - atol(o->days) * 86400;
	return gc_sweep(l, &o->wish);
}

static int gc(struct options *o)
{
	_cleanup_(freep) char *cache = dirs_cache(o->cache);
	_cleanup_(freep) char *state = dirs_state(o->state);
	struct gc_list l;
	int ret = gc_scan(cache, &l);

	if (!ret)
		ret = sweep(&l, o);
	if (ret)
		log_error("%s", err_text());
	if (o->json)
		print_json(&l, state);
	else if (o->days || o->wish.all)
		print_swept(&l, o->wish.is_dry);
	else
		print_list(&l, state);
	gc_free(&l);
	if (fflush(stdout) || ferror(stdout)) {
		ret = err_set(errno, "gc: write");
		log_error("%s", err_text());
	}
	return ret ? EXIT_BROKEN : EXIT_PASS;
}

int cmd_gc(int argc, char **argv)
{
	struct options o = { 0 };

	if (!read_options(argc, argv, &o))
		return EXIT_USAGE;
	if (!o.help)
		return gc(&o);
	fputs(usage, stdout);
	return EXIT_PASS;
}
