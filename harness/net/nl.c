// SPDX-License-Identifier: GPL-2.0-only
/* nl.c - one rtnetlink socket: a request, its answers, the kernel's own sentence */
#include "net/nl.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>

#include "lib/err.h"

/* The kernel answers inside sendmsg(); only a kernel that hangs on the RTNL lock takes long. */
#define ANSWER_S 5

int nl_open(struct nl *nl)
{
	const struct timeval patience = { .tv_sec = ANSWER_S };
	struct mnl_socket *sock = mnl_socket_open2(NETLINK_ROUTE, SOCK_CLOEXEC);
	int on = 1;

	if (!sock)
		return err_set(errno, "rtnetlink: open socket");
	if (mnl_socket_bind(sock, 0, MNL_SOCKET_AUTOPID) ||
	    setsockopt(mnl_socket_get_fd(sock), SOL_SOCKET, SO_RCVTIMEO, &patience,
		       sizeof(patience))) {
		int err = errno;

		mnl_socket_close(sock);
		return err_set(err, "rtnetlink: bind socket");
	}
	/* Without it, errors are numbers only: worse to read, still right. */
	(void)mnl_socket_setsockopt(sock, NETLINK_EXT_ACK, &on, sizeof(on));
	*nl = (struct nl){ .sock = sock };
	return 0;
}

void nl_close(struct nl *nl)
{
	if (nl->sock)
		mnl_socket_close(nl->sock);
	nl->sock = NULL;
}

void *nl_msg_init(struct nl_msg *m, uint16_t type, uint16_t flags, size_t size)
{
	memset(m, 0, sizeof(*m));
	mnl_nlmsg_put_header(&m->h);
	m->h.nlmsg_type = type;
	m->h.nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK | flags;
	return mnl_nlmsg_put_extra_header(&m->h, size);
}

static int find_sentence(const struct nlattr *a, void *arg)
{
	const char **sentence = arg;

	if (mnl_attr_get_type(a) == NLMSGERR_ATTR_MSG && !mnl_attr_validate(a, MNL_TYPE_NUL_STRING))
		*sentence = mnl_attr_get_str(a);
	return MNL_CB_OK;
}

/* The attributes stand behind the request, which the kernel echoes unless it was asked not to. */
static const char *extack(const struct nlmsghdr *h, const struct nlmsgerr *e)
{
	size_t offset = sizeof(*e);
	const char *sentence = NULL;

	if (!(h->nlmsg_flags & NLM_F_ACK_TLVS))
		return NULL;
	if (!(h->nlmsg_flags & NLM_F_CAPPED))
		offset += MNL_ALIGN(mnl_nlmsg_get_payload_len(&e->msg));
	if (offset < mnl_nlmsg_get_payload_len(h))
		(void)mnl_attr_parse(h, (unsigned int)offset, find_sentence, &sentence);
	return sentence;
}

int nl_ack_read(const struct nlmsghdr *h)
{
	const struct nlmsgerr *e = mnl_nlmsg_get_payload(h);
	const char *sentence;

	if (mnl_nlmsg_get_payload_len(h) < sizeof(*e))
		return err_say(EBADMSG, "rtnetlink: an acknowledgement of %u bytes", h->nlmsg_len);
	if (!e->error)
		return 0;
	sentence = extack(h, e);
	return err_set(-e->error, "%s", sentence ? sentence : "the kernel refused");
}

static int receive(struct nl *nl, char *buf, size_t size)
{
	ssize_t n;

	do
		n = mnl_socket_recvfrom(nl->sock, buf, size);
	while (n < 0 && errno == EINTR);
	if (n < 0 && errno == EAGAIN)
		return err_say(ETIMEDOUT, "rtnetlink: no answer in %d s", ANSWER_S);
	return n < 0 ? err_set(errno, "rtnetlink: receive") : (int)n;
}

/* Return: 1 after the end, 0 when more is to come, -errno. */
static int take(const struct nl *nl, char *buf, int len, nl_reply_fn *on_reply, void *arg)
{
	const struct nlmsghdr *h = (void *)buf;

	for (; mnl_nlmsg_ok(h, len); h = mnl_nlmsg_next(h, &len)) {
		if (h->nlmsg_seq != nl->seq)
			continue; /* late answer to a request that was given up */
		if (h->nlmsg_type == NLMSG_ERROR || h->nlmsg_type == NLMSG_DONE) {
			int err = h->nlmsg_type == NLMSG_ERROR ? nl_ack_read(h) : 0;

			return err ? err : 1;
		}
		if (on_reply)
			on_reply(h, arg);
	}
	return 0;
}

int nl_ask(struct nl *nl, struct nl_msg *m, nl_reply_fn *on_reply, void *arg)
{
	_Alignas(struct nlmsghdr) char buf[32768];
	int ret;

	m->h.nlmsg_seq = ++nl->seq;
	if (mnl_socket_sendto(nl->sock, &m->h, m->h.nlmsg_len) < 0)
		return err_set(errno, "rtnetlink: send");
	do {
		ret = receive(nl, buf, sizeof(buf));
		if (ret >= 0)
			ret = take(nl, buf, ret, on_reply, arg);
	} while (!ret);
	return ret < 0 ? ret : 0;
}
