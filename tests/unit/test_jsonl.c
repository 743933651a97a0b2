// SPDX-License-Identifier: GPL-2.0-only
/* test_jsonl.c - objects over a real socket, whole, in pieces, and what is none */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>

#include <cmocka.h>

#include "lib/cleanup.h"
#include "lib/err.h"
#include "lib/jsonl.h"
#include "lib/stop.h"
#include "lib/str.h"

struct ends {
	int fd[2];
	struct jsonl c;
};

static int connect_ends(void **state)
{
	struct ends *e = mem_zalloc(sizeof(*e));

	*state = e;
	if (socketpair(AF_UNIX, SOCK_STREAM, 0, e->fd))
		return -1;
	e->c.fd = e->fd[0];
	return 0;
}

static int close_ends(void **state)
{
	struct ends *e = *state;

	jsonl_free(&e->c);
	close(e->fd[0]);
	closep(&e->fd[1]);
	free(e);
	return 0;
}

static void send_text(struct ends *e, const char *text)
{
	assert_int_equal(write(e->fd[1], text, strlen(text)), strlen(text));
}

static int receive(struct ends *e, json_t **ret)
{
	return jsonl_read(&e->c, time_now() + 5, ret);
}

static void assert_receives(struct ends *e, const char *want)
{
	_cleanup_(json_decrefp) json_t *obj = NULL;
	_cleanup_(freep) char *got = NULL;

	if (receive(e, &obj))
		fail_msg("%s", err_text());
	got = json_dumps(obj, JSON_COMPACT);
	assert_string_equal(got, want);
}

static void an_object_comes_as_it_was_sent(void **state)
{
	struct ends *e = *state;
	struct jsonl other = { .fd = e->fd[1] };
	_cleanup_(json_decrefp) json_t *obj = json_pack("{s:s, s:[i,f,n,b]}", "a", "line\nbreak \"q\" \xc3\xa4",
							"b", 1, 2.5, 1);

	assert_int_equal(jsonl_write(&other, obj), 0);
	assert_int_equal(jsonl_write(&other, obj), 0);
	assert_receives(e, "{\"a\":\"line\\nbreak \\\"q\\\" \xc3\xa4\",\"b\":[1,2.5,null,true]}");
	assert_receives(e, "{\"a\":\"line\\nbreak \\\"q\\\" \xc3\xa4\",\"b\":[1,2.5,null,true]}");
}

static void two_objects_in_one_piece_are_two(void **state)
{
	send_text(*state, "{\"n\":1}\n{\"n\":2}\n{\"n\":");
	assert_receives(*state, "{\"n\":1}");
	assert_receives(*state, "{\"n\":2}");
	send_text(*state, "3}\n");
	assert_receives(*state, "{\"n\":3}");
}

static void an_object_in_many_pieces_is_one(void **state)
{
	struct ends *e = *state;
	pid_t pid = fork();

	if (!pid) {
		for (const char *c = "{\"n\":12}\n"; *c; c++)
			if (write(e->fd[1], c, 1) != 1)
				_exit(1);
		_exit(0);
	}
	assert_receives(e, "{\"n\":12}");
	assert_int_equal(waitpid(pid, NULL, 0), pid);
}

static void a_large_object_passes_a_small_nonblocking_pipe(void **state)
{
	struct ends *e = *state;
	_cleanup_(freep) char *text = mem_zalloc(1 << 20);
	_cleanup_(json_decrefp) json_t *got = NULL;
	pid_t pid;

	memset(text, 'x', (1 << 20) - 1);
	pid = fork();
	if (!pid) {
		struct jsonl c = { .fd = e->fd[1] };
		json_t *obj = json_pack("{s:s}", "t", text);

		fcntl(c.fd, F_SETFL, O_NONBLOCK);
		_exit(jsonl_write(&c, obj) ? 1 : 0);
	}
	if (receive(e, &got))
		fail_msg("%s", err_text());
	assert_string_equal(json_str(got, "t", ""), text);
	assert_int_equal(waitpid(pid, NULL, 0), pid);
}

