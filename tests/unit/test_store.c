// SPDX-License-Identifier: GPL-2.0-only
/* test_store.c - runs that are kept: what goes in comes out, whatever happens in between */
#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include <cmocka.h>

#include "judge/baseline.h"
#include "judge/judge.h"
#include "judge/runid.h"
#include "judge/sql.h"
#include "judge/store.h"
#include "lib/err.h"
#include "lib/fs.h"
#include "runs.h"

/* Every test has a state folder of its own. */
static char *dir;

static int make_dir(void **state)
{
	const char *tmp = getenv("TMPDIR");

	(void)state;
	dir = str_fmt("%s/tapbed-store-XXXXXX", tmp ? tmp : "/tmp");
	return mkdtemp(dir) ? 0 : -1;
}

static int remove_dir(void **state)
{
	int ret = fs_remove(dir);

	(void)state;
	free(dir);
	return ret;
}

/* A plan of two kernels and two points, one of them impossible; nothing in it is owned. */
static struct plan_kernel kernels[] = {
	{ .name = (char *)"stock", .package = (char *)"linux-image-6.12-cloud-amd64" },
	{ .name = (char *)"nodrop-v3", .package = (char *)"linux-image-6.12-cloud-amd64",
	  .version = (char *)"6.12.117-1", .series = (char *)"nodrop-v3" },
};
static struct cell cells[4];
static struct axis_value where_queue[2];
static struct plan_expect expects[] = {
	{ .kernel = 1, .than = 0, .metric = METRIC_THROUGHPUT_BPS, .at_least = 0.5,
	  .at_most = NAN, .at_most_abs = NAN, .line = 12 },
	{ .kernel = 1, .than = 0, .metric = METRIC_RETRANS_PER_MB, .at_least = NAN,
	  .at_most = 0.01, .at_most_abs = 0.1, .line = 13,
	  .where[AXIS_TXQUEUELEN] = { where_queue, 2 } },
};
static struct plan plan = {
	.name = (char *)"vm-test", .text = (char *)"plan: vm-test\n",
	.kernels = kernels, .n_kernels = 2, .cells = cells, .n_cells = 4,
	.expects = expects, .n_expects = 2,
};

static int make_plan(void **state)
{
	static const char *const points[] = { "{\"txqueuelen\": 1}", "{\"txqueuelen\": 10, \"qdisc\": \"noqueue\"}" };

	(void)state;
	for (size_t i = 0; i < 4; i++) {
		_cleanup_(json_decrefp) json_t *point = json_loads(points[i % 2], 0, NULL);

		cells[i].kernel = i / 2;
		if (cell_from_json(point, &cells[i]))
			return -1;
	}
	cells[3].skip = (char *)"no such qdisc, it says";
	return axis_parse(AXIS_TXQUEUELEN, "1", &where_queue[0]) ||
	       axis_parse(AXIS_TXQUEUELEN, "10", &where_queue[1]);
}

static struct store *open_store(void)
{
	struct store *s = NULL;

	if (store_open(dir, &s))
		fail_msg("%s", err_text());
	return s;
}

/** begin() - a new run; its folder is checked. Return: its id, to be freed. */
static char *begin(struct store *s)
{
	_cleanup_(freep) char *run_dir = NULL;
	_cleanup_(freep) char *plan_path = NULL;
	_cleanup_(freep) char *samples = NULL;
	_cleanup_(freep) char *text = NULL;
	_cleanup_(freep) char *wanted = NULL;
	char *id = NULL;

	if (store_begin(s, &plan, &id, &run_dir))
		fail_msg("%s", err_text());
	wanted = store_run_dir(s, id);
	plan_path = str_fmt("%s/plan.yaml", run_dir);
	samples = str_fmt("%s/samples", run_dir);
	assert_string_equal(run_dir, wanted);
	assert_int_equal(fs_read(plan_path, &text, NULL), 0);
	assert_string_equal(text, plan.text);
	assert_true(fs_exists(samples));
	return id;
}

