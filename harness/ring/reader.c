// SPDX-License-Identifier: GPL-2.0-only
/* reader.c - what takes packets off a ring; the table of its kinds, and the life of a thread */
#include "ring/reader.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/prctl.h>
#include <time.h>
#include <unistd.h>

#include "lib/cleanup.h"
#include "lib/err.h"
#include "lib/fs.h"
#include "lib/stop.h"
#include "lib/str.h"

/* How long a reader waits before it looks at a queue that is detached or paused again. */
#define RETRY_MS 5
#define NUDGE_S	 0.01

static const struct reader_def *const table[] = {
	&reader_read,
	&reader_poll,
	&reader_epoll,
	&reader_epoll_et,
	&reader_io_uring,
	&reader_vhost,
};

const struct reader_def *reader_def_at(size_t n)
{
	return n < ARRAY_SIZE(table) ? table[n] : NULL;
}

static void say_names(const char *name)
{
	_cleanup_(strbuf_free) struct strbuf names = { 0 };

	for (size_t i = 0; i < ARRAY_SIZE(table); i++)
		strbuf_fmt(&names, "%s%s", i ? ", " : "", table[i]->name);
	(void)err_say(EINVAL, "no reader is called '%s'; there is: %s", name, strbuf_text(&names));
}

const struct reader_def *reader_find(const char *name)
{
	for (size_t i = 0; i < ARRAY_SIZE(table); i++)
		if (str_eq(table[i]->name, name))
			return table[i];
	say_names(name);
	return NULL;
}

bool reader_stop_wanted(const struct reader *r)
{
	return r->is_stopping;
}

static void hold(struct reader *r, int64_t us)
{
	struct timespec ts = { .tv_sec = us / 1000000, .tv_nsec = us % 1000000 * 1000 };
	struct pollfd p = { .fd = r->stop_fd, .events = POLLIN };

	r->state = READER_DELAYED;
	(void)ppoll(&p, 1, &ts, NULL);
}

static void hold_while_paused(struct reader *r)
{
	while (r->paused && !reader_stop_wanted(r))
		hold(r, RETRY_MS * 1000);
}

void reader_waits(struct reader *r)
{
	hold_while_paused(r);
	r->state = READER_WAITING;
}

void reader_works(struct reader *r)
{
	r->state = READER_WORKING;
}

void reader_take(struct reader *r, const void *packet, size_t len)
{
	r->packets++;
	r->take(r->take_arg, r->queue, packet, len);
	if (r->delay_us)
		hold(r, r->delay_us);
	hold_while_paused(r);
	r->state = READER_WORKING;
}

int reader_retry(struct reader *r)
{
	hold(r, RETRY_MS * 1000);
	return reader_stop_wanted(r) ? -ECANCELED : 0;
}

static void on_signal(int sig)
{
	(void)sig;
}

static void *thread(void *arg)
{
	struct reader *r = arg;

	r->tid = gettid();
	/* Short delays shall be short. */
	(void)prctl(PR_SET_TIMERSLACK, 1ul);
	r->error = r->def->run(r);
	if (r->error)
		snprintf(r->why, sizeof(r->why), "reader %s, queue %d: %.180s", r->def->name, r->queue, err_text());
	r->state = READER_OFF;
	return NULL;
}

int reader_start(struct reader *r)
{
	struct sigaction sa = { .sa_handler = on_signal };
	int ret;

	sigaction(SIGUSR1, &sa, NULL);
	r->error = 0;
	r->why[0] = '\0';
	r->tid = 0;
	r->is_stopping = false;
	r->stop_fd = eventfd(0, EFD_CLOEXEC);
	if (r->stop_fd < 0)
		return err_set(errno, "reader %s: eventfd", r->def->name);
	r->state = READER_WORKING;
	ret = pthread_create(&r->thread, NULL, thread, r);
	if (ret) {
		close(r->stop_fd);
		r->state = READER_OFF;
		return err_set(ret, "reader %s: thread", r->def->name);
	}
	r->is_running = true;
	return 0;
}

/* A signal that comes before the blocking call is lost: it is sent until the thread has ended. */
static void join(struct reader *r)
{
	struct timespec ts;

	do {
		if (r->def->needs_signal)
			(void)pthread_kill(r->thread, SIGUSR1);
		clock_gettime(CLOCK_REALTIME, &ts);
		ts.tv_nsec += (long)(NUDGE_S * 1e9);
		ts.tv_sec += ts.tv_nsec / 1000000000;
		ts.tv_nsec %= 1000000000;
	} while (pthread_timedjoin_np(r->thread, NULL, &ts) == ETIMEDOUT);
}

int reader_stop(struct reader *r)
{
	if (!r->is_running)
		return 0;
	r->is_stopping = true;
	(void)!write(r->stop_fd, &(uint64_t){ 1 }, sizeof(uint64_t));
	join(r);
	close(r->stop_fd);
	r->is_running = false;
	return r->error ? err_say(-r->error, "%s", r->why) : 0;
}

bool reader_sleeps(const struct reader *r)
{
	_cleanup_(freep) char *path = str_fmt("/proc/self/task/%d/stat", (int)r->tid);
	_cleanup_(freep) char *text = NULL;
	const char *state;

	if (fs_read(path, &text, NULL))
		return false;
	/* "TID (name) S ..." */
	state = strrchr(text, ')');
	return state && str_starts(state, ") S");
}
