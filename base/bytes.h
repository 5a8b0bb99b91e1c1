/*
 * bytes.h - integers in byte strings: little-endian for our files, big-endian for keys and the wire, varints.
 *
 * Raises  never
 */
#ifndef BASE_BYTES_H
#define BASE_BYTES_H

#include "base/common.h"

/* Little-endian, any alignment: the formats on disk. This code runs on little-endian machines only. */
_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "the on-disk formats are read in place");

#define DEFINE_BYTES_(bits)                                                   \
    static inline uint##bits##_t get_le##bits(const void *at)                 \
    {                                                                         \
        uint##bits##_t value;                                                 \
        memcpy(&value, at, sizeof value);                                     \
        return value;                                                         \
    }                                                                         \
    static inline void put_le##bits(void *at, uint##bits##_t value)           \
    {                                                                         \
        memcpy(at, &value, sizeof value);                                     \
    }                                                                         \
    static inline uint##bits##_t get_be##bits(const void *at)                 \
    {                                                                         \
        return __builtin_bswap##bits(get_le##bits(at));                       \
    }                                                                         \
    static inline void put_be##bits(void *at, uint##bits##_t value)           \
    {                                                                         \
        put_le##bits(at, __builtin_bswap##bits(value));                       \
    }
DEFINE_BYTES_(16)
DEFINE_BYTES_(32)
DEFINE_BYTES_(64)
#undef DEFINE_BYTES_

enum { VARINT_MAX_BYTES = 10 };

/* LEB128: seven bits a byte, low bits first, the high bit set on all but the last. Returns the end of what was written. */
static inline uint8_t *put_varint(uint8_t *at, uint64_t value)
{
    while (value >= 0x80) {
        *at++ = (uint8_t)(value | 0x80);
        value >>= 7;
    }
    *at++ = (uint8_t)value;
    return at;
}

/* How many bytes put_varint() would write. */
static inline size_t varint_size(uint64_t value)
{
    return (size_t)(63 - __builtin_clzll(value | 1)) / 7 + 1;
}

/* Reads a varint from [at, end). Returns the byte after it, or NULL when it is cut off or longer than 64 bits. */
static inline const uint8_t *get_varint(const uint8_t *at, const uint8_t *end, uint64_t *value)
{
    uint64_t result = 0;

    for (unsigned shift = 0; shift < 70 && at < end; shift += 7) {
        uint64_t byte = *at++;

        if (shift == 63 && byte > 1)
            return NULL;
        result |= (byte & 0x7f) << shift;
        if (byte < 0x80) {
            *value = result;
            return at;
        }
    }
    return NULL;
}

/* Signed numbers as unsigned ones with small magnitudes small: 0, -1, 1, -2 become 0, 1, 2, 3. */
static inline uint64_t zigzag_encode(int64_t value)
{
    return ((uint64_t)value << 1) ^ (uint64_t)(value >> 63);
}

static inline int64_t zigzag_decode(uint64_t value)
{
    return (int64_t)(value >> 1) ^ -(int64_t)(value & 1);
}

#endif
