// SPDX-License-Identifier: GPL-2.0-only
/* host.c - the host under test, seen from outside */
#include "lab/host.h"

#include <errno.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <termios.h>

#include "lab/overlay.h"
#include "lab/shell.h"
#include "lab/splat.h"
#include "lib/cleanup.h"
#include "lib/err.h"
#include "lib/fs.h"
#include "lib/jsonl.h"
#include "lib/log.h"
#include "lib/stop.h"
#include "lib/str.h"

/* A host that is silent on its console for so long while it boots hangs. */
#define SILENCE_S 30
#define BOOT_S	  300

/* How much longer a kernel may take that looks for mistakes: under TCG it boots in two minutes, most of them silent. */
#define SLOW_TIMES 8

/* What a guest for a shell may take: under TCG in TCG it needs a minute or two. */
#define GUEST_S 300

struct host {
	const struct host_config *cfg;
	struct vm *vm;
	struct jsonl channel;
	int shell_port;
	char *overlay;
	char *console;
	json_t *facts;
};

void host_outcome_free(struct host_outcome *o)
{
	free(o->reason);
	free(o->raw);
	free(o->command);
	json_decref(o->guest);
	sample_free(&o->sample);
	*o = (struct host_outcome){ 0 };
}

static int connect_port(const char *path)
{
	struct sockaddr_un to = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	snprintf(to.sun_path, sizeof(to.sun_path), "%s", path);
	if (fd < 0 || connect(fd, (struct sockaddr *)&to, sizeof(to))) {
		int ret = err_set(errno, "%s: connect", path);

		closep(&fd);
		return ret;
	}
	return fd;
}

/*
 * Nested guests of some kernels hang under TCG with the virtual GIF of AMD. And an AMD whose TSC is not said to be
 * constant has the HPET as its clock, which is read under QEMU's one big lock, several times a packet; all CPUs of a
 * TCG have one TSC that never goes back.
 */
#define EMULATED_CMDLINE " kvm_amd.vgif=0 tsc=reliable"

static int start_vm(struct host *h)
{
	const struct host_config *cfg = h->cfg;
	_cleanup_(freep) char *agent = str_fmt("%s/agent.sock", cfg->root);
	_cleanup_(freep) char *shell = str_fmt("%s/shell.sock", cfg->root);
	/* A warning goes to the console too, for the verdict; an oops ends the machine at once. */
	_cleanup_(freep) char *cmdline =
		str_fmt("console=ttyS0 loglevel=5 panic=-1 oops=panic root=/dev/vda rw net.ifnames=0 "
			"tapbed.role=host tapbed.profile=%s%s%s%s", cfg->size.profile,
			accel_is_emulated(cfg->accel) ? EMULATED_CMDLINE : "",
			cfg->cmdline ? " " : "", cfg->cmdline ? cfg->cmdline : "");
	struct vm_spec spec = {
		.name = "host", .accel = cfg->accel, .vcpus = cfg->size.vcpus,
		.memory_mib = cfg->size.memory_mib, .kernel = cfg->kernel, .initrd = cfg->initrd,
		.cmdline = cmdline, .console = cfg->console,
		.disks = { { .path = h->overlay, .format = "qcow2" },
			   { .path = cfg->kit, .format = "raw", .readonly = true },
			   { .path = cfg->guest_image, .format = "raw", .readonly = true } },
		.channels = { { .name = "org.tapbed.agent", .socket = agent },
			      { .name = "org.tapbed.shell", .socket = shell } },
	};
	int ret = vm_start(cfg->vmm, &spec, &h->vm);

	if (!ret)
		ret = h->channel.fd = connect_port(agent);
	if (ret >= 0)
		ret = h->shell_port = connect_port(shell);
	return ret < 0 ? ret : 0;
}

static off_t console_size(const struct host *h)
{
	struct stat st;

	return stat(h->console, &st) ? 0 : st.st_size;
}

/* How a host ended, from its console: a report of its kernel, or its last lines. */
static int describe_death(struct host *h, int err, const char *what)
{
	_cleanup_(freep) char *text = NULL, *splat = NULL, *words = NULL;

	if (fs_read(h->console, &text, NULL))
		text = str_dup("");
	splat = splat_find(text);
	if (splat)
		return err_say(err, "host kernel: %s (console: %s)", splat, h->console);
	words = splat_last_words(text);
	/* Only its userland powers it off: our init without a disk, or after the agent's end. */
	if (strstr(text, "reboot: Power down")) {
		err = ECONNABORTED;
		what = "the host was powered off by its own init";
	}
	return err_say(err, "%s; last words on its console: %s (%s)", what, words, h->console);
}