static int add_sample(struct store *s, const char *id, size_t cell, double bps)
{
	struct sample smp;

	sample_init(&smp);
	smp.boot = 2;
	smp.nth = 7;
	smp.raw = (char *)"samples/0007.json";
	smp.value[METRIC_THROUGHPUT_BPS] = bps;
	smp.value[METRIC_TX_DROPPED] = 0;
	return store_sample(s, id, cell, &smp);
}

static void load(struct store *s, const char *id, struct run_result *ret)
{
	if (store_load(s, id, ret))
		fail_msg("%s", err_text());
}

static void a_run_comes_back_as_it_was_planned(void **state)
{
	_cleanup_(store_closep) struct store *s = open_store();
	_cleanup_(freep) char *id = begin(s);
	_cleanup_(run_result_free) struct run_result r = { 0 };

	(void)state;
	load(s, id, &r);
	assert_string_equal(r.id, id);
	assert_int_equal(strlen(id), strlen("20261123-0331-7f3a"));
	assert_string_equal(r.plan, "vm-test");
	assert_string_equal(r.about, "");
	assert_false(r.finished);
	assert_int_equal(r.n_kernels, 2);
	assert_string_equal(r.kernels[0].release, "");
	assert_null(r.kernels[0].series);
	assert_string_equal(r.kernels[1].package, "linux-image-6.12-cloud-amd64 6.12.117-1");
	assert_int_equal(r.n_cells, 4);
	for (size_t i = 0; i < 4; i++) {
		assert_int_equal(r.cells[i].cell.kernel, cells[i].kernel);
		assert_memory_equal(r.cells[i].cell.at, cells[i].at, sizeof(cells[i].at));
	}
	assert_int_equal(r.cells[0].event, VERDICT_PASS);
	assert_int_equal(r.cells[3].event, VERDICT_SKIP);
	assert_string_equal(r.cells[3].event_reason, "no such qdisc, it says");
	assert_int_equal(r.n_expects, 2);
	assert_int_equal(r.expects[0].where[AXIS_TXQUEUELEN].n, 0);
	assert_true(isnan(r.expects[0].at_most));
	assert_int_equal(r.expects[1].metric, METRIC_RETRANS_PER_MB);
	assert_true(r.expects[1].at_most_abs == 0.1);
	assert_int_equal(r.expects[1].line, 13);
	assert_int_equal(r.expects[1].where[AXIS_TXQUEUELEN].n, 2);
	assert_memory_equal(r.expects[1].where[AXIS_TXQUEUELEN].v, where_queue, sizeof(where_queue));
}

static void what_is_measured_comes_back_too(void **state)
{
	_cleanup_(store_closep) struct store *s = open_store();
	_cleanup_(freep) char *id = begin(s);
	_cleanup_(run_result_free) struct run_result r = { 0 };
	_cleanup_(json_decrefp) json_t *host = json_pack("{s:s}", "accel", "tcg");
	const struct run_kernel facts = { .release = (char *)"6.12.117", .hash = (char *)"abc" };

	(void)state;
	assert_int_equal(store_facts(s, id, host, NULL), 0);
	assert_int_equal(store_facts(s, id, NULL, NULL), 0);
	assert_int_equal(store_kernel(s, id, 1, &facts), 0);
	assert_int_equal(add_sample(s, id, 2, 123456789.5), 0);
	assert_int_equal(add_sample(s, id, 0, 1), 0);
	assert_int_equal(add_sample(s, id, 2, 2), 0);
	assert_int_equal(store_phase(s, id, "host_boot", 2.5), 0);
	assert_int_equal(store_phase(s, id, "cells", 4), 0);
	assert_int_equal(store_phase(s, id, "host_boot", 3), 0);
	assert_int_equal(store_end(s, id, 131.25), 0);
	load(s, NULL, &r);
	assert_true(r.finished);
	assert_true(r.wall_s == 131.25);
	assert_string_equal(json_string_value(json_object_get(r.host, "accel")), "tcg");
	assert_int_equal(json_object_size(r.guest), 0);
	assert_true(json_real_value(json_object_get(r.phases, "host_boot")) == 5.5);
	assert_string_equal(r.kernels[1].release, "6.12.117");
	assert_string_equal(r.kernels[1].name, "nodrop-v3");
	assert_int_equal(r.cells[2].n_samples, 2);
	assert_true(r.cells[2].samples[0].value[METRIC_THROUGHPUT_BPS] == 123456789.5);
	assert_true(r.cells[2].samples[1].value[METRIC_THROUGHPUT_BPS] == 2);
	assert_true(r.cells[2].samples[0].value[METRIC_TX_DROPPED] == 0);
	assert_true(isnan(r.cells[2].samples[0].value[METRIC_RTT_US]));
	assert_int_equal(r.cells[2].samples[0].boot, 2);
	assert_int_equal(r.cells[2].samples[0].nth, 7);
	assert_string_equal(r.cells[2].samples[0].raw, "samples/0007.json");
}

