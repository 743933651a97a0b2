/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * agent.h - the same program on the host under test: cells in, samples out
 *
 * One JSON object a line. From the runner:
 *
 *	{"op": "guest", "vcpus": 1, "memory_mib": 512, "profile": "lean", "accel": "kvm", "fail_step": null}
 *		("capabilities": {"name": "...", "text": "..."} of an earlier boot, if there are)
 *	{"op": "cell", "index": 3, "cell": {...}, "probe": {"name": "iperf3", "seconds": 5, "warmup": 2}}
 *		(of probe raw also "size", "rate" and "packets")
 *	{"op": "left"}			what is left of what was started?
 *	{"op": "shell", "cell": {...}, "guest": true, "rows": 25, "cols": 80}
 *					guest up, then a shell on the second port
 *	{"op": "bye"}
 *
 * From the agent:
 *
 *	{"event": "ready", "release": "6.12...", "version": "#1 SMP ...", "kvm": true}
 *	{"event": "step", "name": "guest"}
 *	{"event": "phase", "name": "guest_boot", "seconds": 2.8}
 *	{"event": "done", "index": 3, "verdict": "PASS", "reason": "", "sample": {...}, "raw": "...",
 *	 "command": "...", "guest": {...}, "guest_lost": false, "console": "..."}
 *		FAIL: the probe found a fault, and there may be a sample; or with "tainted": true the
 *		kernel has reported something of itself, and is not to be trusted with another cell.
 *		"console" is the guest's, when the bed failed
 *	{"event": "capabilities", "name": "...", "text": "..."}	what libvirt found out about QEMU
 *	{"event": "left", "links": 1, "processes": 0, "files": 0}
 *	{"event": "shell-ready"}, then {"event": "shell", "reason": ""} when it has ended
 *	{"event": "error", "reason": "..."}	the last op was not understood or not possible
 *	{"event": "bye"}
 */
#ifndef LAB_AGENT_H
#define LAB_AGENT_H

/** struct agent_config - where the agent finds what it needs on its host */
struct agent_config {
	const char *kernel;
	const char *initrd;
	const char *image;
	const char *root;
	const char *console;
};

/** agent_serve() - serve a channel until "bye" or its end; everything is undone then. Return: 0 or -errno. */
int agent_serve(int fd, const struct agent_config *cfg);

/** agent_port() - open the virtio-serial port called @name (or a path). Return: descriptor or -errno. */
int agent_port(const char *name);

#endif
