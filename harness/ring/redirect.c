// SPDX-License-Identifier: GPL-2.0-only
/* redirect.c - frames that XDP redirects into the device's ring, past its queue and qdisc */
#include "ring/redirect.h"

#include <arpa/inet.h>
#include <errno.h>
#include <net/if.h>
#include <poll.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <linux/if_link.h>
#include <linux/if_packet.h>

#include "lib/cleanup.h"
#include "lib/err.h"
#include "lib/log.h"
#include "lib/str.h"
#include "net/link.h"

#define ETHERTYPE_EXPERIMENTAL 0x88b5

/* Many more than a reader that pauses takes, and few enough to leave it a processor: 16 every millisecond. */
#define BURST	 16
#define BURST_NS 1000000

static int bpf(int cmd, union bpf_attr *attr)
{
	int fd = (int)syscall(SYS_bpf, cmd, attr, sizeof(*attr));

	return fd < 0 ? -errno : fd;
}

/* return bpf_redirect(ifindex, 0); */
static int load_program(int ifindex)
{
	const struct bpf_insn insn[] = {
		{ .code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = BPF_REG_1, .imm = ifindex },
		{ .code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = BPF_REG_2, .imm = 0 },
		{ .code = BPF_JMP | BPF_CALL, .imm = BPF_FUNC_redirect },
		{ .code = BPF_JMP | BPF_EXIT },
	};
	union bpf_attr attr = {
		.prog_type = BPF_PROG_TYPE_XDP,
		.insn_cnt = ARRAY_SIZE(insn),
		.insns = (uintptr_t)insn,
		.license = (uintptr_t) "GPL",
	};
	int fd = bpf(BPF_PROG_LOAD, &attr);

	return fd < 0 ? err_set(-fd, "XDP program that redirects: bpf BPF_PROG_LOAD") : fd;
}

/* In the driver of the veth: the generic form would send the frame through the device's queue. */
static int attach(struct redirect *d, int ifindex)
{
	_cleanup_(closep) int prog = load_program(ifindex);
	union bpf_attr attr = { 0 };

	if (prog < 0)
		return prog;
	attr.link_create.prog_fd = (uint32_t)prog;
	attr.link_create.target_ifindex = if_nametoindex(REDIRECT_PEER);
	attr.link_create.attach_type = BPF_XDP;
	attr.link_create.flags = XDP_FLAGS_DRV_MODE;
	d->link_fd = bpf(BPF_LINK_CREATE, &attr);
	return d->link_fd < 0 ? err_set(-d->link_fd, "XDP program on %s: bpf BPF_LINK_CREATE", REDIRECT_PEER) : 0;
}

static int open_socket(struct redirect *d)
{
	struct sockaddr_ll to = { .sll_family = AF_PACKET, .sll_ifindex = (int)if_nametoindex(REDIRECT_IFNAME) };

	/* Protocol 0: it sends and is given nothing. */
	d->fd = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (d->fd < 0 || bind(d->fd, (struct sockaddr *)&to, sizeof(to)))
		return err_set(errno, "packet socket on %s", REDIRECT_IFNAME);
	return 0;
}

static void *thread(void *arg)
{
	const struct timespec pause = { .tv_nsec = BURST_NS };
	struct redirect *d = arg;
	struct pollfd stop = { .fd = d->stop_fd, .events = POLLIN };
	struct ethhdr frame[4] = { 0 }; /* 56 bytes, and a header is all that anybody looks at */

	memset(frame[0].h_dest, 0xff, sizeof(frame[0].h_dest));
	frame[0].h_source[0] = 2;
	frame[0].h_proto = htons(ETHERTYPE_EXPERIMENTAL);
	while (ppoll(&stop, 1, &pause, NULL) == 0)
		for (int i = 0; i < BURST; i++)
			d->sent += send(d->fd, frame, sizeof(frame), 0) > 0;
	return NULL;
}

static int make_pair(struct nl *nl)
{
	static const char *const ends[] = { REDIRECT_IFNAME, REDIRECT_PEER };
	int ret = link_add_veth(nl, REDIRECT_IFNAME, REDIRECT_PEER);

	for (size_t i = 0; i < ARRAY_SIZE(ends) && !ret; i++) {
		ret = link_set_quiet(nl, ends[i]);
		if (!ret)
			ret = link_set_up(nl, ends[i]);
	}
	return ret;
}

static int start(struct redirect *d, const char *to)
{
	int ret = make_pair(d->nl);

	if (!ret)
		ret = attach(d, (int)if_nametoindex(to));
	if (!ret)
		ret = open_socket(d);
	if (ret)
		return ret;
	d->stop_fd = eventfd(0, EFD_CLOEXEC);
	if (d->stop_fd < 0)
		return err_set(errno, "eventfd of redirected frames");
	ret = pthread_create(&d->thread, NULL, thread, d);
	if (ret)
		return err_set(ret, "thread of redirected frames");
	d->is_running = true;
	return 0;
}

int redirect_start(struct redirect *d, struct nl *nl, const char *to)
{
	int ret;

	*d = (struct redirect){ .nl = nl, .stop_fd = -1, .link_fd = -1, .fd = -1 };
	ret = start(d, to);
	if (ret) {
		_cleanup_(freep) char *why = str_dup(err_text());

		redirect_stop(d);
		err_restore(why);
	}
	return ret;
}

void redirect_stop(struct redirect *d)
{
	if (!d->nl)
		return;
	if (d->is_running) {
		(void)!write(d->stop_fd, &(uint64_t){ 1 }, sizeof(uint64_t));
		pthread_join(d->thread, NULL);
	}
	closep(&d->link_fd);
	closep(&d->fd);
	closep(&d->stop_fd);
	if (link_exists(REDIRECT_IFNAME) && link_delete(d->nl, REDIRECT_IFNAME))
		log_warn("ring: %s stays: %s", REDIRECT_IFNAME, err_text());
	*d = (struct redirect){ .sent = d->sent };
}