static const struct {
	enum verdict event;
	const char *reason;
	const char *stays;
} events[] = {
	{ VERDICT_PASS,	   "nothing",	     NULL },
	{ VERDICT_TIMEOUT, "guest not up",   "guest not up" },
	{ VERDICT_SKIP,	   "not here",	     "guest not up" },
	{ VERDICT_TIMEOUT, "a second time",  "guest not up" },
	{ VERDICT_BROKEN,  "no TAP",	     "no TAP" },
	{ VERDICT_FAIL,	   "WARNING: \"x\"", "WARNING: \"x\"" },
	{ VERDICT_BROKEN,  "no TAP",	     "WARNING: \"x\"" },
};

static void an_invalid_sample_is_kept_apart_with_its_reason(void **state)
{
	_cleanup_(store_closep) struct store *s = open_store();
	_cleanup_(freep) char *id = begin(s);
	_cleanup_(run_result_free) struct run_result r = { 0 };
	struct sample smp;

	(void)state;
	sample_init(&smp);
	smp.boot = 3;
	smp.value[METRIC_THROUGHPUT_BPS] = 1e6;
	smp.hygiene[HYGIENE_STEAL] = 0.5;
	smp.invalid = (char *)"the hypervisor took 50 %";
	assert_int_equal(store_sample(s, id, 1, &smp), 0);
	smp.invalid = NULL;
	smp.hygiene[HYGIENE_STEAL] = 0.001;
	assert_int_equal(store_sample(s, id, 1, &smp), 0);
	load(s, id, &r);
	assert_int_equal(r.cells[1].n_invalid, 1);
	assert_int_equal(r.cells[1].n_samples, 1);
	assert_string_equal(r.cells[1].invalid[0].invalid, "the hypervisor took 50 %");
	assert_true(r.cells[1].invalid[0].hygiene[HYGIENE_STEAL] == 0.5);
	assert_int_equal(r.cells[1].invalid[0].boot, 3);
	assert_null(r.cells[1].samples[0].invalid);
	assert_true(r.cells[1].samples[0].hygiene[HYGIENE_STEAL] == 0.001);
	assert_true(isnan(r.cells[1].samples[0].hygiene[HYGIENE_LOAD]));
}

static void boots_samples_and_seed_of_the_plan_are_kept(void **state)
{
	_cleanup_(store_closep) struct store *s = open_store();
	_cleanup_(run_result_free) struct run_result r = { 0 };
	_cleanup_(freep) char *id = NULL;
	struct plan before = plan;

	(void)state;
	plan.samples = 3;
	plan.boots = 7;
	plan.cap = 21;
	plan.seed = 4711;
	id = begin(s);
	plan = before;
	load(s, id, &r);
	assert_int_equal(r.sequence.first, 7);
	assert_int_equal(r.sequence.cap, 21);
	assert_int_equal(r.per_boot, 3);
	assert_int_equal(r.seed, 4711);
}

