// SPDX-License-Identifier: GPL-2.0-only
/* vpn.c - the probe vpn: two namespaces, a path between them, a tunnel through it, and TCP */
#include "measure/vpn.h"

#include <errno.h>
#include <math.h>
#include <signal.h>
#include <string.h>

#include "lib/cleanup.h"
#include "lib/dirs.h"
#include "lib/err.h"
#include "lib/fs.h"
#include "lib/log.h"
#include "lib/proc.h"
#include "lib/steps.h"
#include "lib/stop.h"
#include "measure/backlog.h"
#include "measure/counters.h"
#include "measure/iperf3.h"
#include "measure/ping.h"
#include "measure/vpn_priv.h"
#include "net/link.h"
#include "net/netns.h"
#include "net/qdisc.h"

#define WAIT_S	   20.0 /* for what a daemon does when it starts, emulated */
#define RETRY_S	   0.05
#define TUNNEL_S   40.0 /* for the first packet through the tunnel: TLS over a path of a second */
#define STOP_S	   2.0
#define LOG_LINES  5

static const struct vpn_daemon *const daemons[] = { &vpn_wireguard, &vpn_openvpn };

static const struct vpn_end ends[VPN_SIDES] = {
	[VPN_NEAR] = { "vpn0", "path0", "10.79.0.1", "10.78.0.1", -1, { 0 }, 0 },
	[VPN_FAR]  = { "vpn1", "path1", "10.79.0.2", "10.78.0.2", -1, { 0 }, 0 },
};

static const struct vpn_daemon *daemon_of(const char *name)
{
	for (size_t i = 0; i < ARRAY_SIZE(daemons); i++)
		if (!strcmp(daemons[i]->name, name))
			return daemons[i];
	return NULL;
}

long vpn_axis(const struct vpn *v, enum axis a)
{
	return v->a->cell->at[a].num;
}

int vpn_exec(const struct strv *argv, const char *input, char **ret_out)
{
	struct proc p = {
		.argv = (const char *const *)argv->v, .input = input, .deadline_s = WAIT_S, .disk_is_free = true,
	};

	return proc_run(&p, ret_out);
}

int vpn_write(const struct vpn *v, const char *name, const char *text)
{
	_cleanup_(freep) char *path = str_fmt("%s/%s", v->dir, name);

	return fs_write(path, text, strlen(text), 0600);
}

/* Of a program that has just been started: in virtual time the clock jumps on while its disk is read. */
static bool is_late(pid_t pid, double *deadline)
{
	if (time_now() <= *deadline)
		return false;
	if (!proc_awaits_disk(pid))
		return true;
	*deadline = time_now() + WAIT_S;
	return false;
}

int vpn_wait_for(const struct vpn *v, enum vpn_side s, const char *name, bool (*holds)(const char *name))
{
	double deadline = time_now() + WAIT_S;

	while (!holds(name)) {
		int ret = stop_wait(-1, time_now() + RETRY_S);

		if (ret < 0)
			return ret;
		if (proc_is_over(v->end[s].daemon))
			return err_say(ECONNABORTED, "ended before there was a %s", name);
		if (is_late(v->end[s].daemon, &deadline))
			return err_say(ETIMEDOUT, "no %s after %.0f s", name, WAIT_S);
	}
	return 0;
}

int vpn_at_end(struct vpn *v, enum vpn_side s, int (*fn)(struct vpn *v, enum vpn_side s))
{
	int back = -1;
	int err = netns_enter(v->end[s].ns, &back);

	if (err)
		return err;
	err = fn(v, s);
	netns_leave(&back);
	return err;
}

static int open_netlink(struct vpn *v, enum vpn_side s)
{
	return nl_open(&v->end[s].nl);
}

static void namespaces_down(void *arg)
{
	struct vpn *v = arg;

	for (enum vpn_side s = 0; s < VPN_SIDES; s++) {
		nl_close(&v->end[s].nl);
		closep(&v->end[s].ns);
		v->end[s].ns = -1;
	}
}

static int namespaces_up(void *arg)
{
	struct vpn *v = arg;
	int err = 0;

	for (enum vpn_side s = 0; s < VPN_SIDES && !err; s++) {
		err = netns_new(&v->end[s].ns);
		if (!err)
			err = vpn_at_end(v, s, open_netlink);
	}
	if (err)
		namespaces_down(v);
	return err;
}

static void keys_down(void *arg)
{
	struct vpn *v = arg;

	if (fs_remove(v->dir))
		log_warn("%s, ignoring", err_text());
	free(take_ptr(&v->dir));
}

static int keys_up(void *arg)
{
	struct vpn *v = arg;
	int err;

	for (const char *const *p = v->daemon->programs; *p; p++)
		if (!proc_find(*p))
			return err_say(ENOENT, "vpn: there is no %s; vm-images/host.yaml puts it into the host's image", *p);
	v->dir = dirs_runtime();
	if (!v->dir)
		return -EIO;
	err = v->daemon->keys(v);
	if (err)
		keys_down(v);
	return err;
}

static void stop_daemon(pid_t *pid)
{
	if (*pid > 0)
		proc_stop(*pid, STOP_S);
	*pid = 0;
}

