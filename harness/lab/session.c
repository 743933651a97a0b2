// SPDX-License-Identifier: GPL-2.0-only
/* session.c - the steps on the host under test: from nothing to a measured cell */
#include "lab/session.h"

#include <errno.h>
#include <linux/if_tun.h>
#include <string.h>

#include "lab/kvmhold.h"
#include "lab/listen.h"
#include "lib/steps.h"
#include "lib/cleanup.h"
#include "lib/err.h"
#include "lib/fs.h"
#include "lib/log.h"
#include "lib/proc.h"
#include "lib/stop.h"
#include "lib/str.h"
#include "measure/backlog.h"
#include "measure/counters.h"
#include "measure/ping.h"
#include "measure/probe.h"
#include "net/link.h"
#include "net/nl.h"
#include "net/qdisc.h"
#include "net/tap.h"
#include "vm/vm.h"

#define TAP	   "tap0"
#define HOST_CIDR  "10.77.0.1/24"
#define GUEST_ADDR "10.77.0.2"
#define GUEST_MAC  "52:54:00:77:00:02"
#define PROBE_PORT 5201

/* How long a guest may take until its agent answers. */
static const double guest_deadline_s[ACCEL_COUNT] = { [ACCEL_KVM] = 60, [ACCEL_TCG] = 240 };

/* What a backend means to libvirt and the TAP; a new one is a row. */
static const struct backend {
	const char *name;
	bool vhost;
} backends[] = {
	{ "tap",   false },
	{ "vhost", true	 },
};

struct session {
	const struct session_config *cfg;
	session_event_fn *tell;
	void *tell_arg;
	struct steps steps;
	struct cell cell;
	struct vmm *vmm;
	struct nl nl;
	struct vm *guest;
	char *disk;
	bool is_warm;
	unsigned long listener; /* the server's socket that the last test used */
	double guest_boot_s;
};

static const struct backend *backend_of(const struct cell *c)
{
	for (size_t i = 0; i < ARRAY_SIZE(backends); i++)
		if (!strcmp(backends[i].name, c->at[AXIS_BACKEND].word))
			return &backends[i];
	return NULL;
}

static void tell(struct session *s, json_t *event)
{
	s->tell(s->tell_arg, event);
	json_decref(event);
}

static void tell_step(void *arg, const char *name)
{
	struct session *s = arg;

	tell(s, json_pack("{s:s, s:s}", "event", "step", "name", name));
}

static int netlink_up(void *arg)
{
	struct session *s = arg;

	return nl_open(&s->nl);
}

static void netlink_down(void *arg)
{
	struct session *s = arg;

	nl_close(&s->nl);
}

static int libvirt_up(void *arg)
{
	struct session *s = arg;
	int ret = nl_open(&s->nl);

	if (!ret)
		ret = vmm_open(NULL, s->cfg->root, &s->vmm);
	if (ret)
		nl_close(&s->nl);
	return ret;
}

static void libvirt_down(void *arg)
{
	struct session *s = arg;

	vmm_close(s->vmm);
	s->vmm = NULL;
	nl_close(&s->nl);
}

/* The image is never written to: the guest gets an overlay that is thrown away. */
static int disk_up(void *arg)
{
	struct session *s = arg;
	_cleanup_(freep) char *disk = str_fmt("%s/guest.qcow2", s->cfg->root);
	const char *const argv[] = { "qemu-img", "create", "-q", "-f", "qcow2", "-F", "raw", "-b",
				     s->cfg->image, disk, NULL };
	struct proc p = { .argv = argv };
	int ret = proc_run(&p, NULL);

	if (!ret)
		s->disk = take_ptr(&disk);
	return ret;
}

static void disk_down(void *arg)
{
	struct session *s = arg;

	if (fs_remove(s->disk))
		log_warn("%s, ignoring", err_text());
	free(take_ptr(&s->disk));
}

