// SPDX-License-Identifier: GPL-2.0-only
/* test_cache.c - artifacts: made once, whole or not there, and never removed under a run */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "build/cache.h"
#include "build/gc.h"
#include "build/lock.h"
#include "lib/cleanup.h"
#include "lib/err.h"
#include "lib/fs.h"
#include "lib/log.h"
#include "lib/str.h"

#define OLD  "0123456789abcdef0123456789abcdef"
#define NEW  "fedcba9876543210fedcba9876543210"
#define DAY_S 86400

/* Every test has a cache of its own; tests and their children never wait longer. */
static char *dir;
static struct cache cache;
enum { PATIENCE_S = 30 };

static int make_dir(void **state)
{
	const char *tmp = getenv("TMPDIR");

	(void)state;
	alarm(PATIENCE_S);
	log_set_level(LOG_ERROR);
	dir = str_fmt("%s/tapbed-cache-XXXXXX", tmp ? tmp : "/tmp");
	return mkdtemp(dir) ? cache_open(dir, &cache) : -1;
}

static int remove_dir(void **state)
{
	int ret = fs_remove(dir);

	(void)state;
	cache_close(&cache);
	free(dir);
	return ret;
}

static char *in_dir(const char *name)
{
	return str_fmt("%s/%s", dir, name);
}

static bool is_there(const char *name)
{
	_cleanup_(freep) char *path = in_dir(name);

	return fs_exists(path);
}

static void put(const char *name)
{
	_cleanup_(freep) char *path = in_dir(name);
	_cleanup_(freep) char *parent = str_dup(path);

	*strrchr(parent, '/') = '\0';
	assert_int_equal(fs_mkdirs(parent), 0);
	assert_int_equal(fs_write(path, "x", 1, 0644), 0);
}

static void set_age(const char *name, time_t days)
{
	_cleanup_(freep) char *path = in_dir(name);
	struct timespec t[2] = { { .tv_sec = time(NULL) - days * DAY_S }, { .tv_sec = time(NULL) - days * DAY_S } };

	assert_int_equal(utimensat(AT_FDCWD, path, t, 0), 0);
}

/* Makers: each leaves a byte in the cache's file "made" when it is called. */
static int make_file(void *arg, const char *part, const char *log)
{
	_cleanup_(freep) char *file = str_fmt("%s/file", part);
	_cleanup_(freep) char *made = in_dir("made");

	(void)arg, (void)log;
	return fs_append(made, "x", 1) ? -EIO : fs_write(file, "content", 7, 0644);
}

static int make_slowly(void *arg, const char *part, const char *log)
{
	const struct timespec pause = { .tv_nsec = 50 * 1000 * 1000 };

	nanosleep(&pause, NULL);
	return make_file(arg, part, log);
}

static int make_half(void *arg, const char *part, const char *log)
{
	int ret = make_file(arg, part, log);

	if (ret || fs_append(log, "cc: no\n", 7))
		return -EIO;
	return err_say(EPROTO, "the compiler said no");
}

static size_t times_made(void)
{
	_cleanup_(freep) char *made = in_dir("made");
	_cleanup_(freep) char *text = NULL;
	size_t n = 0;

	return fs_exists(made) && !fs_read(made, &text, &n) ? n : 0;
}

static void get(struct cache *c, const char *hash)
{
	_cleanup_(freep) char *path = NULL;

	assert_int_equal(cache_get(c, "kernel", hash, make_file, NULL, &path), 0);
	assert_true(fs_exists(path));
}

/* One of several runs: gets the artifact, says so, and keeps it until @hold is closed. */
static void be_a_run(int said, int hold)
{
	struct cache mine;
	char *path = NULL;
	char byte;

	if (cache_open(dir, &mine) || cache_get(&mine, "kernel", OLD, make_slowly, NULL, &path))
		_exit(1);
	if (write(said, "y", 1) != 1)
		_exit(1);
	_exit(read(hold, &byte, 1) == 0 && fs_exists(path) ? 0 : 1);
}

static pid_t start_run(int said, const int hold[2])
{
	pid_t pid = fork();

	assert_true(pid >= 0);
	if (pid)
		return pid;
	close(hold[1]);
	alarm(PATIENCE_S);
	be_a_run(said, hold[0]);
	_exit(1);
}

static void assert_ended_well(pid_t pid)
{
	int st = -1;

	assert_int_equal(waitpid(pid, &st, 0), pid);
	assert_int_equal(st, 0);
}

