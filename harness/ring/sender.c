// SPDX-License-Identifier: GPL-2.0-only
/* sender.c - threads that fill a ring through the host's stack, each a flow of its own */
#include "ring/sender.h"

#include <arpa/inet.h>
#include <errno.h>
#include <net/if.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#include "lib/cleanup.h"
#include "lib/err.h"
#include "lib/stop.h"
#include "ring/flow.h"
#include "ring/sender_frame.h"

#define SOURCE_PORT 20000

/* What a flood does not do when the kernel refuses: turn in a circle as fast as it can. */
#define REFUSED_S 0.01

/* A sender with a rate that was kept from sending does not make up for more than this. */
#define BURST_S 0.01

#define PAUSE_DEADLINE_S 5

static int open_udp(struct sender *s)
{
	const struct sockaddr_in from = { .sin_family = AF_INET, .sin_port = htons((uint16_t)(SOURCE_PORT + s->id)),
					  .sin_addr.s_addr = inet_addr(RIG_ADDR) };
	const struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons((uint16_t)(RIG_PORT + s->id)),
					.sin_addr.s_addr = inet_addr(RIG_PEER) };

	s->fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (s->fd < 0 || bind(s->fd, (const struct sockaddr *)&from, sizeof(from)) ||
	    connect(s->fd, (const struct sockaddr *)&to, sizeof(to)))
		return err_set(errno, "sender %d: UDP socket to %s", s->id, RIG_PEER);
	s->mark_at = 0;
	s->len = s->all->spec.size;
	return 0;
}

static void find_link(struct sender *s)
{
	s->to = (struct sockaddr_ll){ .sll_family = AF_PACKET, .sll_protocol = htons(ETH_P_IP),
				      .sll_ifindex = (int)if_nametoindex(s->all->spec.ifname) };
}

static int open_packet(struct sender *s)
{
	const struct senders_spec *spec = &s->all->spec;
	const int on = 1;

	/* Protocol 0: it sends and is given nothing. */
	s->fd = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0);
	if (s->fd < 0)
		return err_set(errno, "sender %d: packet socket", s->id);
	if (spec->bypass && setsockopt(s->fd, SOL_PACKET, PACKET_QDISC_BYPASS, &on, sizeof(on)))
		return err_set(errno, "sender %d: PACKET_QDISC_BYPASS", s->id);
	find_link(s);
	s->mark_at = sender_frame(s->buf, spec->has_ethernet, spec->size, (uint16_t)(SOURCE_PORT + s->id),
				  (uint16_t)(RIG_PORT + s->id));
	s->len = s->mark_at + spec->size;
	return 0;
}

static int open_one(struct sender *s)
{
	const struct timeval patience = { .tv_usec = (suseconds_t)(SENDER_PATIENCE_S * 1e6) };
	int ret = s->all->spec.kind == RING_UDP ? open_udp(s) : open_packet(s);

	if (!ret && setsockopt(s->fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof(patience)))
		ret = err_set(errno, "sender %d: SO_SNDTIMEO", s->id);
	return ret;
}

static ssize_t send_buf(struct sender *s)
{
	const struct sockaddr *to = s->all->spec.kind == RING_PACKET ? (struct sockaddr *)&s->to : NULL;
	ssize_t n;

	s->is_in_send = true;
	n = sendto(s->fd, s->buf, s->len, 0, to, to ? sizeof(s->to) : 0);
	s->is_in_send = false;
	return n;
}

/* Return: 0 sent, EAGAIN for the same packet once more, another errno: it was refused. */
static int send_one(struct sender *s)
{
	struct flow_mark mark;
	int err;

	flow_mark(&mark, (uint32_t)s->id, s->seq);
	memcpy(s->buf + s->mark_at, &mark, sizeof(mark));
	err = send_buf(s) < 0 ? errno : 0;
	if (err == EAGAIN || err == EINTR) {
		s->waits++;
		return EAGAIN;
	}
	s->seq++;
	if (!err) {
		s->sent++;
		return 0;
	}
	s->error[err < SENDER_ERRNO_MAX ? err : 0]++;
	s->refused++;
	if (err == ENXIO || err == ENODEV)
		find_link(s);
	return err;
}

/* Return: whether the sender shall go on. */
static bool wait_for(struct sender *s, double seconds)
{
	struct timespec ts = { .tv_sec = (time_t)seconds, .tv_nsec = (long)((seconds - (double)(time_t)seconds) * 1e9) };
	struct pollfd p = { .fd = s->all->stop_fd, .events = POLLIN };

	return ppoll(&p, 1, seconds > 0 ? &ts : &(struct timespec){ 0 }, NULL) <= 0;
}

static void park(struct sender *s)
{
	struct pollfd p[] = {
		{ .fd = s->all->go_fd, .events = POLLIN },
		{ .fd = s->all->stop_fd, .events = POLLIN },
	};

	s->is_parked = true;
	(void)poll(p, ARRAY_SIZE(p), -1);
	s->is_parked = false;
}

