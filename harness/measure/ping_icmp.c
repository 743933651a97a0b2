// SPDX-License-Identifier: GPL-2.0-only
/* ping_icmp.c - echo requests of ICMP over a raw socket */
#include <errno.h>
#include <linux/icmp.h>
#include <math.h>
#include <sys/socket.h>

#include "lib/cleanup.h"
#include "lib/err.h"
#include "measure/ping_priv.h"

static int open_icmp(const char *address)
{
	struct icmp_filter filter = { .data = ~(1U << ICMP_ECHOREPLY) };
	_cleanup_(closep) int fd = -1;
	struct sockaddr_in to;
	int err = ping_address(address, 0, &to);

	if (err)
		return err;
	fd = socket(AF_INET, SOCK_RAW | SOCK_CLOEXEC, IPPROTO_ICMP);
	if (fd < 0)
		return err_set(errno, "ping: raw socket (needs CAP_NET_RAW)");
	if (setsockopt(fd, SOL_RAW, ICMP_FILTER, &filter, sizeof(filter)))
		return err_set(errno, "ping: ICMP_FILTER");
	if (connect(fd, (struct sockaddr *)&to, sizeof(to)))
		return err_set(errno, "ping: no route to %s", address);
	return take_fd(&fd);
}

static void send_icmp(struct ping *p)
{
	uint8_t packet[PING_BYTES];

	ping_request(packet, p->id, (uint32_t)(p->n - 1));
	(void)!send(p->fd, packet, sizeof(packet), MSG_DONTWAIT);
}

static void receive_icmp(struct ping *p)
{
	uint8_t packet[256];
	ssize_t len;

	while ((len = recv(p->fd, packet, sizeof(packet), MSG_DONTWAIT)) > 0) {
		uint32_t i;

		if (ping_is_reply(packet, (size_t)len, p->id, &i) && i < p->n && isnan(p->rtt_us[i]))
			ping_answer(p, i);
	}
}

const struct ping_way ping_way_icmp = {
	.kind = PING_ICMP, .open = open_icmp, .send = send_icmp, .receive = receive_icmp,
};