static int tap_up(void *arg)
{
	struct session *s = arg;
	int ret = tap_create(TAP, IFF_VNET_HDR);

	if (ret)
		return ret;
	ret = link_add_addr(&s->nl, TAP, HOST_CIDR);
	if (!ret)
		ret = link_set_up(&s->nl, TAP);
	if (ret)
		(void)link_delete(&s->nl, TAP);
	return ret;
}

static void tap_down(void *arg)
{
	struct session *s = arg;

	if (link_delete(&s->nl, TAP))
		log_warn("%s, ignoring", err_text());
}

static struct vm_spec guest_spec(const struct session *s, const char *cmdline)
{
	struct vm_spec spec = {
		.name = "guest", .accel = s->cfg->accel, .vcpus = s->cfg->vcpus,
		.memory_mib = s->cfg->memory_mib, .kernel = s->cfg->kernel, .initrd = s->cfg->initrd,
		.cmdline = cmdline, .console = s->cfg->console,
		.disks = { { .path = s->disk, .format = "qcow2" } },
		.channels = { { .name = "org.qemu.guest_agent.0" } },
		.nic = { .tap = TAP, .model = s->cell.at[AXIS_NIC].word,
			 .vhost = backend_of(&s->cell)->vhost, .mac = GUEST_MAC },
	};

	/* Under TCG the nested sizes of XSAVEC do not fit: a warning, and a second of its dump. */
	if (s->cfg->accel == ACCEL_KVM && kvmhold_is_wanted())
		spec.cpu_without[0] = "xsavec";
	return spec;
}

static int guest_up(void *arg)
{
	struct session *s = arg;
	_cleanup_(freep) char *cmdline =
		str_fmt("console=ttyS0 quiet panic=-1 root=/dev/vda rw net.ifnames=0 tapbed.role=guest "
			"tapbed.profile=%s tapbed.addr=" GUEST_ADDR "/24", s->cfg->profile);
	struct vm_spec spec = guest_spec(s, cmdline);

	s->is_warm = false;
	s->listener = 0;
	return vm_start(s->vmm, &spec, &s->guest);
}

static void guest_down(void *arg)
{
	struct session *s = arg;

	vm_stop(s->guest);
	s->guest = NULL;
}

static int agent_up(void *arg)
{
	struct session *s = arg;
	int ret = vm_agent_wait(s->guest, time_now() + guest_deadline_s[s->cfg->accel]);

	return ret ? ret : vm_agent(s->guest, "guest-ping", NULL, 30, NULL);
}

/* txqueuelen first: limits of the qdisc are taken from it. */
static int set_link(struct session *s, uint32_t txqueuelen, const char *qdisc)
{
	int ret = link_set_txqueuelen(&s->nl, TAP, txqueuelen);

	return ret ? ret : qdisc_set(&s->nl, TAP, qdisc);
}

static int link_up(void *arg)
{
	struct session *s = arg;

	return set_link(s, (uint32_t)s->cell.at[AXIS_TXQUEUELEN].num, s->cell.at[AXIS_QDISC].word);
}

static int find_listener(struct session *s, unsigned long *ret)
{
	static const char *const files[] = { "/proc/net/tcp6", "/proc/net/tcp" };

	*ret = 0;
	for (size_t i = 0; i < ARRAY_SIZE(files) && !*ret; i++) {
		_cleanup_(freep) char *text = NULL;
		int err = vm_agent_read_file(s->guest, files[i], &text);

		if (err)
			return err;
		*ret = listen_find(text, PROBE_PORT);
	}
	return 0;
}

/*
 * iperf3's server opens its socket anew after each test, and a connection to the old one is
 * reset: wait for a listener that no test has used. It is not asked by connecting, that would be
 * a test of its own to it. Nothing tells us of the event, so ask less and less often.
 */
