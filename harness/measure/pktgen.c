// SPDX-License-Identifier: GPL-2.0-only
/* pktgen.c - the probe pktgen */
#include "measure/pktgen.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "lib/cleanup.h"
#include "lib/err.h"
#include "lib/fs.h"
#include "lib/log.h"
#include "lib/proc.h"
#include "lib/steps.h"
#include "lib/stop.h"
#include "lib/str.h"
#include "measure/counters.h"
#include "net/link.h"
#include "ring/reader.h"
#include "ring/rig.h"

#define DIR	"/proc/net/pktgen"
#define HEADERS 42 /* Ethernet, IP, UDP: pktgen counts them */

/** struct pktgen - one measurement while it runs; @err: what write() of "start" ended with */
struct pktgen {
	const struct probe_args *a;
	int senders, cpus;
	struct rig rig;
	struct reader reader;
	pthread_t thread;
	int err;
	struct strbuf commands;
};

static long axis(const struct pktgen *p, enum axis a)
{
	return p->a->cell->at[a].num;
}

static const char *word(const struct pktgen *p, enum axis a)
{
	return p->a->cell->at[a].word;
}

int pktgen_rate(const char *text, double *ret_pps)
{
	const char *end = strstr(text, "pps ");
	const char *at = end;

	while (at && at > text && isdigit((unsigned char)at[-1]))
		at--;
	if (!end || at == end)
		return err_say(EBADMSG, "pktgen: no rate in '%.200s'", text);
	*ret_pps = strtod(at, NULL);
	return 0;
}

/* One command is one write(); pgctrl cuts the last byte off, whatever it is. */
static int tell(const char *file, const char *command)
{
	_cleanup_(freep) char *path = str_fmt(DIR "/%s", file);
	_cleanup_(freep) char *line = str_fmt("%s\n", command);
	_cleanup_(closep) int fd = open(path, O_WRONLY | O_CLOEXEC);

	if (fd < 0 || write(fd, line, strlen(line)) < 0)
		return err_set(errno, "pktgen: \"%s\" to %s", command, path);
	return 0;
}

static int tell_and_note(struct pktgen *p, const char *file, const char *command)
{
	strbuf_fmt(&p->commands, "echo '%s' > " DIR "/%s\n", command, file);
	return tell(file, command);
}

static int rig_step_up(void *arg)
{
	struct pktgen *p = arg;
	const struct reader_def *def = reader_find(word(p, AXIS_READER));
	const struct rig_spec spec = {
		.device = RIG_TAP, .queues = 1, .txqueuelen = (unsigned int)axis(p, AXIS_TXQUEUELEN),
		.qdisc = word(p, AXIS_QDISC), .vnet_hdr = def && def->needs_vnet,
		.backpressure = !strcmp(word(p, AXIS_BACKPRESSURE), "on"),
	};
	int ret = !def ? -EINVAL : def->has ? def->has() : 0;

	p->reader.def = def;
	return ret ? ret : rig_up(&p->rig, p->a->nl, &spec);
}

static void rig_step_down(void *arg)
{
	struct pktgen *p = arg;

	rig_down(&p->rig);
}

static void ignore(void *arg, int queue, const void *packet, size_t len)
{
	(void)arg;
	(void)queue;
	(void)packet;
	(void)len;
}

static int reader_step_up(void *arg)
{
	struct pktgen *p = arg;

	p->reader.fd = p->rig.fd[0];
	p->reader.take = ignore;
	return reader_start(&p->reader);
}

static void reader_step_down(void *arg)
{
	struct pktgen *p = arg;

	if (reader_stop(&p->reader))
		log_warn("pktgen: reader: %s, ignoring", p->reader.why);
}

static char *thread_of(const struct pktgen *p, int sender)
{
	return str_fmt("kpktgend_%d", sender % p->cpus);
}

static int add_sender(struct pktgen *p, int sender)
{
	const struct plan_probe *t = p->a->traffic;
	_cleanup_(freep) char *thread = thread_of(p, sender);
	_cleanup_(freep) char *device = str_fmt("%s@%d", RIG_IFNAME, sender);
	_cleanup_(freep) char *add = str_fmt("add_device %s", device);
	_cleanup_(strv_free) struct strv words = { 0 };
	int err = tell_and_note(p, thread, add);

	/* Through the qdisc: what goes past it cannot wait there. */
	strv_add(&words, "xmit_mode queue_xmit");
	strv_add(&words, "count 0");
	strv_add(&words, "delay 0");
	strv_fmt(&words, "pkt_size %d", t->size + HEADERS);
	strv_add(&words, "dst_mac 02:00:00:00:00:02");
	strv_add(&words, "dst 10.76.0.2");
	strv_fmt(&words, "udp_src_min %d", 1000 + sender);
	strv_fmt(&words, "udp_src_max %d", 1000 + sender);
	if (t->rate_pps)
		strv_fmt(&words, "ratep %d", t->rate_pps);
	for (size_t i = 0; i < words.n && !err; i++)
		err = tell_and_note(p, device, words.v[i]);
	return err;
}