static void an_artifact_is_made_once_and_used_by_all_at_the_same_time(void **state)
{
	enum { RUNS = 6 };
	int said[2], hold[2];
	pid_t pid[RUNS];
	char byte;

	(void)state;
	assert_int_equal(pipe(said), 0);
	assert_int_equal(pipe(hold), 0);
	for (int i = 0; i < RUNS; i++)
		pid[i] = start_run(said[1], hold);
	/* No run ends before all have it: a run that waited for the end of another would hang here. */
	close(said[1]);
	for (int i = 0; i < RUNS; i++)
		assert_int_equal(read(said[0], &byte, 1), 1);
	close(hold[1]);
	for (int i = 0; i < RUNS; i++)
		assert_ended_well(pid[i]);
	assert_int_equal(times_made(), 1);
	close(said[0]);
	close(hold[0]);
}

enum { MANY = 300 };

static void get_many(void)
{
	struct cache mine;

	if (cache_open(dir, &mine))
		_exit(1);
	for (int i = 0; i < MANY; i++) {
		_cleanup_(freep) char *hash = str_fmt("%016x", i);
		_cleanup_(freep) char *path = NULL;

		if (cache_get(&mine, "kernel", hash, make_file, NULL, &path))
			_exit(1);
	}
	_exit(0);
}

static void two_runs_that_need_the_same_many_things_make_each_once(void **state)
{
	pid_t pid[2];

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(pid); i++) {
		pid[i] = fork();
		assert_true(pid[i] >= 0);
		if (!pid[i])
			get_many();
	}
	for (size_t i = 0; i < ARRAY_SIZE(pid); i++)
		assert_ended_well(pid[i]);
	assert_int_equal(times_made(), MANY);
}

/* Says when it is about to wait; holds what it gets until @hold is closed. */
static void be_a_waiter(const char *lock, int said, int hold)
{
	char byte;
	int fd;

	if (write(said, "?", 1) != 1)
		_exit(1);
	fd = lock_share(lock);
	if (fd < 0 || write(said, "!", 1) != 1)
		_exit(1);
	_exit(read(hold, &byte, 1) == 0 ? 0 : 1);
}

static void who_waited_for_a_lock_that_was_unlinked_holds_the_new_one(void **state)
{
	const struct timespec pause = { .tv_nsec = 50 * 1000 * 1000 };
	_cleanup_(freep) char *lock = in_dir("some.lock");
	int said[2], hold[2], fd = lock_own(lock);
	char bytes[2];
	pid_t pid;

	(void)state;
	assert_true(fd >= 0);
	assert_int_equal(pipe(said) | pipe(hold), 0);
	pid = fork();
	if (!pid) {
		close(fd); /* else the child's copy of the owner's descriptor would keep the lock */
		close(hold[1]);
		be_a_waiter(lock, said[1], hold[0]);
	}
	assert_int_equal(read(said[0], bytes, 1), 1);
	nanosleep(&pause, NULL); /* it waits now; if it is slower, less is tested, and nothing fails */
	assert_int_equal(unlink(lock), 0);
	close(fd);
	assert_int_equal(read(said[0], bytes, 1), 1);
	assert_int_equal(lock_own(lock), -EBUSY);
	close(hold[1]);
	assert_ended_well(pid);
	close(said[0]);
	close(said[1]);
	close(hold[0]);
}

static void what_is_there_is_not_made_again(void **state)
{
	(void)state;
	get(&cache, OLD);
	get(&cache, OLD);
	assert_int_equal(times_made(), 1);
	assert_true(is_there("kernel/0123456789abcdef/file"));
}

static void what_was_removed_by_hand_is_made_again_by_who_holds_it(void **state)
{
	_cleanup_(freep) char *path = in_dir("kernel/0123456789abcdef");

	(void)state;
	get(&cache, OLD);
	assert_int_equal(fs_remove(path), 0);
	get(&cache, OLD);
	assert_int_equal(times_made(), 2);
}

static void a_failing_make_leaves_nothing_but_its_log(void **state)
{
	_cleanup_(freep) char *kinds = in_dir("kernel");
	char *path = NULL;

	(void)state;
	assert_int_equal(cache_get(&cache, "kernel", OLD, make_half, NULL, &path), -EPROTO);
	assert_string_equal(err_text(), "the compiler said no");
	assert_null(path);
	assert_int_equal(rmdir(kinds), 0);
	assert_true(is_there("log/kernel-0123456789abcdef.log"));
	get(&cache, OLD);
	assert_false(is_there("log/kernel-0123456789abcdef.log"));
}

