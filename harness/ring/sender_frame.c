// SPDX-License-Identifier: GPL-2.0-only
/* sender_frame.c - headers of a UDP packet that is sent below the stack */
#include "ring/sender_frame.h"

#include <arpa/inet.h>
#include <string.h>

#include <linux/if_ether.h>
#include <linux/ip.h>
#include <linux/udp.h>

#include "ring/rig.h"

static uint16_t ip_checksum(const struct iphdr *ip)
{
	uint16_t word[sizeof(*ip) / 2];
	uint32_t sum = 0;

	memcpy(word, ip, sizeof(word));
	for (size_t i = 0; i < sizeof(word) / sizeof(word[0]); i++)
		sum += word[i];
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return (uint16_t)~sum;
}

size_t sender_frame(uint8_t *buf, bool has_ethernet, size_t size, uint16_t from, uint16_t to)
{
	const struct ethhdr eth = { .h_dest = { 2, 0, 0, 0, 0, 2 }, .h_source = { 2, 0, 0, 0, 0, 1 },
				    .h_proto = htons(ETH_P_IP) };
	struct iphdr ip = { .version = 4, .ihl = 5, .ttl = 64, .protocol = IPPROTO_UDP,
			    .saddr = inet_addr(RIG_ADDR), .daddr = inet_addr(RIG_PEER) };
	/* No checksum: nobody would look at it. */
	const struct udphdr udp = { .source = htons(from), .dest = htons(to),
				    .len = htons((uint16_t)(sizeof(udp) + size)) };
	size_t at = 0;

	ip.tot_len = htons((uint16_t)(sizeof(ip) + sizeof(udp) + size));
	ip.check = ip_checksum(&ip);
	if (has_ethernet)
		memcpy(buf, &eth, at = sizeof(eth));
	memcpy(buf + at, &ip, sizeof(ip));
	memcpy(buf + at + sizeof(ip), &udp, sizeof(udp));
	return at + sizeof(ip) + sizeof(udp);
}