static void the_worst_event_stays(void **state)
{
	_cleanup_(store_closep) struct store *s = open_store();
	_cleanup_(freep) char *id = begin(s);

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(events); i++) {
		_cleanup_(run_result_free) struct run_result r = { 0 };

		assert_int_equal(store_event(s, id, 1, events[i].event, events[i].reason), 0);
		load(s, id, &r);
		if (events[i].stays)
			assert_string_equal(r.cells[1].event_reason, events[i].stays);
		else
			assert_null(r.cells[1].event_reason);
	}
}

static void a_run_of_another_probe_knows_it_and_what_is_known_to_fail(void **state)
{
	_cleanup_(store_closep) struct store *s = open_store();
	_cleanup_(run_result_free) struct run_result r = { 0 };
	_cleanup_(freep) char *id = NULL;
	const struct plan_expect had = expects[1];

	(void)state;
	plan.probe.kind = PROBE_RAW;
	expects[1].fails = PLAN_FAILS_SOMETIMES;
	expects[1].than = SIZE_MAX;
	expects[1].metric = METRIC_COUNT;
	id = begin(s);
	plan.probe.kind = PROBE_IPERF3;
	expects[1] = had;
	load(s, id, &r);
	assert_int_equal(r.probe, PROBE_RAW);
	assert_int_equal(r.cells[3].cell.probe, PROBE_RAW);
	assert_false(r.expects[0].fails);
	assert_int_equal(r.expects[1].fails, PLAN_FAILS_SOMETIMES);
	assert_int_equal(r.expects[1].kernel, 1);
	assert_int_equal(r.expects[1].where[AXIS_TXQUEUELEN].n, 2);
}

static void a_failure_may_have_its_sample(void **state)
{
	_cleanup_(store_closep) struct store *s = open_store();
	_cleanup_(run_result_free) struct run_result r = { 0 };
	_cleanup_(freep) char *id = begin(s);

	(void)state;
	assert_int_equal(add_sample(s, id, 0, 5), 0);
	assert_int_equal(store_event(s, id, 0, VERDICT_FAIL, "stalled"), 0);
	load(s, id, &r);
	assert_int_equal(r.cells[0].n_samples, 1);
	assert_int_equal(r.cells[0].event, VERDICT_FAIL);
	assert_string_equal(r.cells[0].event_reason, "stalled");
}

static void rows_that_are_not_there_are_refused(void **state)
{
	_cleanup_(store_closep) struct store *s = open_store();
	_cleanup_(freep) char *id = begin(s);
	const struct run_kernel facts = { .release = (char *)"6.12.117" };

	(void)state;
	assert_int_equal(add_sample(s, id, 4, 1), -EINVAL);
	assert_non_null(strstr(err_text(), "sample of cell 4"));
	assert_int_equal(store_event(s, id, 4, VERDICT_BROKEN, "x"), -ENOENT);
	assert_int_equal(store_kernel(s, id, 2, &facts), -ENOENT);
	assert_int_equal(store_end(s, "nobody", 1), -ENOENT);
	assert_int_equal(store_phase(s, "nobody", "cells", 1), -EINVAL);
	/* And the store goes on working. */
	assert_int_equal(add_sample(s, id, 3, 1), 0);
}

static void a_run_is_found_by_its_beginning(void **state)
{
	_cleanup_(store_closep) struct store *s = open_store();
	_cleanup_(run_result_free) struct run_result r = { 0 };
	_cleanup_(freep) char *first = NULL;
	_cleanup_(freep) char *second = NULL;
	_cleanup_(freep) char *beginning = NULL;

	(void)state;
	assert_int_equal(store_load(s, NULL, &r), -ENOENT);
	assert_string_equal(err_text(), "no run is stored yet; tapbed run PLAN makes one");
	first = begin(s);
	second = begin(s);
	load(s, "latest", &r);
	assert_string_equal(r.id, second);
	run_result_free(&r);
	beginning = str_fmt("%.*s", (int)strlen(first) - 1, first);
	if (!str_starts(second, beginning)) {
		load(s, beginning, &r);
		assert_string_equal(r.id, first);
		run_result_free(&r);
	}
	assert_int_equal(store_load(s, "2", &r), -ENOENT);
	assert_true(str_starts(err_text(), "more than one run \"2\"; the newest are "));
	assert_int_equal(store_load(s, "%", &r), -ENOENT);
	assert_true(str_starts(err_text(), "no run \"%\"; the newest are "));
	assert_non_null(strstr(err_text(), first));
}

