/*
 * bit.h - bit strings: the value of bit(n) and bit varying(n) in memory.
 *
 * A value is one byte saying how many bits of the last byte are unused (0 .. 7), then the bits, the first one highest, unused
 * bits zero. No bits: the one byte 0.
 *
 * Raises  bit_new() 53200; others never
 */
#ifndef TYPES_BIT_H
#define TYPES_BIT_H

#include "base/arena.h"

static inline size_t bit_length(Slice value)
{
    return value.size < 2 ? 0 : (value.size - 1) * 8 - value.data[0];
}

static inline Slice bit_bytes(Slice value)
{
    return slice_of(value.data + 1, value.size - 1);
}

static inline bool bit_at(Slice value, size_t index)
{
    return value.data[1 + index / 8] >> (7 - index % 8) & 1;
}

/* A value of so many zero bits; *bytes_out is where its bits go. */
Slice bit_new(Arena *arena, size_t length, uint8_t **bytes_out);

/* Clears the unused bits of the last byte. */
void bit_clear_unused(Slice value);

/* Order by bits, the shorter first when one starts the other. */
int bit_compare(Slice a, Slice b);

/* A part: length bits from start (from 0) on, both within the value. */
Slice bit_part(Arena *arena, Slice value, size_t start, size_t length);

#endif
