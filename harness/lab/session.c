// SPDX-License-Identifier: GPL-2.0-only
/* session.c - the steps on the host under test: from nothing to a measured cell */
#include "lab/session.h"

#include <errno.h>
#include <math.h>
#include <string.h>
#include <unistd.h>

#include "lab/device.h"
#include "lab/guest.h"
#include "lab/lost.h"
#include "lab/server.h"
#include "lab/overlay.h"
#include "lab/path.h"
#include "lab/splat.h"
#include "lab/tcpmem.h"
#include "lib/steps.h"
#include "lib/cleanup.h"
#include "lib/err.h"
#include "lib/fs.h"
#include "lib/log.h"
#include "lib/stop.h"
#include "lib/str.h"
#include "measure/backlog.h"
#include "measure/counters.h"
#include "measure/ping.h"
#include "measure/probe.h"
#include "measure/shaping.h"
#include "net/nl.h"
#include "vm/vm.h"

/* The servers of the guest: the first takes the bulk of every probe, the second what a probe sends beside it. */
static const struct {
	unsigned int port;
	bool is_always;
	enum probe probe;
} servers[] = {
	{ SERVER_PORT,	     true,  PROBE_IPERF3  },
	{ SHAPING_PRIO_PORT, false, PROBE_SHAPING },
};
enum { SERVERS = ARRAY_SIZE(servers) };

/* How long a guest may take until its agent answers. */
static const double guest_deadline_s[ACCEL_COUNT] = { [ACCEL_KVM] = 60, [ACCEL_TCG] = 240 };

struct session {
	const struct session_config *cfg;
	session_event_fn *tell;
	void *tell_arg;
	struct steps steps;
	struct cell cell;
	struct vmm *vmm;
	struct nl nl;
	struct device device;
	struct vm *guest;
	struct path path;
	struct tcpmem tcpmem;
	char *disk;
	bool is_warm;
	bool guest_lost;
	struct backlog backlog; /* while traffic ran */
	unsigned long listener[SERVERS]; /* of each server, the socket that the last test used */
	double guest_boot_s;
};

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

static int disk_up(void *arg)
{
	struct session *s = arg;

	return overlay_make(s->cfg->root, "guest", s->cfg->image, &s->disk);
}

static void disk_down(void *arg)
{
	struct session *s = arg;

	if (fs_remove(s->disk))
		log_warn("%s, ignoring", err_text());
	free(take_ptr(&s->disk));
}

static int device_step_up(void *arg)
{
	struct session *s = arg;

	return device_up(&s->device, &s->nl, &s->cell);
}

static void device_step_down(void *arg)
{
	struct session *s = arg;

	device_down(&s->device, &s->nl);
}

static int guest_up(void *arg)
{
	struct session *s = arg;
	int ret;

	s->is_warm = false;
	s->guest_lost = false;
	memset(s->listener, 0, sizeof(s->listener));
	ret = guest_start(s->vmm, s->cfg, &s->cell, &s->device, s->disk, &s->guest);
	if (!ret)
		device_let_go(&s->device);
	return ret;
}

static void guest_down(void *arg)
{
	struct session *s = arg;

	/* Every failure comes by here, whatever it was that missed the guest. */
	s->guest_lost |= !vm_runs(s->guest);
	vm_stop(s->guest);
	s->guest = NULL;
}

static int agent_up(void *arg)
{
	struct session *s = arg;
	int ret = vm_agent_wait(s->guest, time_now() + guest_deadline_s[s->cfg->accel]);

	if (ret == -EPIPE || ret == -ETIMEDOUT)
		return splat_add_console(ret, s->cfg->console);
	return ret ? ret : vm_agent(s->guest, "guest-ping", NULL, 30, NULL);
}

static int path_step_up(void *arg)
{
	struct session *s = arg;
	const struct axis_value *at = s->cell.at;

	return path_up(&s->path, &s->nl, device_sends_at(&s->cell), (double)at[AXIS_DELAY_MS].num / 1e3,
		       (unsigned int)at[AXIS_MTU].num);
}

static void path_step_down(void *arg)
{
	struct session *s = arg;

	path_down(&s->path);
}

static int tcpmem_step_up(void *arg)
{
	struct session *s = arg;

	return tcpmem_up(&s->tcpmem, &s->path, s->guest, &s->cell);
}

static void tcpmem_step_down(void *arg)
{
	struct session *s = arg;

	tcpmem_down(&s->tcpmem);
}

static int link_up(void *arg)
{
	struct session *s = arg;

	return device_set(&s->nl, &s->cell);
}

/* Every server that @kind will use. */
static int settle(struct session *s, enum probe kind)
{
	int ret = 0;

	tell_step(s, "settle");
	for (size_t i = 0; i < SERVERS && !ret; i++)
		if (servers[i].is_always || servers[i].probe == kind)
			ret = server_wait(s->guest, servers[i].port, &s->listener[i]);
	return ret;
}

enum { STEPS_LIBVIRT = 1, STEPS_GUEST = 5 };