static int settle(struct session *s)
{
	double deadline = time_now() + 20;
	unsigned long listener;
	int ret;

	tell_step(s, "settle");
	for (double pause = 0.02;; pause = pause < 0.5 ? pause * 2 : 0.5) {
		ret = find_listener(s, &listener);
		if (ret)
			return ret;
		if (listener && listener != s->listener) {
			s->listener = listener;
			return 0;
		}
		if (time_now() > deadline)
			return err_say(ETIMEDOUT, "no new iperf3 server listens on port %d of the guest", PROBE_PORT);
		ret = stop_wait(-1, time_now() + pause);
		if (ret < 0)
			return ret;
	}
}

enum { STEPS_LIBVIRT = 1, STEPS_GUEST = 5 };

/* For a probe whose packets go to a guest. */
static const struct step table[] = {
	{ "libvirt",	 libvirt_up, libvirt_down },
	{ "guest disk",	 disk_up,    disk_down	  },
	{ "tap",	 tap_up,     tap_down	  },
	{ "guest",	 guest_up,   guest_down	  },
	{ "guest agent", agent_up,   NULL	  },
	{ "link",	 link_up,    NULL	  },
};

static const struct step bare[] = {
	{ "netlink", netlink_up, netlink_down },
};

const char *session_step(size_t n)
{
	return n < ARRAY_SIZE(table) ? table[n].name : NULL;
}

struct session *session_new(const struct session_config *cfg, session_event_fn *fn, void *tell_arg)
{
	struct session *s = mem_zalloc(sizeof(*s));

	s->cfg = cfg;
	s->tell = fn;
	s->tell_arg = tell_arg;
	s->steps = (struct steps){ .table = table, .n = ARRAY_SIZE(table), .arg = s,
				   .before = tell_step, .fail = cfg->fail_step };
	return s;
}

void session_end(struct session *s)
{
	if (!s)
		return;
	steps_down(&s->steps, 0);
	free(s);
}

/* What is up by another table goes down first. */
static void use_steps(struct session *s, const struct step *steps, size_t n)
{
	if (s->steps.table == steps)
		return;
	steps_down(&s->steps, 0);
	s->steps.table = steps;
	s->steps.n = n;
}

static int session_bare(struct session *s, const struct cell *c)
{
	use_steps(s, bare, ARRAY_SIZE(bare));
	s->cell = *c;
	return steps_up(&s->steps, s->steps.n);
}

int session_guest(struct session *s, const struct cell *c)
{
	double from = time_now();
	int ret;

	if (!backend_of(c))
		return err_say(ENOTSUP, "backend %s is not known to the session", c->at[AXIS_BACKEND].word);
	use_steps(s, table, ARRAY_SIZE(table));
	if (s->steps.done > STEPS_LIBVIRT && !cell_same_guest(c, &s->cell))
		steps_down(&s->steps, STEPS_LIBVIRT);
	if (s->steps.done > STEPS_GUEST)
		steps_down(&s->steps, STEPS_GUEST);
	s->cell = *c;
	if (s->steps.done < STEPS_GUEST) {
		ret = steps_up(&s->steps, STEPS_GUEST);
		if (ret)
			return ret;
		s->guest_boot_s = time_now() - from;
		tell(s, json_pack("{s:s, s:s, s:f}", "event", "phase", "name", "guest_boot", "seconds",
				  s->guest_boot_s));
	}
	return steps_up(&s->steps, s->steps.n);
}

/*
 * The first sample after a boot is low: code is not translated yet under TCG, and memory that the
 * guest has never touched is faulted in while it receives, most of it with many flows. So this is
 * as much traffic as there can be, whatever the cell: behind a ring of one packet a stock kernel
 * would warm up nothing.
 */
static int warm_up(struct session *s, const struct plan_probe *p)
{
	enum { FLOWS = 8, TXQUEUELEN = 1000 };
	struct probe_args a = { .probe = p->kind, .server = GUEST_ADDR, .seconds = p->warmup_s, .streams = FLOWS };
	_cleanup_(probe_result_free) struct probe_result unused;
	int ret;

	probe_result_init(&unused);
	if (s->is_warm || p->warmup_s <= 0)
		return 0;
	tell_step(s, "warm-up");
	ret = set_link(s, TXQUEUELEN, "pfifo_fast");
	if (!ret)
		ret = settle(s);
	if (!ret)
		ret = probe_run(&a, &unused);
	if (!ret)
		ret = link_up(s);
	if (ret)
		return err_wrap(ret, "warm-up");
	s->is_warm = true;
	return 0;
}

