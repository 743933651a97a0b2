// SPDX-License-Identifier: GPL-2.0-only
/* compare.c - two stored runs side by side, judged and printed */
#include "compare.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "judge/baseline.h"
#include "judge/join.h"
#include "judge/judge.h"
#include "lib/cleanup.h"
#include "lib/err.h"
#include "lib/log.h"
#include "report/report.h"

/** compare_pair() - one table. Return: its verdict. */
static enum verdict compare_pair(const struct run_result *a, size_t ka, const struct run_result *b,
				 size_t kb, double at_least)
{
	double ratio = isnan(at_least) ? join_at_least(a, ka, b, kb) : at_least;
	_cleanup_(run_result_free) struct run_result joined = { 0 };
	_cleanup_(strv_free) struct strv notes = { 0 };
	_cleanup_(freep) char *promises = join_promises(b->probe, ratio);
	struct report_opts opts = { .has_colour = report_wants_colour(stdout), .width = report_width(stdout) };

	join_runs(a, ka, b, kb, ratio, &joined, &notes);
	judge_run(&joined);
	printf("judged by: %s\n", promises);
	for (size_t i = 0; i < notes.n; i++)
		printf("note: %s\n", notes.v[i]);
	report_text(&joined, &opts, stdout);
	return joined.verdict;
}

static int no_pair(const struct run_result run[2])
{
	_cleanup_(strv_free) struct strv has = { 0 };
	_cleanup_(freep) char *all = NULL;

	for (int i = 0; i < 2; i++)
		for (size_t k = 0; k < run[i].n_kernels; k++)
			strv_fmt(&has, "%s:%s", run[i].id, run[i].kernels[k].name);
	all = strv_join(&has, ", ");
	log_error("compare: no kernel of one belongs to one of the other; there are %s", all);
	return EXIT_USAGE;
}

int compare_runs(const struct run_result run[2], const char *const kernel[2], double at_least)
{
	struct join_side a = { &run[0], kernel[0] }, b = { &run[1], kernel[1] };
	unsigned int seen[VERDICT_COUNT] = { 0 };
	size_t n = 0;

	if (run[0].probe != run[1].probe) {
		log_error("compare: %s was measured by probe %s, %s by probe %s", run[0].id,
			  probe_def(run[0].probe)->name, run[1].id, probe_def(run[1].probe)->name);
		return EXIT_USAGE;
	}
	for (size_t ka = 0; ka < run[0].n_kernels; ka++)
		for (size_t kb = 0; kb < run[1].n_kernels; kb++)
			if (join_is_pair(&a, ka, &b, kb)) {
				if (n++)
					putchar('\n');
				seen[compare_pair(&run[0], ka, &run[1], kb, at_least)]++;
			}
	if (!n)
		return no_pair(run);
	if (fflush(stdout) || ferror(stdout)) {
		log_error("compare: write: %s", strerror(errno));
		return EXIT_BROKEN;
	}
	return (int)verdict_exit(verdict_all(seen));
}

int compare_read_ratio(const char *text, double *ret)
{
	char *end;
	double ratio = strtod(text, &end);

	if (end == text || *end || !isfinite(ratio) || ratio <= 0)
		return err_say(EINVAL, "--at-least \"%s\" is not a ratio; 0.9 would be one", text);
	*ret = ratio;
	return 0;
}

int compare_load(struct store *s, char *name, struct run_result *ret, const char **ret_kernel)
{
	char *colon = strchr(name, ':');

	if (colon)
		*colon++ = '\0';
	*ret_kernel = colon;
	return baseline_load(s, name, ret);
}