static void the_rest_of_a_killed_build_is_replaced(void **state)
{
	(void)state;
	put("kernel/0123456789abcdef.part/junk");
	put("kernel/0123456789abcdef.lock");
	get(&cache, OLD);
	assert_false(is_there("kernel/0123456789abcdef.part"));
	assert_false(is_there("kernel/0123456789abcdef/junk"));
	assert_true(is_there("kernel/0123456789abcdef/file"));
}

static void getting_an_artifact_notes_its_use(void **state)
{
	struct gc_list l;

	(void)state;
	get(&cache, OLD);
	set_age("kernel/0123456789abcdef", 10);
	get(&cache, OLD);
	assert_int_equal(gc_scan(dir, &l), 0);
	assert_true(l.items[0].used > time(NULL) - DAY_S);
	gc_free(&l);
}

/* Sweeps and Return: what became of the item called @name. */
static enum gc_fate sweep(const char *name, const struct gc_wish *wish)
{
	enum gc_fate fate = GC_FATE_COUNT;
	struct gc_list l;

	assert_int_equal(gc_scan(dir, &l), 0);
	assert_int_equal(gc_sweep(&l, wish), 0);
	for (size_t i = 0; i < l.n; i++)
		if (!strcmp(l.items[i].name, name))
			fate = l.items[i].fate;
	gc_free(&l);
	return fate;
}

static const struct gc_wish all = { .all = true };

static void make_one_old_and_one_new(void)
{
	get(&cache, OLD);
	get(&cache, NEW);
	cache_close(&cache);
	set_age("kernel/0123456789abcdef", 10);
	put("log/kernel-0123456789abcdef.log");
}

static void gc_removes_what_was_not_used_for_long_and_nothing_else(void **state)
{
	const struct gc_wish wish = { .before = time(NULL) - 5 * DAY_S };

	(void)state;
	make_one_old_and_one_new();
	assert_int_equal(sweep("0123456789abcdef", &wish), GC_REMOVED);
	assert_false(is_there("kernel/0123456789abcdef"));
	assert_false(is_there("kernel/0123456789abcdef.part"));
	assert_false(is_there("kernel/0123456789abcdef.lock"));
	assert_false(is_there("log/kernel-0123456789abcdef.log"));
	assert_int_equal(sweep("fedcba9876543210", &wish), GC_KEPT);
	assert_true(is_there("kernel/fedcba9876543210/file"));
	assert_int_equal(sweep("fedcba9876543210", &all), GC_REMOVED);
	assert_false(is_there("kernel/fedcba9876543210"));
}

static void gc_never_removes_what_somebody_holds(void **state)
{
	(void)state;
	get(&cache, OLD);
	set_age("kernel/0123456789abcdef", 10);
	assert_int_equal(sweep("0123456789abcdef", &all), GC_IN_USE);
	assert_true(is_there("kernel/0123456789abcdef/file"));
	cache_close(&cache);
	assert_int_equal(sweep("0123456789abcdef", &all), GC_REMOVED);
}

static void what_was_used_since_gc_looked_is_kept(void **state)
{
	const struct gc_wish wish = { .before = time(NULL) - 5 * DAY_S };
	struct gc_list l;

	(void)state;
	make_one_old_and_one_new();
	assert_int_equal(gc_scan(dir, &l), 0);
	set_age("kernel/0123456789abcdef", 0);
	assert_int_equal(gc_sweep(&l, &wish), 0);
	assert_true(is_there("kernel/0123456789abcdef/file"));
	gc_free(&l);
}

static void what_is_cheap_is_forgotten_and_nothing_of_another_kind(void **state)
{
	(void)state;
	make_one_old_and_one_new();
	gc_forget(dir, "kit", 1);
	gc_forget(dir, "kernel", 2);
	assert_true(is_there("kernel/0123456789abcdef/file"));
	gc_forget(dir, "kernel", 1);
	assert_false(is_there("kernel/0123456789abcdef"));
	assert_true(is_there("kernel/fedcba9876543210/file"));
}