static bool console_panicked(struct host *h)
{
	_cleanup_(freep) char *text = NULL;

	return !fs_read(h->console, &text, NULL) && splat_panicked(text);
}

/*
 * Waits for the next event while it watches the console: a panic is known within a second, a
 * silent boot after SILENCE_S.
 */
static int next_event(struct host *h, double deadline, double silence_s, json_t **ret)
{
	double heard = time_now();
	off_t size = console_size(h);

	for (;;) {
		double tick = time_now() + 1;
		int err = jsonl_read(&h->channel, tick < deadline ? tick : deadline, ret);
		off_t now_size = console_size(h);

		if (err != -ETIMEDOUT)
			return err == -EPIPE ? describe_death(h, EPIPE, "the host ended") : err;
		if (now_size != size)
			heard = time_now();
		size = now_size;
		if (!vm_runs(h->vm) || console_panicked(h))
			return describe_death(h, EPIPE, "the host ended");
		/* It looks like a hang, and no kernel is to blame. */
		if (vm_is_stuck(h->vm))
			return err_say(EIO, "%s: the host's disk could not be written, so QEMU paused the host; "
				       "no space left there?", h->overlay);
		if (time_now() - heard > silence_s) {
			_cleanup_(freep) char *what = str_fmt("the host said nothing for %.0f s", silence_s);

			return describe_death(h, ETIMEDOUT, what);
		}
		if (time_now() > deadline)
			return describe_death(h, ETIMEDOUT, "the host's agent did not answer in time");
	}
}

/* Passes progress on and gives back the event that is waited for. */
static int wait_event(struct host *h, const char *name, double deadline_s, double silence_s, json_t **ret)
{
	double deadline = time_now() + deadline_s;

	for (;;) {
		json_t *event = NULL;
		int err = next_event(h, deadline, silence_s, &event);
		const char *is = json_str(event, "event", "");

		if (err)
			return err;
		if (!strcmp(is, name)) {
			*ret = event;
			return 0;
		}
		if (!strcmp(is, "error"))
			err = err_say(EPROTO, "agent: %s", json_str(event, "reason", "no reason"));
		else if (h->cfg->tell)
			h->cfg->tell(h->cfg->tell_arg, event);
		json_decref(event);
		if (err)
			return err;
	}
}

static double patience(const struct host *h, double seconds)
{
	return h->cfg->is_slow || h->cfg->accel == ACCEL_ICOUNT ? seconds * SLOW_TIMES : seconds;
}

int host_start(const struct host_config *cfg, struct host **ret, bool *ret_died)
{
	struct host *h = mem_zalloc(sizeof(*h));
	int err;

	*ret_died = false;
	h->cfg = cfg;
	h->channel.fd = h->shell_port = -1;
	h->console = str_dup(cfg->console);
	err = overlay_make(cfg->root, "host", cfg->image, &h->overlay);
	if (!err)
		err = start_vm(h);
	if (!err) {
		err = wait_event(h, "ready", patience(h, BOOT_S), patience(h, SILENCE_S), &h->facts);
		*ret_died = err == -EPIPE || err == -ETIMEDOUT;
	}
	if (err) {
		host_stop(h);
		return err;
	}
	*ret = h;
	return 0;
}

const json_t *host_facts(const struct host *h)
{
	return h->facts;
}

static int send_op(struct host *h, json_t *op)
{
	int err = jsonl_write(&h->channel, op);

	json_decref(op);
	return err;
}

int host_guest(struct host *h, const struct plan_machine *m, enum accel accel, const char *fail_step,
	       json_t *capabilities)
{
	return send_op(h, json_pack("{s:s, s:i, s:i, s:s, s:s, s:s*, s:O*}", "op", "guest", "vcpus",
				    m->vcpus, "memory_mib", m->memory_mib, "profile", m->profile, "accel",
				    accel_name(accel), "fail_step", fail_step, "capabilities", capabilities));
}

/* The host's disk goes with the host: what a guest said that failed is brought here. */
static void keep_guest_console(const struct host *h, const json_t *done, struct host_outcome *o)
{
	const char *said = json_str(done, "console", NULL);
	const char *file = h->cfg->guest_console;
	_cleanup_(freep) char *text = str_fmt("== cell %.0f\n%s\n", json_num(done, "index", 0), said ? said : "");

	if (!said || !*said)
		return;
	if (fs_append(file, text, strlen(text))) {
		log_warn("%s, ignoring", err_text());
	} else {
		_cleanup_(freep) char *reason = str_fmt("%s (the guest's console: %s)", o->reason, file);

		str_set(&o->reason, reason);
	}
}

