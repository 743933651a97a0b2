// SPDX-License-Identifier: GPL-2.0-only
/* ping.c - latency while a probe makes its traffic: the thread and its socket */
#include "measure/ping.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/icmp.h>
#include <math.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <time.h>

#include "lib/cleanup.h"
#include "lib/err.h"
#include "lib/stop.h"
#include "lib/str.h"

/**
 * struct ping - a thread and what it has seen; only the thread touches the second half
 * @fd:       raw socket, connected to the guest
 * @end_fd:   eventfd, readable once @is_ended
 * @is_ended: send no more
 * @late_s:   how long to wait for answers then
 * @sent_s:   when each was sent
 * @rtt_us:   round trips, NAN without an answer
 * @n:        pings sent
 * @answered: how many of them
 */
struct ping {
	int fd, end_fd;
	uint16_t id;
	pthread_t thread;
	atomic_bool is_ended;
	double late_s;
	double *sent_s, *rtt_us;
	size_t n, answered;
};

/* One that cannot be sent is one that gets no answer. */
static void send_one(struct ping *p)
{
	uint8_t packet[PING_BYTES];
	size_t i = p->n++;

	p->sent_s = mem_grow(p->sent_s, p->n, sizeof(*p->sent_s));
	p->rtt_us = mem_grow(p->rtt_us, p->n, sizeof(*p->rtt_us));
	p->rtt_us[i] = NAN;
	ping_request(packet, p->id, (uint32_t)i);
	p->sent_s[i] = time_now();
	(void)!send(p->fd, packet, sizeof(packet), MSG_DONTWAIT);
}

static void receive(struct ping *p)
{
	uint8_t packet[256];
	ssize_t len;

	while ((len = recv(p->fd, packet, sizeof(packet), MSG_DONTWAIT)) > 0) {
		double now = time_now();
		uint32_t i;

		if (!ping_is_reply(packet, (size_t)len, p->id, &i) || i >= p->n || !isnan(p->rtt_us[i]))
			continue;
		p->rtt_us[i] = (now - p->sent_s[i]) * 1e6;
		p->answered++;
	}
}

/* Waits for an answer, for @end_fd (-1: not for it), until @until. */
static void wait_until(const struct ping *p, int end_fd, double until)
{
	struct pollfd fds[] = { { .fd = p->fd, .events = POLLIN }, { .fd = end_fd, .events = POLLIN } };
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
		receive(p);
	}
	deadline = time_now() + p->late_s;
	while (p->answered < p->n && time_now() < deadline) {
		wait_until(p, -1, deadline);
		receive(p);
	}
	return NULL;
}

static int open_socket(const char *address)
{
	struct icmp_filter filter = { .data = ~(1U << ICMP_ECHOREPLY) };
	struct sockaddr_in to = { .sin_family = AF_INET };
	_cleanup_(closep) int fd = -1;

	if (inet_pton(AF_INET, address, &to.sin_addr) != 1)
		return err_say(EINVAL, "ping: '%s' is no IPv4 address", address);
	fd = socket(AF_INET, SOCK_RAW | SOCK_CLOEXEC, IPPROTO_ICMP);
	if (fd < 0)
		return err_set(errno, "ping: raw socket (needs CAP_NET_RAW)");
	if (setsockopt(fd, SOL_RAW, ICMP_FILTER, &filter, sizeof(filter)))
		return err_set(errno, "ping: ICMP_FILTER");
	if (connect(fd, (struct sockaddr *)&to, sizeof(to)))
		return err_set(errno, "ping: no route to %s", address);
	return take_fd(&fd);
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

int ping_start(const char *address, struct ping **ret)
{
	struct ping *p = mem_zalloc(sizeof(*p));
	int err = 0;

	p->id = (uint16_t)getpid();
	p->end_fd = eventfd(0, EFD_CLOEXEC);
	p->fd = p->end_fd < 0 ? err_set(errno, "ping: eventfd") : open_socket(address);
	if (p->fd < 0)
		err = p->fd;
	else
		err = start_thread(p);
	if (err) {
		ping_free(p);
		return err;
	}
	*ret = p;
	return 0;
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
		ping_sum(p->rtt_us, p->n, s);
	ping_free(p);
}

/* Return: the round trip in us; -1 when a stop was asked for, or after PING_IDLE_LATE_S. */
static double one_idle(struct ping *p)
{
	double deadline = time_now() + PING_IDLE_LATE_S;
	size_t i = p->n;

	send_one(p);
	while (isnan(p->rtt_us[i])) {
		if (time_now() > deadline || stop_asked())
			return -1;
		wait_until(p, stop_fd(), deadline);
		receive(p);
	}
	return p->rtt_us[i];
}

int ping_idle(const char *address, double *ret_us)
{
	struct ping p = { .end_fd = -1, .id = (uint16_t)getpid(), .fd = open_socket(address) };
	struct sample s;
	int err = p.fd < 0 ? p.fd : 0;

	for (int i = 0; i <= PING_IDLE_N && !err; i++)
		if (one_idle(&p) < 0)
			err = stop_asked() ? err_say(EINTR, "stopped by signal %d", stop_signal()) :
			      err_say(ETIMEDOUT, "ping: %s did not answer in %.0f s", address, PING_IDLE_LATE_S);
	if (!err) {
		sample_init(&s);
		ping_sum(p.rtt_us + 1, PING_IDLE_N, &s);
		*ret_us = s.value[METRIC_PING_P50_US];
		sample_free(&s);
	}
	closep(&p.fd);
	free(p.sent_s);
	free(p.rtt_us);
	return err;
}
