// SPDX-License-Identifier: GPL-2.0-only
/* test_proc.c - real children: how they end, what they say, and that none stays */
#include <errno.h>
#include <sched.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>

#include <cmocka.h>

#include "lib/proc.h"
#include "lib/stop.h"
#include "scratch.h"

#define SH(script) .argv = (const char *const[]){ "sh", "-c", script, NULL }

static void a_good_program_gives_its_output(void **state)
{
	const struct proc p = { SH("echo one; echo two; echo other >&2") };
	_cleanup_(freep) char *out = NULL;

	(void)state;
	assert_int_equal(proc_run(&p, &out), 0);
	assert_int_equal(proc_status(), 0);
	assert_string_equal(out, "one\ntwo\n");
}

static void errors_are_in_the_output_when_wanted(void **state)
{
	const struct proc p = { SH("echo one; echo other >&2; exit 2"), .want_stderr = true };
	_cleanup_(freep) char *out = NULL;

	(void)state;
	assert_int_equal(proc_run(&p, &out), -EPROTO);
	assert_string_equal(out, "one\nother\n");
}

static void a_failing_program_is_told_with_its_last_lines(void **state)
{
	const struct proc p = { SH("for i in 1 2 3 4 5 6 7 8 9 10; do echo line $i >&2; done; exit 3") };

	(void)state;
	assert_int_equal(proc_run(&p, NULL), -EPROTO);
	assert_int_equal(proc_status(), 3);
	assert_string_equal(err_text(), "sh: exit status 3:\nline 3\nline 4\nline 5\nline 6\nline 7\nline 8\n"
					"line 9\nline 10");
}

static void without_errors_its_output_is_told(void **state)
{
	const struct proc said = { SH("echo all is lost; exit 1") }, silent = { SH("exit 4") };

	(void)state;
	assert_int_equal(proc_run(&said, NULL), -EPROTO);
	assert_string_equal(err_text(), "sh: exit status 1:\nall is lost");
	assert_int_equal(proc_run(&silent, NULL), -EPROTO);
	assert_string_equal(err_text(), "sh: exit status 4");
}

static void a_program_killed_by_a_signal_has_status_128_and_more(void **state)
{
	const struct proc p = { SH("kill -SEGV $$") };

	(void)state;
	assert_int_equal(proc_run(&p, NULL), -EPROTO);
	assert_int_equal(proc_status(), 128 + SIGSEGV);
}

static void a_missing_program_is_named(void **state)
{
	const struct proc p = { .argv = (const char *const[]){ "no-such-program", NULL } };
	const struct proc q = { SH("true"), .cwd = "/no/such/folder" };

	(void)state;
	assert_true(proc_run(&p, NULL) < 0);
	assert_non_null(strstr(err_text(), "no-such-program: No such file or directory"));
	assert_true(proc_run(&q, NULL) < 0);
	assert_non_null(strstr(err_text(), "chdir /no/such/folder: No such file or directory"));
}

static void the_log_has_command_and_both_outputs(void **state)
{
	_cleanup_(scratch_free) char *dir = scratch_new();
	_cleanup_(freep) char *path = scratch_put(dir, "log", "before\n");
	_cleanup_(freep) char *text = NULL, *where = str_fmt("\nlog: %s", path);
	const struct proc p = { SH("echo out; sleep 0.05; echo err >&2; exit 1"), .log_path = path };

	(void)state;
	assert_int_equal(proc_run(&p, NULL), -EPROTO);
	assert_int_equal(fs_read(path, &text, NULL), 0);
	assert_string_equal(text, "before\n$ sh -c echo out; sleep 0.05; echo err >&2; exit 1\nout\nerr\n");
	assert_true(str_ends(err_text(), where));
}

static void folder_and_environment_are_as_asked(void **state)
{
	_cleanup_(scratch_free) char *dir = scratch_new();
	_cleanup_(freep) char *out = NULL, *want = str_fmt("%s new kept\n", dir);
	const char *const env[] = { "TAPBED_TEST=new", NULL };
	const struct proc p = { SH("echo $(pwd) $TAPBED_TEST $TAPBED_KEPT"), .env = env, .cwd = dir };

	(void)state;
	setenv("TAPBED_TEST", "old", 1);
	setenv("TAPBED_KEPT", "kept", 1);
	assert_int_equal(proc_run(&p, &out), 0);
	assert_string_equal(out, want);
	assert_string_equal(getenv("TAPBED_TEST"), "old");
}