/* For a probe whose packets go to a guest. */
static const struct step table[] = {
	{ "libvirt",	 libvirt_up,	 libvirt_down	  },
	{ "guest disk",	 disk_up,	 disk_down	  },
	{ "device",	 device_step_up, device_step_down },
	{ "guest",	 guest_up,	 guest_down	  },
	{ "guest agent", agent_up,	 NULL		  },
	{ "path",	 path_step_up,	 path_step_down	  },
	{ "tcp buffers", tcpmem_step_up, tcpmem_step_down },
	{ "link",	 link_up,	 NULL		  },
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
	device_init(&s->device);
	path_init(&s->path);
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
	s->guest_lost = false;
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

	if (!device_is_known(c))
		return err_say(ENOTSUP, "backend %s is not known to the session", c->at[AXIS_BACKEND].word);
	use_steps(s, table, ARRAY_SIZE(table));
	if (s->steps.done > STEPS_LIBVIRT && !cell_same_guest(c, &s->cell))
		steps_down(&s->steps, STEPS_LIBVIRT);
	if (s->steps.done > STEPS_GUEST)
		steps_down(&s->steps, STEPS_GUEST);
	s->cell = *c;
	if (s->steps.done < STEPS_GUEST) {
		(void)unlink(s->cfg->console);
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
	struct probe_args a = { .probe = PROBE_IPERF3, .server = GUEST_ADDR, .seconds = p->warmup_s,
				.streams = FLOWS, .netns = s->path.ns_path, .gone_fd = vm_fd(s->guest),
				.tick = backlog_poll, .tick_arg = &s->backlog, .tick_s = BACKLOG_S };
	struct cell warm = s->cell;
	_cleanup_(probe_result_free) struct probe_result unused;
	int ret;

	probe_result_init(&unused);
	if (s->is_warm || p->warmup_s <= 0)
		return 0;
	tell_step(s, "warm-up");
	warm.at[AXIS_TXQUEUELEN].num = TXQUEUELEN;
	snprintf(warm.at[AXIS_QDISC].word, sizeof(warm.at[AXIS_QDISC].word), "pfifo_fast");
	snprintf(warm.at[AXIS_SHAPER].word, sizeof(warm.at[AXIS_SHAPER].word), "none");
	ret = device_set(&s->nl, &warm);
	if (!ret)
		ret = settle(s, a.probe);
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
	_cleanup_(freep) char *host = NULL, *guest = NULL, *interrupts = NULL;
	struct counters_from from = {
		.nl = &s->nl, .ifname = DEVICE_IFNAME, .sends_at = device_sends_at(&s->cell),
	};
	int err;

	tell_step(s, "counters");
	err = vm_agent_read_file(s->guest, "/proc/net/snmp", &guest);
	if (!err)
		err = vm_agent_read_file(s->guest, "/proc/interrupts", &interrupts);
	if (err)
		return err_wrap(err, "the guest's counters");
	err = path_snmp(&s->path, &host);
	if (err)
		return err;
	from.host_snmp = host;
	from.guest_snmp = guest;
	from.guest_interrupts = interrupts;
	return counters_read(&from, ret);
}

/* For a test: what happens when the guest's kernel panics under traffic? */
static int crash_guest(struct session *s)
{
	json_t *arguments = json_pack("{s:s, s:[s, s]}", "path", "/bin/sh", "arg", "-c", "sleep 4; echo c >/proc/sysrq-trigger");

	return vm_agent(s->guest, "guest-exec", arguments, 10, NULL);
}

static int measure_guest(struct session *s, const struct plan_probe *p, struct probe_result *ret)
{
	const struct backlog none = { .nl = &s->nl, .ifname = device_sends_at(&s->cell) };
	struct probe_args a = {
		.probe = p->kind, .server = GUEST_ADDR, .seconds = p->seconds,
		.streams = (int)s->cell.at[AXIS_STREAMS].num, .netns = s->path.ns_path,
		.traffic = p, .cell = &s->cell,
		.reverse = !cell_is_usual(&s->cell, AXIS_DIRECTION),
		.congestion = s->cell.at[AXIS_CONGESTION].word,
		.gone_fd = vm_fd(s->guest), .tick = backlog_poll, .tick_arg = &s->backlog, .tick_s = BACKLOG_S,
	};
	struct counters before, after;
	struct ping *ping = NULL;
	double idle_us = NAN;
	int err;

	s->backlog = none;
	tell_step(s, "idle round trip");
	err = path_idle(&s->path, GUEST_ADDR, &idle_us);
	if (!err)
		err = warm_up(s, p);
	if (!err)
		err = settle(s, p->kind);
	if (!err)
		err = read_counters(s, &before);
	if (err)
		return err;
	s->backlog = none;
	tell_step(s, probe_def(p->kind)->name);
	if (probe_def(p->kind)->is_pinged)
		err = ping_start_from(PING_ICMP, GUEST_ADDR, s->path.ns_path, 0, &ping);
	if (!err && str_eq(s->cfg->fail_step, SESSION_TRAFFIC))
		err = crash_guest(s);
	if (!err)
		err = probe_run(&a, ret);
	ping_end(ping, err ? NULL : &ret->sample);
	ret->sample.value[METRIC_IDLE_RTT_US] = idle_us;
	if (!err)
		err = read_counters(s, &after);
	if (!err)
		err = counters_diff(&before, &after, &ret->sample);
	if (!err)
		backlog_end(&s->backlog, &ret->sample);
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
	char *lacks;
	int err;

	probe_result_init(ret);
	s->guest_lost = false;
	lacks = has_guest ? device_lacks(c) : NULL;
	if (lacks) {
		ret->finding = (struct finding){ .verdict = VERDICT_SKIP, .reason = lacks };
		return 0;
	}
	err = has_guest ? session_guest(s, c) : session_bare(s, c);
	if (err)
		return err;
	err = has_guest ? measure_guest(s, p, ret) : measure_bare(s, p, ret);
	/* Once the session goes down it cannot be asked. */
	if (err && err != -EINTR && has_guest)
		err = lost_tell(err, s->guest, s->cfg->console, &s->backlog, &s->guest_lost);
	if (err)
		steps_down(&s->steps, 0);
	return err;
}

bool session_guest_lost(const struct session *s)
{
	return s->guest_lost;
}

char *session_console(const struct session *s)
{
	return s->steps.table == bare ? NULL : splat_read_console(s->cfg->console);
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
