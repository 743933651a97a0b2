/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * host.h - the host under test, seen from outside: boot it, give it cells, take samples
 *
 *	host_start(&cfg, &h);		returns when its agent has answered
 *	host_cell(h, index, &cell, &probe, &out);
 *	host_stop(h);
 */
#ifndef LAB_HOST_H
#define LAB_HOST_H

#include <stdbool.h>

#include <jansson.h>

#include "lab/session.h"
#include "plan/plan.h"
#include "plan/verdict.h"
#include "vm/vm.h"

/** struct host_config - a host to boot */
struct host_config {
	struct vmm *vmm;
	const char *root;	 /* folder with a short name: sockets, the overlay of the image */
	const char *console;	 /* file that takes the console */
	const char *guest_console; /* file that the consoles of guests are added to, of those that failed */
	const char *kernel;
	const char *initrd;
	const char *image;
	const char *guest_image; /* NULL for a probe without guest */
	const char *kit;
	const char *cmdline;	 /* what the plan adds, NULL */
	bool is_slow;		 /* its kernel looks for mistakes (KASAN, lockdep) */
	enum accel accel;
	struct plan_machine size;
	/* told of "step" and "phase" events */
	session_event_fn *tell;
	void *tell_arg;
};

/**
 * struct host_outcome - what became of a cell
 * @verdict:   PASS: there is a sample; FAIL: the kernel did wrong; else what stopped it
 * @reason:    one line
 * @host_died: the host is gone (panic, hang, end); @reason says how, from its console
 * @host_tainted: it lives, but its kernel has reported something of itself: nothing that it does is of any worth now
 * @host_left: it went by itself, in order: its userland ended it, which is no fault of its kernel
 * @guest_lost: TIMEOUT or BROKEN, and the guest's agent did not answer any more, or the guest had ended by itself
 * @has_sample: for PASS, and for FAIL where something was measured
 * @sample:    what was
 * @raw:       the probe's output
 * @command:   its command line
 * @guest:     facts of the guest
 */
struct host_outcome {
	enum verdict verdict;
	char *reason;
	bool host_died;
	bool host_tainted;
	bool host_left;
	bool guest_lost;
	bool has_sample;
	struct sample sample;
	char *raw;
	char *command;
	json_t *guest;
};

void host_outcome_free(struct host_outcome *o);

struct host;

/**
 * host_start() - boot a host and wait for its agent
 * @ret_died: whether it was the host that failed (a panic, a hang), and not the test bed
 * Return: 0; -ETIMEDOUT no console byte for 30 s; -EPIPE it ended, with its last words;
 * -ECONNABORTED its userland powered it off; -EINTR; other -errno.
 */
int host_start(const struct host_config *cfg, struct host **ret, bool *ret_died);

/** host_facts() - Return: what the agent said when it was ready: release, version, kvm; owned by @h. */
const json_t *host_facts(const struct host *h);

/**
 * host_guest() - describe the guests to come
 * @capabilities: {"name", "text"} of an event "capabilities" of an earlier boot, NULL for none
 * Return: 0 or -errno.
 */
int host_guest(struct host *h, const struct plan_machine *m, enum accel accel, const char *fail_step,
	       json_t *capabilities);

/** host_cell() - measure a cell. Return: 0 and *@ret, whatever became of the cell; -EINTR when a stop was asked for. */
int host_cell(struct host *h, size_t index, const struct cell *c, const struct plan_probe *p,
	      struct host_outcome *ret);

/** host_left() - ask what is left on it. @ret: a new reference to the event. Return: 0 or -errno. */
int host_left(struct host *h, json_t **ret);

/** host_shell() - an interactive shell on it; with @c, its guest is brought up first. Return: 0 or -errno. */
int host_shell(struct host *h, const struct cell *c, bool with_guest);

/** host_stop() - tell the agent to undo everything, end the VM, remove its files, free @h; NULL is fine; err_text() stays. */
void host_stop(struct host *h);

#endif
