// SPDX-License-Identifier: GPL-2.0-only
/* procstat.c - what /proc/stat, /proc/PID/stat and /proc/interrupts say */
#include "measure/procstat.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "lib/cleanup.h"
#include "lib/err.h"
#include "lib/str.h"

#define SOFTIRQ_FIELD 7 /* of a cpu line: user nice system idle iowait irq softirq */
#define STEAL_FIELD   8
#define FLAGS_FIELD   7  /* behind the name of a task, from its state on */
#define UTIME_FIELD   12 /* utime, then stime, and both of the children */

#define PF_KTHREAD 0x00200000 /* include/linux/sched.h */

static const char *line_after(const char *line)
{
	const char *nl = strchr(line, '\n');

	return nl ? nl + 1 : line + strlen(line);
}

/* Number @n, from 1, of the words of a line. Return: whether it is there. */
static bool field(const char *line, int n, uint64_t *ret)
{
	while (n-- > 0) {
		line += strcspn(line, " \t\n");
		line += strspn(line, " \t");
	}
	if (!isdigit((unsigned char)*line))
		return false;
	*ret = strtoull(line, NULL, 10);
	return true;
}

int procstat_softirq(const char *text, uint64_t ret[PROCSTAT_CPUS])
{
	int n = 0;

	memset(ret, 0, PROCSTAT_CPUS * sizeof(*ret));
	for (const char *line = text; *line; line = line_after(line)) {
		uint64_t ticks;

		if (strncmp(line, "cpu", 3) || !isdigit((unsigned char)line[3]))
			continue;
		if (!field(line, SOFTIRQ_FIELD, &ticks))
			return err_say(EBADMSG, "/proc/stat: no softirq in '%.60s'", line);
		ret[n < PROCSTAT_CPUS ? n : PROCSTAT_CPUS - 1] += ticks;
		n++;
	}
	if (!n)
		return err_say(EBADMSG, "/proc/stat: no CPU in '%.60s'", text);
	return n < PROCSTAT_CPUS ? n : PROCSTAT_CPUS;
}

/* User and nice hold the guests' time already. */
int procstat_time(const char *text, struct procstat_time *ret)
{
	static const int busy[] = { 1, 2, 3, 6, 7 }; /* user nice system, irq softirq */
	uint64_t cpus[PROCSTAT_CPUS], ticks;
	struct procstat_time t = { .cpus = procstat_softirq(text, cpus) };

	if (t.cpus < 0)
		return t.cpus;
	for (size_t i = 0; i < ARRAY_SIZE(busy); i++) {
		if (strncmp(text, "cpu ", 4) || !field(text, busy[i], &ticks))
			return err_say(EBADMSG, "/proc/stat: no times in '%.60s'", text);
		t.busy += ticks;
	}
	if (!field(text, STEAL_FIELD, &t.steal))
		return err_say(EBADMSG, "/proc/stat: no steal in '%.60s'", text);
	*ret = t;
	return 0;
}

int procstat_process(const char *text, struct procstat_process *ret)
{
	const char *begin = strchr(text, '('), *end = strrchr(text, ')');
	uint64_t flags, t[4];

	for (int i = 0; i < 4; i++)
		if (!begin || !end || begin > end || !field(end, FLAGS_FIELD, &flags) || !field(end, UTIME_FIELD + i, &t[i]))
			return err_say(EBADMSG, "process: no times in '%.60s'", text);
	*ret = (struct procstat_process){ .is_kernel = flags & PF_KTHREAD, .ticks = t[0] + t[1], .reaped = t[2] + t[3] };
	snprintf(ret->name, sizeof(ret->name), "%.*s", (int)(end - begin - 1), begin + 1);
	return 0;
}

int procstat_waited(const char *text, uint64_t *ret)
{
	return field(text, 1, ret) ? 0 : err_say(EBADMSG, "schedstat: no times in '%.60s'", text);
}

int procstat_switches(const char *text, uint64_t *ret)
{
	for (const char *line = text; *line; line = line_after(line))
		if (!strncmp(line, "ctxt ", 5) && field(line, 1, ret))
			return 0;
	return err_say(EBADMSG, "/proc/stat: no ctxt in '%.60s'", text);
}

/* The name may hold anything, also blanks and brackets. */
int procstat_task(const char *text, uint64_t *ret)
{
	const char *end = strrchr(text, ')');
	uint64_t user, system;

	if (!end || !field(end, UTIME_FIELD, &user) || !field(end, UTIME_FIELD + 1, &system))
		return err_say(EBADMSG, "task: no times in '%.60s'", text);
	*ret = user + system;
	return 0;
}

/* " 25:  10  3  PCI-MSI 65537-edge  virtio1-input.0": the numbers behind the colon, one a CPU. */
static uint64_t sum_numbers(const char *line)
{
	uint64_t sum = 0;
	char *end;

	for (line = strchr(line, ':') + 1; line += strspn(line, " "), isdigit((unsigned char)*line); line = end) {
		uint64_t n = strtoull(line, &end, 10);

		if (*end != ' ')
			break;
		sum += n;
	}
	return sum;
}

/** next_line() - Return: the next one from @*at on that is about an interrupt with @part, to be freed; NULL if there is none. */
static char *next_line(const char **at, const char *part)
{
	while (**at) {
		_cleanup_(freep) char *own = str_fmt("%.*s", (int)strcspn(*at, "\n"), *at);

		*at = line_after(*at);
		if (strchr(own, ':') && strstr(own, part))
			return take_ptr(&own);
	}
	return NULL;
}

int procstat_interrupts(const char *text, const char *part, uint64_t *ret)
{
	uint64_t sum = 0;
	int n = 0;

	for (char *line; (line = next_line(&text, part)); free(line), n++)
		sum += sum_numbers(line);
	if (!n)
		return -ENODATA;
	*ret = sum;
	return 0;
}

int procstat_lines(const char *text, const char *part, uint64_t ret[PROCSTAT_LINES])
{
	int n = 0;

	for (char *line; n < PROCSTAT_LINES && (line = next_line(&text, part)); free(line))
		ret[n++] = sum_numbers(line);
	return n;
}
