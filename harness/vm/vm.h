/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * vm.h - the life of virtual machines, through libvirt
 *
 *	vmm_open(NULL, "/tmp/tapbed-x", &m);	the driver inside our own process, no daemon
 *	vm_start(m, &spec, &v);			ends with us, whatever happens to us
 *	vm_agent(v, "guest-ping", NULL, 5, &reply);
 *	vm_stop(v);
 *	vmm_close(m);
 */
#ifndef VM_VM_H
#define VM_VM_H

#include <stdbool.h>

#include <jansson.h>

#include "vm/domxml.h"

struct vmm;
struct vm;

/**
 * vmm_open() - a connection to libvirt and the thread that runs its event loop
 * @uri:  NULL for qemu:///embed with its root in @root; else any URI
 * @root: folder of ours with a short name; sockets and libvirt's state go there
 * Return: 0 or -errno with libvirt's sentence.
 */
int vmm_open(const char *uri, const char *root, struct vmm **ret);
void vmm_close(struct vmm *m);

/**
 * vmm_capabilities_read() - the file in which the embedded driver keeps what it asked QEMU
 * @root:     as for vmm_open()
 * @ret_name: its name, @ret_text: its text, both to be freed
 * Return: 0, -ENOENT when there is none yet.
 */
int vmm_capabilities_read(const char *root, char **ret_name, char **ret_text);

/**
 * vmm_capabilities_write() - put such a file there before vmm_open(), without what makes a start slow
 *
 * libvirt then no longer learns which of a CPU's features QEMU left out, which we do not ask it.
 * Return: 0 or -errno.
 */
int vmm_capabilities_write(const char *root, const char *name, const char *text);

/** vmm_version() - Return: version of libvirt, "9.0.0", to be freed. */
char *vmm_version(struct vmm *m);

/** vmm_qemu_version() - Return: version of the QEMU that it has run, to be freed; NULL before the first. */
char *vmm_qemu_version(struct vmm *m);

/** vm_start() - define and start a machine that libvirt destroys when our connection ends. Return: 0 or -errno. */
int vm_start(struct vmm *m, const struct vm_spec *s, struct vm **ret);

/** vm_runs() - Return: whether the machine still exists. */
bool vm_runs(struct vm *v);

/** vm_is_stuck() - Return: whether QEMU has paused it because a disk of it could not be written. */
bool vm_is_stuck(struct vm *v);

/** vm_fd() - Return: a descriptor that becomes readable when the machine has ended. */
int vm_fd(const struct vm *v);

/** vm_how_it_ended() - Return: words for a machine that has ended: "it shut down or was reset". */
const char *vm_how_it_ended(const struct vm *v);

/** vm_agent_wait() - wait until qemu-guest-agent answers. Return: 0, -ETIMEDOUT, -EPIPE machine ended, -EINTR. */
int vm_agent_wait(struct vm *v, double deadline);

/**
 * vm_agent() - a command to qemu-guest-agent
 * @command:   "guest-exec"
 * @arguments: its arguments, or NULL; the reference is taken
 * @timeout_s: seconds to wait for the answer
 * @ret:       the member "return", may be NULL
 * Return: 0 or -errno.
 */
int vm_agent(struct vm *v, const char *command, json_t *arguments, int timeout_s, json_t **ret);

/** vm_agent_read_file() - the text of a file in the guest. Return: 0 and *@ret (to free), or -errno. */
int vm_agent_read_file(struct vm *v, const char *path, char **ret);

/** vm_agent_write_file() - write a text into a file that is there in the guest. Return: 0 or -errno. */
int vm_agent_write_file(struct vm *v, const char *path, const char *text);

/** vm_stop() - destroy the machine if it runs, and free @v; NULL is fine. */
void vm_stop(struct vm *v);

#endif