static void a_dry_run_removes_nothing(void **state)
{
	const struct gc_wish wish = { .before = time(NULL) - 5 * DAY_S, .is_dry = true };

	(void)state;
	make_one_old_and_one_new();
	put("image/0123456789abcdef.part/disk.img");
	assert_int_equal(sweep("0123456789abcdef", &wish), GC_WOULD_GO);
	assert_int_equal(sweep("fedcba9876543210", &wish), GC_KEPT);
	assert_true(is_there("kernel/0123456789abcdef/file"));
	assert_true(is_there("kernel/fedcba9876543210/file"));
	assert_true(is_there("image/0123456789abcdef.part/disk.img"));
	assert_true(is_there("log/kernel-0123456789abcdef.log"));
}

static void gc_takes_what_killed_builds_left_whatever_its_age(void **state)
{
	(void)state;
	cache_close(&cache);
	put("image/0123456789abcdef.part/disk.img");
	put("kit/0123456789abcdef.lock");
	assert_int_equal(sweep("0123456789abcdef", &(struct gc_wish){ 0 }), GC_REMOVED);
	assert_false(is_there("image/0123456789abcdef.part"));
	assert_false(is_there("image/0123456789abcdef.lock"));
	assert_false(is_there("kit/0123456789abcdef.lock"));
}

/* The maker itself sweeps: its own artifact is not there yet, and in use. */
static int make_and_sweep(void *arg, const char *part, const char *log)
{
	(void)arg, (void)log;
	assert_int_equal(sweep("0123456789abcdef", &all), GC_IN_USE);
	assert_true(fs_exists(part));
	return 0;
}

static void gc_leaves_a_build_alone(void **state)
{
	_cleanup_(freep) char *path = NULL;

	(void)state;
	assert_int_equal(cache_get(&cache, "kernel", OLD, make_and_sweep, NULL, &path), 0);
	assert_true(is_there("kernel/0123456789abcdef"));
}

static void packages_go_only_while_nobody_has_the_cache_open(void **state)
{
	(void)state;
	put("apt/machine/debs/linux.deb");
	assert_int_equal(sweep("machine", &all), GC_IN_USE);
	assert_true(is_there("apt/machine/debs/linux.deb"));
	cache_close(&cache);
	assert_int_equal(sweep("machine", &(struct gc_wish){ .before = time(NULL) - DAY_S }), GC_KEPT);
	assert_int_equal(sweep("machine", &all), GC_REMOVED);
	assert_false(is_there("apt/machine"));
}

static void gc_sees_only_what_tapbed_made(void **state)
{
	(void)state;
	make_one_old_and_one_new();
	put("kernel/notes.txt");
	put("kernel/cafe/menu");
	put("kernel/0123456789abcdef.orig");
	put("thesis/chapter");
	(void)sweep("", &all);
	assert_false(is_there("kernel/fedcba9876543210"));
	assert_true(is_there("kernel/notes.txt"));
	assert_true(is_there("kernel/cafe/menu"));
	assert_true(is_there("kernel/0123456789abcdef.orig"));
	assert_true(is_there("thesis/chapter"));
}

static void nothing_is_removed_from_a_folder_that_was_not_empty_before(void **state)
{
	_cleanup_(freep) char *home = in_dir("home");
	struct gc_list l;
	struct cache mine;

	(void)state;
	put("home/log/diary");
	assert_int_equal(cache_open(home, &mine), 0);
	cache_close(&mine);
	assert_int_equal(gc_scan(home, &l), 0);
	assert_int_equal(gc_sweep(&l, &all), -EPERM);
	assert_non_null(strstr(err_text(), "CACHEDIR.TAG"));
	assert_true(is_there("home/log/diary"));
	gc_free(&l);
}

static void a_missing_cache_is_an_empty_one(void **state)
{
	_cleanup_(freep) char *nowhere = in_dir("nowhere");
	struct gc_list l;

	(void)state;
	assert_int_equal(gc_scan(nowhere, &l), 0);
	assert_int_equal(l.n, 0);
	gc_free(&l);
	assert_false(is_there("nowhere"));
}

