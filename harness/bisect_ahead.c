// SPDX-License-Identifier: GPL-2.0-only
/* bisect_ahead.c - kernels that may be wanted next are built while one is measured, on CPUs that it leaves */
#include "bisect_ahead.h"

#include <errno.h>
#include <sched.h>
#include <sys/mman.h>
#include <sys/resource.h>

#include "bisect.h"
#include "ground.h"
#include "lib/cleanup.h"
#include "lib/err.h"
#include "lib/log.h"
#include "lib/proc.h"
#include "lib/str.h"

/* Compilers have nothing to put away. */
#define GRACE_S 5

/** struct job - what the child is to do */
struct job {
	struct bisect *bisect;
	const size_t *at;
	size_t n;
};

unsigned int ahead_cpus(unsigned int cpus, unsigned int vcpus)
{
	return cpus > vcpus ? (cpus - vcpus) / 2 : 0;
}

static unsigned int cpus_of(const struct bisect *b)
{
	return b->options->has_beside ? b->options->beside : ahead_cpus((unsigned int)proc_cpus(), b->plan.host.vcpus);
}

/* The last @n of those that we may use; the lowest priority there, for the measurement may want them too. */
static void stand_back(unsigned int n)
{
	unsigned int over = (unsigned int)proc_cpus();
	cpu_set_t set;

	(void)setpriority(PRIO_PROCESS, 0, 19);
	if (over <= n || sched_getaffinity(0, sizeof(set), &set))
		return;
	over -= n;
	for (int i = 0; i < CPU_SETSIZE && over; i++)
		if (CPU_ISSET(i, &set)) {
			CPU_CLR(i, &set);
			over--;
		}
	(void)sched_setaffinity(0, sizeof(set), &set);
}

/* In the child: what it changes in @arg stays its own. */
static int build_all(void *arg)
{
	struct job *j = arg;
	struct bisect *b = j->bisect;
	int err = 0;

	stand_back(cpus_of(b));
	for (size_t i = 0; i < j->n && err != -EINTR; i++) {
		size_t at = j->at[i];

		while (at && bisect_looks_same(b, at))
			at--;
		*b->ahead.now = at;
		err = bisect_kernel(b, at);
		if (!err)
			err = ground_ahead(&b->plan.kernels[0], &b->bed.run.ground);
		if (err)
			log_info("%s", err_text());
		else
			log_info("built: %s", b->plan.kernels[0].name);
	}
	return err ? EXIT_FAILURE : EXIT_SUCCESS;
}

static bool has_memory(struct ahead *a)
{
	if (!a->now)
		a->now = mmap(NULL, sizeof(*a->now), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (a->now == MAP_FAILED)
		a->now = NULL;
	return a->now;
}

static void stop(struct ahead *a)
{
	if (a->pid > 0)
		proc_stop(a->pid, GRACE_S);
	a->pid = 0;
}

void ahead_start(struct bisect *b, const size_t *at, size_t n)
{
	_cleanup_(freep) char *log = str_fmt("%s/ahead.log", b->dir);
	struct job j = { b, at, n };
	struct ahead *a = &b->ahead;

	if (!cpus_of(b) || (a->pid > 0 && !proc_is_over(a->pid)) || !has_memory(a))
		return;
	stop(a);
	*a->now = at[0];
	a->pid = proc_fork(build_all, &j, log);
	if (a->pid < 0) {
		log_warn("nothing is built ahead: %s", err_text());
		err_clear();
	}
}

void ahead_want(struct bisect *b, size_t at)
{
	struct ahead *a = &b->ahead;

	/* Whoever wants what is being built waits for it: the cache sees to that. */
	if (a->pid > 0 && *a->now != at)
		stop(a);
}

void ahead_end(struct bisect *b)
{
	stop(&b->ahead);
	if (b->ahead.now)
		(void)munmap((void *)b->ahead.now, sizeof(*b->ahead.now));
	b->ahead.now = NULL;
}
