// SPDX-License-Identifier: GPL-2.0-only
/* proc.c - child processes: an argv, a deadline, the output kept */
#include "lib/proc.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include "lib/cleanup.h"
#include "lib/err.h"
#include "lib/fs.h"
#include "lib/log.h"
#include "lib/stop.h"
#include "lib/str.h"

/* How long a program may take to put its things away when its time is over. */
#define GRACE_S 5

static _Thread_local int last_status;

int proc_status(void)
{
	return last_status;
}

bool proc_find(const char *program)
{
	_cleanup_(freep) char *path = str_dup(getenv("PATH") ? getenv("PATH") : "/usr/bin:/bin");
	char *save = NULL;

	if (strchr(program, '/'))
		return !access(program, X_OK);
	for (char *d = strtok_r(path, ":", &save); d; d = strtok_r(NULL, ":", &save)) {
		_cleanup_(freep) char *p = str_fmt("%s/%s", d, program);

		if (!access(p, X_OK))
			return true;
	}
	return false;
}

/* One output of the child: a pipe, and what came out of it. */
struct stream {
	int fd;
	struct strbuf text;
	bool keep;
};

static void child_exec(const struct proc *p, const int in[2], int out, int err)
{
	sigset_t none;

	setpgid(0, 0);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	signal(SIGPIPE, SIG_DFL);
	dup2(in[0], 0);
	dup2(out, 1);
	dup2(err, 2);
	if (p->cwd && chdir(p->cwd)) {
		dprintf(2, "chdir %s: %s\n", p->cwd, strerror(errno));
		_exit(127);
	}
	for (const char *const *e = p->env; e && *e; e++)
		putenv((char *)*e);
	execvp(p->argv[0], (char *const *)p->argv);
	dprintf(2, "%s: %s\n", p->argv[0], strerror(errno));
	_exit(127);
}

static int pipe_or(const char *what, int fd[2])
{
	return pipe2(fd, O_CLOEXEC) ? err_set(errno, "%s: pipe", what) : 0;
}

static void log_command(const struct proc *p)
{
	struct strbuf b = { 0 };

	for (const char *const *a = p->argv; *a; a++)
		strbuf_fmt(&b, "%s%s", a == p->argv ? "" : " ", *a);
	log_debug("run: %s", strbuf_text(&b));
	if (p->log_path) {
		_cleanup_(freep) char *line = str_fmt("$ %s\n", strbuf_text(&b));

		(void)fs_append(p->log_path, line, strlen(line));
	}
	strbuf_free(&b);
}

static pid_t spawn(const struct proc *p, int *in, int *out, int *err)
{
	int i[2] = { -1, -1 }, o[2] = { -1, -1 }, e[2] = { -1, -1 };
	pid_t pid = -1;

	log_command(p);
	if (pipe_or(p->argv[0], i) || pipe_or(p->argv[0], o) || pipe_or(p->argv[0], e))
		pid = -EMFILE;
	else if ((pid = fork()) == 0)
		child_exec(p, i, o[1], e[1]);
	else if (pid < 0)
		pid = err_set(errno, "%s: fork", p->argv[0]);
	*in = take_fd(&i[1]);
	*out = take_fd(&o[0]);
	*err = take_fd(&e[0]);
	closep(&i[0]);
	closep(&o[1]);
	closep(&e[1]);
	if (pid > 0)
		setpgid(pid, pid);
	return pid;
}

static void feed(int *in, const char **text)
{
	ssize_t n = *text ? write(*in, *text, strlen(*text)) : 0;

	if (n > 0 && (*text += n, **text))
		return;
	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	closep(in);
	*in = -1;
}

static void drain(struct stream *s, const char *log_path)
{
	char chunk[16384];
	ssize_t n = read(s->fd, chunk, sizeof(chunk));

	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	if (n <= 0) {
		closep(&s->fd);
		s->fd = -1;
		return;
	}
	strbuf_add(&s->text, chunk, (size_t)n);
	if (log_path)
		(void)fs_append(log_path, chunk, (size_t)n);
}