/* Return: whether the sender shall go on. */
static bool wait_while_paused(struct sender *s)
{
	while (s->all->is_paused && !s->all->is_stopping)
		park(s);
	return !s->all->is_stopping;
}

static void *thread(void *arg)
{
	struct sender *s = arg;
	unsigned int rate = s->all->spec.rate_pps;
	double next = time_now();

	(void)prctl(PR_SET_TIMERSLACK, 1ul);
	while (wait_while_paused(s)) {
		int err = send_one(s);

		/* ENOBUFS is a full qdisc or ring: the next packet may get in. */
		if (err && err != EAGAIN && err != ENOBUFS && !wait_for(s, REFUSED_S))
			break;
		if (!rate || err == EAGAIN)
			continue;
		next += 1.0 / rate;
		if (next < time_now() - BURST_S)
			next = time_now() - BURST_S;
		if (next > time_now() && !wait_for(s, next - time_now()))
			break;
	}
	s->is_parked = true;
	return NULL;
}

static int start_one(struct senders *all, int id)
{
	struct sender *s = &all->sender[id];
	int ret;

	s->all = all;
	s->id = id;
	ret = open_one(s);
	if (ret)
		return ret;
	ret = pthread_create(&s->thread, NULL, thread, s);
	if (ret)
		return err_set(ret, "sender %d: thread", id);
	s->is_running = true;
	return 0;
}

static int check(const struct senders_spec *spec)
{
	if (spec->n < 1 || spec->n > RING_SENDERS_MAX)
		return err_say(EINVAL, "%d senders: 1 to %d are possible", spec->n, RING_SENDERS_MAX);
	if (spec->size < SENDER_SIZE_MIN || spec->size > SENDER_SIZE_MAX)
		return err_say(EINVAL, "packets of %zu bytes: %d to %d are possible", spec->size, SENDER_SIZE_MIN,
			       SENDER_SIZE_MAX);
	return 0;
}

int senders_start(struct senders *s, const struct senders_spec *spec)
{
	int ret = check(spec);

	if (ret)
		return ret;
	memset(s, 0, sizeof(*s));
	s->spec = *spec;
	for (int i = 0; i < RING_SENDERS_MAX; i++)
		s->sender[i].fd = -1;
	s->stop_fd = eventfd(0, EFD_CLOEXEC);
	s->go_fd = eventfd(1, EFD_CLOEXEC | EFD_NONBLOCK);
	if (s->stop_fd < 0 || s->go_fd < 0)
		ret = err_set(errno, "eventfd of senders");
	for (int i = 0; i < spec->n && !ret; i++)
		ret = start_one(s, i);
	if (ret)
		senders_stop(s);
	return ret;
}

void senders_stop(struct senders *s)
{
	if (s->stop_fd <= 0)
		return;
	s->is_stopping = true;
	(void)!write(s->stop_fd, &(uint64_t){ 1 }, sizeof(uint64_t));
	for (int i = 0; i < s->spec.n; i++) {
		if (s->sender[i].is_running)
			pthread_join(s->sender[i].thread, NULL);
		s->sender[i].is_running = false;
		closep(&s->sender[i].fd);
		s->sender[i].fd = -1;
	}
	closep(&s->stop_fd);
	closep(&s->go_fd);
	s->stop_fd = s->go_fd = -1;
}

int senders_pause(struct senders *s, bool pause)
{
	double deadline = time_now() + PAUSE_DEADLINE_S;
	uint64_t old;

	if (!pause) {
		s->is_paused = false;
		(void)!write(s->go_fd, &(uint64_t){ 1 }, sizeof(old));
		return 0;
	}
	(void)!read(s->go_fd, &old, sizeof(old));
	s->is_paused = true;
	for (int i = 0; i < s->spec.n; i++)
		while (!s->sender[i].is_parked) {
			if (time_now() > deadline)
				return err_say(ETIMEDOUT, "sender %d: still in send() after %d s", i, PAUSE_DEADLINE_S);
			(void)poll(NULL, 0, 1);
		}
	return 0;
}

int senders_send(struct senders *s, int id, int n)
{
	int sent = 0;

	for (int i = 0; i < n; i++)
		sent += !send_one(&s->sender[id]);
	return sent;
}

uint64_t sender_attempts(const struct sender *s)
{
	return s->sent + s->refused;
}

uint64_t senders_sent(const struct senders *s)
{
	uint64_t n = 0;

	for (int i = 0; i < s->spec.n; i++)
		n += s->sender[i].sent;
	return n;
}

uint64_t senders_refused(const struct senders *s, char *text, size_t size)
{
	uint64_t n = 0;
	size_t at = 0;

	text[0] = '\0';
	for (int e = 0; e < SENDER_ERRNO_MAX; e++) {
		uint64_t of = 0;

		for (int i = 0; i < s->spec.n; i++)
			of += s->sender[i].error[e];
		n += of;
		if (of && at < size)
			at += (size_t)snprintf(text + at, size - at, "%s%s %llu", at ? ", " : "",
					       e ? strerrorname_np(e) : "others", (unsigned long long)of);
	}
	return n;
}