static void the_list_has_the_newest_first(void **state)
{
	_cleanup_(store_closep) struct store *s = open_store();
	_cleanup_(freep) char *first = begin(s);
	_cleanup_(freep) char *second = begin(s);
	struct run_result *list = NULL;
	int n = store_list(s, &list);

	(void)state;
	assert_int_equal(n, 2);
	assert_string_equal(list[0].id, second);
	assert_string_equal(list[1].id, first);
	assert_int_equal(list[0].n_cells, 4);
	store_list_free(list, n);
}

static void sql(const char *statement)
{
	_cleanup_(freep) char *path = str_fmt("%s/store.sqlite", dir);
	sqlite3 *db;
	int rc;

	assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
	rc = sqlite3_exec(db, statement, NULL, NULL, NULL);
	assert_int_equal(rc, SQLITE_OK);
	sqlite3_close(db);
}

static void a_newer_store_is_left_alone(void **state)
{
	struct store *s = open_store();

	(void)state;
	store_close(s);
	sql("PRAGMA user_version = 99");
	s = NULL;
	assert_int_equal(store_open(dir, &s), -EPROTO);
	assert_non_null(strstr(err_text(), "store has version 99, this tapbed knows up to 2; use a newer tapbed"));
	assert_null(s);
}

static void an_older_store_gets_the_columns_it_lacks(void **state)
{
	struct store *s = open_store();
	_cleanup_(freep) char *id = begin(s);
	_cleanup_(run_result_free) struct run_result r = { 0 };

	(void)state;
	assert_int_equal(add_sample(s, id, 0, 5), 0);
	store_close(s);
	sql("ALTER TABLE sample DROP COLUMN rtt_us; ALTER TABLE cell DROP COLUMN streams;"
	    "ALTER TABLE run DROP COLUMN probe; ALTER TABLE expect DROP COLUMN fails; PRAGMA user_version = 1");
	s = open_store();
	assert_int_equal(add_sample(s, id, 0, 6), 0);
	load(s, id, &r);
	assert_int_equal(r.cells[0].n_samples, 2);
	assert_true(isnan(r.cells[0].samples[0].value[METRIC_RTT_US]));
	assert_string_equal(r.cells[0].cell.at[AXIS_STREAMS].word, axis_def(AXIS_STREAMS)->fallback);
	assert_int_equal(r.probe, PROBE_IPERF3);
	assert_false(r.expects[0].fails);
	store_close(s);
}

static void rows_spoilt_by_hand_are_told_and_do_not_crash(void **state)
{
	static const char *const spoil[] = {
		"UPDATE cell SET event = 'WHATEVER' WHERE n = 1",
		"UPDATE cell SET event = 'PASS', kernel = 5 WHERE n = 1",
		"UPDATE cell SET kernel = 0, n = 9 WHERE n = 1",
		"UPDATE cell SET n = 1 WHERE n = 9; UPDATE sample SET cell = -1",
		"UPDATE sample SET cell = 0; UPDATE expect SET metric = 'beauty'",
		"UPDATE expect SET fails = 3",
	};
	struct store *s = open_store();
	_cleanup_(freep) char *id = begin(s);
	_cleanup_(run_result_free) struct run_result r = { 0 };

	(void)state;
	assert_int_equal(add_sample(s, id, 0, 5), 0);
	for (size_t i = 0; i < ARRAY_SIZE(spoil); i++) {
		sql(spoil[i]);
		assert_int_equal(store_load(s, id, &r), -EBADMSG);
		assert_non_null(strstr(err_text(), "does not fit the rest"));
	}
	sql("UPDATE run SET probe = 'netperf'; UPDATE expect SET fails = 0");
	assert_int_equal(store_load(s, id, &r), -EBADMSG);
	sql("UPDATE run SET probe = 'iperf3'; UPDATE expect SET metric = 'rtt_us', scope = '[1'; UPDATE run SET host = '{no'");
	load(s, id, &r);
	judge_run(&r);
	store_close(s);
}

