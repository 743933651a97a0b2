// SPDX-License-Identifier: GPL-2.0-only
/* ping.c - latency while a probe makes its traffic: the thread */
#include <arpa/inet.h>
#include <errno.h>
#include <math.h>
#include <poll.h>
#include <signal.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <time.h>

#include "lib/cleanup.h"
#include "lib/err.h"
#include "lib/stop.h"
#include "lib/str.h"
#include "measure/ping_priv.h"
#include "net/netns.h"

static const struct ping_way *const ways[] = { [PING_ICMP] = &ping_way_icmp, [PING_TCP] = &ping_way_tcp };
_Static_assert(ARRAY_SIZE(ways) == PING_KIND_COUNT, "a way for every kind");

static void send_one(struct ping *p)
{
	size_t i = p->n++;

	p->sent_s = mem_grow(p->sent_s, p->n, sizeof(*p->sent_s));
	p->rtt_us = mem_grow(p->rtt_us, p->n, sizeof(*p->rtt_us));
	p->rtt_us[i] = NAN;
	p->sent_s[i] = time_now();
	p->way->send(p);
}

void ping_answer(struct ping *p, size_t i)
{
	p->rtt_us[i] = (time_now() - p->sent_s[i]) * 1e6;
	p->answered++;
}

/* Waits for an answer, for @end_fd (-1: not for it), until @until. */
static void wait_until(const struct ping *p, int end_fd, double until)
{
	struct pollfd fds[] = { { .fd = p->is_closed ? -1 : p->fd, .events = POLLIN }, { .fd = end_fd, .events = POLLIN } };
	double left = until - time_now();
	struct timespec ts = { 0 };

	if (left > 0) {
		ts.tv_sec = (time_t)left;
		ts.tv_nsec = (long)((left - (double)ts.tv_sec) * 1e9);
	}
	(void)ppoll(fds, ARRAY_SIZE(fds), &ts, NULL);
}

/* A ping whose time has passed while we did not run is left out: there are no bursts. */
static double after(double next)
{
	double now = time_now();

	next += PING_S;
	return next < now ? now + PING_S : next;
}

static void *work(void *arg)
{
	struct ping *p = arg;
	double next = time_now(), deadline;

	while (!atomic_load(&p->is_ended)) {
		if (time_now() >= next) {
			send_one(p);
			next = after(next);
		}
		wait_until(p, p->end_fd, next);
		p->way->receive(p);
	}
	deadline = time_now() + p->late_s;
	while (p->answered < p->n && !p->is_closed && time_now() < deadline) {
		wait_until(p, -1, deadline);
		p->way->receive(p);
	}
	return NULL;
}

int ping_address(const char *address, uint16_t port, struct sockaddr_in *ret)
{
	*ret = (struct sockaddr_in){ .sin_family = AF_INET, .sin_port = htons(port) };
	if (inet_pton(AF_INET, address, &ret->sin_addr) != 1)
		return err_say(EINVAL, "ping: '%s' is no IPv4 address", address);
	return 0;
}

/* Signals are for the main thread, whose waits they end. */
static int start_thread(struct ping *p)
{
	sigset_t all, old;
	int err;

	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &old);
	err = pthread_create(&p->thread, NULL, work, p);
	pthread_sigmask(SIG_SETMASK, &old, NULL);
	return err ? err_set(err, "ping: thread") : 0;
}

static void ping_free(struct ping *p)
{
	closep(&p->fd);
	closep(&p->end_fd);
	free(p->sent_s);
	free(p->rtt_us);
	free(p);
}

int ping_start(enum ping_kind kind, const char *address, struct ping **ret)
{
	return ping_start_from(kind, address, NULL, 0, ret);
}

static int open_in(const struct ping_way *way, const char *address, const char *netns)
{
	int back = -1;
	int fd = netns_enter_file(netns, &back);

	if (!fd)
		fd = way->open(address);
	netns_leave(&back);
	return fd;
}

int ping_start_from(enum ping_kind kind, const char *address, const char *netns, int tos, struct ping **ret)
{
	struct ping *p = mem_zalloc(sizeof(*p));
	int err = 0;

	p->way = ways[kind];
	p->id = (uint16_t)getpid();
	p->end_fd = eventfd(0, EFD_CLOEXEC);
	p->fd = p->end_fd < 0 ? err_set(errno, "ping: eventfd") : open_in(p->way, address, netns);
	if (p->fd < 0)
		err = p->fd;
	else if (tos && setsockopt(p->fd, IPPROTO_IP, IP_TOS, &tos, sizeof(tos)))
		err = err_set(errno, "ping: IP_TOS %d", tos);
	if (!err)
		err = start_thread(p);
	if (err) {
		ping_free(p);
		return err;
	}
	*ret = p;
	return 0;
}

int ping_wait(const char *address, double deadline)
{
	struct ping *p = mem_zalloc(sizeof(*p));
	int err = 0;

	*p = (struct ping){ .way = ways[PING_ICMP], .id = (uint16_t)getpid(), .end_fd = -1 };
	p->fd = p->way->open(address);
	if (p->fd < 0)
		err = p->fd;
	while (!err && !p->answered) {
		send_one(p);
		wait_until(p, stop_fd(), time_now() + PING_S);
		p->way->receive(p);
		if (stop_asked())
			err = err_say(EINTR, "ping: stopped by signal %d", stop_signal());
		else if (!p->answered && time_now() > deadline)
			err = err_say(ETIMEDOUT, "ping: %s does not answer", address);
	}
	ping_free(p);
	return err;
}

void ping_end(struct ping *p, struct sample *s)
{
	if (!p)
		return;
	p->late_s = s ? PING_LATE_S : 0;
	atomic_store(&p->is_ended, true);
	(void)eventfd_write(p->end_fd, 1);
	pthread_join(p->thread, NULL);
	if (s)
		ping_sum(p->way->kind, p->rtt_us, p->n, s);
	ping_free(p);
}

/* Until @n are answered, or @seconds have passed. Return: whether they are. */
static bool await_answers(struct ping *p, size_t n, double seconds)
{
	double deadline = time_now() + seconds;

	while (p->answered < n && time_now() < deadline && !stop_asked()) {
		wait_until(p, stop_fd(), deadline);
		p->way->receive(p);
	}
	return p->answered >= n;
}

/* The next one goes when all before it are answered, or PING_S later: a long way has several under it at a time. */
static bool send_idle(struct ping *p)
{
	bool is_there = true;

	for (int i = 0; i <= PING_IDLE_N && is_there; i++) {
		send_one(p);
		if (!await_answers(p, p->n, i ? PING_S : PING_IDLE_LATE_S))
			is_there = i && !stop_asked();
	}
	return is_there && await_answers(p, p->n, PING_IDLE_LATE_S);
}

int ping_idle(const char *address, double *ret_us)
{
	struct ping p = { .way = ways[PING_ICMP], .end_fd = -1, .id = (uint16_t)getpid() };
	struct sample s;
	int err;

	p.fd = p.way->open(address);
	err = p.fd < 0 ? p.fd : 0;
	if (!err && !send_idle(&p))
		err = stop_asked() ? err_say(EINTR, "stopped by signal %d", stop_signal()) :
		      err_say(ETIMEDOUT, "ping: %s did not answer in %.0f s", address, PING_IDLE_LATE_S);
	if (!err) {
		sample_init(&s);
		ping_sum(PING_ICMP, p.rtt_us + 1, PING_IDLE_N, &s);
		*ret_us = s.value[METRIC_PING_P50_US];
		sample_free(&s);
	}
	closep(&p.fd);
	free(p.sent_s);
	free(p.rtt_us);
	return err;
}
