// SPDX-License-Identifier: GPL-2.0-only
/* lost.c - a guest that has ended, or that does not answer any more */
#include "lab/lost.h"

#include <errno.h>
#include <stdint.h>
#include <unistd.h>

#include "lab/splat.h"
#include "lib/cleanup.h"
#include "lib/err.h"
#include "lib/stop.h"
#include "lib/str.h"
#include "measure/task.h"

/** qemu_text() - what the guest's QEMU did since it had taken @ticks: does it spin, wait, or hang? To be freed. */
static char *qemu_text(uint64_t ticks)
{
	_cleanup_(freep) char *threads = task_tell();
	uint64_t now;

	if (!threads || task_qemu(&now))
		return str_dup("; its QEMU cannot be found");
	return str_fmt("; its QEMU took %.2f s of CPU meanwhile: %s", (double)(now - ticks) / (double)sysconf(_SC_CLK_TCK), threads);
}

/** agent_text() - Return: whether the agent answers; if not, what QEMU did while it was asked. To be freed. */
static char *agent_text(struct vm *guest, bool *ret_lost)
{
	_cleanup_(freep) char *qemu = NULL;
	uint64_t ticks = 0;

	(void)task_qemu(&ticks);
	*ret_lost = vm_agent(guest, "guest-ping", NULL, 5, NULL) != 0;
	if (!*ret_lost)
		return str_dup("the guest's agent answers");
	qemu = qemu_text(ticks);
	return str_fmt("the guest's agent does not answer%s", qemu);
}

int lost_tell(int err, struct vm *guest, const char *console, struct backlog *b, bool *ret_lost)
{
	_cleanup_(freep) char *what = str_dup(err_text()), *queue = NULL, *agent = NULL;

	/* Before the agent is waited for, and everything stands still. */
	if (b->polls)
		backlog_poll(b);
	queue = backlog_tell(b, time_now());
	if (vm_runs(guest))
		agent = agent_text(guest, ret_lost);
	if (!vm_runs(guest)) {
		*ret_lost = true;
		err_say(EPIPE, "%s; the guest has ended: %s", what, vm_how_it_ended(guest));
		return splat_add_console(-EPIPE, console);
	}
	if (err != -ETIMEDOUT && !*ret_lost) {
		err_restore(what);
		return err;
	}
	err_say(-err, "%s; on %s %s; %s", what, b->ifname, queue, agent);
	return *ret_lost ? splat_add_console(err, console) : err;
}
