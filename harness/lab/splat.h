/* SPDX-License-Identifier: GPL-2.0-only */
/* splat.h - panics, oopses, warnings and lock reports in a kernel's words */
#ifndef LAB_SPLAT_H
#define LAB_SPLAT_H

#include <stdbool.h>

/**
 * splat_find() - look for the first report of a kernel about itself
 * @text: console or log text. Lines of tapbed itself are none of the kernel: they may quote the report of a guest
 * Return: its first lines on one line, to be freed; NULL when there is none.
 */
char *splat_find(const char *text);

/**
 * splat_is_emulators() - whether a report is of what QEMU's TCG does to good kernels, and nothing else known does
 * @report: as of splat_find()
 *
 * A kernel patches its own code behind breakpoints. Emulated by several threads, a CPU now and then still runs the
 * breakpoint after it is gone, and the kernel knows of none there: "Oops: int3". And once a kernel in virtual time
 * was stepped by one instruction, which no kernel asks for: a warning of exc_debug_kernel().
 */
bool splat_is_emulators(const char *report);

/** splat_last_words() - Return: the last lines of a console as one, "none" of an empty one; to be freed. */
char *splat_last_words(const char *text);

/** splat_panicked() - Return: whether the kernel has told its panic in @text. */
bool splat_panicked(const char *text);

/** splat_read_console() - the last 256 KiB of a console file in ASCII, as it goes on as JSON. Return: to be freed; NULL: no such file. */
char *splat_read_console(const char *file);

/** splat_add_console() - the report that is in file @console, or its last words, behind what err_text() says. Return: @err. */
int splat_add_console(int err, const char *console);

/**
 * splat_read_kmsg() - what the running kernel logged since the last call
 * @fd: /dev/kmsg, opened with O_NONBLOCK
 * Return: the text without prefixes, to be freed; "" for nothing.
 */
char *splat_read_kmsg(int fd);

#endif
