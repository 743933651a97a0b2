// SPDX-License-Identifier: GPL-2.0-only
/* agent.c - the same program on the host under test: cells in, samples out */
#include "lab/agent.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <string.h>
#include <sys/utsname.h>

#include "lab/kvmhold.h"
#include "lab/left.h"
#include "lab/session.h"
#include "lab/shell.h"
#include "lab/splat.h"
#include "lib/cleanup.h"
#include "lib/err.h"
#include "lib/fs.h"
#include "lib/jsonl.h"
#include "lib/log.h"
#include "lib/stop.h"
#include "lib/str.h"
#include "plan/verdict.h"
#include "vm/vm.h"

struct agent {
	struct jsonl channel;
	const struct agent_config *cfg;
	struct session_config guest;
	struct session *session;
	struct kvmhold hold;
	int kmsg;
	bool has_capabilities; /* the runner has them */
	bool over;
};

static void send_event(void *arg, json_t *event)
{
	struct agent *a = arg;

	if (jsonl_write(&a->channel, event)) {
		log_warn("%s", err_text());
		a->over = true;
	}
}

static void send_new(struct agent *a, json_t *event)
{
	send_event(a, event);
	json_decref(event);
}

static void send_ready(struct agent *a)
{
	struct utsname u;

	uname(&u);
	send_new(a, json_pack("{s:s, s:s, s:s, s:b}", "event", "ready", "release", u.release, "version",
			      u.version, "kvm", !access("/dev/kvm", R_OK | W_OK)));
}

/*
 * libvirt asks QEMU for its capabilities, some seconds under TCG, and keeps the answer in a file.
 * The runner keeps that for the next boot of the same host; libvirt itself checks that it fits.
 */
static void send_capabilities(struct agent *a)
{
	_cleanup_(freep) char *name = NULL, *text = NULL;

	if (a->has_capabilities || vmm_capabilities_read(a->cfg->root, &name, &text))
		return;
	a->has_capabilities = true;
	send_new(a, json_pack("{s:s, s:s, s:s}", "event", "capabilities", "name", name, "text", text));
}

static int take_capabilities(struct agent *a, const json_t *op)
{
	const json_t *c = json_object_get(op, "capabilities");

	if (!c || a->has_capabilities)
		return 0;
	a->has_capabilities = true;
	return vmm_capabilities_write(a->cfg->root, json_str(c, "name", ""), json_str(c, "text", ""));
}

/* The guest as the runner wants it; one that runs with another description is ended first. */
static int op_guest(struct agent *a, const json_t *op)
{
	session_end(take_ptr(&a->session));
	a->guest.vcpus = (int)json_num(op, "vcpus", 1);
	a->guest.memory_mib = (int)json_num(op, "memory_mib", 512);
	a->guest.accel = accel_find(json_str(op, "accel", "tcg"));
	str_set(&a->guest.profile, json_str(op, "profile", "lean"));
	str_set(&a->guest.fail_step, json_str(op, "fail_step", NULL));
	str_set(&a->guest.root, a->cfg->root);
	str_set(&a->guest.console, a->cfg->console);
	str_set(&a->guest.kernel, a->cfg->kernel);
	str_set(&a->guest.initrd, a->cfg->initrd);
	str_set(&a->guest.image, a->cfg->image);
	if (a->guest.accel >= ACCEL_COUNT)
		return err_say(EINVAL, "no accelerator %s", json_str(op, "accel", ""));
	a->session = session_new(&a->guest, send_event, a);
	return take_capabilities(a, op);
}

static enum verdict verdict_of(int err)
{
	return err == -ETIMEDOUT ? VERDICT_TIMEOUT : VERDICT_BROKEN;
}

/* What the host's kernel said meanwhile decides before everything else. */
static void judge_kernel(struct agent *a, json_t *done)
{
	_cleanup_(freep) char *log = splat_read_kmsg(a->kmsg);
	_cleanup_(freep) char *splat = splat_find(log);

	if (!splat)
		return;
	json_object_set_new(done, "verdict", json_string(verdict_name(VERDICT_FAIL)));
	json_object_set_new(done, "reason", json_pack("s+", "host kernel: ", splat));
	json_object_set_new(done, "tainted", json_true());
}

/* What the probe measured and found; a failure of the bed is told with what there is all the same. */
static void add_result(json_t *done, int err, const struct probe_result *r)
{
	enum verdict v = err ? verdict_of(err) : r->finding.verdict;
	const char *reason = err ? err_text() : r->finding.reason;

	json_object_set_new(done, "verdict", json_string(verdict_name(v)));
	json_object_set_new(done, "reason", json_string(reason ? reason : ""));
	if (v == VERDICT_PASS || v == VERDICT_FAIL)
		json_object_set_new(done, "sample", sample_to_json(&r->sample));
	if (r->raw)
		json_object_set_new(done, "raw", json_string(r->raw));
	if (r->command)
		json_object_set_new(done, "command", json_string(r->command));
}

static void add_guest(json_t *done, int err, const struct session *s)
{
	_cleanup_(freep) char *console = err ? session_console(s) : NULL;

	json_object_set_new(done, "guest", session_facts(s));

	json_object_set_new(done, "guest_lost", json_boolean(session_guest_lost(s)));
	if (console && *console)
		json_object_set_new(done, "console", json_string(console));
}