/* The event "done" into an outcome. */
static int read_done(json_t *done, struct host_outcome *o)
{
	o->verdict = verdict_find(json_str(done, "verdict", ""));
	str_set(&o->reason, json_str(done, "reason", ""));
	str_set(&o->raw, json_str(done, "raw", NULL));
	str_set(&o->command, json_str(done, "command", NULL));
	o->guest = json_incref(json_object_get(done, "guest"));
	o->host_tainted = json_is_true(json_object_get(done, "tainted"));
	o->guest_lost = json_is_true(json_object_get(done, "guest_lost"));
	o->has_sample = json_object_get(done, "sample") != NULL;
	sample_init(&o->sample);
	if (o->verdict == VERDICT_COUNT)
		return err_say(EPROTO, "agent: an unknown verdict");
	if (o->has_sample)
		return sample_from_json(json_object_get(done, "sample"), &o->sample);
	return 0;
}

static void outcome_failed(struct host_outcome *o, int err)
{
	sample_init(&o->sample);
	o->has_sample = false;
	o->host_left = err == -ECONNABORTED;
	o->host_died = err == -EPIPE || err == -ETIMEDOUT || o->host_left;
	o->verdict = err == -ETIMEDOUT ? VERDICT_TIMEOUT : VERDICT_BROKEN;
	str_set(&o->reason, err_text());
}

int host_cell(struct host *h, size_t index, const struct cell *c, const struct plan_probe *p,
	      struct host_outcome *ret)
{
	struct host_outcome o = { 0 };
	json_t *done = NULL;
	int err = send_op(h, json_pack("{s:s, s:I, s:o, s:o}", "op", "cell", "index", (json_int_t)index,
				       "cell", cell_to_json(c), "probe", probe_to_json(p)));

	if (!err)
		err = wait_event(h, "done", patience(h, probe_deadline_s(p)), 1e9, &done);
	if (!err)
		err = read_done(done, &o);
	if (!err)
		keep_guest_console(h, done, &o);
	json_decref(done);
	if (err == -EINTR) {
		host_outcome_free(&o);
		return err;
	}
	if (err)
		outcome_failed(&o, err);
	*ret = o;
	return 0;
}

int host_left(struct host *h, json_t **ret)
{
	int err = send_op(h, json_pack("{s:s}", "op", "left"));

	return err ? err : wait_event(h, "left", 30, 1e9, ret);
}

int host_shell(struct host *h, const struct cell *c, bool with_guest)
{
	struct winsize size = { 0 };
	json_t *end = NULL;
	int err;

	(void)ioctl(STDIN_FILENO, TIOCGWINSZ, &size);
	err = send_op(h, json_pack("{s:s, s:o, s:b, s:i, s:i}", "op", "shell", "cell", cell_to_json(c),
				   "guest", with_guest, "rows", size.ws_row, "cols", size.ws_col));
	if (!err)
		err = wait_event(h, "shell-ready", GUEST_S, 1e9, &end);
	json_decref(take_ptr(&end));
	if (!err)
		err = shell_attach(h->shell_port, h->channel.fd);
	if (!err)
		err = wait_event(h, "shell", 10, 1e9, &end);
	json_decref(end);
	return err;
}

/* An agent that answers undoes its steps itself; the VM is ended in any case. */
static void say_bye(struct host *h)
{
	json_t *bye = NULL;

	if (h->channel.fd < 0 || !h->facts || !vm_runs(h->vm))
		return;
	if (!send_op(h, json_pack("{s:s}", "op", "bye")) && !wait_event(h, "bye", 5, 5, &bye))
		json_decref(bye);
}

void host_stop(struct host *h)
{
	_cleanup_(freep) char *why = str_dup(err_text());

	if (!h)
		return;
	stop_mask(true);
	/* After a stop nobody waits for an agent that may be at a cell: its steps end with the VM. */
	if (h->vm && !stop_signal())
		say_bye(h);
	vm_stop(h->vm);
	closep(&h->channel.fd);
	closep(&h->shell_port);
	jsonl_free(&h->channel);
	if (h->overlay && fs_remove(h->overlay))
		log_warn("%s, ignoring", err_text());
	free(h->overlay);
	free(h->console);
	json_decref(h->facts);
	free(h);
	stop_mask(false);
	err_restore(why);
}
