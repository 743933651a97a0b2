// SPDX-License-Identifier: GPL-2.0-only
/* progress.c - what is being done, how far, and how long it should still take */
#include "lib/progress.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "lib/log.h"
#include "lib/stop.h"

static struct {
	bool on;
	bool is_terminal;
	double from;
	unsigned int done, total;
	double left_s;
	char what[160];
	char detail[80];
} p;

static int width(void)
{
	struct winsize w = { 0 };

	return ioctl(STDERR_FILENO, TIOCGWINSZ, &w) || w.ws_col < 20 ? 80 : w.ws_col;
}

static void clear(void)
{
	if (p.on && p.is_terminal)
		fputs("\r\033[K", stderr);
}

static void clock_text(char *to, size_t size, double s)
{
	snprintf(to, size, "%d:%02d", (int)s / 60, (int)s % 60);
}

static void render(char *line, size_t size)
{
	char elapsed[16], left[40] = "", count[32] = "";

	clock_text(elapsed, sizeof(elapsed), time_now() - p.from);
	if (p.left_s >= 0) {
		snprintf(left, sizeof(left), ", about ");
		clock_text(left + strlen(left), sizeof(left) - strlen(left), p.left_s);
		strncat(left, " left", sizeof(left) - strlen(left) - 1);
	}
	if (p.total)
		snprintf(count, sizeof(count), "%u/%u ", p.done, p.total);
	snprintf(line, size, "[%s%s%s] %s%s%s", count, elapsed, left, p.what, *p.detail ? ": " : "", p.detail);
}

static void draw(void)
{
	char line[320];

	if (!p.on || !p.is_terminal)
		return;
	render(line, sizeof(line));
	fprintf(stderr, "\r\033[K%.*s", width() - 1, line);
	fflush(stderr);
}

void progress_start(void)
{
	memset(&p, 0, sizeof(p));
	p.on = true;
	p.is_terminal = isatty(STDERR_FILENO);
	p.from = time_now();
	p.left_s = -1;
	log_set_before(clear);
}

void progress_set(unsigned int done, unsigned int total, double left_s)
{
	p.done = done;
	p.total = total;
	p.left_s = left_s;
}

void progress_say(const char *fmt, ...)
{
	char line[320];
	va_list ap;

	if (!p.on)
		return;
	va_start(ap, fmt);
	vsnprintf(p.what, sizeof(p.what), fmt, ap);
	va_end(ap);
	*p.detail = '\0';
	if (!p.is_terminal) {
		render(line, sizeof(line));
		log_info("%s", line);
	}
	draw();
}

void progress_detail(const char *detail)
{
	snprintf(p.detail, sizeof(p.detail), "%s", detail);
	draw();
}

void progress_end(void)
{
	clear();
	p.on = false;
}
