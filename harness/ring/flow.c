// SPDX-License-Identifier: GPL-2.0-only
/* flow.c - every packet has a number: what was received, late, twice */
#include "ring/flow.h"

#include <errno.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

#include <linux/if_ether.h>
#include <linux/ip.h>
#include <linux/udp.h>
#include <linux/virtio_net.h>

#include "lib/err.h"
#include "lib/stop.h"

static uint64_t now_ns(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (uint64_t)ts.tv_sec * 1000000000u + (uint64_t)ts.tv_nsec;
}

int flows_init(struct flows *f, bool has_vnet_hdr, bool has_ethernet)
{
	int fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);

	if (fd < 0)
		return err_set(errno, "eventfd for received packets");
	memset(f, 0, sizeof(*f));
	f->has_vnet_hdr = has_vnet_hdr;
	f->has_ethernet = has_ethernet;
	f->wake_at = UINT64_MAX;
	f->wake_fd = fd;
	for (int i = 0; i < FLOWS_MAX; i++) {
		pthread_mutex_init(&f->flow[i].lock, NULL);
		f->flow[i].queue = -1;
	}
	return 0;
}

void flows_free(struct flows *f)
{
	if (f->wake_fd > 0)
		close(f->wake_fd);
	f->wake_fd = -1;
}

void flow_mark(struct flow_mark *m, uint32_t sender, uint64_t seq)
{
	*m = (struct flow_mark){ .magic = FLOW_MAGIC, .sender = sender, .seq = seq, .sent_ns = now_ns() };
}

/* Return: whether there is a mark of ours in the packet. */
static bool find_mark(const struct flows *f, const void *packet, size_t len, struct flow_mark *ret)
{
	size_t at = (f->has_vnet_hdr ? sizeof(struct virtio_net_hdr) : 0) + (f->has_ethernet ? ETH_HLEN : 0);
	struct iphdr ip;

	if (len < at + sizeof(ip))
		return false;
	memcpy(&ip, (const char *)packet + at, sizeof(ip));
	if (ip.version != 4 || ip.protocol != IPPROTO_UDP)
		return false;
	at += (size_t)ip.ihl * 4 + sizeof(struct udphdr);
	if (len < at + sizeof(*ret))
		return false;
	memcpy(ret, (const char *)packet + at, sizeof(*ret));
	return ret->magic == FLOW_MAGIC && ret->sender < FLOWS_MAX;
}

static size_t delay_slot(uint64_t ns)
{
	unsigned int log = ns < 8 ? 3 : 63 - (unsigned int)__builtin_clzll(ns);

	return (size_t)(log - 3) * 8 + (size_t)((ns >> (log - 3)) & 7) + (ns < 8 ? 0 : 8);
}

/* The upper end of a slot. */
static double slot_s(size_t slot)
{
	uint64_t within = slot % 8, log = slot / 8;

	return (double)(log ? (within + 9) << (log - 1) : within + 1) / 1e9;
}

static void note_delay(struct flow *w, uint64_t sent_ns)
{
	uint64_t now = now_ns(), ns = now > sent_ns ? now - sent_ns : 0;

	w->delays[delay_slot(ns)]++;
	if (ns > w->longest_delay_ns)
		w->longest_delay_ns = ns;
}

static void forget(struct flow *w, uint64_t from, uint64_t to)
{
	if (to - from >= FLOW_WINDOW) {
		memset(w->seen, 0, sizeof(w->seen));
		return;
	}
	for (uint64_t s = from; s < to; s++)
		w->seen[s / 64 % (FLOW_WINDOW / 64)] &= ~(1ull << s % 64);
}

/* Under the flow's lock. */
static void note_number(struct flow *w, uint64_t seq)
{
	uint64_t *word = &w->seen[seq / 64 % (FLOW_WINDOW / 64)], bit = 1ull << seq % 64;

	if (seq >= w->next) {
		forget(w, w->next, seq + 1);
		w->next = seq + 1;
	} else if (w->next - seq <= FLOW_WINDOW && (*word & bit)) {
		w->duplicates++;
		return;
	} else {
		w->out_of_order++;
	}
	if (w->next - seq <= FLOW_WINDOW)
		*word |= bit;
	w->received++;
}

void flow_moved(struct flow *f, uint64_t from)
{
	f->trusted = from;
	f->queue = -1;
}

void flows_take(struct flows *f, int queue, const void *packet, size_t len)
{
	struct flow_mark m;
	struct flow *w;

	if (!find_mark(f, packet, len, &m)) {
		f->strangers++;
		return;
	}
	w = &f->flow[m.sender];
	pthread_mutex_lock(&w->lock);
	note_number(w, m.seq);
	note_delay(w, m.sent_ns);
	pthread_mutex_unlock(&w->lock);
	if (m.seq >= w->trusted)
		w->queue = queue;
	if (atomic_fetch_add(&f->received, 1) + 1 >= f->wake_at)
		(void)!write(f->wake_fd, &(uint64_t){ 1 }, sizeof(uint64_t));
}

int flows_wait(struct flows *f, uint64_t received, double deadline)
{
	uint64_t old;
	int ret;

	(void)!read(f->wake_fd, &old, sizeof(old));
	f->wake_at = received;
	ret = f->received >= received ? 1 : stop_wait(f->wake_fd, deadline);
	f->wake_at = UINT64_MAX;
	return ret;
}

static double quantile(const uint32_t *delays, double part)
{
	uint64_t all = 0, sum = 0;

	for (size_t i = 0; i < FLOW_DELAYS; i++)
		all += delays[i];
	for (size_t i = 0; i < FLOW_DELAYS && all; i++) {
		sum += delays[i];
		if ((double)sum >= part * (double)all)
			return slot_s(i);
	}
	return 0;
}

void flows_sum(struct flows *f, struct flow_sum *ret)
{
	uint32_t delays[FLOW_DELAYS] = { 0 };
	uint64_t longest = 0;

	*ret = (struct flow_sum){ 0 };
	for (int i = 0; i < FLOWS_MAX; i++) {
		struct flow *w = &f->flow[i];

		pthread_mutex_lock(&w->lock);
		ret->received += w->received;
		ret->out_of_order += w->out_of_order;
		ret->duplicates += w->duplicates;
		for (size_t d = 0; d < FLOW_DELAYS; d++)
			delays[d] += w->delays[d];
		longest = w->longest_delay_ns > longest ? w->longest_delay_ns : longest;
		pthread_mutex_unlock(&w->lock);
	}
	ret->delay_p50_s = quantile(delays, 0.5);
	ret->delay_p99_s = quantile(delays, 0.99);
	ret->delay_max_s = (double)longest / 1e9;
}
