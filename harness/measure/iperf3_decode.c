// SPDX-License-Identifier: GPL-2.0-only
/* iperf3_decode.c - metrics out of what iperf3 -J wrote; pure */
#include <errno.h>
#include <math.h>
#include <string.h>

#include "lib/cleanup.h"
#include "lib/err.h"
#include "lib/jsonl.h"
#include "lib/str.h"
#include "measure/iperf3.h"

/* Timers of iperf3 are late by some ms; what is left at the end is a few ms long. */
#define WHOLE_INTERVAL_S 0.5

/* What iperf3 says, what it means for us; the first row whose text occurs in the error. */
static const struct {
	const char *said;
	int err;
	const char *cure;
} errors[] = {
	{ "Connection refused",                   ECONNREFUSED, "no iperf3 -s listens in the guest" },
	{ "No route to host",                     EHOSTUNREACH, "the guest does not answer ARP: is its link up?" },
	{ "Network is unreachable",               EHOSTUNREACH, "no route: has the TAP its address?" },
	{ "timed out",                            ETIMEDOUT,    "the guest does not answer" },
	{ "busy running a test",                  EBUSY,        "the server has a test of somebody else" },
	{ "control socket has closed",            ECONNRESET,   "the server ended during the test" },
	{ "server has terminated",                ECONNRESET,   "the server ended during the test" },
};

static int fail_said(const char *said)
{
	for (size_t i = 0; i < ARRAY_SIZE(errors); i++)
		if (strstr(said, errors[i].said))
			return err_say(errors[i].err, "iperf3: %s (%s)", said, errors[i].cure);
	return err_say(EPROTO, "iperf3: %s", said);
}

static int fail_text(const char *text, const char *what)
{
	return err_say(EBADMSG, "iperf3: %s in its output '%.120s'", what, text);
}

/* Return: where the next object may begin, a brace at the start of a line; NULL if nowhere. */
static const char *next_object(const char *text, const char *at)
{
	for (; (at = strchr(at, '{')); at++)
		if (at == text || at[-1] == '\n')
			return at;
	return NULL;
}

/*
 * Takes the first object with results out of the text; one with an error wins over it, for
 * results beside an error are partial.
 */
static int find_result(const char *text, json_t **ret)
{
	_cleanup_(json_decrefp) json_t *result = NULL;
	json_error_t e = { .text = "" };
	const char *at = text;

	while ((at = next_object(text, at))) {
		_cleanup_(json_decrefp) json_t *obj = json_loads(at, JSON_DISABLE_EOF_CHECK, &e);
		const char *error = json_str(obj, "error", NULL);

		if (error)
			return fail_said(error);
		if (!result && json_at(obj, "end.sum_received"))
			result = json_incref(obj);
		at += obj ? e.position : 1;
	}
	if (!result) {
		_cleanup_(freep) char *why = str_fmt("no result%s%s", *e.text ? ": " : "", e.text);

		return fail_text(text, why);
	}
	*ret = take_ptr(&result);
	return 0;
}

static double mean_rtt_us(const json_t *obj)
{
	double sum = 0, n = 0;
	const json_t *stream;
	size_t i;

	json_array_foreach(json_at(obj, "end.streams"), i, stream) {
		double rtt = json_num(json_object_get(stream, "sender"), "mean_rtt", NAN);

		if (!isnan(rtt)) {
			sum += rtt;
			n++;
		}
	}
	return n ? sum / n : NAN;
}

static double stalls(const json_t *intervals)
{
	const json_t *interval;
	double n = 0;
	size_t i;

	json_array_foreach(intervals, i, interval) {
		const json_t *sum = json_object_get(interval, "sum");

		if (json_num(sum, "seconds", 0) >= WHOLE_INTERVAL_S && !json_num(sum, "bytes", NAN))
			n++;
	}
	return n;
}

static double per_mb(const json_t *obj, double retransmits)
{
	double received = json_num(json_at(obj, "end.sum_received"), "bytes", NAN);
	double segment = json_num(json_at(obj, "start"), "tcp_mss_default", 1448);

	return retransmits / ((received < segment ? segment : received) / 1e6);
}

/* What came late, out of a full queue, is no harm. */
static double missing(const json_t *obj, double seconds)
{
	double asked = json_num(json_at(obj, "start.test_start"), "duration", NAN);

	return asked > 0 ? fmax(0, 1 - seconds / asked) : NAN;
}

int iperf3_decode(const char *text, struct sample *s, bool *ret_is_receivers)
{
	_cleanup_(json_decrefp) json_t *obj = NULL;
	const json_t *theirs, *ours;
	double bps, retransmits;
	bool is_ours; /* we are the receiver */
	int ret = find_result(text, &obj);

	if (ret)
		return ret;
	bps = json_num(json_at(obj, "end.sum_received"), "bits_per_second", NAN);
	theirs = json_at(obj, "server_output_json.intervals");
	ours = json_object_get(obj, "intervals");
	if (isnan(bps) || !json_array_size(ours))
		return fail_text(text, "an incomplete result");
	retransmits = json_num(json_at(obj, "end.sum_sent"), "retransmits", NAN);
	s->value[METRIC_THROUGHPUT_BPS] = bps;
	s->hygiene[HYGIENE_MISSING] = missing(obj, json_num(json_at(obj, "end.sum_received"), "seconds", NAN));
	s->value[METRIC_RETRANSMITS] = retransmits;
	s->value[METRIC_RETRANS_PER_MB] = per_mb(obj, retransmits);
	is_ours = json_integer_value(json_at(obj, "start.test_start.reverse"));
	/* A receiver knows no round trip and says 0; the sender's stands in what the server sent. */
	s->value[METRIC_RTT_US] = mean_rtt_us(is_ours ? json_object_get(obj, "server_output_json") : obj);
	s->value[METRIC_STALL_S] = stalls(!is_ours && json_array_size(theirs) ? theirs : ours);
	if (ret_is_receivers)
		*ret_is_receivers = is_ours || json_array_size(theirs) > 0;
	return 0;
}

int iperf3_decode_udp(const char *text, struct sample *s)
{
	_cleanup_(json_decrefp) json_t *obj = NULL;
	const json_t *received, *sent, *sum, *theirs;
	double seconds, packets, lost;
	int ret = find_result(text, &obj);

	if (ret)
		return ret;
	received = json_at(obj, "end.sum_received");
	sent = json_at(obj, "end.sum_sent");
	sum = json_at(obj, "end.sum");
	theirs = json_at(obj, "server_output_json.intervals");
	seconds = json_num(received, "seconds", NAN);
	packets = json_num(received, "packets", NAN);
	lost = json_num(received, "lost_packets", NAN);
	if (!(seconds > 0) || isnan(packets) || isnan(lost) || !sum)
		return fail_text(text, "an incomplete result of UDP");
	s->value[METRIC_THROUGHPUT_BPS] = json_num(received, "bits_per_second", NAN);
	s->hygiene[HYGIENE_MISSING] = missing(obj, seconds);
	s->value[METRIC_PPS] = (packets - lost) / seconds;
	s->value[METRIC_LOST_PPS] = lost / seconds;
	s->value[METRIC_SENT_PPS] = json_num(sent, "packets", NAN) / json_num(sent, "seconds", NAN);
	s->value[METRIC_LOST_PERCENT] = json_num(sum, "lost_percent", NAN);
	s->value[METRIC_JITTER_US] = json_num(sum, "jitter_ms", NAN) * 1e3;
	s->value[METRIC_STALL_S] = stalls(json_array_size(theirs) ? theirs : json_object_get(obj, "intervals"));
	return 0;
}