static void a_file_that_is_no_store_is_told(void **state)
{
	_cleanup_(freep) char *path = str_fmt("%s/store.sqlite", dir);
	char junk[4096];
	struct store *s = NULL;

	(void)state;
	memset(junk, 'x', sizeof(junk));
	assert_int_equal(fs_write(path, junk, sizeof(junk), 0644), 0);
	assert_int_equal(store_open(dir, &s), -EBADMSG);
	assert_non_null(strstr(err_text(), "store.sqlite: file is not a database"));
	assert_null(s);
}

static void nothing_is_made_by_who_only_reads(void **state)
{
	_cleanup_(freep) char *path = str_fmt("%s/store.sqlite", dir);
	struct store *s = NULL;

	(void)state;
	assert_int_equal(store_open_existing(dir, &s), -ENOENT);
	assert_true(str_ends(err_text(), ": no run is stored there yet; tapbed run PLAN makes one"));
	assert_false(fs_exists(path));
}

/** in_child() - Return: the exit status of @fn in a process of its own. */
static int in_child(int (*fn)(void))
{
	int status = 0;
	pid_t pid = fork();

	if (!pid)
		_exit(fn());
	assert_int_equal(waitpid(pid, &status, 0), pid);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128;
}

#define WRITERS 4
#define SAMPLES 20

/* One of several processes that make the store, a run each, and write into it. */
static int write_a_run(void)
{
	struct store *s = NULL;
	_cleanup_(freep) char *id = NULL;
	_cleanup_(freep) char *run_dir = NULL;
	int ret = store_open(dir, &s);

	if (!ret)
		ret = store_begin(s, &plan, &id, &run_dir);
	for (int i = 0; i < SAMPLES && !ret; i++)
		ret = add_sample(s, id, 0, i);
	if (ret)
		fprintf(stderr, "%s\n", err_text());
	store_close(s);
	return ret != 0;
}

static void processes_share_a_store_from_its_first_moment(void **state)
{
	struct store *s;
	struct run_result *list = NULL;
	pid_t pid[WRITERS];
	int n, status;

	(void)state;
	for (int i = 0; i < WRITERS; i++) {
		pid[i] = fork();
		if (!pid[i])
			_exit(write_a_run());
	}
	for (int i = 0; i < WRITERS; i++) {
		assert_int_equal(waitpid(pid[i], &status, 0), pid[i]);
		assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
	}
	s = open_store();
	n = store_list(s, &list);
	assert_int_equal(n, WRITERS);
	for (int i = 0; i < n; i++) {
		_cleanup_(run_result_free) struct run_result r = { 0 };

		load(s, list[i].id, &r);
		assert_int_equal(r.cells[0].n_samples, SAMPLES);
	}
	store_list_free(list, n);
	store_close(s);
}

/* Files may not grow past 256 KiB: every write past it fails, as on a full disk. */
static int fill_the_disk(void)
{
	const struct rlimit limit = { 256 * 1024, 256 * 1024 };
	struct store *s = NULL;
	_cleanup_(freep) char *id = NULL;
	_cleanup_(freep) char *run_dir = NULL;
	int ret;

	signal(SIGXFSZ, SIG_IGN);
	if (store_open(dir, &s) || store_begin(s, &plan, &id, &run_dir) || setrlimit(RLIMIT_FSIZE, &limit))
		return 2;
	for (int i = 0; i < 100000; i++) {
		ret = add_sample(s, id, 0, i);
		if (ret)
			break;
	}
	return ret && strstr(err_text(), "store.sqlite: ") ? 0 : 3;
}