/* Calls the tick when it is due. Return: seconds until the next one, at most @left. */
static double tick(const struct proc *p, double *next, double left)
{
	double wait;

	if (!p->tick)
		return left;
	if (time_now() >= *next) {
		p->tick(p->tick_arg);
		*next = time_now() + p->tick_s;
	}
	wait = *next - time_now();
	return wait < left ? (wait > 0 ? wait : 0) : left;
}

static double time_allowed(const struct proc *p)
{
	return p->deadline_s > 0 ? p->deadline_s : 60;
}

/* Moves bytes until both outputs are closed and the child has ended. Return: 0, -ETIMEDOUT, -EPIPE or -EINTR. */
static int pump(const struct proc *p, pid_t pid, int *in, struct stream s[2])
{
	_cleanup_(closep) int end = (int)syscall(SYS_pidfd_open, pid, 0);
	bool is_running = end >= 0;
	double deadline = time_now() + time_allowed(p);
	double next_tick = time_now() + p->tick_s;
	const char *input = p->input;

	fcntl(*in, F_SETFL, O_NONBLOCK);
	while (s[0].fd >= 0 || s[1].fd >= 0 || is_running) {
		bool is_heard = s[0].fd >= 0 || s[1].fd >= 0;
		struct pollfd f[] = {
			{ .fd = s[0].fd, .events = POLLIN }, { .fd = s[1].fd, .events = POLLIN },
			{ .fd = *in, .events = POLLOUT }, { .fd = stop_fd(), .events = POLLIN },
			{ .fd = is_heard ? -1 : end, .events = POLLIN },
			{ .fd = p->gone_fd > 0 ? p->gone_fd : -1, .events = POLLIN },
		};
		double left = deadline - time_now();

		if (stop_asked())
			return err_say(EINTR, "%s: stopped by signal %d", p->argv[0], stop_signal());
		if (left <= 0 && p->disk_is_free && proc_awaits_disk(pid)) {
			left = time_allowed(p);
			deadline = time_now() + left;
		}
		if (left <= 0)
			return err_say(ETIMEDOUT, "%s: not done after %.0f s", p->argv[0], time_allowed(p));
		left = tick(p, &next_tick, left);
		if (poll(f, ARRAY_SIZE(f), left < 3600 ? (int)(left * 1000) + 1 : 3600000) < 0)
			continue;
		for (int i = 0; i < 2; i++)
			if (f[i].revents)
				drain(&s[i], p->log_path);
		if (f[2].revents)
			feed(in, &input);
		if (f[4].revents)
			is_running = false;
		if (f[5].revents)
			return err_say(EPIPE, "%s: broken off, what it talks to has ended", p->argv[0]);
	}
	return 0;
}

static int reap(pid_t pid)
{
	int st = 0;

	while (waitpid(pid, &st, 0) < 0 && errno == EINTR)
		;
	return WIFEXITED(st) ? WEXITSTATUS(st) : 128 + WTERMSIG(st);
}

static int describe(const struct proc *p, const struct stream s[2])
{
	const char *said = strbuf_text(s[1].text.len ? &s[1].text : &s[0].text);
	const char *tail = str_tail_lines(said, 8);
	size_t len = strlen(tail);

	while (len && tail[len - 1] == '\n')
		len--;
	return err_say(EPROTO, "%s: exit status %d%s%.*s%s%s", p->argv[0], last_status,
		       len ? ":\n" : "", (int)len, tail,
		       p->log_path ? "\nlog: " : "", p->log_path ? p->log_path : "");
}

/* A program may have things of its own to put away: mmdebstrap its tree, apt its locks. */
static void end_group(pid_t pid, double grace_s)
{
	int fd = (int)syscall(SYS_pidfd_open, pid, 0);

	kill(-pid, SIGTERM);
	if (fd >= 0) {
		struct pollfd f = { .fd = fd, .events = POLLIN };

		(void)poll(&f, 1, (int)(grace_s * 1000));
		close(fd);
	}
	kill(-pid, SIGKILL);
}