/* More than any pipe holds, in both directions at once. */
static void a_large_input_comes_through(void **state)
{
	_cleanup_(freep) char *input = mem_zalloc((4 << 20) + 1);
	_cleanup_(freep) char *out = NULL;
	const struct proc p = { .argv = (const char *const[]){ "cat", NULL }, .input = input };

	(void)state;
	memset(input, 'y', 4 << 20);
	assert_int_equal(proc_run(&p, &out), 0);
	assert_string_equal(out, input);
}

static void an_input_that_nobody_reads_does_no_harm(void **state)
{
	_cleanup_(freep) char *input = mem_zalloc((4 << 20) + 1);
	const struct proc p = { SH("exec <&-; sleep 0.1"), .input = input };

	(void)state;
	memset(input, 'y', 4 << 20);
	assert_int_equal(proc_run(&p, NULL), 0);
}

static void without_input_there_is_an_end_at_once(void **state)
{
	const struct proc p = { .argv = (const char *const[]){ "cat", NULL }, .deadline_s = 10 };
	_cleanup_(freep) char *out = NULL;

	(void)state;
	assert_int_equal(proc_run(&p, &out), 0);
	assert_string_equal(out, "");
}

/* We are their subreaper (see main), so a grandchild's end can be waited for. */
static void assert_killed(const char *pid_text, int sig)
{
	pid_t pid = (pid_t)strtol(pid_text, NULL, 10);
	int st;

	assert_true(pid > 1);
	assert_int_equal(waitpid(pid, &st, 0), pid);
	assert_true(WIFSIGNALED(st));
	assert_int_equal(WTERMSIG(st), sig);
}

static void past_the_deadline_the_whole_group_is_killed(void **state)
{
	const struct proc p = { SH("sleep 1000 & echo $!; wait"), .deadline_s = 0.3 };
	_cleanup_(freep) char *out = NULL;

	(void)state;
	assert_int_equal(proc_run(&p, &out), -ETIMEDOUT);
	assert_int_equal(proc_status(), 128 + SIGTERM);
	assert_killed(out, SIGTERM);
}

static void it_may_put_its_things_away_first(void **state)
{
	const struct proc p = { SH("trap 'kill $!; exit 7' TERM; sleep 1000 & wait"), .deadline_s = 0.3 };

	(void)state;
	assert_int_equal(proc_run(&p, NULL), -ETIMEDOUT);
	assert_int_equal(proc_status(), 7);
}

static void a_child_that_closed_its_outputs_has_a_deadline_too(void **state)
{
	const struct proc p = { SH("exec >&- 2>&-; sleep 20"), .deadline_s = 0.3 };

	(void)state;
	assert_int_equal(proc_run(&p, NULL), -ETIMEDOUT);
}

static int sleep_a_bit(void *arg)
{
	return nanosleep(arg, NULL);
}

/* Who waits for a child made by CLONE_VFORK is in state D, as who waits for a disk. */
static int be_kept_waiting(void)
{
	static char stack[1 << 16] __attribute__((aligned(16)));
	struct timespec bit = { .tv_nsec = 600 * 1000 * 1000 };
	pid_t pid = clone(sleep_a_bit, stack + sizeof(stack), CLONE_VFORK | SIGCHLD, &bit);
	int st;

	return pid < 0 || waitpid(pid, &st, 0) != pid;
}

#define KEPT_WAITING "kept-waiting"

static void without_the_one_that_it_talks_to_it_is_broken_off(void **state)
{
	int gone[2];
	struct proc p = { SH("echo it began; exec sleep 60"), .deadline_s = 60 };
	_cleanup_(freep) char *out = NULL;
	double from = time_now();

	(void)state;
	assert_int_equal(pipe(gone), 0);
	p.gone_fd = gone[0];
	close(gone[1]);
	assert_int_equal(proc_run(&p, &out), -EPIPE);
	assert_string_equal(err_text(), "sh: broken off, what it talks to has ended");
	assert_true(time_now() - from < 30);
	close(gone[0]);
}

static void the_disk_is_no_fault_of_a_program(void **state)
{
	static const char *const argv[] = { "/proc/self/exe", KEPT_WAITING, NULL };
	const struct proc strict = { .argv = argv, .deadline_s = 0.2 };
	const struct proc fair = { .argv = argv, .deadline_s = 0.2, .disk_is_free = true };
	const struct proc slow = { SH("sleep 20"), .deadline_s = 0.2, .disk_is_free = true };

	(void)state;
	assert_int_equal(proc_run(&strict, NULL), -ETIMEDOUT);
	assert_int_equal(proc_run(&fair, NULL), 0);
	assert_int_equal(proc_run(&slow, NULL), -ETIMEDOUT);
	assert_false(proc_awaits_disk(getpid()));
	assert_false(proc_awaits_disk(0x7fffffff));
}