static void a_full_disk_is_an_error_and_loses_nothing(void **state)
{
	struct store *s;
	_cleanup_(run_result_free) struct run_result r = { 0 };
	_cleanup_(sql_finalizep) sqlite3_stmt *st = NULL;
	_cleanup_(freep) char *path = str_fmt("%s/store.sqlite", dir);
	sqlite3 *db;

	(void)state;
	assert_int_equal(in_child(fill_the_disk), 0);
	s = open_store();
	load(s, "latest", &r);
	assert_true(r.cells[0].n_samples > 5);
	for (size_t i = 0; i < r.cells[0].n_samples; i++)
		assert_true(r.cells[0].samples[i].value[METRIC_THROUGHPUT_BPS] == (double)i);
	assert_int_equal(add_sample(s, r.id, 0, 1), 0);
	store_close(s);
	assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
	assert_int_equal(sql_prepare(db, &st, "PRAGMA integrity_check", ""), 0);
	assert_int_equal(sql_step(st), 1);
	assert_string_equal(sql_text(st, 0), "ok");
	sql_finalizep(&st);
	st = NULL;
	sqlite3_close(db);
}

/* Root may write anywhere, so the child becomes somebody else. */
static int write_where_nobody_may(void)
{
	struct store *s = NULL;

	if (!geteuid() && (setgid(65534) || setuid(65534)))
		return 2;
	if (!store_open(dir, &s))
		return 3;
	return s || !strstr(err_text(), dir) ? 4 : 0;
}

static void a_folder_that_cannot_be_written_is_an_error(void **state)
{
	(void)state;
	assert_int_equal(chmod(dir, 0555), 0);
	assert_int_equal(in_child(write_where_nobody_may), 0);
	assert_int_equal(chmod(dir, 0755), 0);
}

static int draws;

/* Gives every number three times. */
static uint16_t draw_slowly(void)
{
	return (uint16_t)(draws++ / 3);
}

static uint16_t draw_always_the_same(void)
{
	return 0xbeef;
}

static void two_runs_never_have_one_id(void **state)
{
	(void)state;
	draws = 0;
	for (int i = 0; i < 4; i++) {
		_cleanup_(freep) char *id = NULL;
		_cleanup_(freep) char *wanted = str_fmt("20261123-0331-%04x", i);

		assert_int_equal(runid_claim(dir, 1795404660, draw_slowly, &id), 0);
		assert_string_equal(id, wanted);
	}
}

static void running_out_of_ids_ends(void **state)
{
	_cleanup_(freep) char *id = NULL;
	char *none = NULL;

	(void)state;
	assert_int_equal(runid_claim(dir, 1795404660, draw_always_the_same, &id), 0);
	assert_int_equal(runid_claim(dir, 1795404660, draw_always_the_same, &none), -EEXIST);
	assert_null(none);
}

#define test(f) cmocka_unit_test_setup_teardown(f, make_dir, remove_dir)

static void a_baseline_is_a_name_that_can_be_moved(void **state)
{
	struct store *s = open_store();
	_cleanup_(freep) char *a = begin(s);
	_cleanup_(freep) char *b = begin(s);
	char *id, *found;
	struct baseline *list;

	(void)state;
	assert_int_equal(baseline_find(s, "good", &found), 0);
	assert_null(found);
	assert_int_equal(baseline_set(s, "good", a, &id), 0);
	assert_string_equal(id, a);
	free(id);
	assert_int_equal(baseline_set(s, "good", b, &id), 0);
	free(id);
	assert_int_equal(baseline_find(s, "good", &found), 0);
	assert_string_equal(found, b);
	free(found);
	assert_int_equal(baseline_list(s, &list), 1);
	assert_string_equal(list[0].name, "good");
	baseline_list_free(list, 1);
	assert_int_equal(baseline_remove(s, "good"), 0);
	assert_int_equal(baseline_remove(s, "good"), -ENOENT);
	assert_int_equal(baseline_list(s, &list), 0);
	baseline_list_free(list, 0);
	store_close(s);
}

