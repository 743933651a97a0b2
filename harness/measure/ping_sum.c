// SPDX-License-Identifier: GPL-2.0-only
/* ping_sum.c - packets of an echo, and what many round trips come to; pure */
#include <arpa/inet.h>
#include <math.h>
#include <netinet/ip.h>
#include <netinet/ip_icmp.h>
#include <stdlib.h>
#include <string.h>

#include "lib/cleanup.h"
#include "measure/ping.h"

#define MAGIC 0x74617062 /* tapb */

/* What an echo of ours carries; a guest sends it back as it is. */
struct echo {
	struct icmphdr icmp;
	uint32_t magic;
	uint32_t n;
};

/* RFC 1071, of an even number of bytes. */
static uint16_t checksum(const void *data, size_t bytes)
{
	const uint8_t *p = data;
	uint32_t sum = 0;

	for (size_t i = 0; i < bytes; i += 2) {
		uint16_t word;

		memcpy(&word, p + i, sizeof(word));
		sum += word;
	}
	sum = (sum & 0xffff) + (sum >> 16);
	sum += sum >> 16;
	return (uint16_t)~sum;
}

void ping_request(void *packet, uint16_t id, uint32_t n)
{
	struct echo e = {
		.icmp = { .type = ICMP_ECHO, .un.echo = { htons(id), htons((uint16_t)n) } },
		.magic = htonl(MAGIC), .n = htonl(n),
	};

	memset(packet, 0, PING_BYTES);
	memcpy(packet, &e, sizeof(e));
	e.icmp.checksum = checksum(packet, PING_BYTES);
	memcpy(packet, &e, sizeof(e));
}

bool ping_is_reply(const void *packet, size_t len, uint16_t id, uint32_t *ret)
{
	const uint8_t *bytes = packet;
	size_t header = len ? (size_t)(bytes[0] & 0xf) * 4 : 0;
	struct echo e;

	if (len < sizeof(struct iphdr) || len < header + sizeof(e))
		return false;
	memcpy(&e, bytes + header, sizeof(e));
	if (e.icmp.type != ICMP_ECHOREPLY || e.icmp.un.echo.id != htons(id) || e.magic != htonl(MAGIC))
		return false;
	*ret = ntohl(e.n);
	return true;
}

double ping_percentile(const double *sorted, size_t n, unsigned int percent)
{
	size_t rank = (n * percent + 99) / 100;

	return n ? sorted[rank - 1] : NAN;
}

static int by_size(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	if (isnan(x) || isnan(y))
		return isnan(x) - isnan(y);
	return (x > y) - (x < y);
}

static const struct {
	enum metric p50, p95, p99, lost;
} metrics[] = {
	[PING_ICMP] = { METRIC_PING_P50_US, METRIC_PING_P95_US, METRIC_PING_P99_US, METRIC_PING_LOST },
	[PING_TCP] = { METRIC_RR_P50_US, METRIC_RR_P95_US, METRIC_RR_P99_US, METRIC_RR_LOST },
};
_Static_assert(ARRAY_SIZE(metrics) == PING_KIND_COUNT, "metrics of every kind");

void ping_sum(enum ping_kind kind, double *rtt_us, size_t n, struct sample *s)
{
	size_t answered = 0;

	if (n)
		qsort(rtt_us, n, sizeof(*rtt_us), by_size);
	while (answered < n && !isnan(rtt_us[answered]))
		answered++;
	s->value[metrics[kind].p50] = ping_percentile(rtt_us, answered, 50);
	s->value[metrics[kind].p95] = ping_percentile(rtt_us, answered, 95);
	s->value[metrics[kind].p99] = ping_percentile(rtt_us, answered, 99);
	s->value[metrics[kind].lost] = (double)(n - answered);
}