static void a_stop_kills_the_whole_group(void **state)
{
	const struct proc p = { SH("sleep 1000 & kill -TERM $PPID; wait") };
	pid_t pid = fork();
	int st;

	(void)state;
	if (!pid) {
		prctl(PR_SET_CHILD_SUBREAPER, 1);
		if (stop_init() || proc_run(&p, NULL) != -EINTR)
			_exit(1);
		/* The shell is reaped, so what is left of us is the orphan. */
		if (waitpid(-1, &st, 0) <= 0 || !WIFSIGNALED(st))
			_exit(2);
		_exit(str_eq(err_text(), "sh: stopped by signal 15") ? 0 : 3);
	}
	assert_int_equal(waitpid(pid, &st, 0), pid);
	assert_true(WIFEXITED(st));
	assert_int_equal(WEXITSTATUS(st), 0);
}

static void count_tick(void *arg)
{
	++*(int *)arg;
}

static void a_tick_comes_while_it_waits(void **state)
{
	int ticks = 0;
	const struct proc p = { SH("sleep 0.5"), .tick = count_tick, .tick_arg = &ticks, .tick_s = 0.02 };
	double from = time_now();

	(void)state;
	assert_int_equal(proc_run(&p, NULL), 0);
	/* On a busy machine it takes longer, and has more of them. */
	assert_in_range(ticks, 2, (uintmax_t)((time_now() - from) / p.tick_s));
}

/* Reads from a started program until it has said @word. */
static void wait_for(int fd, const char *word, struct strbuf *said)
{
	char chunk[256];

	while (!strstr(strbuf_text(said), word)) {
		ssize_t n;

		assert_int_equal(stop_wait(fd, time_now() + 10), 1);
		n = read(fd, chunk, sizeof(chunk));
		assert_true(n > 0);
		strbuf_add(said, chunk, (size_t)n);
	}
}

static void a_started_program_runs_until_it_is_stopped(void **state)
{
	const struct proc p = { SH("trap 'echo bye; exit' TERM; echo ready; while :; do sleep 0.01; done") };
	_cleanup_(strbuf_free) struct strbuf said = { 0 };
	int fd;
	pid_t pid = proc_start(&p, &fd);

	(void)state;
	assert_true(pid > 0);
	wait_for(fd, "ready\n", &said);
	proc_stop(pid, 10);
	wait_for(fd, "bye\n", &said);
	close(fd);
	assert_int_equal(kill(pid, 0), -1);
}

static void one_that_ignores_sigterm_is_killed_with_its_group(void **state)
{
	const struct proc p = { SH("trap '' TERM; sleep 1000 & echo $! ready; wait") };
	_cleanup_(strbuf_free) struct strbuf said = { 0 };
	int fd;
	pid_t pid = proc_start(&p, &fd);

	(void)state;
	assert_true(pid > 0);
	wait_for(fd, "ready\n", &said);
	proc_stop(pid, 0.1);
	close(fd);
	assert_int_equal(kill(pid, 0), -1);
	assert_killed(said.data, SIGKILL);
}

/* Its errors go to the log, or nowhere; a pipe that nobody reads would kill it. */
static void a_started_program_may_complain(void **state)
{
	const struct proc p = { SH("echo a warning >&2; echo alive") };
	_cleanup_(strbuf_free) struct strbuf said = { 0 };
	int fd, st;
	pid_t pid = proc_start(&p, &fd);

	(void)state;
	assert_true(pid > 0);
	wait_for(fd, "alive\n", &said);
	close(fd);
	assert_int_equal(waitpid(pid, &st, 0), pid);
	assert_int_equal(st, 0);
}

static void a_started_program_writes_to_its_log(void **state)
{
	_cleanup_(scratch_free) char *dir = scratch_new();
	_cleanup_(freep) char *path = str_fmt("%s/log", dir), *text = NULL;
	const struct proc p = { SH("echo out; echo err >&2"), .log_path = path };
	pid_t pid = proc_start(&p, NULL);
	int st;

	(void)state;
	assert_true(pid > 0);
	assert_int_equal(waitpid(pid, &st, 0), pid);
	assert_int_equal(st, 0);
	assert_int_equal(fs_read(path, &text, NULL), 0);
	assert_string_equal(text, "$ sh -c echo out; echo err >&2\nout\nerr\n");
}