static void a_baseline_is_no_run_id_and_of_a_run_that_is_there(void **state)
{
	static const char *const wrong[] = { "", "latest", "2026", "a:b", "with blank", "-x" };
	struct store *s = open_store();
	_cleanup_(freep) char *run = begin(s);
	char *id = NULL;

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(wrong); i++)
		assert_int_equal(baseline_set(s, wrong[i], run, &id), -EINVAL);
	assert_int_equal(baseline_set(s, "good", "19990101", &id), -ENOENT);
	assert_null(id);
	store_close(s);
}

static void a_store_without_baselines_gets_them(void **state)
{
	struct store *s = open_store();
	struct baseline *list;

	(void)state;
	store_close(s);
	sql("DROP TABLE baseline");
	s = open_store();
	assert_int_equal(baseline_list(s, &list), 0);
	store_close(s);
}

static void add_boots(struct store *s, const char *id, size_t cell, double bps)
{
	for (int i = 0; i < 5; i++) {
		struct sample smp;

		sample_init(&smp);
		smp.boot = i + 1;
		smp.value[METRIC_THROUGHPUT_BPS] = bps;
		assert_int_equal(store_sample(s, id, cell, &smp), 0);
	}
}

static void a_run_of_one_kernel_twice_is_the_noise_floor_of_the_others(void **state)
{
	struct run_kernel same = { .hash = (char *)"5a5e" };
	_cleanup_(run_result_free) struct run_result r = { 0 }, own = { 0 };
	struct store *s = open_store();
	_cleanup_(freep) char *aa = begin(s);
	_cleanup_(freep) char *id = begin(s);

	(void)state;
	for (size_t k = 0; k < 2; k++) {
		assert_int_equal(store_kernel(s, aa, k, &same), 0);
		add_boots(s, aa, 2 * k, k ? 8e8 : 1e9);
	}
	load(s, id, &r);
	assert_true(fabs(r.cells[2].floor[METRIC_THROUGHPUT_BPS] - 0.25) < 1e-9);
	assert_true(r.cells[1].floor[METRIC_THROUGHPUT_BPS] == 0);
	load(s, aa, &own);
	assert_true(own.cells[2].floor[METRIC_THROUGHPUT_BPS] == 0);
	store_close(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		test(a_run_comes_back_as_it_was_planned),
		test(what_is_measured_comes_back_too),
		test(an_invalid_sample_is_kept_apart_with_its_reason),
		test(boots_samples_and_seed_of_the_plan_are_kept),
		test(the_worst_event_stays),
		test(a_run_of_another_probe_knows_it_and_what_is_known_to_fail),
		test(a_failure_may_have_its_sample),
		test(rows_that_are_not_there_are_refused),
		test(a_run_is_found_by_its_beginning),
		test(the_list_has_the_newest_first),
		test(a_newer_store_is_left_alone),
		test(an_older_store_gets_the_columns_it_lacks),
		test(rows_spoilt_by_hand_are_told_and_do_not_crash),
		test(a_file_that_is_no_store_is_told),
		test(nothing_is_made_by_who_only_reads),
		test(processes_share_a_store_from_its_first_moment),
		test(a_full_disk_is_an_error_and_loses_nothing),
		test(a_folder_that_cannot_be_written_is_an_error),
		test(two_runs_never_have_one_id),
		test(running_out_of_ids_ends),
		test(a_baseline_is_a_name_that_can_be_moved),
		test(a_baseline_is_no_run_id_and_of_a_run_that_is_there),
		test(a_store_without_baselines_gets_them),
		test(a_run_of_one_kernel_twice_is_the_noise_floor_of_the_others),
	};

	return cmocka_run_group_tests(tests, make_plan, NULL);
}