static void a_line_that_is_not_json_is_quoted_and_passed_over(void **state)
{
	json_t *obj = NULL;

	send_text(*state, "Segmentation fault\n{\"n\":1}\n");
	assert_int_equal(receive(*state, &obj), -EBADMSG);
	assert_non_null(strstr(err_text(), "agent channel: not JSON ("));
	assert_non_null(strstr(err_text(), "): Segmentation fault"));
	assert_null(obj);
	assert_receives(*state, "{\"n\":1}");
}

static void a_closed_end_is_told_after_what_it_had_sent(void **state)
{
	struct ends *e = *state;
	json_t *obj = NULL;

	send_text(e, "{\"n\":1}\n{\"half");
	closep(&e->fd[1]);
	e->fd[1] = -1;
	assert_receives(e, "{\"n\":1}");
	assert_int_equal(receive(e, &obj), -EPIPE);
	assert_string_equal(err_text(), "agent channel: the other end is gone");
	assert_null(obj);
}

static void silence_ends_at_the_deadline_and_loses_nothing(void **state)
{
	struct ends *e = *state;
	json_t *obj = NULL;

	send_text(e, "{\"n\"");
	assert_int_equal(jsonl_read(&e->c, time_now() + 0.05, &obj), -ETIMEDOUT);
	send_text(e, ":1}\n");
	assert_receives(e, "{\"n\":1}");
}

static void writing_to_a_closed_end_is_an_error(void **state)
{
	struct ends *e = *state;
	_cleanup_(json_decrefp) json_t *obj = json_object();

	closep(&e->fd[1]);
	e->fd[1] = -1;
	assert_int_equal(jsonl_write(&e->c, obj), -EPIPE);
}

static void members_are_taken_or_replaced(void **state)
{
	_cleanup_(json_decrefp) json_t *o = json_pack("{s:s, s:i, s:f, s:n}", "s", "x", "i", 3, "f", 0.5, "n");

	(void)state;
	assert_string_equal(json_str(o, "s", "none"), "x");
	assert_string_equal(json_str(o, "i", "none"), "none");
	assert_string_equal(json_str(o, "absent", "none"), "none");
	assert_null(json_str(NULL, "s", NULL));
	assert_true(json_num(o, "i", -1) == 3);
	assert_true(json_num(o, "f", -1) == 0.5);
	assert_true(json_num(o, "s", -1) == -1);
	assert_true(json_num(o, "n", -1) == -1);
}

static void a_path_goes_through_objects_and_arrays(void **state)
{
	_cleanup_(json_decrefp) json_t *o = json_loads("{\"end\":{\"streams\":[{\"n\":4},{\"n\":5}]}}", 0, NULL);

	(void)state;
	assert_int_equal(json_integer_value(json_at(o, "end.streams.1.n")), 5);
	assert_null(json_at(o, "end.streams.2.n"));
	assert_null(json_at(o, "end.stream.0.n"));
	assert_null(json_at(o, "end.streams.0.n.deeper"));
	assert_null(json_at(NULL, "end"));
}

#define WITH_ENDS(f) cmocka_unit_test_setup_teardown(f, connect_ends, close_ends)

static int ignore_pipes(void **state)
{
	(void)state;
	return stop_init();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_ENDS(an_object_comes_as_it_was_sent),
		WITH_ENDS(two_objects_in_one_piece_are_two),
		WITH_ENDS(an_object_in_many_pieces_is_one),
		WITH_ENDS(a_large_object_passes_a_small_nonblocking_pipe),
		WITH_ENDS(a_line_that_is_not_json_is_quoted_and_passed_over),
		WITH_ENDS(a_closed_end_is_told_after_what_it_had_sent),
		WITH_ENDS(silence_ends_at_the_deadline_and_loses_nothing),
		WITH_ENDS(writing_to_a_closed_end_is_an_error),
		cmocka_unit_test(members_are_taken_or_replaced),
		cmocka_unit_test(a_path_goes_through_objects_and_arrays),
	};

	return cmocka_run_group_tests(tests, ignore_pipes, NULL);
}