static char *log_path(const struct vpn *v, enum vpn_side s)
{
	return str_fmt("%s/%s.log", v->dir, v->end[s].link);
}

static void note(struct vpn *v, enum vpn_side s, const char *line)
{
	strbuf_fmt(&v->commands, "%s: %s\n", s == VPN_NEAR ? "near" : "far", line);
}

/* In the order of tapbed's other links: length of the ring, then the qdisc, whose limits come from it. */
static int configure(struct vpn *v, enum vpn_side s)
{
	_cleanup_(freep) char *cidr = str_fmt("%s/24", v->end[s].inner);
	struct vpn_end *e = &v->end[s];
	int err = link_set_mtu(&e->nl, e->link, v->daemon->mtu);

	if (!err && s == VPN_NEAR)
		err = link_set_txqueuelen(&e->nl, e->link, (uint32_t)vpn_axis(v, AXIS_TXQUEUELEN));
	if (!err)
		err = link_add_addr(&e->nl, e->link, cidr);
	if (!err)
		err = link_set_up(&e->nl, e->link);
	if (!err && s == VPN_NEAR)
		err = qdisc_set(&e->nl, e->link, v->a->cell->at[AXIS_QDISC].word);
	return err;
}

static int start_daemon(struct vpn *v, enum vpn_side s)
{
	_cleanup_(freep) char *log = log_path(v, s);
	_cleanup_(strv_free) struct strv argv = { 0 };
	_cleanup_(freep) char *line = NULL;
	struct proc p = { .log_path = log };
	int err;

	v->daemon->command(v, s, &argv);
	line = strv_join(&argv, " ");
	note(v, s, line);
	p.argv = (const char *const *)argv.v;
	v->end[s].daemon = proc_start(&p, NULL);
	if (v->end[s].daemon < 0)
		return v->end[s].daemon;
	err = vpn_wait_for(v, s, v->end[s].link, link_exists);
	if (!err && v->daemon->begin)
		err = v->daemon->begin(v, s);
	return err ? err : configure(v, s);
}

/* What a daemon said last tells more than that it did not come up. */
static int with_log(const struct vpn *v, enum vpn_side s, int err)
{
	_cleanup_(freep) char *path = log_path(v, s);
	_cleanup_(freep) char *why = str_dup(err_text());
	_cleanup_(freep) char *text = NULL;

	if (fs_read(path, &text, NULL))
		return err_restore(why), err;
	return err_say(-err, "%s: %s; its log ends:\n%s", v->daemon->name, why, str_tail_lines(text, LOG_LINES));
}

static void daemons_down(void *arg)
{
	struct vpn *v = arg;

	for (enum vpn_side s = 0; s < VPN_SIDES; s++)
		stop_daemon(&v->end[s].daemon);
}

/* The far one first: it is the server. */
static int daemons_up(void *arg)
{
	static const enum vpn_side order[] = { VPN_FAR, VPN_NEAR };
	struct vpn *v = arg;
	int err = 0;

	for (size_t i = 0; i < ARRAY_SIZE(order) && !err; i++) {
		err = vpn_at_end(v, order[i], start_daemon);
		if (err)
			err = with_log(v, order[i], err);
	}
	if (err)
		daemons_down(v);
	return err;
}

/* In pieces, so that a daemon that ends is not waited for. */
static int wait_for_far(struct vpn *v, enum vpn_side s)
{
	double deadline = time_now() + TUNNEL_S;

	for (;;) {
		int ret = ping_wait(v->end[!s].inner, time_now() + TUNNEL_S / 10);

		if (ret != -ETIMEDOUT)
			return ret;
		if (proc_is_over(v->end[s].daemon) || proc_is_over(v->end[!s].daemon))
			return err_say(ECONNABORTED, "ended before a packet came through the tunnel");
		if (proc_awaits_disk(v->end[s].daemon) || proc_awaits_disk(v->end[!s].daemon))
			deadline = time_now() + TUNNEL_S;
		else if (time_now() > deadline)
			return err_say(ETIMEDOUT, "no packet came through the tunnel in %.0f s", TUNNEL_S);
	}
}

static int tunnel_up(void *arg)
{
	struct vpn *v = arg;
	int err = vpn_at_end(v, VPN_NEAR, wait_for_far);

	return err ? with_log(v, proc_is_over(v->end[VPN_FAR].daemon) ? VPN_FAR : VPN_NEAR, err) : 0;
}

static int forget_metrics(struct vpn *v, enum vpn_side s)
{
	(void)v;
	(void)s;
	return fs_append("/proc/sys/net/ipv4/tcp_no_metrics_save", "1", 1);
}

/* What a warm-up has learned of the path must not shape the sample. */
static int forget_up(void *arg)
{
	return vpn_at_end(arg, VPN_NEAR, forget_metrics);
}

static const struct step table[] = {
	{ "vpn namespaces", namespaces_up, namespaces_down },
	{ "vpn tcp metrics", forget_up,	   NULL		   },
	{ "vpn path",	    vpn_path_up,   NULL		   },
	{ "vpn keys",	    keys_up,	   keys_down	   },
	{ "vpn daemons",    daemons_up,	   daemons_down	   },
	{ "vpn tunnel",	    tunnel_up,	   NULL		   },
	{ "vpn round trip", vpn_path_idle, NULL		   },
};

