/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * session.h - the steps on the host under test: from nothing to a measured cell
 *
 *	libvirt - disk - device - guest - guest agent - path - tcp buffers - link - idle round trip, ...
 *	'-------------- one guest boot --------------'  '---------------- each cell -------------
 *	... settle, counters, probe, counters
 *
 * and for a probe without a guest, which makes its device itself
 *
 *	netlink - probe
 */
#ifndef LAB_SESSION_H
#define LAB_SESSION_H

#include <jansson.h>

#include "measure/probe.h"
#include "plan/cell.h"
#include "vm/accel.h"

#define SESSION_TRAFFIC "traffic"

/**
 * struct session_config - what does not change while the session lives
 * @root:       folder of ours with a short name: sockets, the guest's disk
 * @console:    file that takes the guest's console
 * @kernel:     guest kernel
 * @initrd:     its initramfs
 * @image:      guest image, a file or a block device
 * @vcpus:      of the guest
 * @memory_mib: of the guest
 * @profile:    "lean" or "full"
 * @accel:      what the guest runs on
 * @fail_step:  for tests, see struct steps; SESSION_TRAFFIC: the guest's kernel panics after four seconds of traffic; NULL
 */
struct session_config {
	char *root;
	char *console;
	char *kernel;
	char *initrd;
	char *image;
	int vcpus;
	int memory_mib;
	char *profile;
	enum accel accel;
	char *fail_step;
};

/** session_event_fn - tells what happens: an object with "event"; the reference stays the session's */
typedef void session_event_fn(void *arg, json_t *event);

struct session;

/** session_new() - nothing is started yet; @cfg must live as long. */
struct session *session_new(const struct session_config *cfg, session_event_fn *tell, void *tell_arg);

/**
 * session_cell() - measure one cell once
 * @s:          the session; a guest that fits stays up, another one is replaced
 * @c:          the cell
 * @p:          the traffic
 * @ret:        sample and finding, and on failure too what there is of raw output and command
 *              line; probe_result_free() it in any case
 * Return: 0; -ETIMEDOUT when something did not come in time; -EINTR; other -errno. On failure
 * every step is undone.
 */
int session_cell(struct session *s, const struct cell *c, const struct plan_probe *p,
		 struct probe_result *ret);

/** session_guest_lost() - Return: whether the guest of the cell ended by itself, or its agent did not answer any more after a failure. */
bool session_guest_lost(const struct session *s);

/** session_console() - Return: what the last guest said on its console, in ASCII; NULL when there is none. To be freed. */
char *session_console(const struct session *s);

/** session_guest() - bring the guest of a cell up and set its link, without measuring. Return: 0 or -errno. */
int session_guest(struct session *s, const struct cell *c);

/** session_step() - Return: name of step number @n, NULL past the last; for tests that fail each in turn. */
const char *session_step(size_t n);

/** session_facts() - Return: what is known of the tools and the guest, NULL for a probe without one; a new reference. */
json_t *session_facts(const struct session *s);

/** session_end() - undo every step and free @s; NULL is fine. */
void session_end(struct session *s);

#endif
