// SPDX-License-Identifier: GPL-2.0-only
/* vm.c - the life of virtual machines, through libvirt */
#include "vm/vm.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <sys/eventfd.h>

#include <libvirt/libvirt.h>
#include <libvirt/virterror.h>

#include "lib/cleanup.h"
#include "lib/err.h"
#include "lib/fs.h"
#include "lib/log.h"
#include "lib/stop.h"
#include "lib/str.h"

#include "vm/vm_priv.h"

/*
 * The embedded driver's configuration: no daemon to keep logs, nothing that needs privileges or
 * changes what it does not own. Its process runs as whoever we are.
 */
static const char qemu_conf[] = "stdio_handler = \"file\"\n"
				"security_driver = \"none\"\n"
				"namespaces = []\n"
				"cgroup_controllers = []\n"
				"dynamic_ownership = 0\n"
				"remember_owner = 0\n";

struct vmm {
	virConnectPtr conn;
	bool is_embedded;
	char *root;
	pthread_t loop;
	int timer;
	volatile bool closing;
};

int vm_fail(const char *what)
{
	const char *why = virGetLastErrorMessage();

	return err_say(EIO, "libvirt: %s: %s", what, why);
}

/* libvirt would print errors itself; ours carry them. */
static void quiet(void *data, virErrorPtr e)
{
	(void)data;
	log_debug("libvirt: %s", e->message);
}

static void *run_loop(void *arg)
{
	struct vmm *m = arg;

	while (!m->closing)
		if (virEventRunDefaultImpl() < 0)
			log_debug("libvirt's event loop: %s", virGetLastErrorMessage());
	return NULL;
}

static void wake_loop(int timer, void *arg)
{
	(void)timer, (void)arg;
}

static int write_config(const char *root, const char *user)
{
	_cleanup_(freep) char *dir = str_fmt("%s/etc", root);
	_cleanup_(freep) char *path = str_fmt("%s/qemu.conf", dir);
	_cleanup_(freep) char *text = str_fmt("%s%s", qemu_conf, user);
	int err = fs_mkdirs(dir);

	return err ? err : fs_write(path, text, strlen(text), 0644);
}

static int start_loop(struct vmm *m)
{
	sigset_t all, old;
	int err;

	/* Signals are for the main thread, whose waits look at them. */
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &old);
	err = pthread_create(&m->loop, NULL, run_loop, m);
	pthread_sigmask(SIG_SETMASK, &old, NULL);
	return err ? err_set(err, "thread of libvirt's event loop") : 0;
}

int vmm_open(const char *uri, const char *root, struct vmm **ret)
{
	static bool registered;
	_cleanup_(freep) char *embed = str_fmt("qemu:///embed?root=%s", root);
	_cleanup_(freep) char *log = str_fmt("3:file:%s/libvirt.log", root);
	struct vmm *m;
	int err = write_config(root, geteuid() ? "" : "user = \"root\"\ngroup = \"root\"\n");

	if (err)
		return err;
	setenv("LIBVIRT_LOG_OUTPUTS", log, 0);
	virSetErrorFunc(NULL, quiet);
	if (!registered && virEventRegisterDefaultImpl())
		return vm_fail("event loop");
	registered = true;
	m = mem_zalloc(sizeof(*m));
	m->is_embedded = !uri;
	m->root = str_dup(root);
	m->timer = virEventAddTimeout(-1, wake_loop, NULL, NULL);
	err = start_loop(m);
	if (!err) {
		m->conn = virConnectOpen(uri ? uri : embed);
		if (!m->conn)
			err = vm_fail(uri ? uri : "qemu:///embed (packages libvirt-daemon and qemu-system-x86; "
						  "user libvirt-qemu must exist)");
	}
	if (err) {
		_cleanup_(freep) char *why = str_dup(err_text());

		vmm_close(m);
		return err_say(-err, "%s", why);
	}
	*ret = m;
	return 0;
}

void vmm_close(struct vmm *m)
{
	if (!m)
		return;
	if (m->conn)
		virConnectClose(m->conn);
	if (m->loop) {
		m->closing = true;
		virEventUpdateTimeout(m->timer, 0);
		pthread_join(m->loop, NULL);
	}
	virEventRemoveTimeout(m->timer);
	free(m->root);
	free(m);
}

static char *dotted(unsigned long v)
{
	return str_fmt("%lu.%lu.%lu", v / 1000000, v / 1000 % 1000, v % 1000);
}

char *vmm_version(struct vmm *m)
{
	unsigned long v = 0;

	virConnectGetLibVersion(m->conn, &v);
	return dotted(v);
}

/*
 * virConnectGetVersion() makes the embedded driver look at its default emulator: four seconds
 * under TCG. What it knows of the one in use stands in its capabilities.
 */
char *vmm_qemu_version(struct vmm *m)
{
	_cleanup_(freep) char *name = NULL, *text = NULL;
	unsigned long v = 0;
	const char *at;

	if (!m->is_embedded)
		virConnectGetVersion(m->conn, &v);
	else if (!vmm_capabilities_read(m->root, &name, &text) && (at = strstr(text, "<version>")))
		v = strtoul(at + strlen("<version>"), NULL, 10);
	return v ? dotted(v) : NULL;
}

