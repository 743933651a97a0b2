// SPDX-License-Identifier: GPL-2.0-only
/* test_task.c - the processes behind a guest: a child that is called as QEMU is */
#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "lib/cleanup.h"
#include "measure/task.h"

/* Returns when the child has its name. */
static pid_t start_qemu(void)
{
	int ready[2];
	pid_t child;
	char c;

	assert_int_equal(pipe(ready), 0);
	child = fork();
	if (!child) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		prctl(PR_SET_NAME, "qemu-system-x86");
		(void)!write(ready[1], "x", 1);
		for (;;)
			pause();
	}
	close(ready[1]);
	assert_int_equal(read(ready[0], &c, 1), 1);
	close(ready[0]);
	return child;
}

static void the_threads_of_the_only_qemu_are_told(void **state)
{
	uint64_t ticks;
	bool other = !task_qemu(&ticks);
	pid_t child = start_qemu();
	_cleanup_(freep) char *text = task_tell();

	(void)state;
	kill(child, SIGKILL);
	assert_int_equal(waitpid(child, NULL, 0), child);
	if (other || !text) {
		print_message("a QEMU runs on this machine, so that there were two\n");
		skip();
	}
	/* It sleeps, or is on its way there; a second thread it has not. */
	if (strcmp(text, "qemu-system-x86 runs") && strncmp(text, "qemu-system-x86 in ", 19))
		fail_msg("\"%s\"", text);
	assert_null(strchr(text, ','));
}

static void of_two_nothing_is_told(void **state)
{
	pid_t children[2] = { start_qemu(), start_qemu() };
	_cleanup_(freep) char *text = task_tell();

	(void)state;
	for (int i = 0; i < 2; i++) {
		kill(children[i], SIGKILL);
		assert_int_equal(waitpid(children[i], NULL, 0), children[i]);
	}
	assert_null(text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_threads_of_the_only_qemu_are_told),
		cmocka_unit_test(of_two_nothing_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