static int read_counters(struct session *s, struct counters *ret)
{
	_cleanup_(freep) char *snmp = NULL;
	struct counters_from from = { .nl = &s->nl, .ifname = TAP };
	int err;

	tell_step(s, "counters");
	err = vm_agent_read_file(s->guest, "/proc/net/snmp", &snmp);
	if (err)
		return err_wrap(err, "the guest's counters");
	from.guest_snmp = snmp;
	return counters_read(&from, ret);
}

/* Is it the kernel's queue, the reader or the guest? What is asked now is asked too late: the session goes down. */
static int say_where_it_hangs(const struct backlog *b)
{
	_cleanup_(freep) char *what = str_dup(err_text()), *where = backlog_tell(b, time_now());

	return err_say(ETIMEDOUT, "%s; on %s %s", what, b->ifname, where);
}

static int measure_guest(struct session *s, const struct plan_probe *p, struct probe_result *ret)
{
	struct backlog b = { .nl = &s->nl, .ifname = TAP };
	struct probe_args a = {
		.probe = p->kind, .server = GUEST_ADDR, .seconds = p->seconds,
		.streams = (int)s->cell.at[AXIS_STREAMS].num,
		.tick = backlog_poll, .tick_arg = &b, .tick_s = BACKLOG_S,
	};
	struct counters before, after;
	struct ping *ping = NULL;
	int err = warm_up(s, p);

	if (!err)
		err = settle(s);
	if (!err)
		err = read_counters(s, &before);
	if (err)
		return err;
	tell_step(s, probe_def(p->kind)->name);
	err = ping_start(GUEST_ADDR, &ping);
	if (!err)
		err = probe_run(&a, ret);
	if (err == -ETIMEDOUT)
		err = say_where_it_hangs(&b);
	ping_end(ping, err ? NULL : &ret->sample);
	if (!err)
		err = read_counters(s, &after);
	if (!err)
		err = counters_diff(&before, &after, &ret->sample);
	if (!err)
		backlog_end(&b, &ret->sample);
	return err;
}

static int measure_bare(struct session *s, const struct plan_probe *p, struct probe_result *ret)
{
	struct probe_args a = {
		.probe = p->kind, .seconds = p->seconds, .traffic = p, .cell = &s->cell, .nl = &s->nl,
	};

	tell_step(s, probe_def(p->kind)->name);
	return probe_run(&a, ret);
}

int session_cell(struct session *s, const struct cell *c, const struct plan_probe *p,
		 struct probe_result *ret)
{
	bool has_guest = probe_def(p->kind)->has_guest;
	int err;

	probe_result_init(ret);
	err = has_guest ? session_guest(s, c) : session_bare(s, c);
	if (err)
		return err;
	err = has_guest ? measure_guest(s, p, ret) : measure_bare(s, p, ret);
	if (err)
		steps_down(&s->steps, 0);
	return err;
}

json_t *session_facts(const struct session *s)
{
	_cleanup_(freep) char *libvirt = s->vmm ? vmm_version(s->vmm) : NULL;
	_cleanup_(freep) char *qemu = s->vmm ? vmm_qemu_version(s->vmm) : NULL;

	if (s->steps.table == bare)
		return NULL;
	return json_pack("{s:s, s:i, s:i, s:s, s:s*, s:s*}", "accel", accel_name(s->cfg->accel), "vcpus",
			 s->cfg->vcpus, "memory_mib", s->cfg->memory_mib, "profile", s->cfg->profile,
			 "qemu", qemu, "libvirt", libvirt);
}