static int on_lifecycle(virConnectPtr c, virDomainPtr d, int event, int detail, void *arg)
{
	struct vm *v = arg;

	(void)c, (void)d;
	log_debug("%s: lifecycle event %d (%d)", v->name, event, detail);
	if (event == VIR_DOMAIN_EVENT_STOPPED || event == VIR_DOMAIN_EVENT_CRASHED) {
		v->ended_how = event == VIR_DOMAIN_EVENT_STOPPED ? detail : VIR_DOMAIN_EVENT_STOPPED_CRASHED;
		eventfd_write(v->ended_fd, 1);
	}
	return 0;
}

static void on_agent(virConnectPtr c, virDomainPtr d, int state, int reason, void *arg)
{
	struct vm *v = arg;

	(void)c, (void)d, (void)reason;
	if (state == VIR_CONNECT_DOMAIN_EVENT_AGENT_LIFECYCLE_STATE_CONNECTED)
		eventfd_write(v->agent_fd, 1);
}

static void watch(struct vm *v)
{
	v->callbacks[0] = virConnectDomainEventRegisterAny(v->conn, NULL, VIR_DOMAIN_EVENT_ID_LIFECYCLE,
							   VIR_DOMAIN_EVENT_CALLBACK(on_lifecycle), v, NULL);
	v->callbacks[1] = virConnectDomainEventRegisterAny(v->conn, NULL, VIR_DOMAIN_EVENT_ID_AGENT_LIFECYCLE,
							   VIR_DOMAIN_EVENT_CALLBACK(on_agent), v, NULL);
}

static int add_nic(struct vm *v, const struct vm_nic *n)
{
	int err = vm_nic_plug(v, n);

	if (!err && virDomainResume(v->dom))
		err = vm_fail(v->name);
	return err;
}

int vm_start(struct vmm *m, const struct vm_spec *s, struct vm **ret)
{
	_cleanup_(freep) char *xml = domxml_write(s);
	struct vm *v = mem_zalloc(sizeof(*v));
	int err;

	log_debug("%s", xml);
	v->conn = m->conn;
	v->name = str_dup(s->name);
	v->ended_how = -1;
	v->ended_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	v->agent_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	watch(v);
	/* The embedded driver has no autodestroy; lib/keeper.h ends what is left there. */
	v->dom = virDomainCreateXML(m->conn, xml, (m->is_embedded ? 0 : VIR_DOMAIN_START_AUTODESTROY) |
						  (s->nic.model ? VIR_DOMAIN_START_PAUSED : 0));
	err = v->dom ? 0 : vm_fail(s->name);
	if (!err && s->nic.model)
		err = add_nic(v, &s->nic);
	if (err) {
		_cleanup_(freep) char *why = str_dup(err_text());

		vm_stop(v);
		err_restore(why);
		return err;
	}
	*ret = v;
	return 0;
}

bool vm_runs(struct vm *v)
{
	return virDomainIsActive(v->dom) == 1;
}

bool vm_is_stuck(struct vm *v)
{
	int state = 0, reason = 0;

	return !virDomainGetState(v->dom, &state, &reason, 0) && state == VIR_DOMAIN_PAUSED &&
	       reason == VIR_DOMAIN_PAUSED_IOERROR;
}

int vm_fd(const struct vm *v)
{
	return v->ended_fd;
}

/* Of libvirt's detail: a kernel that panics or falls over three faults shuts the machine down, see domxml.c. */
const char *vm_how_it_ended(const struct vm *v)
{
	static const char *const words[] = {
		[VIR_DOMAIN_EVENT_STOPPED_SHUTDOWN] = "it shut down or was reset",
		[VIR_DOMAIN_EVENT_STOPPED_DESTROYED] = "it was destroyed",
		[VIR_DOMAIN_EVENT_STOPPED_CRASHED] = "it crashed",
		[VIR_DOMAIN_EVENT_STOPPED_FAILED] = "its QEMU ended",
	};
	size_t how = v->ended_how < 0 ? ARRAY_SIZE(words) : (size_t)v->ended_how;

	return how < ARRAY_SIZE(words) && words[how] ? words[how] : "it ended";
}

void vm_stop(struct vm *v)
{
	if (!v)
		return;
	for (size_t i = 0; i < ARRAY_SIZE(v->callbacks); i++)
		if (v->callbacks[i] >= 0)
			virConnectDomainEventDeregisterAny(v->conn, v->callbacks[i]);
	if (v->dom) {
		if (vm_runs(v) && virDomainDestroy(v->dom) && virGetLastErrorCode() != VIR_ERR_NO_DOMAIN)
			log_warn("%s: %s, ignoring", v->name, virGetLastErrorMessage());
		virDomainFree(v->dom);
	}
	closep(&v->ended_fd);
	closep(&v->agent_fd);
	free(v->name);
	free(v);
}