static void senders_down(void *arg)
{
	struct pktgen *p = arg;

	for (int i = 0; i < p->senders && i < p->cpus; i++) {
		_cleanup_(freep) char *thread = thread_of(p, i);

		if (tell(thread, "rem_device_all"))
			log_warn("%s, ignoring", err_text());
	}
}

static int senders_up(void *arg)
{
	struct pktgen *p = arg;
	int err = 0;

	for (int i = 0; i < p->senders && !err; i++)
		err = add_sender(p, i);
	if (err)
		senders_down(p);
	return err;
}

/* The write ends when the senders do. */
static void *start(void *arg)
{
	struct pktgen *p = arg;

	p->err = tell("pgctrl", "start");
	return NULL;
}

static int traffic_up(void *arg)
{
	struct pktgen *p = arg;
	sigset_t all, old;
	int err;

	strbuf_fmt(&p->commands, "echo start > " DIR "/pgctrl\n");
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &old);
	err = pthread_create(&p->thread, NULL, start, p);
	pthread_sigmask(SIG_SETMASK, &old, NULL);
	return err ? err_set(err, "pktgen: thread") : 0;
}

static void traffic_down(void *arg)
{
	struct pktgen *p = arg;

	if (tell("pgctrl", "stop"))
		log_warn("%s, ignoring", err_text());
	pthread_join(p->thread, NULL);
}

enum { STEPS_TRAFFIC = 3 };

static const struct step table[] = {
	{ "pktgen device",  rig_step_up,    rig_step_down    },
	{ "pktgen reader",  reader_step_up, reader_step_down },
	{ "pktgen senders", senders_up,	    senders_down     },
	{ "pktgen traffic", traffic_up,	    traffic_down     },
};

/* What the senders say of themselves, after they have ended. */
static int read_senders(const struct pktgen *p, struct probe_result *r)
{
	struct strbuf all = { 0 };
	double sum = 0;
	int err = 0;

	for (int i = 0; i < p->senders && !err; i++) {
		_cleanup_(freep) char *path = str_fmt(DIR "/%s@%d", RIG_IFNAME, i);
		_cleanup_(freep) char *text = NULL;
		double pps = 0;

		err = fs_read(path, &text, NULL);
		if (!err)
			strbuf_fmt(&all, "%s\n", text);
		if (!err)
			err = pktgen_rate(text, &pps);
		sum += pps;
	}
	r->sample.value[METRIC_SENT_PPS] = sum;
	r->raw = all.data;
	return err;
}

/* The senders run: count for a time, from a moment when packets arrive. */
static int measure(struct pktgen *p, struct probe_result *r)
{
	const struct counters_from from = { .nl = p->a->nl, .ifname = RIG_IFNAME, .sends_at = RIG_IFNAME };
	struct counters before, after;
	double began = time_now();
	uint64_t packets;
	int err;

	packets = p->reader.packets;
	err = counters_read(&from, &before);
	if (!err)
		err = stop_wait(-1, began + p->a->seconds);
	if (!err)
		err = counters_read(&from, &after);
	if (!err)
		err = counters_diff(&before, &after, &r->sample);
	if (err)
		return err;
	r->sample.value[METRIC_PPS] = (double)(p->reader.packets - packets) / (time_now() - began);
	r->sample.value[METRIC_LOST_PPS] = r->sample.value[METRIC_TX_DROPPED] / (time_now() - began);
	return 0;
}

static bool is_there(void)
{
	const struct proc modprobe = { .argv = (const char *const[]){ "modprobe", "-q", "pktgen", NULL }, .deadline_s = 10 };

	if (!fs_exists(DIR "/pgctrl"))
		(void)proc_run(&modprobe, NULL);
	return fs_exists(DIR "/pgctrl");
}

int pktgen_run(const struct probe_args *a, struct probe_result *r)
{
	struct pktgen p = { .a = a, .senders = (int)a->cell->at[AXIS_SENDERS].num };
	struct steps steps = { .table = table, .n = ARRAY_SIZE(table), .arg = &p };
	int err;

	if (!is_there()) {
		err_clear();
		r->finding.verdict = VERDICT_SKIP;
		r->finding.reason = str_dup("this kernel has no pktgen (CONFIG_NET_PKTGEN)");
		return 0;
	}
	p.cpus = (int)sysconf(_SC_NPROCESSORS_ONLN);
	err = steps_up(&steps, steps.n);
	if (!err)
		err = measure(&p, r);
	if (steps.done > STEPS_TRAFFIC)
		steps_down(&steps, STEPS_TRAFFIC);
	if (!err)
		err = p.err ? err_set(-p.err, "pktgen: \"start\" to its senders") : read_senders(&p, r);
	steps_down(&steps, 0);
	r->command = take_ptr(&p.commands.data);
	return err;
}