/* A server for one test. */
static int start_server(const struct vpn *v, pid_t *ret)
{
	static const char *const argv[] = { "iperf3", "-s", "-1", "-J", "--logfile", "/dev/null", NULL };
	struct proc p = { .argv = argv };
	int back = -1;
	int err = netns_enter(v->end[VPN_FAR].ns, &back);

	if (err)
		return err;
	*ret = proc_start(&p, NULL);
	netns_leave(&back);
	return *ret < 0 ? *ret : 0;
}

/* Until the server, which has just been started, listens. */
static int run_client(const struct probe_args *a, pid_t server, struct probe_result *r)
{
	double deadline = time_now() + WAIT_S;
	int ret;

	while ((ret = iperf3_run(a, r)) == -ECONNREFUSED && !is_late(server, &deadline)) {
		int err = stop_wait(-1, time_now() + RETRY_S);

		if (err < 0)
			return err;
		if (proc_is_over(server))
			return err_say(ECONNABORTED, "iperf3 -s, at the far end of the tunnel, ended before its client came");
		probe_result_free(r);
	}
	return ret;
}

static int traffic(const struct vpn *v, const struct probe_args *a, struct probe_result *r)
{
	_cleanup_(stop_daemon) pid_t server = 0;
	int err = start_server(v, &server);

	return err ? err : run_client(a, server, r);
}

static int warm_up(const struct vpn *v, const struct probe_args *a)
{
	struct probe_args warm = *a;
	_cleanup_(probe_result_free) struct probe_result unused;
	int err;

	probe_result_init(&unused);
	if (v->a->traffic->warmup_s <= 0)
		return 0;
	warm.seconds = v->a->traffic->warmup_s;
	warm.streams = 1;
	warm.tick = NULL;
	err = traffic(v, &warm, &unused);
	return err ? err_wrap(err, "warm-up") : 0;
}

static int read_far_snmp(struct vpn *v, enum vpn_side s)
{
	(void)s;
	free(take_ptr(&v->far_snmp));
	return fs_read("/proc/thread-self/net/snmp", &v->far_snmp, NULL);
}

static int read_counters(struct vpn *v, struct counters *ret)
{
	struct vpn_end *e = &v->end[VPN_NEAR];
	int err = vpn_at_end(v, VPN_FAR, read_far_snmp);
	const struct counters_from from = {
		.nl = &e->nl, .ifname = e->link, .sends_at = e->link, .far_snmp = v->far_snmp,
	};

	return err ? err : counters_read(&from, ret);
}

/* Runs in the near namespace: its sockets and counters are those of the sender. */
static int measure(struct vpn *v, struct probe_result *r)
{
	struct vpn_end *e = &v->end[VPN_NEAR];
	struct backlog b = { .nl = &e->nl, .ifname = e->link };
	struct probe_args a = {
		.probe = PROBE_IPERF3, .server = v->end[VPN_FAR].inner, .seconds = v->a->seconds,
		.streams = (int)vpn_axis(v, AXIS_STREAMS), .disk_is_free = true,
		.tick = backlog_poll, .tick_arg = &b, .tick_s = BACKLOG_S,
	};
	struct counters before, after;
	int err = warm_up(v, &a);

	if (!err)
		err = read_counters(v, &before);
	if (!err)
		err = traffic(v, &a, r);
	if (!err)
		err = read_counters(v, &after);
	if (!err)
		err = counters_diff(&before, &after, &r->sample);
	if (!err)
		backlog_end(&b, &r->sample);
	r->sample.value[METRIC_IDLE_RTT_US] = v->idle_us;
	return err;
}

static int measure_near(struct vpn *v, struct probe_result *r)
{
	int back = -1;
	int err = netns_enter(v->end[VPN_NEAR].ns, &back);

	if (err)
		return err;
	err = measure(v, r);
	netns_leave(&back);
	return err;
}

/* The commands of the tunnel, then that of the traffic. */
static void add_command(struct vpn *v, struct probe_result *r)
{
	if (r->command)
		note(v, VPN_NEAR, r->command);
	free(r->command);
	r->command = take_ptr(&v->commands.data);
}

int vpn_run(const struct probe_args *a, struct probe_result *r)
{
	struct vpn v = { .a = a, .idle_us = NAN, .daemon = daemon_of(a->cell->at[AXIS_VPN].word) };
	struct steps steps = { .table = table, .n = ARRAY_SIZE(table), .arg = &v };
	int err;

	memcpy(v.end, ends, sizeof(ends));
	if (!v.daemon)
		return err_say(EINVAL, "vpn %s is not known to the probe", a->cell->at[AXIS_VPN].word);
	err = steps_up(&steps, steps.n);
	if (!err)
		err = measure_near(&v, r);
	steps_down(&steps, 0);
	free(v.far_snmp);
	add_command(&v, r);
	strbuf_free(&v.commands);
	return err;
}
