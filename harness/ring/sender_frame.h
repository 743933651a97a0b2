/* SPDX-License-Identifier: GPL-2.0-only */
/* sender_frame.h - headers of a UDP packet that is sent below the stack */
#ifndef RING_SENDER_FRAME_H
#define RING_SENDER_FRAME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/**
 * sender_frame() - headers from RIG_ADDR to RIG_PEER, for @size bytes of payload
 * @buf: room for 42 bytes and the payload
 * Return: where the payload begins.
 */
size_t sender_frame(uint8_t *buf, bool has_ethernet, size_t size, uint16_t from, uint16_t to);

#endif
