// SPDX-License-Identifier: GPL-2.0-only
/* test_keeper.c - a program that is killed in the middle, and what is left of it */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>

#include <cmocka.h>

#include "lib/keeper.h"
#include "lib/stop.h"
#include "scratch.h"

/*
 * One program: the test forks it, it calls keeper_start(), and what becomes its work tells the
 * pids of itself and of its daemon through a pipe before it waits for its end.
 */
struct program {
	pid_t keeper;
	pid_t work;
	pid_t daemon;
	int from_work;
	char *dir;
};

struct hello {
	pid_t work;
	pid_t daemon;
};

/* As libvirt starts QEMU: twice forked, in a session of its own, signals ignored. */
static pid_t start_daemon(void)
{
	int fd[2];
	pid_t pid = -1;

	if (pipe(fd))
		return -1;
	if (!fork()) {
		setsid();
		pid = fork();
		if (pid)
			_exit(write(fd[1], &pid, sizeof(pid)) != sizeof(pid));
		signal(SIGTERM, SIG_IGN);
		signal(SIGHUP, SIG_IGN);
		for (;;)
			pause();
	}
	wait(NULL);
	if (read(fd[0], &pid, sizeof(pid)) != sizeof(pid))
		pid = -1;
	close(fd[0]);
	close(fd[1]);
	return pid;
}

/* Ends with status 7 when it is told by SIGTERM to end, after saying so. */
static void do_work(int to_test, const char *dir)
{
	struct hello h = { .work = getpid() };
	sigset_t term;
	int sig;

	sigemptyset(&term);
	sigaddset(&term, SIGTERM);
	sigprocmask(SIG_BLOCK, &term, NULL);
	keeper_folder(dir);
	h.daemon = start_daemon();
	(void)!write(to_test, &h, sizeof(h));
	sigwait(&term, &sig);
	(void)!write(to_test, "T", 1);
	_exit(7);
}

static int start_program(void **state)
{
	struct program *p = mem_zalloc(sizeof(*p));
	struct hello h;
	int fd[2], status;

	*state = p;
	p->dir = scratch_new();
	free(scratch_put(p->dir, "run/disk.qcow2", "x"));
	if (pipe(fd))
		return -1;
	p->keeper = fork();
	if (!p->keeper) {
		close(fd[0]);
		if (keeper_start(&status))
			_exit(status);
		do_work(fd[1], p->dir);
	}
	close(fd[1]);
	p->from_work = fd[0];
	if (stop_wait(fd[0], time_now() + 10) != 1 || read(fd[0], &h, sizeof(h)) != sizeof(h))
		return -1;
	p->work = h.work;
	p->daemon = h.daemon;
	return 0;
}

static int end_program(void **state)
{
	struct program *p = *state;
	pid_t pids[] = { p->keeper, p->work, p->daemon };

	for (size_t i = 0; i < ARRAY_SIZE(pids); i++)
		if (pids[i] > 1)
			kill(pids[i], SIGKILL);
	while (waitpid(-1, NULL, WNOHANG) > 0)
		;
	close(p->from_work);
	scratch_free(&p->dir);
	free(p);
	return 0;
}

static int status_of_keeper(struct program *p)
{
	int st;

	assert_int_equal(waitpid(p->keeper, &st, 0), p->keeper);
	p->keeper = 0;
	assert_true(WIFEXITED(st));
	return WEXITSTATUS(st);
}

static void assert_nothing_left(struct program *p)
{
	assert_int_equal(kill(p->work, 0), -1);
	assert_int_equal(kill(p->daemon, 0), -1);
	assert_false(fs_exists(p->dir));
	p->work = p->daemon = 0;
}

static void the_program_is_three_processes_below_a_keeper(void **state)
{
	struct program *p = *state;

	assert_int_equal(getpgid(p->work), getpgid(p->keeper));
	assert_true(p->daemon > 1 && p->daemon != p->work && p->work != p->keeper);
	assert_int_not_equal(getsid(p->daemon), getsid(p->work));
	assert_true(fs_exists(p->dir));
	assert_int_equal(kill(p->daemon, 0), 0);
}

static void work_that_is_killed_leaves_nothing(void **state)
{
	struct program *p = *state;

	kill(p->work, SIGKILL);
	assert_int_equal(status_of_keeper(p), 128);
	assert_nothing_left(p);
}

static void work_that_ends_gives_its_status_and_leaves_nothing(void **state)
{
	struct program *p = *state;

	kill(p->work, SIGTERM);
	assert_int_equal(status_of_keeper(p), 7);
	assert_nothing_left(p);
}

static void sigterm_to_the_keeper_reaches_the_work(void **state)
{
	struct program *p = *state;
	char c = 0;

	kill(p->keeper, SIGTERM);
	assert_int_equal(stop_wait(p->from_work, time_now() + 10), 1);
	assert_int_equal(read(p->from_work, &c, 1), 1);
	assert_int_equal(c, 'T');
	assert_int_equal(status_of_keeper(p), 7);
	assert_nothing_left(p);
}

static void a_killed_keeper_makes_the_work_end_itself(void **state)
{
	struct program *p = *state;
	char c = 0;

	kill(p->keeper, SIGKILL);
	assert_int_equal(waitpid(p->keeper, NULL, 0), p->keeper);
	p->keeper = 0;
	assert_int_equal(stop_wait(p->from_work, time_now() + 10), 1);
	assert_int_equal(read(p->from_work, &c, 1), 1);
	assert_int_equal(c, 'T');
}

#define WITH_PROGRAM(f) cmocka_unit_test_setup_teardown(f, start_program, end_program)

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_PROGRAM(the_program_is_three_processes_below_a_keeper),
		WITH_PROGRAM(work_that_is_killed_leaves_nothing),
		WITH_PROGRAM(work_that_ends_gives_its_status_and_leaves_nothing),
		WITH_PROGRAM(sigterm_to_the_keeper_reaches_the_work),
		WITH_PROGRAM(a_killed_keeper_makes_the_work_end_itself),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