int proc_run(const struct proc *p, char **ret_out)
{
	struct stream s[2] = { { .fd = -1 }, { .fd = -1 } };
	int in = -1, ret;
	pid_t pid = spawn(p, &in, &s[0].fd, &s[1].fd);

	last_status = 0;
	if (pid < 0) {
		ret = pid;
	} else {
		ret = pump(p, pid, &in, s);
		if (ret)
			end_group(pid, GRACE_S);
		last_status = reap(pid);
		if (!ret && last_status)
			ret = describe(p, s);
	}
	closep(&in);
	closep(&s[0].fd);
	closep(&s[1].fd);
	if (p->want_stderr && s[1].text.len)
		strbuf_add(&s[0].text, s[1].text.data, s[1].text.len);
	if (ret_out)
		*ret_out = s[0].text.data ? take_ptr(&s[0].text.data) : str_dup("");
	strbuf_free(&s[0].text);
	strbuf_free(&s[1].text);
	return ret;
}

pid_t proc_start(const struct proc *p, int *ret_out_fd)
{
	_cleanup_(closep) int log = open(p->log_path ? p->log_path : "/dev/null",
					 O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
	_cleanup_(closep) int null = open("/dev/null", O_RDONLY | O_CLOEXEC);
	const int in[2] = { null, -1 };
	int out[2] = { -1, -1 };
	pid_t pid;

	if (log < 0 || null < 0)
		return err_set(errno, "%s: open log", p->argv[0]);
	if (ret_out_fd && pipe_or(p->argv[0], out))
		return -EMFILE;
	log_command(p);
	pid = fork();
	if (pid == 0)
		child_exec(p, in, ret_out_fd ? out[1] : log, log);
	closep(&out[1]);
	if (pid < 0) {
		closep(&out[0]);
		return err_set(errno, "%s: fork", p->argv[0]);
	}
	setpgid(pid, pid);
	if (ret_out_fd) {
		fcntl(out[0], F_SETFL, O_NONBLOCK);
		*ret_out_fd = out[0];
	}
	return pid;
}

pid_t proc_fork(int (*work)(void *arg), void *arg, const char *log_path)
{
	_cleanup_(closep) int log = open(log_path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
	pid_t parent = getpid(), pid;
	sigset_t all, old;

	if (log < 0)
		return err_set(errno, "%s", log_path);
	fflush(NULL);
	/* A stop of the child must not be told to us: until it has a pipe of its own none may arrive. */
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &old);
	pid = fork();
	if (!pid) {
		bool is_ready = !setpgid(0, 0) && !prctl(PR_SET_PDEATHSIG, SIGTERM) && !stop_init() && getppid() == parent &&
				dup2(log, STDOUT_FILENO) >= 0 && dup2(log, STDERR_FILENO) >= 0;

		pthread_sigmask(SIG_SETMASK, &old, NULL);
		_exit(is_ready ? work(arg) : EXIT_FAILURE);
	}
	pthread_sigmask(SIG_SETMASK, &old, NULL);
	if (pid < 0)
		return err_set(errno, "fork");
	setpgid(pid, pid);
	return pid;
}

bool proc_is_over(pid_t pid)
{
	siginfo_t info = { 0 };

	return waitid(P_PID, (id_t)pid, &info, WEXITED | WNOHANG | WNOWAIT) || info.si_pid == pid;
}

/* The state comes behind the name, which may have brackets of its own. */
static bool is_state(const char *stat_text, char state)
{
	const char *p = strrchr(stat_text, ')');

	return p && p[1] == ' ' && p[2] == state;
}

bool proc_awaits_disk(pid_t pid)
{
	_cleanup_(freep) char *tasks = str_fmt("/proc/%d/task", (int)pid);
	_cleanup_(closedirp) DIR *d = opendir(tasks);
	bool awaits = false;

	for (struct dirent *e; d && !awaits && (e = readdir(d));) {
		_cleanup_(freep) char *path = str_fmt("%s/%s/stat", tasks, e->d_name);
		_cleanup_(freep) char *text = NULL;

		awaits = e->d_name[0] != '.' && !fs_read(path, &text, NULL) && is_state(text, 'D');
	}
	return awaits;
}

int proc_cpus(void)
{
	cpu_set_t set;

	return sched_getaffinity(0, sizeof(set), &set) || !CPU_COUNT(&set) ? 1 : CPU_COUNT(&set);
}

void proc_stop(pid_t pid, double grace_s)
{
	end_group(pid, grace_s);
	(void)reap(pid);
}
