// SPDX-License-Identifier: GPL-2.0-only
/* ping_tcp.c - requests over one TCP connection, given back by the guest's echo server */
#include <errno.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include "lib/cleanup.h"
#include "lib/err.h"
#include "lib/stop.h"
#include "measure/ping_priv.h"

#define RETRY_S 0.05

/* Return: a connected socket, or -errno of connect(). A request must not wait for the one before it. */
static int connect_once(const struct sockaddr_in *to, const char *address)
{
	const struct timeval patience = { .tv_sec = (time_t)PING_CONNECT_S };
	_cleanup_(closep) int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	int on = 1;

	if (fd < 0)
		return err_set(errno, "requests: TCP socket");
	if (setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on)) ||
	    setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof(patience)))
		return err_set(errno, "requests: TCP_NODELAY, SO_SNDTIMEO");
	if (connect(fd, (const struct sockaddr *)to, sizeof(*to)))
		return err_set(errno == EINPROGRESS ? ETIMEDOUT : errno, "requests: connect to %s port %u", address,
			       PING_PORT);
	return take_fd(&fd);
}

static int open_tcp(const char *address)
{
	double deadline = time_now() + PING_CONNECT_S;
	struct sockaddr_in to;
	int fd = ping_address(address, PING_PORT, &to);

	if (fd)
		return fd;
	while ((fd = connect_once(&to, address)) == -ECONNREFUSED && time_now() < deadline) {
		int err = stop_wait(-1, time_now() + RETRY_S);

		if (err < 0)
			return err;
	}
	return fd;
}

/* Only how many bytes come back matters. What the socket did not take goes out with the next one. */
static void send_tcp(struct ping *p)
{
	static const uint8_t zeros[4096];

	while (p->bytes_out < p->n * PING_BYTES) {
		size_t left = p->n * PING_BYTES - p->bytes_out;
		ssize_t len = send(p->fd, zeros, left < sizeof(zeros) ? left : sizeof(zeros), MSG_DONTWAIT | MSG_NOSIGNAL);

		if (len <= 0)
			return;
		p->bytes_out += (size_t)len;
	}
}

static void receive_tcp(struct ping *p)
{
	uint8_t bytes[4096];
	ssize_t len;

	while ((len = recv(p->fd, bytes, sizeof(bytes), MSG_DONTWAIT)) > 0)
		p->bytes_in += (size_t)len;
	p->is_closed = !len || (errno != EAGAIN && errno != EINTR);
	while (p->answered < p->n && (p->answered + 1) * PING_BYTES <= p->bytes_in)
		ping_answer(p, p->answered);
	send_tcp(p);
}

const struct ping_way ping_way_tcp = {
	.kind = PING_TCP, .open = open_tcp, .send = send_tcp, .receive = receive_tcp,
};