/* Waits for a program that never ends; the status tells how that went. */
static int wait_for_long(void *arg)
{
	const struct proc p = { SH("echo begun >&2; sleep 1000"), .log_path = arg };

	return proc_run(&p, NULL) == -EINTR && stop_asked() ? 0 : 1;
}

static int say_so(void *arg)
{
	puts(arg);
	fflush(stdout);
	return 0;
}

/* A stop of the child is none of ours, although ours began with the same pipe; in a child, for stop_init() is for good. */
static int fork_and_stop(const char *log)
{
	_cleanup_(freep) char *said = NULL;
	pid_t pid = stop_init() ? -1 : proc_fork(wait_for_long, (void *)log, log);

	while (pid > 0 && (fs_read(log, &said, NULL) || !strstr(said, "begun"))) {
		free(take_ptr(&said));
		if (proc_is_over(pid) || stop_wait(-1, time_now() + 0.01) < 0)
			return 1;
	}
	if (pid < 0 || proc_is_over(pid))
		return 2;
	proc_stop(pid, 30);
	return stop_asked() ? 3 : 0;
}

static void a_forked_child_works_and_is_stopped(void **state)
{
	_cleanup_(scratch_free) char *dir = scratch_new();
	_cleanup_(freep) char *log = str_fmt("%s/log", dir), *said = NULL;
	double deadline = time_now() + 30;
	pid_t pid = fork();
	int st;

	(void)state;
	if (!pid)
		_exit(fork_and_stop(log));
	assert_int_equal(waitpid(pid, &st, 0), pid);
	assert_true(WIFEXITED(st));
	assert_int_equal(WEXITSTATUS(st), 0);
	assert_int_equal(fs_remove(log), 0);
	pid = proc_fork(say_so, (char[]){ "done" }, log);
	assert_true(pid > 0);
	while (!proc_is_over(pid) && time_now() < deadline)
		assert_int_equal(stop_wait(-1, time_now() + 0.01), 0);
	assert_true(proc_is_over(pid));
	proc_stop(pid, 0);
	assert_int_equal(fs_read(log, &said, NULL), 0);
	assert_string_equal(said, "done\n");
}

static void programs_are_found_in_path(void **state)
{
	(void)state;
	assert_true(proc_find("sh"));
	assert_true(proc_find("/bin/sh"));
	assert_false(proc_find("no-such-program"));
	assert_false(proc_find("/etc/passwd"));
}

static int be_subreaper(void **state)
{
	(void)state;
	signal(SIGPIPE, SIG_IGN);
	return prctl(PR_SET_CHILD_SUBREAPER, 1);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_good_program_gives_its_output),
		cmocka_unit_test(errors_are_in_the_output_when_wanted),
		cmocka_unit_test(a_failing_program_is_told_with_its_last_lines),
		cmocka_unit_test(without_errors_its_output_is_told),
		cmocka_unit_test(a_program_killed_by_a_signal_has_status_128_and_more),
		cmocka_unit_test(a_missing_program_is_named),
		cmocka_unit_test(the_log_has_command_and_both_outputs),
		cmocka_unit_test(folder_and_environment_are_as_asked),
		cmocka_unit_test(a_large_input_comes_through),
		cmocka_unit_test(an_input_that_nobody_reads_does_no_harm),
		cmocka_unit_test(without_input_there_is_an_end_at_once),
		cmocka_unit_test(past_the_deadline_the_whole_group_is_killed),
		cmocka_unit_test(it_may_put_its_things_away_first),
		cmocka_unit_test(a_child_that_closed_its_outputs_has_a_deadline_too),
		cmocka_unit_test(without_the_one_that_it_talks_to_it_is_broken_off),
		cmocka_unit_test(the_disk_is_no_fault_of_a_program),
		cmocka_unit_test(a_stop_kills_the_whole_group),
		cmocka_unit_test(a_tick_comes_while_it_waits),
		cmocka_unit_test(a_started_program_runs_until_it_is_stopped),
		cmocka_unit_test(one_that_ignores_sigterm_is_killed_with_its_group),
		cmocka_unit_test(a_started_program_may_complain),
		cmocka_unit_test(a_started_program_writes_to_its_log),
		cmocka_unit_test(a_forked_child_works_and_is_stopped),
		cmocka_unit_test(programs_are_found_in_path),
	};

	if (argc > 1 && str_eq(argv[1], KEPT_WAITING))
		return be_kept_waiting();
	return cmocka_run_group_tests(tests, be_subreaper, NULL);
}