static int op_cell(struct agent *a, const json_t *op)
{
	_cleanup_(probe_result_free) struct probe_result r;
	json_t *done = json_pack("{s:s, s:f}", "event", "done", "index", json_num(op, "index", 0));
	struct plan_probe p = { 0 };
	struct cell c = { 0 };
	int err;

	probe_result_init(&r);
	err = cell_from_json(json_object_get(op, "cell"), &c);
	if (!err)
		err = probe_from_json(json_object_get(op, "probe"), &p);
	if (!err) {
		c.probe = p.kind;
		err = session_cell(a->session, &c, &p, &r);
	}
	add_result(done, err, &r);
	add_guest(done, err, a->session);
	if (!err)
		send_capabilities(a);
	judge_kernel(a, done);
	send_new(a, done);
	free(c.skip);
	return 0;
}

static int op_left(struct agent *a, const json_t *op)
{
	struct left l;
	int err = left_count(a->cfg->root, &l);

	(void)op;
	if (err)
		return err;
	send_new(a, json_pack("{s:s, s:i, s:i, s:i}", "event", "left", "links", l.links, "processes",
			      l.processes, "files", l.files));
	return 0;
}

static int op_shell(struct agent *a, const json_t *op)
{
	struct cell c = { 0 };
	int err = cell_from_json(json_object_get(op, "cell"), &c);
	int port;

	if (!err && json_is_true(json_object_get(op, "guest")))
		err = session_guest(a->session, &c);
	free(c.skip);
	port = err ? err : agent_port("org.tapbed.shell");
	send_new(a, json_pack("{s:s}", "event", "shell-ready"));
	if (port >= 0)
		err = shell_serve(port, (int)json_num(op, "rows", 0), (int)json_num(op, "cols", 0));
	else
		err = port;
	closep(&port);
	send_new(a, json_pack("{s:s, s:s}", "event", "shell", "reason", err ? err_text() : ""));
	return 0;
}

static int op_bye(struct agent *a, const json_t *op)
{
	(void)op;
	a->over = true;
	return 0;
}

static const struct {
	const char *name;
	int (*run)(struct agent *a, const json_t *op);
	bool needs_guest;
} ops[] = {
	{ "guest", op_guest, false },
	{ "cell",  op_cell,  true  },
	{ "left",  op_left,  false },
	{ "shell", op_shell, true  },
	{ "bye",   op_bye,   false },
};

static int dispatch(struct agent *a, const json_t *request)
{
	const char *name = json_str(request, "op", "");

	for (size_t i = 0; i < ARRAY_SIZE(ops); i++) {
		if (strcmp(ops[i].name, name))
			continue;
		if (ops[i].needs_guest && !a->session)
			return err_say(EPROTO, "op %s before op guest", name);
		return ops[i].run(a, request);
	}
	return err_say(EPROTO, "unknown op \"%s\"", name);
}

/* A TAP and what hangs on it die with this namespace, which has no name. */
static int enter_namespace(void)
{
	return unshare(CLONE_NEWNET) ? err_set(errno, "a network namespace of our own") : 0;
}

int agent_serve(int fd, const struct agent_config *cfg)
{
	struct agent a = { .channel = { .fd = fd }, .cfg = cfg, .hold = { -1, -1, -1 } };
	int err = enter_namespace();

	if (!err)
		err = fs_mkdirs(cfg->root);
	if (kvmhold_is_wanted() && kvmhold_take(&a.hold))
		log_warn("%s, ignoring", err_text());
	a.kmsg = open("/dev/kmsg", O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	free(splat_read_kmsg(a.kmsg)); /* what the boot said is on the console */
	if (!err)
		send_ready(&a);
	while (!err && !a.over) {
		json_t *request = NULL;

		err = jsonl_read(&a.channel, time_now() + 1e6, &request);
		if (!err && dispatch(&a, request))
			send_new(&a, json_pack("{s:s, s:s}", "event", "error", "reason", err_text()));
		json_decref(request);
	}
	session_end(take_ptr(&a.session));
	send_new(&a, json_pack("{s:s}", "event", "bye"));
	kvmhold_drop(&a.hold);
	closep(&a.kmsg);
	jsonl_free(&a.channel);
	return err == -EPIPE ? 0 : err;
}

int agent_port(const char *name)
{
	_cleanup_(closedirp) DIR *d = opendir("/sys/class/virtio-ports");
	struct dirent *e;
	int fd;

	while (d && *name != '/' && (e = readdir(d))) {
		_cleanup_(freep) char *path = str_fmt("/sys/class/virtio-ports/%s/name", e->d_name);
		_cleanup_(freep) char *dev = str_fmt("/dev/%s", e->d_name);
		_cleanup_(freep) char *is = NULL;

		if (*e->d_name == '.' || fs_read(path, &is, NULL))
			continue;
		is[strcspn(is, "\n")] = '\0';
		if (!strcmp(is, name))
			return agent_port(dev);
	}
	if (*name != '/')
		return err_say(ENODEV, "no virtio-serial port %s", name);
	fd = open(name, O_RDWR | O_CLOEXEC);
	return fd < 0 ? err_set(errno, "%s: open", name) : fd;
}
