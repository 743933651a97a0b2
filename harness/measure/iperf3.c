// SPDX-License-Identifier: GPL-2.0-only
/* iperf3.c - the probe iperf3: running it */
#include "measure/iperf3.h"

#include <errno.h>
#include <math.h>

#include "lib/cleanup.h"
#include "lib/err.h"
#include "lib/log.h"
#include "lib/proc.h"
#include "lib/str.h"

/*
 * Beyond the traffic: connecting, a queue that drains slowly, the exchange of results. Its connection goes through
 * the same ring: where that loses most, a retransmission timer has doubled to 25 s by the end of the traffic.
 */
#define GRACE_S 30
#define CONNECT_MS 5000

static void command_line(const struct probe_args *a, struct strv *argv)
{
	static const char *const fixed[] = { "-J", "-i", "1", "--get-server-output" };

	if (a->netns) {
		strv_add(argv, "nsenter");
		strv_fmt(argv, "--net=%s", a->netns);
	}
	strv_add(argv, "iperf3");
	strv_add(argv, "-c");
	strv_add(argv, a->server);
	for (size_t i = 0; i < ARRAY_SIZE(fixed); i++)
		strv_add(argv, fixed[i]);
	strv_add(argv, "-t");
	strv_fmt(argv, "%.0f", ceil(a->seconds));
	strv_add(argv, "-P");
	strv_fmt(argv, "%d", a->streams > 0 ? a->streams : 1);
	if (a->reverse)
		strv_add(argv, "-R");
	strv_add(argv, "--connect-timeout");
	strv_fmt(argv, "%d", CONNECT_MS);
	if (a->port) {
		strv_add(argv, "-p");
		strv_fmt(argv, "%d", a->port);
	}
	if (a->tos) {
		strv_add(argv, "-S");
		strv_fmt(argv, "%d", a->tos);
	}
}

/* A rate of 0 is as fast as it goes, to iperf3 too. */
static void command_line_udp(const struct probe_args *a, struct strv *argv)
{
	command_line(a, argv);
	strv_add(argv, "-u");
	strv_add(argv, "-l");
	strv_fmt(argv, "%d", a->traffic->size);
	strv_add(argv, "-b");
	strv_fmt(argv, "%.0f", (double)a->traffic->rate_pps * a->traffic->size * 8);
}

static int run(const struct probe_args *a, const struct strv *argv, char **ret_raw)
{
	struct proc p = {
		.argv = (const char *const *)argv->v,
		.deadline_s = ceil(a->seconds) + GRACE_S, .disk_is_free = a->disk_is_free, .gone_fd = a->gone_fd,
		.tick = a->tick, .tick_arg = a->tick_arg, .tick_s = a->tick_s,
	};

	return proc_run(&p, ret_raw);
}

static int run_and_decode(const struct probe_args *a, const struct strv *argv, struct probe_result *r,
			  int (*decode)(const char *text, struct sample *s))
{
	int ran, ret;

	r->command = strv_join(argv, " ");
	ran = run(a, argv, &r->raw);
	/* A failed run that wrote something has the reason in its JSON. */
	if (ran && (ran != -EPROTO || !(r->raw && *r->raw)))
		return ran;
	ret = decode(r->raw, &r->sample);
	if (ret)
		return ret;
	return ran ? err_say(EPROTO, "iperf3: exit status %d, and no error in its output", proc_status()) : 0;
}

static int decode_tcp(const char *text, struct sample *s)
{
	bool is_receivers = true;
	int ret = iperf3_decode(text, s, &is_receivers);

	if (!is_receivers)
		log_warn("iperf3: the server sent no intervals (start it with -J): stalls are the sender's");
	return ret;
}

int iperf3_run(const struct probe_args *a, struct probe_result *r)
{
	_cleanup_(strv_free) struct strv argv = { 0 };

	command_line(a, &argv);
	if (a->congestion) {
		strv_add(&argv, "-C");
		strv_add(&argv, a->congestion);
	}
	return run_and_decode(a, &argv, r, decode_tcp);
}

int iperf3_udp_run(const struct probe_args *a, struct probe_result *r)
{
	_cleanup_(strv_free) struct strv argv = { 0 };

	command_line_udp(a, &argv);
	return run_and_decode(a, &argv, r, iperf3_decode_udp);
}