static void what_is_in_the_cache_is_told(void **state)
{
	static const char about[] = "{\"package\": \"linux-image-6.12\", \"version\": \"6.12.117-1\", \"series\": \"nodrop-v3\"}";
	_cleanup_(freep) char *json = in_dir("kernel/0123456789abcdef/kernel.json");
	struct gc_list l;

	(void)state;
	get(&cache, OLD);
	assert_int_equal(fs_write(json, about, strlen(about), 0644), 0);
	put("image/fedcba9876543210.part/disk.img");
	assert_int_equal(gc_scan(dir, &l), 0);
	assert_int_equal(l.n, 3);
	assert_string_equal(gc_kind_name(&l.items[0]), "kernel");
	assert_string_equal(l.items[0].name, "0123456789abcdef");
	assert_string_equal(l.items[0].what, "linux-image-6.12 6.12.117-1 with series nodrop-v3");
	assert_true(l.items[0].size_bytes > 0);
	assert_false(l.items[0].is_left);
	assert_string_equal(gc_kind_name(&l.items[1]), "image");
	assert_true(l.items[1].is_left);
	assert_string_equal(gc_kind_name(&l.items[2]), "log");
	gc_free(&l);
}

static int make_counted(void *arg, const char *part, const char *log)
{
	++*(int *)arg;
	return make_file(NULL, part, log);
}

/* A run that gets and gives back until gc took it away 20 times; while it is held it has to stay. */
static void use_again_and_again(void)
{
	int n = 0;

	while (n < 20) {
		_cleanup_(freep) char *path = NULL, *file = NULL;
		struct cache mine;

		if (cache_open(dir, &mine) || cache_get(&mine, "kernel", OLD, make_counted, &n, &path))
			_exit(1);
		file = str_fmt("%s/file", path);
		for (int look = 0; look < 20; look++)
			if (!fs_exists(file))
				_exit(2);
		cache_close(&mine);
	}
	_exit(0);
}

static void runs_and_gc_at_the_same_time_never_meet(void **state)
{
	pid_t pid[2];
	int st[2] = { -1, -1 };
	size_t left = ARRAY_SIZE(pid);

	(void)state;
	cache_close(&cache);
	for (size_t i = 0; i < ARRAY_SIZE(pid); i++) {
		pid[i] = fork();
		assert_true(pid[i] >= 0);
		if (!pid[i])
			use_again_and_again();
	}
	while (left) {
		(void)sweep("", &all);
		for (size_t i = 0; i < ARRAY_SIZE(pid); i++)
			left -= st[i] == -1 && waitpid(pid[i], &st[i], WNOHANG) == pid[i];
	}
	assert_int_equal(st[0], 0);
	assert_int_equal(st[1], 0);
}

static void a_path_that_the_tools_cannot_take_is_refused_and_not_made(void **state)
{
	static const char *const names[] = { "sp ace", "quo\"te", "co:lon", "com,ma" };

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		_cleanup_(freep) char *path = str_fmt("%s/%s", dir, names[i]);
		struct cache c;

		assert_int_equal(cache_open(path, &c), -EINVAL);
		assert_non_null(strstr(err_text(), path));
		assert_false(fs_exists(path));
		cache_close(&c);
	}
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, make_dir, remove_dir)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_path_that_the_tools_cannot_take_is_refused_and_not_made),
		TEST(an_artifact_is_made_once_and_used_by_all_at_the_same_time),
		TEST(two_runs_that_need_the_same_many_things_make_each_once),
		TEST(who_waited_for_a_lock_that_was_unlinked_holds_the_new_one),
		TEST(what_is_there_is_not_made_again),
		TEST(what_was_removed_by_hand_is_made_again_by_who_holds_it),
		TEST(a_failing_make_leaves_nothing_but_its_log),
		TEST(the_rest_of_a_killed_build_is_replaced),
		TEST(getting_an_artifact_notes_its_use),
		TEST(gc_removes_what_was_not_used_for_long_and_nothing_else),
		TEST(gc_never_removes_what_somebody_holds),
		TEST(what_was_used_since_gc_looked_is_kept),
		TEST(what_is_cheap_is_forgotten_and_nothing_of_another_kind),
		TEST(a_dry_run_removes_nothing),
		TEST(gc_takes_what_killed_builds_left_whatever_its_age),
		TEST(gc_leaves_a_build_alone),
		TEST(packages_go_only_while_nobody_has_the_cache_open),
		TEST(gc_sees_only_what_tapbed_made),
		TEST(nothing_is_removed_from_a_folder_that_was_not_empty_before),
		TEST(a_missing_cache_is_an_empty_one),
		TEST(what_is_in_the_cache_is_told),
		TEST(runs_and_gc_at_the_same_time_never_meet),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
